"""What conditions on numbers and days say, and where an open answer leaves them open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from questionnaires import conditions
from questionnaires.schema import Condition

VISIBLE = dict.fromkeys("abc", True)


def holds(condition: dict[str, Any], answers: dict[str, Any], **hidden: bool | None) -> bool | None:
    return conditions.holds(TypeAdapter(Condition).validate_python(condition), {**VISIBLE, **hidden}, answers)


@pytest.mark.parametrize(
    ("a", "b", "truth"),
    [(3, 2, True), (2, 2, False), (1, 2, False), (None, 2, None), (3, None, None), (date(2026, 1, 2), 3, None)],
)
def test_a_number_is_above_another(a: Any, b: Any, truth: bool | None) -> None:
    answers = {name: value for name, value in (("a", a), ("b", b)) if value is not None}
    assert holds({"question": "a", "above": "b"}, answers) is truth


def test_a_day_is_above_an_earlier_one_and_what_is_hidden_is_above_nothing() -> None:
    answers = {"a": date(2026, 3, 2), "b": date(2026, 3, 1), "assessment_day": date(2026, 3, 2)}
    assert holds({"question": "a", "above": "b"}, answers) is True
    assert holds({"question": "b", "above": "a"}, answers) is False
    assert holds({"question": "a", "above": "assessment_day"}, answers) is False
    assert holds({"question": "a", "above": "b"}, answers, b=False) is False
    assert holds({"question": "a", "above": "b"}, answers, b=None) is None


@pytest.mark.parametrize(
    ("answers", "truth"),
    [
        ({"a": 10, "b": 48}, False),
        ({"a": 10, "b": 49}, True),
        ({"a": 10}, None),
        ({"a": 0}, False),
        ({}, None),
    ],
)
def test_a_product_is_above_a_number(answers: dict[str, Any], truth: bool | None) -> None:
    assert holds({"product": {"of": ["a", "b"], "above": 480}}, answers) is truth
