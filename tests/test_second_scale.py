"""The supervisor's example table beside the tool's own score: worked example, borders, floor, ranges, and that it feeds nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import actions, editions
from assessments.content import canonical
from assessments.content.answers import check_answer
from assessments.derived import Range, SecondScale
from assessments.errors import InvalidAnswerError
from assessments.file import assessment_file, writing
from assessments.model import Assessment, Outcome, Response
from assessments.rules import findings, second_scale
from questionnaires import decimals, load, reading
from questionnaires.problems import InvalidFileError
from questionnaires.schema import Questionnaire, Scale, ScaleItem
from tests.office import AT, KIM, Office, open_credit_office
from tests.strategies import thorough

EXAMPLES = Path(__file__).parents[1] / "examples"
MITIGATIONS = (4, 3, 2, 2, 4, 2, 2, 1, 3, 3, 3, 4, 3, 4, 3, 3)
"""Of the supervisor's worked example, item by item; the points before are the maximum of each."""
ORDER = ("low", "medium", "high", "reconsider")


@cache
def table() -> Questionnaire:
    return load.newest("finance").questionnaire


def scale() -> Scale:
    declared = table().scale
    assert declared is not None
    return declared


def maximum(item: ScaleItem) -> int:
    return table().question(item.inherent).maximum or 0


def stated(points: list[int | None], less: list[int | None]) -> dict[str, str]:
    """Answers from tenths; None: not stated."""
    answers = {}
    for item, inherent, mitigation in zip(scale().items(), points, less, strict=True):
        answers |= {item.inherent: decimals.written(inherent)} if inherent is not None else {}
        answers |= {item.mitigation: decimals.written(mitigation)} if mitigation is not None else {}
    return answers


def rated(answers: dict[str, str], outcome: Outcome = Outcome.NOT_HIGH_IMPACT) -> SecondScale:
    result = second_scale.rate(table(), answers, outcome)
    assert result is not None
    return result


def worked_example() -> dict[str, str]:
    full = [maximum(item) * 10 for item in scale().items()]
    return stated(list(full), [10 * less for less in MITIGATIONS])


def total_of(tenths: int) -> dict[str, str]:
    """Every item stated, with this total: points from the first item on, no mitigation."""
    points: list[int | None] = []
    for item in scale().items():
        points.append(min(tenths, maximum(item) * 10))
        tenths -= points[-1] or 0
    return stated(points, [0] * len(points))


# --- the table ----------------------------------------------------------------------------------------------


def test_the_table_has_sixteen_items_and_a_hundred_points() -> None:
    assert [principle.points for principle in scale().principles] == [20, 30, 20, 30]
    assert [maximum(item) for item in scale().items()] == [8, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 8, 6]
    assert [item.id for item in scale().items() if item.disputed] == ["security", "outsourcing"]
    assert sum(maximum(item) for item in scale().items()) == scale().total == 100


def test_the_supervisors_worked_example_comes_to_54() -> None:
    result = rated(worked_example())
    assert [principle.residual for principle in result.sums] == [Range(n, n) for n in (90, 180, 100, 170)]
    assert result.total == Range(540, 540) and result.by_points == ("high", "high") and result.open_items == 0


@pytest.mark.parametrize(
    ("tenths", "band"),
    [
        (0, "low"),
        (249, "low"),
        (250, "medium"),
        (499, "medium"),
        (500, "high"),
        (745, "high"),
        (749, "high"),
        (750, "reconsider"),
        (1000, "reconsider"),
    ],
)
def test_a_band_begins_at_its_bound_and_ends_right_before_the_next(tenths: int, band: str) -> None:
    result = rated(total_of(tenths))
    assert result.total == Range(tenths, tenths) and result.by_points == result.bands == (band, band)


