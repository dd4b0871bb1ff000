"""Loads an assessment file into the database through the same deeds that people perform: load_stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assessments import authority
from assessments.content.canonical import content_sha256
from assessments.content.uploads import Upload
from assessments.deeds.attachments import add_evidence, name_evidence
from assessments.deeds.decision_log import set_log
from assessments.deeds.drafting import explain, record_response, set_measures, set_scenarios, start_with
from assessments.deeds.operators import register_operator, register_system
from assessments.deeds.steps import record_stated_decision, sign_stated_off, submit
from assessments.deeds.withholding import set_withheld
from assessments.errors import NotFoundError
from assessments.file.assessment_file import StatedAssessment
from assessments.model import Actor, Assessment, Evidence, Operator, Person, Role
from assessments.rights import Kind
from assessments.rules.workflow import COMMITTEE
from assessments.storage import projection, reader, units
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


def load_stated(session: Session, stated: StatedAssessment, people: Sequence[Actor], at: datetime) -> int:
    """Returns the new assessment's id; with a stated decision it is submitted, decided and signed off by different people.

    people: whom to act as, matched by the names in the file, else by role. Evidence without a file is left out.
    Raises: NotFoundError if nobody has a required role, and whatever the deeds raise.
    """
    assessment = stated.assessment
    author = _person(people, frozenset({Role.PRODUCT_MANAGER}), assessment.authors[0] if assessment.authors else None)
    operator_id = register_once(session, assessment.operator, author, at)
    system_id = register_system(session, operator_id, assessment.system, author, at)
    with projection.saved_once(session):
        assessment_id = _drafted(session, system_id, stated, author, at)
    if assessment.decision is not None:
        submit(session, assessment_id, author, at)
        _decide(session, assessment_id, assessment, people, author, at)
    return assessment_id


def _drafted(session: Session, system_id: int, stated: StatedAssessment, author: Actor, at: datetime) -> int:
    """Started and filled with all that the file holds."""
    assessment = stated.assessment
    assessment_id = start_with(session, system_id, assessment.domain, assessment.editions, assessment.on, author, at)
    for questionnaire_id, responses in assessment.responses.items():
        for response in responses.values():
            record_response(session, assessment_id, questionnaire_id, replace(response, lock_version=0), author, at)
    stored_paths = _attached(session, assessment_id, stated, author, at)
    if assessment.scenarios:
        set_scenarios(session, assessment_id, assessment.scenarios, author, at)
    if assessment.measures:
        set_measures(session, assessment_id, assessment.measures, author, at)
    for explained in assessment.explanations:
        explain(session, assessment_id, explained.check, explained.text, author, at)
    if assessment.log is not None:
        set_log(session, assessment_id, assessment.log, author, at)
    if assessment.withheld:
        marks = [
            replace(withheld, path=stored_paths.get(withheld.path, withheld.path)) for withheld in assessment.withheld
        ]
        set_withheld(session, assessment_id, marks, author, at)
    return assessment_id


def _decide(
    session: Session, assessment_id: int, assessment: Assessment, people: Sequence[Actor], author: Actor, at: datetime
) -> None:
    decision = assessment.decision
    if decision is None:
        return
    decider = _person(people, COMMITTEE, decision.by, without=(author,))
    excluded = (author, decider) if assessment.operator.separation >= 3 else (author,)
    signer = _person(
        people, frozenset({Role.SIGNING_OFFICER}), assessment.sign_off.by if assessment.sign_off else None, excluded
    )
    frozen = content_sha256(reader.get_assessment(session, assessment_id))
    ruling, reason, conditions = decision.ruling, decision.reason, decision.conditions
    record_stated_decision(session, assessment_id, ruling, reason, conditions, frozen, decider, at)
    if assessment.sign_off is not None:
        sign_stated_off(session, assessment_id, frozen, signer, at)


def register_once(session: Session, operator: Operator, actor: Actor, at: datetime, *, unit: int | None = None) -> int:
    """The id of an organisation equal in every field where the actor registers, registered now if there is none.

    unit: in this unit or above it. Raises: like register_operator.
    """
    possible = authority.possible_units(session, "register_operator", actor)
    if unit is not None:
        possible &= frozenset(units.path_of(session, Kind.UNIT, unit))
    known = reader.find_operator(session, operator, possible)
    return register_operator(session, operator, actor, at, unit=unit) if known is None else known


def _attached(
    session: Session, assessment_id: int, stated: StatedAssessment, author: Actor, at: datetime
) -> dict[str, str]:
    """Evidence path in the file → path in the database. A document that supports several items is stored once."""
    stored_paths: dict[str, str] = {}
    stored: dict[Evidence, str] = {}
    for evidence in stated.assessment.evidence:
        if evidence.id not in stated.files:
            continue
        document = replace(evidence, id="", part="", question="")
        if document in stored:
            new = name_evidence(
                session, assessment_id, stored[document], evidence.part, author, at, question=evidence.question
            )
        else:
            content = stated.files[evidence.id].read_bytes()
            upload = Upload(
                evidence.title,
                evidence.file_name,
                content,
                evidence.part,
                evidence.question,
                evidence.on,
                evidence.expires_on,
            )
            new = add_evidence(session, assessment_id, upload, author, at)
            stored[document] = new.id
        stored_paths[f"evidence.{evidence.id}"] = f"evidence.{new.id}"
    return stored_paths


def _person(
    people: Sequence[Actor], roles: frozenset[Role], named: Person | None, without: Sequence[Actor] = ()
) -> Actor:
    """Whoever is named acts in the position that the file states for them, if it states one."""
    taken = {actor.id for actor in without}
    fitting = [actor for actor in people if actor.roles & roles and actor.id not in taken]
    if not fitting:
        needed = ", ".join(sorted(roles))
        raise NotFoundError(TEXTS.told("nobody_left", role=needed))
    if named is None:
        return fitting[0]
    matching = (actor for actor in fitting if actor.name == named.name)
    return next((replace(actor, position=named.position or actor.position) for actor in matching), fitting[0])
