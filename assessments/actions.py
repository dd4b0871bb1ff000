"""Deeds, one function each: read, check, decide (pure), write, add the event; all in the caller's transaction.

Session first, then ids and content, then `actor: Actor` and `at: datetime` (aware UTC). Each checks role and object.

    register_operator(session, operator, actor, at, *, unit=None) -> int
    change_operator(session, operator_id, operator, actor, at, *, seen=None)
    register_system(session, operator_id, system, actor, at) -> int
    change_system(session, system_id, system, actor, at, *, seen=None)
    import_systems(session, sheet, actor, at) -> Imported           # a table of the register, each row by itself
    set_upkeep(session, system_id, upkeep, actor, at, *, seen=None)  # owner, legal role, life, first day: no content
    state_incident(session, system_id, on, text, actor, at) -> int
    follow_incident(session, number, text, actor, at, *, closes)
    state_request(session, system_id, stated: Stated, actor, at) -> int   # what somebody asked about a decision
    import_requests(session, sheet, actor, at) -> Imported          # a table of requests, each row by itself
    give_request(session, number, owner_id, actor, at)
    extend_request(session, number, until, told_on, reason, actor, at)
    answer_request(session, number, answer: Answer, actor, at)
    refuse_request(session, number, on, ground, reason, actor, at)
    withdraw_request(session, number, on, reason, actor, at)
    start_assessment(session, system_id, domain, actor, at) -> int
    record_response(session, assessment_id, questionnaire_id, response, actor, at) -> Response
    restore_response(session, assessment_id, where, of: OlderAnswer, seen, actor, at) -> Response
    set_scenarios(session, assessment_id, scenarios, actor, at, *, seen=None)
    set_measures(session, assessment_id, measures, actor, at, *, seen=None)
    explain(session, assessment_id, check, text, actor, at)        # why two answers are right that a check calls contradictory
    set_withheld(session, assessment_id, marks, actor, at) -> tuple[Withheld, ...]
    add_evidence(session, assessment_id, upload: Upload, actor, at) -> Evidence
    name_evidence(session, assessment_id, evidence_id, part, actor, at, *, question="") -> Evidence   # for one more item
    review_evidence(session, assessment_id, evidence_id, mark, reason, actor, at)                     # the committee's
    remove_evidence(session, assessment_id, evidence_id, actor, at)
    set_log(session, assessment_id, log: KeptLog, actor, at)
    set_log_triggers(session, assessment_id, triggers, actor, at, *, seen=None)
    remove_log(session, assessment_id, reason, actor, at)          # withdraws it; what it shows against the claim stays
    give_section(session, assessment_id, place, person_id, due, actor, at)   # who fills it in, and until when
    take_back_section, finish_section(session, assessment_id, place, actor, at)
    comment(session, assessment_id, place, text, actor, at, *, mentions=()) -> int   # the thread's number
    reply_comment(session, assessment_id, thread, text, actor, at, *, mentions=()) -> int
    correct_comment(session, assessment_id, number, text, actor, at, *, mentions=())
    withdraw_comment(session, assessment_id, number, actor, at)
    resolve_comment, reopen_comment(session, assessment_id, thread, actor, at)
    see_mention(session, assessment_id, number, actor, at)         # it waits for the actor no more
    submit(session, assessment_id, actor, at)
    assign_review(session, assessment_id, person_id, actor, at)    # who of the committee reviews it
    take_back_review(session, assessment_id, actor, at)
    assign_reviews(session, assessment_ids, person_id, actor, at) -> tuple[Refused, ...]   # each by itself
    return_to_author(session, assessment_id, reason, actor, at, *, points=())
    answer_point(session, assessment_id, where, text, actor, at)   # ticks off a point of the last return
    record_decision(session, assessment_id, ruling, reason, conditions, content_sha256, actor, at)
    sign_off(session, assessment_id, content_sha256, actor, at)
    revise(session, assessment_id, actor, at) -> int               # the new revision's number
    withdraw(session, assessment_id, reason, actor, at)
    reassess(session, assessment_id, reason, actor, at) -> int     # the new revision's number; the old one stays in force
    confirm(session, assessment_id, places, actor, at) -> int      # that what was taken over still holds
    set_reassessment(session, assessment_id, on, reason, actor, at)
    state_change(session, assessment_id, kind, text, on, actor, at) -> int
    follow_up(session, assessment_id, cause, which, on, text, shown_by: Upload | str, actor, at)
    reopen_follow_up(session, assessment_id, cause, which, reason, actor, at)
    watch_log(session, assessment_id, log: KeptLog, actor, at) -> int   # a log after the decision, no part of it
    retire, resume, archive, unarchive(session, assessment_id, [on,] reason, actor, at)
    convene_meeting(session, unit, on, form, place, actor, at) -> int   # with what waits on its agenda
    change_meeting(session, meeting_id, on, form, place, actor, at)
    fill_agenda(session, meeting_id, actor, at) -> int             # what waits by now
    add_item, move_item, strike_item(session, meeting_id, …, actor, at)
    set_attendance(session, meeting_id, presences, guests, actor, at)
    take_minutes(session, meeting_id, number, said, resolution, actor, at)
    close_meeting(session, meeting_id, seen, actor, at)            # for good
    cancel_meeting(session, meeting_id, reason, actor, at)
    add_addendum(session, meeting_id, text, actor, at)             # to closed minutes
    keep_document(session, meeting_id, sealed, actor, at) -> int   # a sealed paper, sealed minutes
    set_request_facts(session, assessment_id, values, actor, at, *, seen)     # what official documents need beside the record
    note_request_step(session, assessment_id, kind, on, actor, at, *, …) -> int   # what happened to the request of Act Art. 33
    keep_official(session, assessment_id, sealed, actor, at) -> int   # a sealed official document
    place_hold(session, assessment_id, reason, actor, at) -> int
    release_hold(session, assessment_id, hold, reason, actor, at) -> bool   # two people
    delete_draft(session, assessment_id, actor, at)                # what it holds goes; its events stay
    keep_report(session, assessment_id, sealed, record_sha256, actor, at, *, languages, certificate_sha256=None,
                seal_level=None) -> int
    load_stated(session, stated: StatedAssessment, people, at) -> int   # an example file, walked through these deeds
    take_over(session, assessment, actor, at, *, unit=None) -> TakenOver   # a record from outside, as a new draft
    erase_values(session, seq, names, reason, actor, at)           # values of one event of the history
    add_person(session, person_id, name, roles, unit, actor, at) -> Actor
    change_person(session, person_id, name, email, actor, at, position=None)
    disable_person, enable_person(session, person_id, actor, at)
    invite_person(session, person_id, actor, at) -> NewLink
    end_sessions(session, person_id, actor, at)
    give_role, take_role(session, person_id, role, unit, actor, at)
    add_unit(session, name, parent, actor, at) -> int
    add_organisation(session, name, actor, at) -> int              # from the command line only
    change_unit(session, unit, name, actor, at)
    move_unit(session, unit, parent, actor, at)
    move_operator(session, operator_id, unit, actor, at)           # systems go with it
    move_system(session, system_id, unit, actor, at)

`seen` is what the actor's screen showed; if it is given and has changed since, StaleAssessmentError is raised.
Concurrent transactions wait: `database.transaction()` holds the write lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessments import authority
from assessments.content.answers import clean_text
from assessments.content.uploads import Upload
from assessments.deeds.administration import (
    add_organisation,
    add_person,
    add_unit,
    change_person,
    change_unit,
    demand_second_factor,
    disable_person,
    enable_person,
    end_sessions,
    give_role,
    invite_person,
    move_operator,
    move_system,
    move_unit,
    take_role,
)
from assessments.deeds.attachments import add_evidence, name_evidence, remove_evidence, review_evidence
from assessments.deeds.carrying import confirm, reassess
from assessments.deeds.commenting import (
    comment,
    correct_comment,
    reopen_comment,
    reply_comment,
    resolve_comment,
    see_mention,
    withdraw_comment,
)
from assessments.deeds.decision_log import remove_log, set_log, set_log_triggers
from assessments.deeds.drafting import (
    explain,
    record_response,
    restore_response,
    set_measures,
    set_scenarios,
    start_assessment,
)
from assessments.deeds.from_file import load_stated
from assessments.deeds.from_record import TakenOver, take_over
from assessments.deeds.holding import check_may_erase, check_nothing_held, place_hold, release_hold
from assessments.deeds.lifecycle import (
    archive,
    follow_up,
    reopen_follow_up,
    resume,
    retire,
    set_reassessment,
    state_change,
    unarchive,
    watch_log,
)
from assessments.deeds.meeting import (
    add_addendum,
    add_item,
    cancel_meeting,
    change_meeting,
    close_meeting,
    convene_meeting,
    fill_agenda,
    keep_document,
    move_item,
    set_attendance,
    strike_item,
    take_minutes,
)
from assessments.deeds.operators import change_operator, change_system, register_operator, register_system
from assessments.deeds.recourse import (
    answer_request,
    extend_request,
    give_request,
    refuse_request,
    state_request,
    withdraw_request,
)
from assessments.deeds.register_import import Imported, import_systems
from assessments.deeds.reports import keep_report
from assessments.deeds.request_import import import_requests
from assessments.deeds.requesting import keep_official, note_request_step, set_request_facts
from assessments.deeds.reviewing import Refused, assign_review, assign_reviews, take_back_review
from assessments.deeds.sharing_work import finish_section, give_section, take_back_section
from assessments.deeds.steps import (
    answer_point,
    delete_draft,
    record_decision,
    return_to_author,
    revise,
    sign_off,
    submit,
    withdraw,
)
from assessments.deeds.upkeep import follow_incident, set_upkeep, state_incident
from assessments.deeds.voting import cast_vote, close_vote, refuse_sign_off, set_committee
from assessments.deeds.withholding import set_withheld
from assessments.errors import IncompleteError
from assessments.model import Actor
from assessments.storage import history
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


__all__ = [
    "Imported",
    "Refused",
    "TakenOver",
    "Upload",
    "add_addendum",
    "add_evidence",
    "add_item",
    "add_organisation",
    "add_person",
    "add_unit",
    "answer_point",
    "answer_request",
    "archive",
    "assign_review",
    "assign_reviews",
    "cancel_meeting",
    "cast_vote",
    "change_meeting",
    "change_operator",
    "change_person",
    "change_system",
    "change_unit",
    "close_meeting",
    "close_vote",
    "comment",
    "confirm",
    "convene_meeting",
    "correct_comment",
    "delete_draft",
    "demand_second_factor",
    "disable_person",
    "enable_person",
    "end_sessions",
    "erase_values",
    "explain",
    "extend_request",
    "fill_agenda",
    "finish_section",
    "follow_incident",
    "follow_up",
    "give_request",
    "give_role",
    "give_section",
    "import_requests",
    "import_systems",
    "invite_person",
    "keep_document",
    "keep_official",
    "keep_report",
    "load_stated",
    "move_item",
    "move_operator",
    "move_system",
    "move_unit",
    "name_evidence",
    "note_request_step",
    "place_hold",
    "reassess",
    "record_decision",
    "record_response",
    "refuse_request",
    "refuse_sign_off",
    "register_operator",
    "register_system",
    "release_hold",
    "remove_evidence",
    "remove_log",
    "reopen_comment",
    "reopen_follow_up",
    "reply_comment",
    "resolve_comment",
    "restore_response",
    "resume",
    "retire",
    "return_to_author",
    "review_evidence",
    "revise",
    "see_mention",
    "set_attendance",
    "set_committee",
    "set_log",
    "set_log_triggers",
    "set_measures",
    "set_reassessment",
    "set_request_facts",
    "set_scenarios",
    "set_upkeep",
    "set_withheld",
    "sign_off",
    "start_assessment",
    "state_change",
    "state_incident",
    "state_request",
    "strike_item",
    "submit",
    "take_back_review",
    "take_back_section",
    "take_minutes",
    "take_over",
    "take_role",
    "unarchive",
    "watch_log",
    "withdraw",
    "withdraw_comment",
    "withdraw_request",
]
REGISTERED = ("register_operator", "change_operator", "register_system", "change_system")
"""Events about what assessments are about."""


def erase_values(session: Session, seq: int, names: Sequence[str], reason: str, actor: Actor, at: datetime) -> None:
    """Permanently erases personal data from one event of the history.

    Raises: NotAllowedError, NotFoundError, IncompleteError; WrongStatusError under a legal hold or before the end of a period
    for which a statute has it kept.
    """
    event = history.place_of(session, seq)
    if event is not None:
        actor = authority.over(session, event, "erase_values", actor)
        check_may_erase(session, event, at)
    else:
        authority.everywhere(session, "erase_other_values", actor)
        if history.kind_of(session, seq) in REGISTERED:
            check_nothing_held(session)
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("erasing_without_reason"))
    history.erase(session, seq, names, reason, actor, at)
