"""Deeds on a draft: starting it, answers, scenarios, measures; re-exported by `actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from assessments import authority, editions
from assessments.content.answers import check_answer, check_scale, clean_text
from assessments.content.canonical import as_json
from assessments.content.texts import cleaned
from assessments.errors import InvalidAnswerError, StaleAssessmentError
from assessments.model import Actor, Assessment, EditionRef, Explanation, Measure, Response, Scenario
from assessments.rules import workflow
from assessments.rules.findings import scales_of
from assessments.rules.impacts import is_not_above
from assessments.storage import history, older_answers, projection, reader, remarks, writer
from assessments.storage.database import Session
from assessments.storage.older_answers import OlderAnswer
from questionnaires.question_types import from_json, to_json
from questionnaires.schema import Question, Questionnaire
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
KINDS = ("prevention", "mitigation", "recovery")
NOTHING: tuple[object, ...] = (None, "", ())
"""What a cleared field yields: no answer."""


def start_assessment(session: Session, system_id: int, domain: str, actor: Actor, at: datetime) -> int:
    """Opens revision 1 and pins the editions in force on that day in Seoul. Returns the new assessment's id.

    Raises: NotAllowedError, NotFoundError.
    """
    pinned = editions.pinned_for(domain, seoul_day(at))
    return start_with(session, system_id, domain, pinned, seoul_day(at), actor, at)


def start_with(
    session: Session,
    system_id: int,
    domain: str,
    pinned: Sequence[EditionRef],
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Like start_assessment, but with the given editions."""
    actor = authority.over(session, system_id, "start_assessment", actor)
    system = reader.get_system(session, system_id)
    operator = reader.operator_of(session, system_id)
    assessment_id = writer.add_assessment(session, system_id, domain, at)
    assessment = Assessment(
        system, operator, domain, on, editions=tuple(pinned), authors=(actor.person,), id=assessment_id, created_at=at
    )
    writer.add_revision(session, assessment, actor.person, at)
    values = {
        "system_id": system_id,
        "domain": domain,
        "on": on.isoformat(),
        "editions": [{"id": edition.id, "version": edition.version, "sha256": edition.sha256} for edition in pinned],
    }
    history.add_event(session, "start_assessment", actor, at, assessment_id, 1, values)
    projection.save(session, assessment, at)
    return assessment_id


def record_response(
    session: Session, assessment_id: int, questionnaire_id: str, response: Response, actor: Actor, at: datetime
) -> Response:
    """Stores an answer and returns it as stored; without answer and note it is retracted. lock_version: as last seen, 0 for none.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, "record_response", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    return _record(session, assessment, questionnaire_id, response, "record_response", {}, actor, at)


def restore_response(
    session: Session, assessment_id: int, where: str, of: OlderAnswer, seen: int, actor: Actor, at: datetime
) -> Response:
    """Puts an older answer, with its note, in the place of the one that is there; where there was none then, it is retracted.

    where: `questionnaire.question`. seen: lock version of the answer that is replaced, as the actor's screen showed it; 0: none.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError where the question takes it no more,
    StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, "restore_response", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    questionnaire_id, _dot, name = where.partition(".")
    question = _question(editions.questionnaires(assessment), questionnaire_id, name)
    held = older_answers.read(session, assessment_id, where, of)
    try:
        answer = from_json(question, held["answer"]) if held else None
    except ValueError:
        raise InvalidAnswerError(TEXTS.told("older_answer_unfit")) from None
    response = Response(name, answer, note=held["note"] if held else "", lock_version=seen)
    source = {"event": of.event} if of.event else {"revision": of.revision, "round": of.round}
    values = {"source": {name: number for name, number in source.items() if number}}
    return _record(session, assessment, questionnaire_id, response, "restore_response", values, actor, at)


