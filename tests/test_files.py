"""Assessment files: everything wrong at once with its line, nothing lost on the way to the record and back."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assessments.content import answers, canonical
from assessments.file import assessment_file, writing
from assessments.model import (
    AISystem,
    Assessment,
    Condition,
    Evidence,
    Grading,
    Impact,
    Measure,
    Operator,
    Response,
    Scenario,
)
from assessments.rules import findings
from questionnaires import load
from questionnaires.problems import InvalidFileError
from questionnaires.schema import Question, QuestionType
from tests.strategies import chances, thorough

ON = date(2026, 11, 20)
TODAY = date(2026, 11, 21)
NAMES = ("area", "role", "hiring", "impact", "involvement", "duties")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
HEAD = """\
format: haetae-assessment/1
"on": 2026-11-20
domain: hiring
operator: {name: "회사"}
system: {name: {ko: "체계"}}
"""


def problems(text: str | bytes, beside: Path = EXAMPLES) -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        assessment_file.read_text(text, "a.yaml", beside, today=TODAY)
    assert all(problem.line and problem.remedy.endswith((".", "…")) for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_evidence_that_is_a_pipe_or_without_end_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").touch()
    os.truncate(tmp_path / "b.pdf", 1 << 40)
    pipe, endless = (
        problems(HEAD + f"evidence: [{{id: e1, title: x, file: {name}}}]", tmp_path) for name in ("a.pdf", "b.pdf")
    )
    assert any("cannot be read (it is a pipe or a device)" in problem for problem in pipe)
    assert any("it has 1048576.0 MB" in problem for problem in endless)


def test_a_file_may_leave_every_answer_out() -> None:
    stated = assessment_file.read_text(HEAD, "a.yaml", EXAMPLES)
    assert stated.assessment.responses == {}
    assert {gap.where for gap in findings.derive(stated.questionnaires, stated.assessment).gaps if gap.is_required}


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ("answers: {hiring: {used_in_hiring: maybe}}", 6, "'maybe' is no answer"),
        ("answers:\n  hiring:\n    used_in_hirin: x", 8, "asks no such question"),
        ("answers: {impact: {purpose: 5}}", 6, "a text is needed"),
        ("answers: {hiring: {applicants_per_year: many}}", 6, "a whole number is needed"),
        ("answers: {hiring: {applicants_per_year: -1}}", 6, "a number from 0"),
        ("answers: {hiring: {stages: interview}}", 6, "a list of options is needed"),
        ("answers: {hiring: {vulnerable_groups: [none, disabled]}}", 6, "stands alone"),
        ("answers: {impact: {purpose: {answer: x, because: y}}}", 6, "no such key"),
        ("answers: {hirring: {}}", 6, "no such questionnaire"),
        ("answers: {impact: {purpose: 'a\u202eb'}}", 6, "turn its direction"),
        ("answer: {}", 6, "there is no such key"),
        ("evidence: [{id: e1, title: x}]", 6, "neither a file nor a sha-256"),
        ("evidence: [{id: e1, title: x, file: nowhere.pdf}]", 6, "cannot be read"),
        ("evidence: [{id: e1, title: x, file: ../pyproject.toml}]", 6, "lies outside the folder"),
        ("evidence: [{id: e1, title: x, file: hiring.yaml}]", 6, "is refused"),
        (f"evidence: [{{id: e1, title: x, part: autority, sha256: '{'0' * 64}'}}]", 6, "has no part 'autority'"),
        ("measures: [{id: m1, text: x, scenarios: [s9]}]", 6, "there is no scenario 's9'"),
        ("scenarios: [{id: s1, text: x, impacts: [{right: r, in_place: {scale: minor}}]}]", 6, "without a reason"),
        (
            "scenarios: [{id: s1, text: x, impacts: [{right: r, before: {scale: minor, duration: short, likelihood: low}, "
            "in_place: {scale: medium, duration: short, likelihood: low}, reason: x}]}]",
            6,
            "above the one before",
        ),
        ("explanations: [{check: hiring.ghost, text: x}]", 6, "no consistency check"),
        ("editions: {hiring: '9.9'}", 3, "there is no questionnaire hiring 9.9"),
    ],
)
def test_a_mistake_is_named_with_its_line(more: str, line: int, words: str) -> None:
    found = problems(HEAD + more)
    assert any(f"a.yaml, line {line}:" in problem and words in problem.lower() for problem in found), found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD.replace("hiring", "hirring"), "there is no such questionnaire"),
        (HEAD.replace("2026-11-20", "2020-01-01"), "the first is in force from"),
        (HEAD.replace("2026-11-20", "yesterday"), "date"),
        (HEAD + "domain: credit", "stands here a second time"),
        ("a: 1", "does not say that it is an assessment"),
        (HEAD + "answers: {impact: {purpose: '" + "가" * 3_500_000 + "'}}", "bytes; at most"),
        (HEAD + "answers: {impact: {purpose: '" + "가" * 30_000 + "'}}", "30,000 characters"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str | bytes, words: str) -> None:
    with pytest.raises(InvalidFileError, match=words):
        assessment_file.read_text(text, "a.yaml", EXAMPLES)


def test_all_mistakes_come_at_once() -> None:
    found = problems(
        HEAD
        + "answers: {hiring: {used_in_hiring: maybe, stages: 5, nothing: 1}}\nmeasures: [{id: m, text: x, scenarios: [s]}]"
    )
    assert len(found) == 4


@pytest.mark.parametrize(("on_disk", "named"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFD", "NFD")])
def test_a_file_is_found_and_named_alike_however_its_name_is_composed(tmp_path: Path, on_disk: str, named: str) -> None:
    name = "면접기록.txt"
    (tmp_path / unicodedata.normalize(on_disk, name)).write_text("기록")
    text = HEAD + f'evidence: [{{id: e1, title: 기록, file: "{unicodedata.normalize(named, name)}"}}]\n'
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    (evidence,) = assessment_file.read_file(tmp_path / "a.yaml").assessment.evidence
    assert evidence.file_name == name


def test_a_stated_file_name_is_composed_and_a_control_character_in_a_text_has_its_line() -> None:
    name = unicodedata.normalize("NFD", "면접기록.pdf")
    row = f'{{id: e1, title: 기록, file_name: "{name}", sha256: "{"ab" * 32}"}}'
    (evidence,) = assessment_file.read_text(HEAD + f"evidence: [{row}]\n", "a.yaml", EXAMPLES).assessment.evidence
    assert evidence.file_name == "면접기록.pdf"
    (found,) = problems(HEAD + f"evidence: [{row.replace(name, 'a')}]\n".replace("title: 기록", 'title: "기록\\a"'))
    assert "U+0007" in str(found) and "title" in str(found)


DECISION = """\
author: {name: "가"}
decision:
  ruling: approved
  reason: "이유"
  by: {name: "나"}
  "on": 2026-11-20
  sign_off: {by: {name: "다"}, "on": 2026-11-20}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", "required questions have no answer: area."),
        ('author: {name: "가"}\n', "", "but no author"),
        ('author: {name: "가"}', 'authors: [{name: "가"}, {name: "나"}]', "나 is an author and also decides"),
        ('author: {name: "가"}', 'authors: [{name: "Na"}, {name: "가"}]\nauthor: {name: "가"}', "not both"),
        ('"on": 2026-11-20\n  sign_off', '"on": 2026-11-23\n  sign_off', "decision.on: 23 Nov 2026 lies ahead"),
        ('"다"}, "on": 2026-11-20', '"다"}, "on": 2099-01-01', "decision.sign_off.on: 1 Jan 2099 lies ahead"),
        ('by: {name: "나"}', 'by: {name: "가"}', "is an author and also decides"),
        ('{name: "다"}', '{name: "나"}', "keeps three people apart"),
        ("ruling: approved", "ruling: approved_with_conditions", "at least one condition"),
        ('"다"}, "on": 2026-11-20', '"다"}, "on": 2026-11-19', "dated before the decision"),
    ],
)
def test_a_stated_decision_is_held_against_the_rest(old: str, new: str, words: str) -> None:
    assert any(words in problem for problem in problems(HEAD + DECISION.replace(old, new, 1)))


