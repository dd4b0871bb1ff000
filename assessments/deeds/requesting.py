"""Deeds on official documents: what they need beside the record, the steps of the request, sealed ones; re-exported by `actions`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from assessments import authority
from assessments.content import registration_number
from assessments.content.answers import clean_text
from assessments.content.canonical import digest
from assessments.errors import IncompleteError, InvalidAnswerError, StaleAssessmentError, WrongStatusError
from assessments.model import Actor, Json, Outcome, Status
from assessments.rules import requesting
from assessments.rules.requesting import REPLIES, StepKind
from assessments.storage import following, history, official, reader
from assessments.storage.database import Session
from assessments.storage.official import OfficialDocument
from questionnaires.confirmation import FormField, form
from questionnaires.strict_yaml import parse
from questionnaires.texts import Told, joined, texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
MAX_SHORT, MAX_LONG = 300, 8000
MAX_DOCUMENT_BYTES = 8 * 2**20
KINDS = ("request", "publication", "notices", "rights")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9()\-. ]{7,30}( ?(#|ext\.?) ?[0-9]{1,6})?")


@dataclass(frozen=True)
class SealedDocument:
    """An official document as it was sealed, and what was frozen in it."""

    kind: str
    language: str
    content: Json
    file: bytes


def set_request_facts(
    session: Session, assessment_id: int, values: Mapping[str, str], actor: Actor, at: datetime, *, seen: int | None
) -> None:
    """What the documents need and the record does not hold. values: id of a field → what it holds, in the place of all before.

    seen: number of the event whose values were in front of whoever wrote; None: whatever there is.
    Raises: NotAllowedError, NotFoundError, InvalidAnswerError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, official.FACTS, actor)
    newest = reader.get_assessment(session, assessment_id)
    before = official.facts(session, assessment_id)
    if seen is not None and before.seen != seen:
        raise StaleAssessmentError(TEXTS.told("request_facts_changed", name=before.by.name if before.by else "-"))
    stored = checked_facts(values)
    if stored != before.values:
        history.add_event(session, official.FACTS, actor, at, assessment_id, newest.revision, stored)


def read_facts(content: bytes, name: str) -> dict[str, str]:
    """Of a YAML file, field by field. Raises: InvalidFileError, InvalidAnswerError."""
    data = parse(content, name).data
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise InvalidAnswerError(TEXTS.told("facts_file_shape", file=name))
    return checked_facts(data)


def checked_facts(values: Mapping[str, str]) -> dict[str, str]:
    """In stored form, without empty ones. All that is wrong is said at once. Raises: InvalidAnswerError."""
    known = {field.id: field for field in form().asked}
    stored, problems = {}, []
    for name, value in values.items():
        try:
            if name not in known:
                raise InvalidAnswerError(TEXTS.told("no_such_field", name=name[:60]), where=name[:60])
            if text := _cleaned(known[name], value):
                stored[name] = text
        except InvalidAnswerError as error:
            problems.append(error)
    if problems:
        where = ", ".join(problem.where for problem in problems)
        raise InvalidAnswerError(Told(joined(*(problem.text for problem in problems))), where=where)
    return stored


