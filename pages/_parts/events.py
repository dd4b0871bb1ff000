"""Lines of the history as HTML: who did what when, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from assessments.content.canonical import read_condition
from assessments.decision_log.triggers import KINDS, Figure
from assessments.model import EVERYBODY, Role
from assessments.rules.lifecycle import ChangeKind
from assessments.rules.requesting import STEPS, StepKind
from assessments.storage.entries import EventLine
from pages._frame import enum_names, markup, screens, shared
from pages._frame.shared import _
from pages._parts import conditions, fields, findings, gaps, recourse
from questionnaires import confirmation, wording
from questionnaires.load import Edition
from questionnaires.question_types import from_json
from questionnaires.recourse import Ground, Named, RequestOutcome
from questionnaires.recourse import recourse as recourse_texts
from questionnaires.schema import Question

IN_A_GO = timedelta(minutes=10)
"""Longest pause between two entries that are shown as one."""
MAX_SHOWN = 400
"""Characters of one value; longer ones are cut on screen, never in the history."""


def table(
    lines: Sequence[EventLine],
    pinned: Mapping[str, Edition],
    restored_at: Callable[[EventLine], str] | None = None,
) -> Markup:
    """A row for each event, newest first; what one person wrote into one answer in a go is one row.

    restored_at: event → address where the answer that it left is put back; empty: nowhere.
    """
    rows = []
    for newest, oldest in _together(lines):
        line = (
            replace(newest, values={**newest.values, "old": oldest.values.get("old")}) if newest != oldest else newest
        )
        times = shared.many("{count} entry", "{count} entries", newest.seq - oldest.seq + 1)
        rows.append(
            (
                str(newest.seq) if newest == oldest else f"{oldest.seq}–{newest.seq}",
                shared.moment(newest.at),
                line.by.name if line.by else markup.aside(_("erased")),
                markup.bold(kind(line.kind))
                + (markup.NOTHING if newest == oldest else markup.joined((" ", markup.aside(times))))
                + _what(line, pinned)
                + _way_back(newest, restored_at),
            )
        )
    return markup.table((_("No."), _("When"), _("Who"), _("What")), rows, kind="h-events")


def _way_back(line: EventLine, restored_at: Callable[[EventLine], str] | None) -> Markup:
    address = restored_at(line) if restored_at else ""
    return markup.paragraph(markup.link(address, _("Restore this answer")), "h-comment") if address else markup.NOTHING


def _together(lines: Sequence[EventLine]) -> list[tuple[EventLine, EventLine]]:
    """The newest and the oldest of each run of neighbouring entries into one answer by one person."""
    runs: list[tuple[EventLine, EventLine]] = []
    for line in lines:
        if runs and _goes_on(runs[-1][1], line):
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs


def _goes_on(later: EventLine, earlier: EventLine) -> bool:
    return (
        later.kind == earlier.kind == "record_response"
        and later.seq == earlier.seq + 1
        and later.by is not None
        and later.by == earlier.by
        and later.revision == earlier.revision
        and later.values.get("question") == earlier.values.get("question") is not None
        and not later.erased
        and not earlier.erased
        and later.at - earlier.at <= IN_A_GO
    )


def kind(name: str) -> str:
    """Display name of an action; its id if it has none."""
    return {
        "register_operator": _("Operator registered"),
        "change_operator": _("Operator details changed"),
        "register_system": _("System registered"),
        "change_system": _("System changed"),
        "set_upkeep": _("Entry in the register changed"),
        "state_incident": _("Incident stated"),
        "follow_incident": _("Incident followed up"),
        "state_request": _("Request entered"),
        "give_request": _("Request handed over"),
        "extend_request": _("Due day of the request put off"),
        "answer_request": _("Request answered"),
        "refuse_request": _("Request refused"),
        "withdraw_request": _("Request withdrawn"),
        "assign_review": _("Review assigned"),
        "take_back_review": _("Review assigned to nobody"),
        "start_assessment": _("Assessment started"),
        "record_response": _("Answer recorded"),
        "set_scenarios": _("Scenarios written"),
        "set_measures": _("Measures written"),
        "explain": _("Contradiction explained"),
        "review_evidence": _("Evidence looked at"),
        "set_withheld": _("Values marked for redacted copies"),
        "add_evidence": _("Evidence attached"),
        "name_evidence": _("Evidence named for one more item"),
        "remove_evidence": _("Evidence removed"),
        "set_log": _("Decision log counted"),
        "set_log_triggers": _("Own triggers changed"),
        "remove_log": _("Decision log withdrawn"),
        "submit": _("Submitted"),
        "return_to_author": _("Returned"),
        "answer_point": _("Point of the return answered"),
        "restore_response": _("Answer restored"),
        "comment": _("Comment"),
        "reply_comment": _("Reply to a comment"),
        "correct_comment": _("Comment corrected"),
        "withdraw_comment": _("Comment withdrawn"),
        "resolve_comment": _("Comment resolved"),
        "reopen_comment": _("Comment opened again"),
        "see_mention": _("Comment seen"),
        "give_section": _("Section given to somebody"),
        "take_back_section": _("Section taken back"),
        "finish_section": _("Section done"),
        "record_decision": _("Decided"),
        "cast_vote": _("Voted"),
        "set_committee": _("Committee's settings changed"),
        "refuse_sign_off": _("Sign-off refused"),
        "submit_again": _("Put to the committee again"),
        "sign_off": _("Signed off"),
        "revise": _("New revision"),
        "void_approval": _("Approval of the old revision void"),
        "withdraw": _("Withdrawn"),
        "reassess": _("Reassessment begun"),
        "confirm": _("Taken-over answers confirmed"),
        "set_reassessment": _("Day of reassessment set"),
        "state_change": _("Material change stated"),
        "follow_up": _("Measure or condition done"),
        "reopen_follow_up": _("Measure or condition opened again"),
        "add_proof": _("Evidence attached after the decision"),
        "watch_log": _("Later decision log counted"),
        "retire": _("System retired"),
        "resume": _("System in use again"),
        "archive": _("Archived"),
        "unarchive": _("Out of the archive"),
        "convene_meeting": _("Meeting convened"),
        "change_meeting": _("Day, form or place of the meeting changed"),
        "set_agenda": _("Agenda changed"),
        "set_attendance": _("Attendance written"),
        "take_minutes": _("Minutes written"),
        "close_meeting": _("Minutes closed"),
        "cancel_meeting": _("Meeting cancelled"),
        "add_addendum": _("Addendum to the minutes"),
        "keep_document": _("Document of the meeting sealed"),
        "set_request_facts": _("Written for official documents"),
        "note_request_step": _("Entry on the request under Art. 33"),
        "keep_official": _("Official document sealed"),
        "place_hold": _("Legal hold placed"),
        "release_hold": _("Legal hold released by one person"),
        "delete_draft": _("Draft deleted"),
        "keep_report": _("Sealed report registered"),
        "erase_values": _("Values erased"),
        "add_person": _("Person added"),
        "take_over_people": _("People taken over from people.yaml"),
        "make_link": _("One-time link made"),
        "set_password": _("Password set"),
        "change_person": _("Person's details changed"),
        "disable_person": _("Person disabled"),
        "enable_person": _("Person enabled again"),
        "end_sessions": _("All sessions of a person ended"),
        "give_role": _("Role given"),
        "take_role": _("Role taken"),
        "add_organisation": _("Top unit added"),
        "add_unit": _("Unit added"),
        "change_unit": _("Unit renamed"),
        "move_unit": _("Unit moved"),
        "move_operator": _("Operator moved to another unit"),
        "move_system": _("System moved to another unit"),
        "demand_second_factor": _("Demand of a second factor changed"),
        "set_second_factor": _("Second factor set up"),
        "drop_second_factor": _("Second factor switched off"),
        "make_recovery_codes": _("Recovery codes made"),
        "use_recovery_code": _("Recovery code used"),
        "make_passkey": _("Passkey made"),
        "drop_passkey": _("Passkey removed"),
        "connect_identity": _("Account at the identity provider connected"),
        "disconnect_identity": _("Account at the identity provider disconnected"),
    }.get(name, name)


_OF_INCIDENT = {
    ("state_incident", "text"): "happened",
    ("state_incident", "on"): "happened_on",
    ("follow_incident", "text"): "done",
}
"""What a value of such an event is, where other events call something else so."""
_OF_REQUEST = {"text": "words", "kind": "asked_kind", "on": "request_day", "person": "request_owner"}
"""The same of the events about a request."""
OFFICIAL = ("set_request_facts", "note_request_step")
_UNSAID = (
    "request",
    "counted_by",
    "old",
    "new",
    "editions",
    "system_id",
    "operator_id",
    "decided_by",
    "signed_by",
    "which",
    "cause",
    "shown_by",
    "change",
    "watched",
    "hold",
    "kept_sha256",
    "meeting",
    "item",
    "unit",
    "is_released",
    "unit",
    "as_chair",
    "incident",
    "closes",
)
"""Numbers and ids that mean something to the program only; who did it stands beside."""


def _what(line: EventLine, pinned: Mapping[str, Edition]) -> Markup:
    """What changed, as far as the event can be read."""
    values = line.values
    if line.kind in ("record_response", "restore_response") and "question" in values:
        return _answer(values, pinned)
    if line.kind == "set_reassessment":
        values = {name: _day(value) if name in ("old", "new") else value for name, value in values.items()}
        return markup.definitions([_pair(name, str(value)) for name, value in values.items() if value], "h-values")
    if line.kind == "set_upkeep":
        return markup.definitions(_upkeep(values), "h-values")
    if line.kind in OFFICIAL:
        pairs = [*_of_official(values), *(_pair(name, _("erased")) for name in line.erased)]
        return markup.definitions(pairs, "h-values") if pairs else markup.NOTHING
    if line.kind in ("state_incident", "follow_incident"):
        values = {
            _OF_INCIDENT.get((line.kind, name), name): value for name, value in values.items() if name != "system"
        }
    if line.kind.endswith("_request"):
        values = {
            _OF_REQUEST.get(name, name): _of_request(name, value) for name, value in values.items() if name != "system"
        }
    changes = [
        _pair(_called(name, line), text)
        for name, value in values.items()
        if name not in _UNSAID and (text := _plain_value(name, value, pinned))
    ]
    gone = [_pair(_called(name, line), _("erased")) for name in line.erased]
    return markup.definitions(changes + gone, "h-values") if changes or gone else markup.NOTHING


def _of_request(name: str, value: Any) -> Any:
    """What a value of an event about a request says, in words; others as they are."""
    if name == "changed":
        return recourse.changed_title(value)
    if name == "kind":
        return recourse.kind_title(str(value))
    if name == "person" and isinstance(value, Mapping):
        return str(value.get("name", ""))
    if name in ("received", "decision_on", "until", "told_on", "on") and isinstance(value, str):
        return wording.day(date.fromisoformat(value), shared.language())
    texts = recourse_texts()
    lists: dict[str, Sequence[Named | RequestOutcome | Ground]] = {
        "channel": texts.channels,
        "outcome": texts.outcomes,
        "ground": texts.grounds,
        "reviewer": texts.reviewers,
    }
    return next((entry.title[shared.language()] for entry in lists.get(name, ()) if entry.id == value), value)


def _of_official(values: Mapping[str, Any]) -> Iterator[tuple[str, Markup]]:
    """What was written for official documents by the names of its fields, or what happened to the request."""
    form, language = confirmation.form(), shared.language()
    labels = {field.id: field.label[language] for field in form.fields}
    titles = {option.value: option.label[language] for field in form.fields for option in field.options}
    if "step" in values:
        yield _("Step of the request"), markup.free_text(STEPS[StepKind(values["step"])][language])
        for name in ("on", "until"):
            if values.get(name):
                yield (
                    _("Day") if name == "on" else _("Of an extension: until when"),
                    markup.free_text(_day(values[name])),
                )
        if values.get("outcome"):
            yield _("Of a reply: its outcome"), markup.free_text(form.results[values["outcome"]][language])
        if values.get("text"):
            yield _("Details"), markup.free_text(str(values["text"]))
        return
    for name, value in values.items():
        shown = "\n".join(titles.get(part, part) for part in str(value).split("\n"))
        yield labels.get(name, name), markup.free_text(shown)


def _upkeep(values: Mapping[str, Any]) -> list[tuple[str, Markup]]:
    """What changed of an entry of the register, before and after."""
    old, new = values.get("old") or {}, values.get("new") or {}
    person, language = values.get("person") or {}, shared.language()

    def shown(name: str, value: Any) -> str:
        if not value:
            return _("Not stated")
        if name == "owner_id":
            return str(person.get("name") or value) if value == person.get("id") else str(value)
        if name == "stage":
            return enum_names.stage(value, language)
        return enum_names.legal_role(value, language) if name == "legal_role" else _day(value)

    return [
        _pair(name, f"{shown(name, old.get(name))} → {shown(name, new.get(name))}")
        for name in ("owner_id", "stage", "started_on", "legal_role")
        if old.get(name) != new.get(name)
    ]


def _called(name: str, line: EventLine) -> str:
    """The same name of a value means another thing in another kind of event."""
    if line.kind.endswith("_request"):
        return _OF_REQUEST.get(name, name)
    if "meeting" in line.values:
        return {"text": "words", "on": "meeting_day"}.get(name, name)
    return "words" if name == "text" and "comment" in line.kind else name


def _answer(values: Mapping[str, Any], pinned: Mapping[str, Edition]) -> Markup:
    where = str(values["question"])
    title = gaps.name_of(where, pinned) or where
    question = question_of(where, pinned)
    old, new = (_cut(response_text(question, values.get(side))) for side in ("old", "new"))
    sides = [_pair(_("before"), old or _("no answer")), _pair(_("after"), new or _("no answer"))]
    if isinstance(values.get("source"), Mapping):
        sides.append(_pair(_("Taken from"), _source(values["source"])))
    return markup.quiet(title) + markup.definitions(sides, "h-values")


def _source(source: Mapping[str, Any]) -> str:
    """Where a restored answer comes from."""
    if "event" in source:
        return _("event {number}", number=source["event"])
    return _("Revision {number}, submission {round}", number=source.get("revision"), round=source.get("round", 1))


def response_text(question: Question | None, side: Any) -> str:
    """An answer with its note, as the history and contents hold it, as text; empty where there was none."""
    if not isinstance(side, Mapping):
        return ""
    answer, note = side.get("answer"), str(side.get("note") or "")
    text = fields.text_of(question, from_json(question, answer), shared.language()) if question else str(answer or "")
    noted = f"{enum_names.word('note', shared.language())}: {note}" if note else ""
    return "\n".join(part for part in (text, noted) if part)


def question_of(where: str, pinned: Mapping[str, Edition]) -> Question | None:
    """None: no pinned questionnaire asks it."""
    head, _dot, name = where.partition(".")
    try:
        return pinned[head].questionnaire.question(name)
    except KeyError:
        return None


def _plain_value(name: str, value: Any, pinned: Mapping[str, Edition]) -> str:
    language = shared.language()
    if name == "domain" and value in pinned:
        return pinned[value].questionnaire.title[language]
    if name == "check":
        return contradiction(str(value), pinned)
    if name == "names" and isinstance(value, list):
        return ", ".join(_name(str(part)) for part in value)
    if name == "mark":
        return findings.word(f"mark_{value}")
    if name == "ruling":
        return enum_names.ruling(value, language)
    if name == "was":
        return enum_names.status(value, language)
    if name == "points" and isinstance(value, list):
        return "\n".join(
            f"· {gaps.name_of(point['where'], pinned) or point['where']}: {point['text']}" for point in value
        )
    if name == "ballot":
        return findings.word(f"ballot_{value}")
    if name == "goal":
        return findings.word(f"goal_{value}")
    if name == "committee" and isinstance(value, Mapping):
        return f"{findings.word('quorum')}: {value.get('quorum')}"
    if name in ("demanded", "demanded_before") and isinstance(value, list):
        return ", ".join(map(_demanded_of, value)) or _("nobody")
    if name == "statements" and isinstance(value, list):
        return "\n".join(f"· {findings.word(f'statement_{statement}')}" for statement in value)
    if name == "conditions" and isinstance(value, list):
        return "\n".join(f"· {conditions.in_line(read_condition(condition))}" for condition in value)
    if name == "question" and isinstance(value, str):
        return gaps.name_of(value, pinned) or value
    if name == "mentions" and isinstance(value, list):
        return ", ".join(str(person["name"]) for person in value)
    if name == "person" and isinstance(value, Mapping):
        return str(value.get("name", ""))
    if name == "due" and value:
        return wording.day(date.fromisoformat(str(value)), language)
    if name in ("places", "dropped") and isinstance(value, list):
        return _cut("\n".join(f"· {gaps.name_of(str(where), pinned) or where}" for where in value))
    if name == "figures" and isinstance(value, list):
        return "\n".join(f"· {KINDS[Figure(figure)].title[language]}" for figure in value)
    if name == "kind" and value in list(ChangeKind):
        return enum_names.change_kind(value, language)
    if name == "proof" and isinstance(value, Mapping):
        return f"{value.get('title', '')} ({value.get('file_name', '')})"
    if name in ("on", "happened_on") and isinstance(value, str):
        return wording.day(date.fromisoformat(value), language)
    if name == "form":
        return findings.word(f"meeting_form_{value}")
    if name == "attendance" and isinstance(value, list):
        return "\n".join(f"· {each['name']}: {findings.word('presence_' + each['presence'])}" for each in value)
    if name == "kind" and value in ("paper", "minutes"):
        return _("Committee paper") if value == "paper" else _("Minutes")
    if name == "language":
        return {"ko": _("Korean"), "en": _("English")}.get(value, str(value))
    if name == "variant":
        return _variant(str(value))
    if name == "size":
        return f"{value:,} B"
    if name in ("rows", "rows_used"):
        return f"{value:,}"
    if name == "evidence" and isinstance(value, Mapping):
        return f"{value.get('title', '')} ({value.get('file_name', '')})"
    if isinstance(value, list):
        return _cut("\n".join(f"· {line}" for line in value if isinstance(line, str)))
    return _cut(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _demanded_of(whom: str) -> str:
    return _("everybody") if whom == EVERYBODY else enum_names.role(Role(whom), shared.language())


def _variant(text: str) -> str:
    """Of a report: whole or redacted, and its languages."""
    part, _space, languages = text.partition(" ")
    named = ", ".join({"ko": _("Korean"), "en": _("English")}.get(name, name) for name in languages.split("+"))
    return (
        _("Redacted, in {languages}", languages=named)
        if part == "redacted"
        else _("Whole, in {languages}", languages=named)
    )


def contradiction(check: str, pinned: Mapping[str, Edition]) -> str:
    """Both sides of a consistency check in the reader's words; its name where the edition is not at hand."""
    head, _dot, name = check.partition(".")
    checks = pinned[head].questionnaire.consistency if head in pinned else ()
    return next((rule.because[shared.language()] for rule in checks if rule.id == name), check)