@pytest.mark.parametrize("spelt", ["Kim Ga", "kim ga", "Kim  Ga ", "Ｋｉｍ Ga"])
def test_one_person_under_two_spellings_is_one_person(spelt: str) -> None:
    text = DECISION.replace('author: {name: "가"}', 'author: {name: "Kim Ga"}').replace('"나"', f'"{spelt}"')
    assert any("is an author and also decides" in problem for problem in problems(HEAD + text))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('evidence: [{id: e, title: x, sha256: "' + "0" * 64 + '", on: 2026-11-22}]', "evidence.0.on"),
        ("log: {file: log.csv, events: [{on: 2026-11-22, label: x}]}", "log.events.0.on"),
    ],
)
def test_what_was_done_cannot_lie_ahead(more: str, words: str) -> None:
    assert any(f"{words}: 22 Nov 2026 lies ahead; today is 21 Nov 2026" in problem for problem in problems(HEAD + more))


def test_the_day_of_the_assessment_cannot_lie_ahead() -> None:
    assert any("on: 22 Nov 2026 lies ahead" in one for one in problems(HEAD.replace("2026-11-20", "2026-11-22")))


def test_the_template_is_complete_and_is_read_back() -> None:
    text = writing.template("hiring", ON)
    stated = assessment_file.read_text(text, "t.yaml", EXAMPLES)
    assert stated.assessment.responses == {name: {} for name in NAMES}
    for edition in stated.editions.values():
        assert all(f"    {question.id}:" in text for question in edition.questionnaire.questions())


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_an_example_survives_the_way_through_its_own_file_and_record(file: Path) -> None:
    stated = assessment_file.read_file(file)
    again = assessment_file.read_text(writing.yaml_text(stated.assessment, stated.editions), "again.yaml", EXAMPLES)
    assert again.assessment == _without_log(stated.assessment)
    read = canonical.from_content(canonical.content(stated.assessment), stated.questionnaires)
    assert canonical.content_sha256(read) == canonical.content_sha256(stated.assessment)