def set_scenarios(
    session: Session,
    assessment_id: int,
    scenarios: Sequence[Scenario],
    actor: Actor,
    at: datetime,
    *,
    seen: Sequence[Scenario] | None = None,
) -> None:
    """Replaces all scenarios. Measures lose links to removed scenarios, which is recorded as a separate event.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, "set_scenarios", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    _check_seen(session, assessment, assessment.scenarios, seen)
    cleaned_scenarios = cleaned(tuple(scenarios), "scenarios")
    _check_ids([scenario.id for scenario in cleaned_scenarios], "scenarios")
    scales = scales_of(editions.questionnaires(assessment))
    for number, scenario in enumerate(cleaned_scenarios, 1):
        for impact in scenario.impacts:
            if impact.in_place is not None and scales and not is_not_above(impact.in_place, impact.before, scales):
                raise InvalidAnswerError(TEXTS.told("judged_worse", number=number, right=impact.right))
            if impact.in_place is not None and not impact.reason:
                raise InvalidAnswerError(TEXTS.told("judged_without_reason", number=number, right=impact.right))
    writer.set_scenarios(session, assessment, cleaned_scenarios, actor.person, at)
    after = replace(
        assessment, scenarios=cleaned_scenarios, authors=writer.add_author(session, assessment, actor.person)
    )
    values = {"old": as_json(assessment.scenarios), "new": as_json(cleaned_scenarios)}
    history.add_event(session, "set_scenarios", actor, at, assessment_id, assessment.revision, values)
    after = _unlinked(session, after, actor, at)
    projection.save(session, after, at)


def set_measures(
    session: Session,
    assessment_id: int,
    measures: Sequence[Measure],
    actor: Actor,
    at: datetime,
    *,
    seen: Sequence[Measure] | None = None,
) -> None:
    """Replaces all measures. Raises: like set_scenarios."""
    actor = authority.over(session, assessment_id, "set_measures", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    _check_seen(session, assessment, assessment.measures, seen)
    cleaned_measures = cleaned(tuple(measures), "measures")
    _check_ids([measure.id for measure in cleaned_measures], "measures")
    known = {scenario.id for scenario in assessment.scenarios}
    for number, measure in enumerate(cleaned_measures, 1):
        stray = [name for name in measure.scenarios if name not in known]
        if stray or measure.kind not in KINDS:
            raise InvalidAnswerError(
                TEXTS.told(
                    "measure_names_none",
                    number=number,
                    kind=measure.kind,
                    kinds=", ".join(KINDS),
                    scenarios=", ".join(stray) or "-",
                )
            )
    writer.set_measures(session, assessment, cleaned_measures, actor.person, at)
    after = replace(assessment, measures=cleaned_measures, authors=writer.add_author(session, assessment, actor.person))
    values = {"old": as_json(assessment.measures), "new": as_json(cleaned_measures)}
    history.add_event(session, "set_measures", actor, at, assessment_id, assessment.revision, values)
    projection.save(session, after, at)


def explain(session: Session, assessment_id: int, check: str, text: str, actor: Actor, at: datetime) -> None:
    """Explains why two answers are right that a consistency check calls contradictory; an empty text retracts it.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "explain", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    known = {
        f"{name}.{rule.id}"
        for name, questionnaire in editions.questionnaires(assessment).items()
        for rule in questionnaire.consistency
    }
    if check not in known:
        raise InvalidAnswerError(TEXTS.told("no_such_check", check=check))
    text = clean_text(text, "explanation")
    old = next((explanation.text for explanation in assessment.explanations if explanation.check == check), "")
    others = tuple(explanation for explanation in assessment.explanations if explanation.check != check)
    after = (*others, Explanation(check, text, actor.person, at)) if text else others
    remarks.set_explanations(session, assessment, after, actor.person, at)
    authors = writer.add_author(session, assessment, actor.person)
    values = {"check": check, "old": old, "new": text}
    history.add_event(session, "explain", actor, at, assessment_id, assessment.revision, values)
    projection.save(session, replace(assessment, explanations=after, authors=authors), at)


# --- parts ---------------------------------------------------------------------------------------------------


def _record(
    session: Session,
    assessment: Assessment,
    questionnaire_id: str,
    response: Response,
    kind: str,
    more: Mapping[str, object],
    actor: Actor,
    at: datetime,
) -> Response:
    """Stores it as an event of this kind, with more values than both sides."""
    questionnaires = editions.questionnaires(assessment)
    question = _question(questionnaires, questionnaire_id, response.question)
    answer = None if response.answer in NOTHING else check_answer(question, response.answer)
    note = clean_text(response.note, f"{response.question}.note")
    old = assessment.responses.get(questionnaire_id, {}).get(response.question)
    stored = replace(response, answer=None if answer in NOTHING else answer, note=note, by=actor.person, at=at)
    answers = {**assessment.answers(questionnaire_id), response.question: stored.answer}
    stated = {name: value for name, value in answers.items() if value is not None}
    check_scale(questionnaires[questionnaire_id], stated)
    stored = writer.set_response(session, assessment, questionnaire_id, stored, actor.person, at)
    responses = {**assessment.responses.get(questionnaire_id, {}), response.question: stored}
    values = {
        "question": f"{questionnaire_id}.{response.question}",
        "old": {"answer": to_json(old.answer), "note": old.note} if old else None,
        "new": {"answer": to_json(stored.answer), "note": stored.note},
        **more,
    }
    history.add_event(session, kind, actor, at, assessment.id, assessment.revision, values)
    authors = writer.add_author(session, assessment, actor.person)
    after = replace(assessment, responses={**assessment.responses, questionnaire_id: responses}, authors=authors)
    projection.save(session, after, at)
    return stored


def _unlinked(session: Session, assessment: Assessment, actor: Actor, at: datetime) -> Assessment:
    """The assessment without links from measures to scenarios that no longer exist."""
    known = {scenario.id for scenario in assessment.scenarios}
    left = tuple(
        replace(measure, scenarios=tuple(name for name in measure.scenarios if name in known))
        for measure in assessment.measures
    )
    if left == assessment.measures:
        return assessment
    writer.set_measures(session, assessment, left, actor.person, at)
    values = {"old": as_json(assessment.measures), "new": as_json(left)}
    history.add_event(session, "set_measures", actor, at, assessment.id, assessment.revision, values)
    return replace(assessment, measures=left)


def _question(questionnaires: Mapping[str, Questionnaire], questionnaire_id: str, question_id: str) -> Question:
    questionnaire = questionnaires.get(questionnaire_id)
    try:
        if questionnaire is not None:
            return questionnaire.question(question_id)
    except KeyError:
        pass
    raise InvalidAnswerError(TEXTS.told("no_such_question", questionnaire=questionnaire_id, question=question_id))


def _check_seen(
    session: Session, assessment: Assessment, now: tuple[object, ...], seen: Sequence[object] | None
) -> None:
    if seen is not None and tuple(seen) != now:
        change = reader.last_change(session, assessment)
        raise StaleAssessmentError(TEXTS.told("list_changed", change=change))


def _check_ids(ids: Sequence[str], where: str) -> None:
    if len(set(ids)) != len(ids) or not all(ids):
        raise InvalidAnswerError(TEXTS.told("ids_repeated", where=where))