@pytest.mark.parametrize(("tenths", "band"), [(0, "high"), (249, "high"), (500, "high"), (750, "reconsider")])
def test_loan_screening_that_is_high_impact_is_never_below_high(tenths: int, band: str) -> None:
    result = rated(total_of(tenths), Outcome.HIGH_IMPACT)
    assert result.bands == (band, band)
    assert result.floor and result.floor.is_certain and "고위험" in result.floor.reason.text.ko


def test_while_nothing_can_be_determined_the_floor_is_possible_only() -> None:
    result = rated(total_of(100), Outcome.CANNOT_DETERMINE)
    assert result.by_points == ("low", "low") and result.bands == ("low", "high")
    assert result.floor and not result.floor.is_certain
    assert rated(total_of(100)).floor is None


def test_where_high_impact_rests_on_the_claim_the_floor_is_possible_only() -> None:
    result = second_scale.rate(table(), total_of(100), Outcome.NOT_HIGH_IMPACT, Outcome.HIGH_IMPACT)
    assert result and result.floor and not result.floor.is_certain and result.bands == ("low", "high")


def test_what_is_not_stated_leaves_a_range_and_never_counts_as_nothing() -> None:
    first = scale().items()[0]
    result = rated({first.inherent: "6.5"})
    assert result.sums[0].lines[0].residual == Range(0, 65)
    assert result.total == Range(0, 65 + 920) and result.bands == ("low", "reconsider") and result.open_items == 16
    assert rated({first.inherent: "6.5", first.mitigation: "2.5"}).total == Range(40, 40 + 920)
    only_less = rated({first.mitigation: "2.5"}).sums[0].lines[0]
    assert (only_less.inherent, only_less.residual) == (Range(25, 80), Range(0, 55))


def test_nothing_answered_is_no_rating() -> None:
    assert second_scale.rate(table(), {}, Outcome.HIGH_IMPACT) is None
    with pytest.raises(ValueError, match="declares no scale"):
        second_scale.rate(load.newest("credit").questionnaire, {}, Outcome.HIGH_IMPACT)


# --- what always holds --------------------------------------------------------------------------------------


@st.composite
def answers_to_the_table(draw: st.DrawFn) -> tuple[list[int | None], list[int | None]]:
    points: list[int | None] = []
    less: list[int | None] = []
    for item in scale().items():
        inherent = draw(st.none() | st.integers(0, maximum(item) * 10))
        points.append(inherent)
        less.append(draw(st.none() | st.integers(0, maximum(item) * 10 if inherent is None else inherent)))
    return points, less


@pytest.mark.slow
@given(answers_to_the_table(), st.sampled_from(Outcome))
@thorough
def test_the_total_is_the_sum_of_the_principles_and_no_residual_is_negative(
    drawn: tuple[list[int | None], list[int | None]], outcome: Outcome
) -> None:
    answers = stated(*drawn)
    if not answers:
        return
    result = rated(answers, outcome)
    lines = [line for principle in result.sums for line in principle.lines]
    assert all(0 <= line.residual.low <= line.residual.high <= line.maximum for line in lines)
    assert all(0 <= line.mitigation.high <= line.inherent.high for line in lines)
    assert result.total == Range(
        sum(principle.residual.low for principle in result.sums),
        sum(principle.residual.high for principle in result.sums),
    )
    assert result.total == Range(sum(line.residual.low for line in lines), sum(line.residual.high for line in lines))
    assert (result.total.low == result.total.high) or result.open_items
    assert ORDER.index(result.by_points[0]) <= ORDER.index(result.by_points[1])
    assert all(
        ORDER.index(band) >= ORDER.index(plain) for band, plain in zip(result.bands, result.by_points, strict=True)
    )
    if outcome is Outcome.HIGH_IMPACT:
        assert "low" not in result.bands and "medium" not in result.bands
    assert not second_scale.excessive(table(), answers)


