"""Opens an external record as a new draft: take_over. Takes answers, scenarios, measures and marks; never an approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assessments import authority, editions
from assessments.deeds.drafting import explain, record_response, set_measures, set_scenarios, start_with
from assessments.deeds.from_file import register_once
from assessments.deeds.operators import register_system
from assessments.deeds.withholding import set_withheld
from assessments.errors import AssessmentError
from assessments.model import Actor, AISystem, Assessment, EditionRef, Text, Withheld
from assessments.storage import reader
from assessments.storage.database import Session
from questionnaires import load
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class TakenOver:
    """The new draft, and sentences about what could not be taken over."""

    assessment_id: int
    left_out: tuple[Text, ...]


def take_over(
    session: Session, assessment: Assessment, actor: Actor, at: datetime, *, unit: int | None = None
) -> TakenOver:
    """Creates an assessment by this actor with another's content; the approval is not carried over.

    unit: in which a system that is not registered yet is put; None: where the actor registers.

    Raises: NotAllowedError, and what the deeds raise if no draft can be started.
    """
    left_out: list[Text] = []
    system_id = _system(session, assessment, actor, at, unit)
    on, pinned = assessment.on, assessment.editions
    if not _are_here(assessment.editions):
        on = seoul_day(at)
        pinned = editions.pinned_for(assessment.domain, on)
        left_out.append(TEXTS.text("asked_with_todays"))
    assessment_id = start_with(session, system_id, assessment.domain, pinned, on, actor, at)
    for questionnaire_id, responses in assessment.responses.items():
        for response in responses.values():
            try:
                record_response(session, assessment_id, questionnaire_id, replace(response, lock_version=0), actor, at)
            except AssessmentError as error:
                left_out.append(error.text)
    try:
        if assessment.scenarios:
            set_scenarios(session, assessment_id, assessment.scenarios, actor, at)
        if assessment.measures:
            set_measures(session, assessment_id, assessment.measures, actor, at)
    except AssessmentError as error:
        left_out.append(error.text)
    for explained in assessment.explanations:
        try:
            explain(session, assessment_id, explained.check, explained.text, actor, at)
        except AssessmentError as error:
            left_out.append(error.text)
    left_out += _files(assessment)
    if assessment.log is not None:
        source = assessment.log.analysis.source
        left_out.append(TEXTS.text("log_left_out", name=source.name, sha256=source.sha256))
    left_out += _marks(session, assessment_id, assessment, actor, at)
    if assessment.decision is not None:
        left_out.append(TEXTS.text("decisions_left_out"))
    return TakenOver(assessment_id, tuple(left_out))


def _are_here(pinned: Sequence[EditionRef]) -> bool:
    """Whether this installation has every edition, byte for byte."""
    here: Mapping[tuple[str, str], str] = {
        (edition.id, edition.version): edition.sha256 for edition in load.editions(load.FOLDER)
    }
    return all(here.get((edition.id, edition.version)) == edition.sha256 for edition in pinned)


def _system(session: Session, assessment: Assessment, actor: Actor, at: datetime, unit: int | None) -> int:
    """The system's id; an organisation or system already registered is reused."""
    operator_id = register_once(session, assessment.operator, actor, at, unit=unit)
    wanted: AISystem = replace(assessment.system, id=None)
    possible = authority.possible_units(session, "start_assessment", actor)
    known = reader.find_system(session, operator_id, wanted, possible if unit is None else possible & {unit})
    return register_system(session, operator_id, wanted, actor, at, unit=unit) if known is None else known


def _files(assessment: Assessment) -> list[Text]:
    return [
        TEXTS.text("file_left_out", title=evidence.title, sha256=evidence.sha256, file=evidence.file_name)
        for evidence in assessment.evidence
    ]


def _marks(session: Session, assessment_id: int, assessment: Assessment, actor: Actor, at: datetime) -> list[Text]:
    """Sets the marks one by one, so that one that does not fit does not block the others; marks on evidence are dropped with it."""
    withheld_passages: list[Withheld] = []
    left_out: list[Text] = []
    for withheld in assessment.withheld:
        if withheld.path.startswith("evidence."):
            continue
        try:
            set_withheld(session, assessment_id, [*withheld_passages, withheld], actor, at)
            withheld_passages.append(withheld)
        except AssessmentError as error:
            left_out.append(error.text)
    return left_out
