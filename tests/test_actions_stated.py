"""An assessment from a file, walked through the deeds: what comes out of the database is what the file says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assessments import actions, editions
from assessments.content.canonical import content_sha256, results
from assessments.errors import NotFoundError
from assessments.file.assessment_file import StatedAssessment, read_file
from assessments.model import Assessment, Origin, Status
from assessments.rules.findings import derive
from assessments.storage import database, history, lists, reader
from tests.office import AT, KIM, LEE, PARK, both

EXAMPLE = Path(__file__).parents[1] / "examples" / "hiring.yaml"
PEOPLE = (KIM, LEE, PARK)


@pytest.fixture(scope="module")
def stated() -> StatedAssessment:
    return read_file(EXAMPLE)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    database.prepare(f"sqlite:///{tmp_path}/haetae.db")


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
    return {name: value for name, value in found.items() if name != "content_sha256"}


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