@given(answers_to_the_table(), st.integers(0, 15), st.booleans())
@thorough
def test_more_points_never_lower_the_total_and_more_mitigation_never_raises_it(
    drawn: tuple[list[int | None], list[int | None]], place: int, is_points: bool
) -> None:
    points, less = drawn
    inherent, mitigation = points[place], less[place]
    if inherent is None or mitigation is None:
        return
    before = rated(stated(points, less))
    if is_points and inherent < maximum(scale().items()[place]) * 10:
        after = rated(stated([*points[:place], inherent + 1, *points[place + 1 :]], less))
        assert after.total.low >= before.total.low and after.total.high >= before.total.high
        assert ORDER.index(after.by_points[1]) >= ORDER.index(before.by_points[1])
    elif not is_points and mitigation < inherent:
        after = rated(stated(points, [*less[:place], mitigation + 1, *less[place + 1 :]]))
        assert after.total.low <= before.total.low and after.total.high <= before.total.high


@pytest.mark.slow
@given(answers_to_the_table(), st.data())
@thorough
def test_stating_something_more_only_narrows_the_range(
    drawn: tuple[list[int | None], list[int | None]], data: st.DataObject
) -> None:
    points, less = drawn
    places = [place for place in range(16) if points[place] is None]
    if not places or not stated(points, less):
        return
    place = data.draw(st.sampled_from(places))
    least = less[place] or 0
    said = data.draw(st.integers(least, maximum(scale().items()[place]) * 10))
    before = rated(stated(points, less)).total
    after = rated(stated([*points[:place], said, *points[place + 1 :]], less)).total
    assert before.low <= after.low <= after.high <= before.high


# --- numbers with a decimal place -----------------------------------------------------------------------------


@given(st.integers(0, 10**15))
def test_tenths_come_back_as_they_were_written(count: int) -> None:
    assert decimals.tenths(decimals.written(count)) == count


@pytest.mark.parametrize(
    ("text", "written"), [("4", "4"), ("4.5", "4.5"), ("4.50", "4.5"), ("4.0", "4"), ("04", "4"), ("４．５점", "4.5")]
)
def test_points_are_read_as_people_write_them(text: str, written: str) -> None:
    assert reading.one_decimal(text, ["점", "points"]) == written


@pytest.mark.parametrize(
    ("text", "why"), [("4.55", "more than one decimal"), ("-1", "0 or more"), ("four", "0 or more")]
)
def test_what_is_no_such_number_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(reading.UnreadableError, match=why):
        reading.one_decimal(text)


@pytest.mark.parametrize("value", ["8.1", 9, "-1", "1.25", True, 1.5, [1], "x"])
def test_an_answer_beyond_the_points_of_its_item_is_refused(value: object) -> None:
    with pytest.raises(InvalidAnswerError):
        check_answer(table().question("fcpa_inherent"), value)


def test_points_are_kept_as_one_text_each() -> None:
    question = table().question("fcpa_inherent")
    assert [check_answer(question, value) for value in ("8.0", 8, "0", "7.9")] == ["8", "8", "0", "7.9"]


# --- in an assessment --------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_credit_office(tmp_path, monkeypatch, assessments=1)


def say(office: Office, question: str, answer: str, note: str = "근거") -> None:
    office.answer(1, f"finance.{question}", answer, seen=_seen(office, question), note=note)


def _seen(office: Office, question: str) -> int:
    response = office.read(1).responses.get("finance", {}).get(question)
    return response.lock_version if response else 0


def derived(assessment: Assessment) -> tuple[dict[str, Questionnaire], findings.Findings]:
    questionnaires = editions.questionnaires(assessment)
    return questionnaires, findings.derive(questionnaires, assessment)


