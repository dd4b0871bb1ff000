"""What a condition may say: closed data, three-valued (see conditions), never evaluated as code."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from questionnaires.vocabulary import Id, Model, Whole

ASSESSMENT_DAY = "assessment_day"
"""What `above` may name beside questions: the day on which the assessment is made."""


class QuestionIs(Model):
    """Shown, and the answer is one of the listed values (of a `choices`: any listed value is chosen)."""

    question: Id
    is_: Annotated[tuple[str, ...], Field(alias="is", min_length=1)]


class AtLeast(Model):
    """Shown, and the number given is this or more."""

    question: Id
    at_least: Whole


class Answered(Model):
    """Shown, and something was answered (a choice: other than unknown)."""

    question: Id
    answered: Literal[True]


class Above(Model):
    """Both shown, and the number or day given is greater or later than the other's; `assessment_day` is the day assessed."""

    question: Id
    above: Id


class Product(Model):
    """These numbers multiplied."""

    of: Annotated[tuple[Id, ...], Field(min_length=2)]
    above: Whole


class ProductAbove(Model):
    """All shown, and the numbers multiplied give more than `above`, whose reason stands beside it."""

    product: Product


class Counted(Model):
    """One item of a count: what it needs, and the points that the source gives it."""

    when: Condition
    counts: Annotated[int, Field(strict=True, ge=1)]


class Count(Model):
    total: Annotated[int, Field(strict=True, ge=1)]
    of: Annotated[tuple[Counted, ...], Field(min_length=1)]


class CountAtLeast(Model):
    """The items that hold reach the total; the source's own points, not risk points."""

    count_at_least: Count


class ClaimIs(Model):
    """The finding on the human-involvement claim is one of these (in routes and grounds only)."""

    claim: Annotated[tuple[Literal["supported", "indeterminate", "contradicted", "absent"], ...], Field(min_length=1)]


class AllOf(Model):
    all_of: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Model):
    any_of: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Not(Model):
    not_: Annotated[Condition, Field(alias="not")]


_KEYS = ("is", "at_least", "above", "product", "answered", "count_at_least", "claim", "all_of", "any_of", "not")


def _condition_kind(value: Any) -> str | None:
    """The key that tells which condition this is; None where none of them is there."""
    has = value.__contains__ if isinstance(value, dict) else lambda key: hasattr(value, key)
    return next((key for key in _KEYS if has(key) or has(key + "_")), None)


Condition = Annotated[
    Annotated[QuestionIs, Tag("is")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[Above, Tag("above")]
    | Annotated[ProductAbove, Tag("product")]
    | Annotated[Answered, Tag("answered")]
    | Annotated[CountAtLeast, Tag("count_at_least")]
    | Annotated[ClaimIs, Tag("claim")]
    | Annotated[AllOf, Tag("all_of")]
    | Annotated[AnyOf, Tag("any_of")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _condition_kind,
        custom_error_type="no_condition",
        custom_error_message="is no condition: one of is, at_least, above, answered (each with question), "
        "product, count_at_least, claim, all_of, any_of, not is needed",
    ),
]

for _model in (Counted, Count, CountAtLeast, AllOf, AnyOf, Not):
    _model.model_rebuild()