def test_a_condition_is_stated_in_words_or_with_its_owner_and_its_day() -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    assert stated.assessment.decision is not None
    conditions = (Condition("하나"), Condition("둘", "품질팀", date(2027, 3, 1)))
    decision = replace(stated.assessment.decision, conditions=conditions)
    text = writing.yaml_text(replace(stated.assessment, decision=decision), stated.editions)
    again = assessment_file.read_text(text, "again.yaml", EXAMPLES).assessment.decision
    assert again is not None and again.conditions == conditions
    found = problems(HEAD + DECISION + 'conditions: [{owner: "품질팀"}]\n'.replace("conditions", "  conditions"))
    assert any("text" in str(one) for one in found), found


def _without_log(assessment: Assessment) -> Assessment:
    """A file names a log and cannot hold its figures; an approval of the content with them is another's."""
    frozen = canonical.content_sha256(plain := replace(assessment, log=None))
    if plain.decision is None or plain.sign_off is None:
        return plain
    decision, sign_off = (replace(one, content_sha256=frozen) for one in (plain.decision, plain.sign_off))
    return replace(plain, content_sha256=frozen, decision=decision, sign_off=sign_off)


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_an_example_gives_what_is_expected_of_it(file: Path) -> None:
    import json

    stated = assessment_file.read_file(file)
    found = canonical.results(findings.derive(stated.questionnaires, stated.assessment), stated.assessment)
    expected = json.loads(file.with_suffix(".expected.json").read_text("utf-8"))
    assert found == expected


# --- what always holds ---------------------------------------------------------------------------------

words = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    ),
    max_size=40,
)
LATE = date(2100, 1, 1)
days = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))


def _clean(text: str) -> str:
    return answers.clean_text(text, "x")


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    """Texts and days are Hypothesis's own; a generator of random numbers puts them together, which is ten times as fast."""
    editions = {name: load.in_force(name, ON) for name in NAMES}
    chance = draw(chances)
    texts, some_days = draw(st.lists(words.map(_clean), min_size=4, max_size=4)), draw(st.tuples(days, days))

    def text() -> str:
        return chance.choice(texts)

    def grading() -> Grading:
        return Grading(*(chance.choice(["", "low", "high"]) for _ in range(3)))

    def with_measures(before: Grading) -> Grading | None:
        return chance.choice([None, before])

    def impact() -> Impact:
        before = grading()
        return Impact("평등권", text(), before, with_measures(before), "이유", chance.choice([None, grading()]))

    def ids() -> list[str]:
        return chance.sample(["a", "b1", "c22"], chance.randint(0, 3))

    scenarios = tuple(
        Scenario(
            name,
            text(),
            text(),
            impacts=tuple(impact() for _ in range(chance.randint(0, 2))),
        )
        for name in ids()
    )
    named = tuple(scenario.id for scenario in scenarios)
    measures = tuple(
        Measure(name, text(), text(), chance.choice(some_days), chance.choice([True, False]), "recovery", named)
        for name in ids()
    )
    evidence = tuple(
        Evidence(name, text(), "a.pdf", "0" * 64, 3, "application/pdf", "authority", "", *some_days) for name in ids()
    )
    asked = [(name, question) for name, one in editions.items() for question in one.questionnaire.questions()]
    responses: dict[str, dict[str, Response]] = {}
    for name, question in chance.sample(asked, chance.randint(0, 6)):
        responses.setdefault(name, {})[question.id] = Response(question.id, draw(_answer(question)), text())
    return Assessment(
        AISystem("체계" + text(), text(), summary_ko=text()),
        Operator("회사" + text(), address=text(), separation=chance.choice([2, 3])),
        "hiring",
        ON,
        tuple(canonical.EditionRef(one.id, one.version, one.sha256) for one in editions.values()),
        responses,
        evidence,
        scenarios,
        measures,
    )