def test_it_is_pinned_right_behind_the_domain_that_names_it_and_nowhere_else() -> None:
    on = date(2026, 11, 29)
    names = [edition.id for edition in editions.pinned_for("credit", on)]
    assert names[names.index("credit") + 1] == "finance"
    assert "finance" not in [edition.id for edition in editions.pinned_for("hiring", on)]
    asked = {name: load.in_force(name, on) for name in editions.asked_in("credit")}
    assert list(editions.with_second_scale(asked, "credit", date(2026, 6, 22))) == names
    assert editions.with_second_scale(asked, "credit", date(2026, 6, 21)) == asked, "it was not in force then"
    assert "finance" not in editions.asked_in("credit"), "a record is complete without it"


def test_an_assessment_without_it_is_complete(office: Office) -> None:
    _, results = derived(office.read(1))
    assert results.second_scale is None
    assert not [gap for gap in results.gaps if gap.where.startswith("finance.")]
    assert "second_scale" not in canonical.results(results, office.read(1))


def test_once_begun_what_is_open_or_unfounded_is_a_gap_that_blocks_nothing(office: Office) -> None:
    say(office, "fcpa_inherent", "6", note="")
    _, results = derived(office.read(1))
    gaps = {gap.where: gap for gap in results.gaps if gap.where.startswith("finance.")}
    assert len(gaps) == 16 and not any(gap.is_required for gap in gaps.values())
    assert "범위" in gaps["finance.fcpa_mitigation"].text.ko and "범위" in gaps["finance.bias_inherent"].text.ko
    say(office, "fcpa_mitigation", "2")
    gaps = {gap.where: gap for gap in derived(office.read(1))[1].gaps if gap.where.startswith("finance.fcpa")}
    assert list(gaps) == ["finance.fcpa_inherent"] and "비고" in gaps["finance.fcpa_inherent"].text.ko
    say(office, "fcpa_inherent", "6", note="민원 분석에 따랐습니다.")
    assert not [gap for gap in derived(office.read(1))[1].gaps if gap.where.startswith("finance.fcpa")]


@pytest.mark.slow
def test_it_changes_neither_determination_nor_score_nor_level(office: Office) -> None:
    _, before = derived(office.read(1))
    for name, answer in worked_example().items():
        if name.endswith("_inherent"):
            say(office, name, answer)
    _, after = derived(office.read(1))
    assert after.second_scale is not None
    assert (after.determination, after.risk, after.claim, after.coverage) == (
        before.determination,
        before.risk,
        before.claim,
        before.coverage,
    )


def test_mitigation_above_the_points_is_refused_in_words_that_say_where(office: Office) -> None:
    say(office, "quality_inherent", "3")
    with pytest.raises(InvalidAnswerError) as refusal:
        say(office, "quality_mitigation", "3.1")
    assert refusal.value.where == "quality_mitigation"
    assert "‘품질’: 경감 점수(3.1점)가 경감 전 점수(3점)보다 큽니다." in refusal.value.text.ko
    say(office, "quality_mitigation", "3")
    with pytest.raises(InvalidAnswerError, match=r"only 2\.9 before it"):
        say(office, "quality_inherent", "2.9")
    answers = office.read(1).answers("finance")
    assert (answers["quality_inherent"], answers["quality_mitigation"]) == ("3", "3")


def test_a_record_with_mitigation_above_the_points_is_no_valid_content(office: Office) -> None:
    say(office, "quality_inherent", "3")
    assessment = office.read(1)
    responses = {**assessment.responses["finance"], "quality_mitigation": Response("quality_mitigation", "4")}
    forged = replace(assessment, responses={**assessment.responses, "finance": responses})
    with pytest.raises(InvalidAnswerError, match="Quality"):
        canonical.from_content(canonical.content(forged), editions.questionnaires(assessment))
    assert canonical.from_content(canonical.content(assessment), editions.questionnaires(assessment)).answers(
        "finance"
    ) == {"quality_inherent": "3"}