def _pair(name: str, text: str) -> tuple[str, Markup]:
    return _name(name), markup.free_text(text)


def _name(name: str) -> str:
    """What a value of an event is called; a value that a later release writes keeps its name."""
    return {
        "actor": _("Who"),
        "operator": findings.word("operator"),
        "system": findings.word("system"),
        "answers": _("Answers"),
        "scenarios": _("Scenarios"),
        "measures": _("Measures"),
        "files": _("Files"),
        "log": screens.title_of("log", shared.language()),
        "reason": _("Reason"),
        "points": _("What the committee asked for"),
        "words": _("Words"),
        "text": _("What was done about it, or why nothing was"),
        "comment": _("Comment number"),
        "mentions": _("People it is for"),
        "person": _("Person"),
        "owner_id": _("Owner"),
        "stage": _("Life cycle"),
        "started_on": _("In use since"),
        "legal_role": _("Legal role"),
        "happened": _("What happened"),
        "happened_on": _("When it happened"),
        "done": _("What was done"),
        "due": findings.word("due"),
        "conditions": findings.word("conditions"),
        "ruling": findings.word("ruling"),
        "ballot": findings.word("ballot"),
        "committee": findings.word("committee"),
        "statements": findings.word("statements"),
        "goal": _("What follows"),
        "evidence": findings.word("document"),
        "content_sha256": findings.word("content_sha256"),
        "record_sha256": findings.word("record_sha256"),
        "on": findings.word("assessed_on"),
        "domain": findings.word("domain"),
        "check": _("Contradiction"),
        "mark": findings.word("committee_mark"),
        "seq": _("Event"),
        "names": _("Values"),
        "new": _("after"),
        "old": _("before"),
        "question": _("Question"),
        "file_name": _("File"),
        "stored_name": _("File"),
        "file_sha256": _("File's SHA-256"),
        "sha256": _("File's SHA-256"),
        "size": _("Size"),
        "certificate_sha256": _("Certificate's SHA-256"),
        "seal_level": _("Level of the seal"),
        "rows": _("Rows"),
        "rows_used": _("Rows counted"),
        "replaces": _("In the place of"),
        "about": _("What was to be done"),
        "places": _("Confirmed"),
        "dropped": _("No longer asked or offered"),
        "figures": _("Beyond their triggers"),
        "proof": findings.word("document"),
        "kind": findings.word("kind"),
        "from": _("From revision"),
        "was": _("Status before"),
        "variant": _("Copy"),
        "meeting_day": findings.word("meeting_day"),
        "form": findings.word("meeting_form"),
        "place": findings.word("meeting_place"),
        "attendance": _("Attendance"),
        "guests": _("Others who were there"),
        "discussion": _("Said"),
        "resolution": _("Resolved"),
        "minutes_sha256": _("Digest of the closed minutes"),
        "language": _("Language"),
        "texts": _("Agenda"),
        "reference": _("Your reference"),
        "asked": _("What the person asks"),
        "asked_kind": _("What is asked for"),
        "received": _("Received on"),
        "channel": _("How it came"),
        "demanded": _("Demanded of"),
        "demanded_before": _("Demanded before of"),
        "decision_on": _("Day of the decision"),
        "decision": _("Your reference of the decision"),
        "request_owner": _("Owner"),
        "request_day": _("Day"),
        "until": _("New due day"),
        "told_on": _("The person was told on"),
        "outcome": _("Outcome"),
        "ground": _("Ground"),
        "changed": _("Decision"),
        "reviewer": _("Who looked at it again"),
        "reviewed_by": _("Office or name"),
    }.get(name, name)


def _day(value: Any) -> str:
    return wording.day(date.fromisoformat(value), shared.language()) if isinstance(value, str) else ""


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " …"