def _answer(question: Question) -> st.SearchStrategy[Any]:
    values = [option.value for option in question.options]
    match question.type:
        case QuestionType.CHOICE:
            return st.sampled_from(values)
        case QuestionType.CHOICES:
            return st.sampled_from([(value,) for value in values])
        case QuestionType.NUMBER:
            return st.integers(question.minimum or 0, question.maximum or 10**9)
        case QuestionType.DATE:
            return st.dates()
        case QuestionType.GROUP:
            columns = {one.id: _answer(one) for one in question.questions}
            return st.lists(st.fixed_dictionaries({}, optional=columns), max_size=2).map(tuple)
        case _:
            return words.map(_clean).filter(bool)


@pytest.mark.slow
@thorough
@given(assessments())
def test_reading_what_was_written_gives_the_same_assessment(assessment: Assessment) -> None:
    editions = {one.id: load.edition(one.id, one.version) for one in assessment.editions}
    read = assessment_file.read_text(writing.yaml_text(assessment, editions), "x.yaml", EXAMPLES, today=LATE).assessment
    assert _comparable(read) == _comparable(assessment)
    data = canonical.content(assessment)
    again = canonical.from_content(data, {name: edition.questionnaire for name, edition in editions.items()})
    assert _comparable(again) == _comparable(assessment)
    assert canonical.content(again) == data


def _comparable(assessment: Assessment) -> Assessment:
    return replace(assessment, responses={name: dict(given) for name, given in assessment.responses.items() if given})


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    )
)
def test_any_yaml_is_read_or_refused_in_sentences(data: Any) -> None:
    text = yaml.safe_dump({"format": "haetae-assessment/1", "answers": data}, allow_unicode=True)
    assert problems(text)


# --- texts and numbers as they are written ---------------------------------------------------------------------------


def test_whole_numbers_without_quotes_are_the_texts_that_were_written() -> None:
    more = HEAD.replace('name: "회사"', 'name: "회사", registration_number: 1234567890').replace(
        'en: ""}}', 'en: ""}, version: 3}'
    )
    more = more.replace('{name: {ko: "체계"}}', '{name: {ko: "체계"}, version: 3}')
    stated = assessment_file.read_text(more, "a.yaml", EXAMPLES)
    assert stated.assessment.system.version == "3"
    assert stated.assessment.operator.registration_number == "1234567890"


def test_a_decimal_in_a_question_for_whole_numbers_is_refused_in_words() -> None:
    found = problems(HEAD + "answers: {hiring: {applicants_per_year: 4.9}}")
    assert found == [
        "a.yaml, line 6: answers.hiring.applicants_per_year: '4.9' is no answer. "
        "A whole number is needed, in digits alone, such as 120000."
    ]


@pytest.mark.parametrize(
    ("more", "what", "remedy"),
    [
        ("answers: {impact: {purpose: 5}}", "answers.impact.purpose: '5' is no answer.", "put it in quotes"),
        ('measures: [{id: m1, text: "a\\u0001b"}]', "control character (U+0001) after 'a'.", "Delete it there"),
        ("log: {file: nowhere.csv}", "cannot be read", "Put the file there"),
    ],
)
def test_what_is_wrong_and_what_to_do_are_two_whole_sentences(more: str, what: str, remedy: str) -> None:
    with pytest.raises(InvalidFileError) as caught:
        assessment_file.read_text(HEAD + more, "a.yaml", EXAMPLES, today=TODAY)
    (problem,) = caught.value.problems
    assert what in problem.what and problem.what.endswith(".") and remedy in problem.remedy


def test_a_mark_set_on_a_day_that_lies_ahead_is_refused() -> None:
    more = (
        "example: true\nlog: {made: {style: attentive, reviewers: 3, cases: 100}, "
        "triggers: [{figure: divergence_rate, at_least: 3, 'on': 2027-01-01, reason: x}]}"
    )
    assert any("log.triggers.0.on: 1 Jan 2027 lies ahead" in one for one in problems(HEAD + more))
