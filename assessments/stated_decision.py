"""What stands against a decision that an assessment file states: problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.derived import Gap
from assessments.file_shape import DecisionShape
from assessments.model import Assessment, Ruling

StatedProblem = tuple[tuple[str, ...], str, str]
"""Place in the file, what is wrong, what to do."""


def problems(assessment: Assessment, decision: DecisionShape, gaps: Sequence[Gap]) -> Iterator[StatedProblem]:
    """Everything at once: people, conditions, days, and required questions without an answer."""
    yield from _people(assessment, decision)
    if (decision.ruling is Ruling.APPROVED_WITH_CONDITIONS) != bool(decision.conditions):
        what = "an approval with conditions names at least one condition, any other ruling none."
        yield ("decision",), what, "Correct ruling or conditions."
    if decision.sign_off.on < decision.on:
        yield (
            ("decision", "sign_off", "on"),
            "the sign-off is dated before the decision.",
            "Correct one of the two days.",
        )
    missing = [gap.where for gap in gaps if gap.is_required]
    if missing:
        what = f"a decision is stated, but required questions have no answer: {', '.join(missing)}."
        yield ("decision",), what, "Answer them, or leave out the decision for a draft."


def _people(assessment: Assessment, decision: DecisionShape) -> Iterator[StatedProblem]:
    if not assessment.authors:
        remedy = "Add `author: {name: …}`; author, decider and signing officer are told apart."
        yield ("decision",), "a decision is stated, but no author.", remedy
        return
    author, decider, signer = assessment.authors[0].name, decision.by.name, decision.sign_off.by.name
    if author in (decider, signer):
        what = f"{author} is the author and also decides or signs."
        yield ("decision",), what, "Let somebody else decide and sign."
    if decider == signer and assessment.operator.separation == 3:
        what = f"{decider} decides and signs, and the organisation keeps three people apart."
        yield ("decision", "sign_off"), what, "Let somebody else sign, or state `separation: 2`."
