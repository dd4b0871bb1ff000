"""A record from outside, opened as a new draft: take_over. Answers, scenarios, measures and marks; never an approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assessments import editions
from assessments.deeds.drafting import explain, record_response, set_measures, set_scenarios, start_with
from assessments.deeds.from_file import register_once
from assessments.deeds.marking import set_withheld
from assessments.deeds.operators import register_system
from assessments.errors import AssessmentError
from assessments.model import Actor, AISystem, Assessment, EditionRef, Text, Withheld
from assessments.storage import reader
from assessments.storage.database import Session
from questionnaires import load
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class TakenOver:
    """The new draft, and what could not be taken over, in sentences."""

    assessment_id: int
    left_out: tuple[Text, ...]


def take_over(session: Session, given: Assessment, actor: Actor, at: datetime) -> TakenOver:
    """A new assessment by this actor with the content of another; its approval stays where it was given.

    Raises: NotAllowedError, and what the deeds raise where nothing at all can be begun.
    """
    left_out: list[Text] = []
    system_id = _system(session, given, actor, at)
    on, pinned = given.on, given.editions
    if not _are_here(given.editions):
        on = editions.seoul_day(at)
        pinned = editions.pinned_for(given.domain, on)
        left_out.append(TEXTS.text("asked_with_todays"))
    assessment_id = start_with(session, system_id, given.domain, pinned, on, actor, at)
    for asked, responses in given.responses.items():
        for one in responses.values():
            try:
                record_response(session, assessment_id, asked, replace(one, lock_version=0), actor, at)
            except AssessmentError as error:
                left_out.append(error.text)
    try:
        if given.scenarios:
            set_scenarios(session, assessment_id, given.scenarios, actor, at)
        if given.measures:
            set_measures(session, assessment_id, given.measures, actor, at)
    except AssessmentError as error:
        left_out.append(error.text)
    for explained in given.explanations:
        try:
            explain(session, assessment_id, explained.check, explained.text, actor, at)
        except AssessmentError as error:
            left_out.append(error.text)
    left_out += _files(given)
    if given.log is not None:
        source = given.log.analysis.source
        left_out.append(TEXTS.text("log_left_out", name=source.name, sha256=source.sha256))
    left_out += _marks(session, assessment_id, given, actor, at)
    if given.decision is not None:
        left_out.append(TEXTS.text("decisions_left_out"))
    return TakenOver(assessment_id, tuple(left_out))


def _are_here(pinned: Sequence[EditionRef]) -> bool:
    """Every edition lies in this installation, to the byte."""
    here: Mapping[tuple[str, str], str] = {(one.id, one.version): one.sha256 for one in load.editions(load.FOLDER)}
    return all(here.get((one.id, one.version)) == one.sha256 for one in pinned)


def _system(session: Session, given: Assessment, actor: Actor, at: datetime) -> int:
    """The same organisation and the same system are registered once."""
    operator_id = register_once(session, given.operator, actor, at)
    wanted: AISystem = replace(given.system, id=None)
    known = reader.find_system(session, operator_id, wanted)
    return register_system(session, operator_id, wanted, actor, at) if known is None else known


def _files(given: Assessment) -> list[Text]:
    return [
        TEXTS.text("file_left_out", title=one.title, sha256=one.sha256, file=one.file_name) for one in given.evidence
    ]


def _marks(session: Session, assessment_id: int, given: Assessment, actor: Actor, at: datetime) -> list[Text]:
    """Marks of evidence go with the evidence; one mark that does not fit keeps no other away."""
    kept: list[Withheld] = []
    left_out: list[Text] = []
    for one in given.withheld:
        if one.path.startswith("evidence."):
            continue
        try:
            set_withheld(session, assessment_id, [*kept, one], actor, at)
            kept.append(one)
        except AssessmentError as error:
            left_out.append(error.text)
    return left_out