def note_request_step(
    session: Session,
    assessment_id: int,
    kind: StepKind,
    on: date,
    actor: Actor,
    at: datetime,
    *,
    until: date | None = None,
    outcome: str = "",
    text: str = "",
    seen: int | None = None,
) -> int:
    """Enters what happened to the request. until: of an extension; outcome: of a reply. Returns the entry's number.

    seen: number of the last entry that was in front of whoever wrote; None: whatever there is.
    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError, IncompleteError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, official.STEP, actor)
    newest = reader.get_assessment(session, assessment_id)
    steps = official.steps(session, assessment_id)
    if seen is not None and seen != (steps[-1].number if steps else 0):
        raise StaleAssessmentError(TEXTS.told("request_steps_changed"))
    if kind not in requesting.possible(steps):
        raise WrongStatusError(TEXTS.told(f"step_{kind}_not_now"))
    text = clean_text(text, "text", MAX_LONG)
    counted = requesting.standing(steps, form().periods).steps
    values: dict[str, str] = {"step": kind.value, "on": on.isoformat()}
    if kind is StepKind.STRUCK:
        if not text:
            raise IncompleteError(TEXTS.told("struck_without_reason"))
    else:
        _check_day(on, counted[-1].on if counted else None, seoul_day(at))
    if kind is StepKind.EXTENDED:
        values["until"] = _extension(until, counted).isoformat()
        if not text:
            raise IncompleteError(TEXTS.told("extension_without_reason"))
    if kind in REPLIES:
        if outcome not in {each.value for each in Outcome}:
            raise IncompleteError(TEXTS.told("reply_without_outcome"))
        values["outcome"] = outcome
    if text:
        values["text"] = text
    event = history.add_event(session, official.STEP, actor, at, assessment_id, newest.revision, values)
    following.refresh(session, assessment_id)
    return event.seq


def keep_official(session: Session, assessment_id: int, sealed: SealedDocument, actor: Actor, at: datetime) -> int:
    """Keeps a sealed official document with what was frozen in it. Returns its number.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, official.KEPT, actor)
    newest = reader.get_assessment(session, assessment_id)
    if newest.status is not Status.SIGNED_OFF:
        raise WrongStatusError(TEXTS.told("official_not_signed_off", revision=newest.revision))
    if sealed.kind not in KINDS or not sealed.file.startswith(b"%PDF-") or len(sealed.file) > MAX_DOCUMENT_BYTES:
        raise InvalidAnswerError(TEXTS.told("report_no_pdf"))
    of = (sealed.content.get("assessment"), sealed.content.get("revision"), sealed.content.get("content_sha256"))
    if of != (assessment_id, newest.revision, newest.content_sha256):
        raise StaleAssessmentError(TEXTS.told("official_of_another", revision=newest.revision))
    content_sha256, file_sha256 = digest(sealed.content), hashlib.sha256(sealed.file).hexdigest()
    values = {
        "kind": sealed.kind,
        "language": sealed.language,
        "content_sha256": content_sha256,
        "file_sha256": file_sha256,
    }
    event = history.add_event(session, official.KEPT, actor, at, assessment_id, newest.revision, values)
    document = OfficialDocument(
        event.seq,
        assessment_id,
        newest.revision,
        sealed.kind,
        sealed.language,
        content_sha256,
        file_sha256,
        at,
    )
    official.add_document(session, document, sealed.content, sealed.file)
    return event.seq


# --- parts ----------------------------------------------------------------------------------------------------


def _cleaned(field: FormField, value: str) -> str:
    """In stored form. Raises: InvalidAnswerError."""
    text = clean_text(value, field.id, MAX_LONG if field.kind == "long" else MAX_SHORT)
    if not text:
        return ""
    match field.kind:
        case "choice" | "choices":
            chosen = text.split("\n")
            known = [option.value for option in field.options]
            if not set(chosen) <= set(known) or (field.kind == "choice" and len(chosen) > 1):
                raise _refused(field, "no_such_choice")
            return "\n".join(option for option in known if option in chosen)
        case "number":
            number = registration_number.examined(text)
            if number.fault is not None:
                raise _refused(field, f"number_{number.fault}", digits=number.digits)
            return number.written
        case "email" if not _EMAIL.fullmatch(text):
            raise _refused(field, "email_form")
        case "phone" if not _PHONE.fullmatch(text):
            raise _refused(field, "phone_form")
        case "day":
            try:
                date.fromisoformat(text)
            except ValueError:
                raise _refused(field, "day_form") from None
        case "short" if "\n" in text:
            raise _refused(field, "one_line")
    return text


def _refused(field: FormField, why: str, **values: object) -> InvalidAnswerError:
    return InvalidAnswerError(TEXTS.told(f"field_{why}", field=field.label, **values), where=field.id)


def _check_day(on: date, before: date | None, today: date) -> None:
    """Raises: InvalidAnswerError."""
    if on > today:
        raise InvalidAnswerError(TEXTS.told("step_ahead", day=on, today=today))
    if before is not None and on < before:
        raise InvalidAnswerError(TEXTS.told("step_before_last", day=on, before=before))


def _extension(until: date | None, counted: tuple[requesting.Step, ...]) -> date:
    """Raises: IncompleteError, InvalidAnswerError."""
    if until is None:
        raise IncompleteError(TEXTS.told("extension_without_day"))
    periods = form().periods
    first = requesting.standing(counted, periods).until
    latest = requesting.latest_extension(counted, periods)
    if first is None or not first < until <= latest:
        raise InvalidAnswerError(TEXTS.told("extension_too_long", first=first, latest=latest))
    return until
