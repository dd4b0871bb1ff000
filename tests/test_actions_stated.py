"""An assessment from a file, walked through the deeds: what comes out of the database is what the file says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assessments import actions, editions
from assessments.content.canonical import content_sha256, results
from assessments.errors import NotFoundError
from assessments.file.assessment_file import StatedAssessment, read_file, read_text
from assessments.model import Assessment, Origin, Status
from assessments.rules.findings import derive
from assessments.storage import database, history, lists, reader
from questionnaires.problems import InvalidFileError
from tests.office import AT, KIM, LEE, PARK, both, fresh_database

EXAMPLE = Path(__file__).parents[1] / "examples" / "hiring.yaml"
PEOPLE = (KIM, LEE, PARK)


@pytest.fixture(scope="module")
def stated() -> StatedAssessment:
    return read_file(EXAMPLE)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    (tmp_path / "haetae.db").write_bytes(fresh_database())
    database.configure(f"sqlite:///{tmp_path}/haetae.db")


def loaded(stated: StatedAssessment) -> Assessment:
    with database.transaction() as session:
        assessment_id = actions.load_stated(session, stated, PEOPLE, AT)
    with database.reading() as session:
        assert history.verify(session).is_intact
        return reader.get_assessment(session, assessment_id)


@pytest.mark.slow
def test_an_example_keeps_its_answers_evidence_and_results(stated: StatedAssessment) -> None:
    found = loaded(stated)
    given = stated.assessment
    assert {name: found.answers(name) for name in found.responses} == {
        name: given.answers(name) for name in given.responses
    }
    assert [one.sha256 for one in found.evidence] == [one.sha256 for one in given.evidence if one.id in stated.files]
    assert (found.scenarios, found.measures, found.on) == (given.scenarios, given.measures, given.on)
    assert found.editions == given.editions
    same = (_results(found), _results(given))
    assert same[0] == same[1]


def _results(assessment: Assessment) -> dict[str, object]:
    """Without the digest, for evidence gets other ids."""
    found = results(derive(editions.questionnaires(assessment), assessment), assessment)
    duties = [{name: value for name, value in duty.items() if name != "evidence"} for duty in found["duties"]]
    return {**{name: value for name, value in found.items() if name != "content_sha256"}, "duties": duties}


@pytest.mark.slow
def test_a_stated_decision_is_made_by_three_people_in_the_tool(stated: StatedAssessment) -> None:
    assert stated.assessment.decision is not None
    found = loaded(stated)
    assert (found.status, found.origin) == (Status.SIGNED_OFF, Origin.RECORDED)
    assert found.decision is not None
    assert found.sign_off is not None
    assert len({found.authors[0].id, found.decision.by.id, found.sign_off.by.id}) == 3
    assert found.decision.content_sha256 == found.content_sha256 == content_sha256(found)
    assert found.decision.conditions == stated.assessment.decision.conditions


@pytest.mark.slow
def test_an_example_without_a_decision_stays_a_draft_of_the_same_organisation(stated: StatedAssessment) -> None:
    undecided = replace(stated, assessment=replace(stated.assessment, decision=None, sign_off=None, origin=None))
    assert [loaded(undecided).status for _ in range(2)] == [Status.DRAFT] * 2
    with database.reading() as session:
        assert len({entry.operator.id for entry in lists.register(session).entries}) == 1


@pytest.mark.slow
def test_without_enough_people_nothing_is_loaded(stated: StatedAssessment) -> None:
    with pytest.raises(NotFoundError, match="signing_officer"), database.transaction() as session:
        actions.load_stated(session, stated, (KIM, both(LEE, PARK)), AT)
    with database.reading() as session:
        assert not lists.has_operators(session)


SERVING_SEVERAL = """format: haetae-assessment/1
example: true
"on": 2026-11-20
domain: hiring
operator: {name: "O"}
system: {name: {en: "S"}}
evidence:
"""


@pytest.mark.slow
def test_a_document_for_several_items_is_stored_once(tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text("Who may decide, and who may stop it.", "utf-8")
    row = '  - {id: e, title: "Rules", file: rules.txt, for: [authority, stop, hiring.bias_test, stop]}\n'
    old = '  - {id: f, title: "Rules", file: rules.txt, part: bypass}\n'
    stated = read_text(SERVING_SEVERAL + row + old, "a.yaml", tmp_path)
    found = loaded(stated)
    items = [("authority", ""), ("stop", ""), ("", "hiring.bias_test"), ("bypass", "")]
    for assessment in (stated.assessment, found):
        assert [(one.part, one.question) for one in assessment.evidence] == items
        assert len({one.id for one in assessment.evidence}) == 4
        assert {one.title for one in assessment.evidence} == {"Rules"}
    with database.reading() as session:
        assert len({reader.evidence_file(session, one.id).stored_name for one in found.evidence}) == 1
        assert reader.evidence_bytes(session, found.id or 0) == (tmp_path / "rules.txt").stat().st_size


@pytest.mark.slow
def test_ids_of_further_items_are_free_ones(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    rows = "".join(f"  - {{id: {name}, title: A, file: a.txt, for: [authority, stop]}}\n" for name in ("e", "e-2"))
    found = read_text(SERVING_SEVERAL + rows, "a.yaml", tmp_path).assessment.evidence
    assert [one.id for one in found] == ["e", "e-3", "e-2", "e-2-2"]


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("row", "english", "korean"),
    [
        ("for: [authorty]", "'authorty' under for is no part", "항목이나 질문이 아닙니다"),
        ("for: [hiring.bias]", "'hiring.bias' under for is no part", "항목이나 질문이 아닙니다"),
        ("part: stop, for: [authority]", "for stands beside part or question", "for와 part 또는 question"),
        ("for: stop", "list", "목록"),
    ],
)
def test_what_evidence_cannot_be_for_is_said_in_both_languages(
    tmp_path: Path, row: str, english: str, korean: str
) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    with pytest.raises(InvalidFileError) as caught:
        read_text(SERVING_SEVERAL + f"  - {{id: e, title: A, file: a.txt, {row}}}\n", "a.yaml", tmp_path)
    (problem,) = caught.value.problems
    assert problem.line == 8
    assert english in problem.sentence("en")
    assert korean in problem.sentence("ko")
