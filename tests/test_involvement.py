"""The human-involvement claim: findings part by part, weakest first, never supported without evidence."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision_log.judging.by_hand import said_by_hand
from assessments.decision_log.judging.claimed import read_claimed
from assessments.file import assessment_file
from assessments.model import Answer, Evidence, Finding
from assessments.rules.involvement import examine, whole
from questionnaires import load
from questionnaires.schema import ASSESSMENT_DAY, Questionnaire
from tests.strategies import answered, build, choice, text, thorough

ON = date(2026, 11, 20)
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PARTS = (
    "authority",
    "case_file",
    "order",
    "numeric_carry",
    "bypass",
    "time",
    "divergence",
    "reasons",
    "competence",
    "stop",
    "independence",
    "logs",
)


def part(name: str) -> dict[str, object]:
    return {
        "id": name,
        "title": text(name),
        "source": "s1",
        "not_applicable_if": {"question": name, "is": ["na"]},
        "contradicted_if": [{"when": {"question": name, "is": ["no"]}, "because": text("no"), "source": "s1"}],
        "needs": [{"when": {"question": name, "is": ["yes"]}, "missing": text("say yes"), "source": "s1"}],
    }


def claiming(*names: str) -> Questionnaire:
    questions = [choice(name, ("yes", "no", "na")) for name in names]
    claim = {"made_if": {"question": "claims", "is": ["yes"]}, "parts": [part(name) for name in names]}
    return build([choice("claims", ("yes", "no")), *questions], claim=claim)


def evidence(name: str, on: date | None = None, expires_on: date | None = None) -> Evidence:
    return Evidence(name, name, f"{name}.pdf", "0" * 64, 1, "application/pdf", part=name, on=on, expires_on=expires_on)


@pytest.mark.parametrize("answer", ["no", "unknown", None])
def test_without_a_claim_there_is_nothing_to_find(answer: str | None) -> None:
    found = examine(claiming("a"), {"claims": answer, "a": "yes"} if answer else {"a": "yes"}, [evidence("a")], ON)
    assert found.whole is Finding.ABSENT and not found.parts


@pytest.mark.parametrize(
    ("answer", "held", "finding"),
    [
        ("yes", True, Finding.SUPPORTED),
        ("yes", False, Finding.INDETERMINATE),
        ("unknown", True, Finding.INDETERMINATE),
        (None, True, Finding.INDETERMINATE),
        ("no", True, Finding.CONTRADICTED),
        ("no", False, Finding.CONTRADICTED),
        ("na", False, Finding.NOT_APPLICABLE),
    ],
)
def test_a_part_is_found(answer: str | None, held: bool, finding: Finding) -> None:
    answers = {"claims": "yes"} | ({"a": answer} if answer else {})
    found = examine(claiming("a"), answers, [evidence("a")] if held else [], ON)
    assert found.parts[0].finding is finding
    assert bool(found.parts[0].missing) == (finding is Finding.INDETERMINATE or answer == "no")


@pytest.mark.parametrize(
    ("answers", "whole"),
    [
        (("yes", "yes"), Finding.SUPPORTED),
        (("yes", "unknown"), Finding.INDETERMINATE),
        (("no", "unknown"), Finding.CONTRADICTED),
        (("yes", "na"), Finding.SUPPORTED),
        (("na", "na"), Finding.INDETERMINATE),
    ],
)
def test_the_claim_is_as_weak_as_its_weakest_applicable_part(answers: tuple[str, str], whole: Finding) -> None:
    given_ = {"claims": "yes", "a": answers[0], "b": answers[1]}
    assert examine(claiming("a", "b"), given_, [evidence("a"), evidence("b")], ON).whole is whole


@pytest.mark.parametrize(
    ("on", "expires_on", "counts"),
    [
        (None, None, True),
        (date(2026, 11, 20), date(2026, 11, 20), True),
        (date(2026, 11, 21), None, False),
        (None, date(2026, 11, 19), False),
    ],
)
def test_evidence_counts_while_it_is_in_force(on: date | None, expires_on: date | None, counts: bool) -> None:
    found = examine(claiming("a"), {"claims": "yes", "a": "yes"}, [evidence("a", on, expires_on)], ON)
    assert (found.whole is Finding.SUPPORTED) == counts


@thorough
@given(st.data())
def test_removing_evidence_never_improves_a_finding(data: st.DataObject) -> None:
    asked = claiming("a", "b", "c")
    answers = data.draw(answered(asked)) | {"claims": "yes"}
    held = data.draw(st.lists(st.sampled_from("abc"), unique=True))
    fewer = [name for name in held if data.draw(st.booleans())]
    ranks = [Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED]
    before = examine(asked, answers, [evidence(name) for name in held], ON).whole
    after = examine(asked, answers, [evidence(name) for name in fewer], ON).whole
    assert ranks.index(after) <= ranks.index(before)


@cache
def supported() -> dict[str, Answer]:
    return dict(assessment_file.read_file(EXAMPLES / "hiring.yaml").assessment.answers("involvement"))


@given(st.data())
def test_the_finding_alone_is_that_of_the_whole_examination(data: st.DataObject) -> None:
    """On the answers of a claim that is borne out, some of them changed, so that every finding comes up."""
    asked = load.newest("involvement").questionnaire
    answers = dict(supported())
    for question in data.draw(st.lists(st.sampled_from(list(asked.questions())), max_size=3)):
        if question.options:
            value = data.draw(st.sampled_from([option.value for option in question.options]))
            answers[question.id] = value if question.type.value == "choice" else (value,)
        elif question.type.value == "number":
            answers[question.id] = data.draw(st.integers(0, 900))
        elif data.draw(st.booleans()):
            answers.pop(question.id, None)
    lacking = data.draw(st.sets(st.sampled_from(PARTS), max_size=1))
    proven = [evidence(name) for name in PARTS if name not in lacking]
    by_hand = said_by_hand(read_claimed(answers))
    examined = examine(asked, answers, proven, ON, (), by_hand)
    parts = {piece.part for piece in proven}
    assert whole(asked, {**answers, ASSESSMENT_DAY: ON}, parts, lambda: by_hand) is examined.whole


def test_the_finding_alone_knows_every_finding() -> None:
    asked, every = claiming("a", "b"), [evidence("a"), evidence("b")]
    for answers, proven, finding in (
        ({"claims": "no"}, every, Finding.ABSENT),
        ({"claims": "yes", "a": "yes", "b": "yes"}, every, Finding.SUPPORTED),
        ({"claims": "yes", "a": "yes", "b": "na"}, every[:1], Finding.SUPPORTED),
        ({"claims": "yes", "a": "yes", "b": "yes"}, every[:1], Finding.INDETERMINATE),
        ({"claims": "yes", "a": "na", "b": "na"}, every, Finding.INDETERMINATE),
        ({"claims": "yes", "a": "yes", "b": "no"}, every, Finding.CONTRADICTED),
    ):
        parts = {piece.part for piece in proven}
        assert whole(asked, answers, parts) is examine(asked, answers, proven, ON).whole is finding


def test_the_shipped_questionnaire_asks_the_twelve_parts() -> None:
    asked = load.in_force("involvement", ON).questionnaire
    assert asked.claim is not None
    assert tuple(part.id for part in asked.claim.parts) == PARTS


def test_no_shipped_part_is_supported_by_nothing_or_by_evidence_alone() -> None:
    asked = load.in_force("involvement", ON).questionnaire
    assert asked.claim is not None
    made = {name: "yes" for name in asked.claim.made_if.model_dump(by_alias=True).values() if isinstance(name, str)}
    for held in ([], [evidence(name) for name in PARTS]):
        found = examine(asked, made, held, ON)
        assert len(found.parts) == len(PARTS)
        assert all(part.finding is not Finding.SUPPORTED for part in found.parts)