@pytest.mark.slow
def test_results_state_points_as_exact_texts(office: Office) -> None:
    for name, answer in worked_example().items():
        if name.endswith("_inherent"):
            say(office, name, answer)
    for name, answer in worked_example().items():
        if name.endswith("_mitigation"):
            say(office, name, answer)
    say(office, "privacy_mitigation", "3.1")
    _, results = derived(office.read(1))
    told = canonical.results(results, office.read(1))["second_scale"]
    assert told["total"] == {"low": "53.9", "high": "53.9"} and told["items"]["privacy"] == {
        "low": "2.9",
        "high": "2.9",
    }
    assert told["band"] == {"low": "high", "high": "high"}


# --- in files ------------------------------------------------------------------------------------------------

HEAD = """format: haetae-assessment/1
"on": 2026-11-29
domain: credit
operator: {name: 은행}
system: {name: {ko: 심사모형}}
"""


def read(tmp_path: Path, text: str) -> assessment_file.StatedAssessment:
    return assessment_file.read_text(text, "made.yaml", tmp_path)


def test_a_file_states_points_with_or_without_quotes_and_is_written_back(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'answers: {finance: {fcpa_inherent: 6.5, fcpa_mitigation: {answer: "2", note: 점검표}, bias_inherent: 4}}\n'
    )
    file = read(tmp_path, text)
    assert file.assessment.answers("finance") == {"fcpa_inherent": "6.5", "fcpa_mitigation": "2", "bias_inherent": "4"}
    again = read(tmp_path, writing.yaml_text(file.assessment, file.editions))
    assert canonical.content(again.assessment) == canonical.content(file.assessment)


def test_every_item_of_a_file_that_takes_away_too_much_is_named_with_its_line(tmp_path: Path) -> None:
    text = (
        HEAD
        + "answers:\n  finance:\n    bias_inherent: 1\n    bias_mitigation: 2\n    quality_inherent: 1\n    quality_mitigation: 1.1\n"
    )
    with pytest.raises(InvalidFileError) as refusal:
        read(tmp_path, text)
    assert [(problem.line, "Bias" in problem.what) for problem in refusal.value.problems] == [(9, True), (11, False)]


def test_a_file_that_states_its_editions_without_the_scale_has_none(tmp_path: Path) -> None:
    names = editions.asked_in("credit")
    stated_editions = "editions: {" + ", ".join(f'{name}: "1.0"' for name in names) + "}\n"
    assert "finance" not in read(tmp_path, HEAD + stated_editions).editions
    assert "finance" in read(tmp_path, HEAD).editions
    with_it = HEAD + stated_editions.replace("{", '{finance: "1.0", ')
    assert list(read(tmp_path, with_it).editions) == [
        edition.id for edition in editions.pinned_for("credit", AT.date())
    ]
    with pytest.raises(InvalidFileError, match=r"finance 9\.9"):
        read(tmp_path, HEAD + stated_editions.replace("{", '{finance: "9.9", '))
    with pytest.raises(InvalidFileError, match=r"finance is not asked in hiring"):
        read(tmp_path, HEAD.replace("credit", "hiring") + 'editions: {finance: "1.0"}\n')


def test_an_assessment_pinned_before_the_table_existed_goes_on_without_it(office: Office) -> None:
    earlier = load.FOLDER / "credit" / "earlier" / "1.0-of-0.5.0.yaml"
    digest = hashlib.sha256(earlier.read_bytes()).hexdigest()
    now = office.read(1)
    then = replace(
        now,
        editions=tuple(
            replace(edition, sha256=digest) if edition.id == "credit" else edition
            for edition in now.editions
            if edition.id in ("area", "role", "credit", "impact", "involvement")
        ),
    )
    questionnaires, results = derived(then)
    assert questionnaires["credit"].second_scale is None and results.second_scale is None
    assert "second_scale" not in canonical.results(results, then)


def test_started_as_a_deed_it_is_pinned(office: Office) -> None:
    with office.database.transaction() as session:
        number = actions.start_assessment(session, office.read(1).system.id or 0, "credit", KIM, AT)
    assert "finance" in [edition.id for edition in office.read(number).editions]
