"""Reminders by e-mail of what is due after decisions, of requests, of sections given and of comments that name somebody: wanted, send.

Each is sent once, whoever sends and however often it is tried.

A row is taken in the database before a message leaves and says afterwards what became of it. A process that dies in between leaves
a row that is taken up again, with the same Message-ID, by which mail programs know a message they have already.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from assessments import authority, mail, periods, rights
from assessments.mail import Mailbox, MailFailedError
from assessments.model import Actor, AISystem, Text
from assessments.rights import Kind
from assessments.rules import lifecycle
from assessments.rules.lifecycle import CAUSES, Cause, Duty
from assessments.storage import comments, database, due_list, given_sections, recourse, reminders, units
from assessments.storage.database import Session
from assessments.storage.reminder_tables import Work
from assessments.storage.reminders import Key, ReminderKey, RequestKey
from assessments.storage.units import Account
from questionnaires import recourse as rules
from questionnaires.legible import legible_line
from questionnaires.texts import texts_of
from questionnaires.wording import day_text, seoul_day

TEXTS = texts_of(__file__)
AT_ONCE = 10_000
"""Stage of what is told as soon as it is there, however far ahead its day is."""
SCREENS: Mapping[Cause | Work, str] = {Work.SECTION: "assessment", Work.MENTION: "comments"}
"""Where each is seen to; the rest is on the screen of what follows a decision."""


@dataclass(frozen=True)
class Reminder:
    """One reminder for one person."""

    key: Key
    person: Account
    system: AISystem
    kind: str = ""
    """Of a request what is asked for. Empty: it is about an assessment."""


@dataclass(frozen=True)
class Sent:
    """What came of one round."""

    people: int
    """Who got a message."""
    reminders: int
    failures: tuple[Text, ...] = ()


def wanted(session: Session, at: datetime) -> tuple[Reminder, ...]:
    """Every reminder that is due at this time, sent or not; of people whose address is known."""
    settings, today = periods.current(), seoul_day(at)
    accounts = {account.id: account for account in units.accounts(session) if account.is_active and account.email}
    if not accounts:
        return ()
    places: dict[int, _Place] = {}
    due: list[Reminder] = []
    for entry in due_list.everything(session, today, max((*settings.remind_days, 0))):
        stage = lifecycle.stage(entry.duty, today, settings.remind_days, settings.remind_after_days)
        if stage is None:
            continue
        if entry.unit_id not in places:
            places[entry.unit_id] = _place(session, entry.unit_id, accounts)
        duty = entry.duty
        for person_id in _people(duty, stage, places[entry.unit_id]):
            key = ReminderKey(person_id, entry.assessment_id, duty.cause, duty.which, duty.on, stage)
            due.append(Reminder(key, accounts[person_id], entry.system))
    return (*due, *_requests(session, accounts, today, places), *_work(session, accounts, today))


def send(mailbox: Mailbox, at: datetime) -> Sent:
    """Sends what is due and was not sent yet: one message a person. Raises: AssessmentError of the database.

    What cannot be sent is told in the result, kept, and tried again with the next round.
    """
    with database.transaction() as session:
        due = {reminder.key: reminder for reminder in wanted(session, at)}
        mine = reminders.take(session, tuple(due), at)
    by_person: dict[str, list[Reminder]] = defaultdict(list)
    for key in mine:
        by_person[key.person_id].append(due[key])
    if not by_person:
        return Sent(0, 0)
    people, count, failures = 0, 0, []
    try:
        with mail.opened(mailbox) as post:
            while by_person:
                person_id = next(iter(by_person))
                of_person = by_person[person_id]
                try:
                    post(message_of(mailbox, of_person))
                except MailFailedError as error:
                    failures.append(error.text)
                    _note(of_person, at, error.text.en)
                else:
                    people, count = people + 1, count + len(of_person)
                    _note(of_person, at)
                del by_person[person_id]
    except MailFailedError as error:
        failures.append(error.text)
        for of_person in by_person.values():
            _note(of_person, at, error.text.en)
    return Sent(people, count, tuple(dict.fromkeys(failures)))


def message_of(mailbox: Mailbox, of_person: Sequence[Reminder]) -> EmailMessage:
    """What a person is reminded of, in both languages; of an assessment only what it is about, its number and the day."""
    person = of_person[0].person
    parts = [_part(of_person, language, mailbox.links) for language in ("ko", "en")]
    keys = sorted(repr(reminder.key) for reminder in of_person)
    subject = TEXTS.text("mail_subject", count=len(of_person))
    return mail.message_for(
        mailbox,
        person.name,
        person.email,
        f"{subject.ko} · {subject.en}",
        "\n\n--\n\n".join(parts) + "\n",
        hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32],
    )


def _requests(
    session: Session, accounts: Mapping[str, Account], today: date, places: dict[int, _Place]
) -> Iterator[Reminder]:
    """Of requests that are open: as their day comes up to whoever sees to them, once it has passed to product managers too."""
    settings = periods.current()
    for entry in recourse.everything(session, today, max((*settings.remind_days, 0))):
        if entry.due is None:
            continue
        stage = lifecycle.days_stage(entry.due, today, settings.remind_days, settings.remind_after_days)
        if stage is None:
            continue
        if entry.unit_id not in places:
            places[entry.unit_id] = _place(session, entry.unit_id, accounts)
        place = places[entry.unit_id]
        owners = tuple(person_id for person_id in place.names if entry.owner and person_id == entry.owner.id)
        is_managed = not owners or entry.due < today
        for person_id in dict.fromkeys((*owners, *(place.managers if is_managed else ()))):
            key = RequestKey(person_id, entry.number, entry.due, stage)
            yield Reminder(key, accounts[person_id], entry.system, entry.kind)


def _work(session: Session, accounts: Mapping[str, Account], today: date) -> Iterator[Reminder]:
    """Of what waits at assessments that are at work: told at once, of a section also as its day comes up and once it has passed.

    Whoever left, or holds no role there any more, is told nothing. Of a section that is late its giver's peers hear, too.
    """
    settings, there = periods.current(), _Readers(session)
    for entry in given_sections.waiting(session):
        section, number = entry.section, entry.assessment_id
        before = (AT_ONCE, *settings.remind_days)
        stage = lifecycle.days_stage(section.due, today, before, settings.remind_after_days)
        writers = there.who_may(number, "record_response")
        people = {section.person.id} & writers
        if stage is not None and stage < 0:
            people |= there.who_may(number, "give_section")
        for person_id in sorted(people & accounts.keys()):
            key = ReminderKey(person_id, number, Work.SECTION, section.place, section.due, stage or 0)
            yield Reminder(key, accounts[person_id], entry.system)
    for mention in comments.waiting(session):
        person_id, number = mention.person_id, mention.assessment_id
        if person_id in accounts and person_id in there.who_may(number, "read_assessment"):
            key = ReminderKey(person_id, number, Work.MENTION, str(mention.seq), seoul_day(mention.at), AT_ONCE)
            yield Reminder(key, accounts[person_id], mention.system)


class _Readers:
    """Who may do what at an assessment, read once each."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.readers: dict[int, tuple[Actor, ...]] = {}

    def who_may(self, assessment_id: int, deed: str) -> set[str]:
        if assessment_id not in self.readers:
            self.readers[assessment_id] = authority.readers(self.session, assessment_id)
        return {reader.id for reader in self.readers[assessment_id] if rights.may(reader, deed)}


# --- parts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Who can be written to about what lies in a unit."""

    names: Mapping[str, str]
    """Id → name of everybody who holds a role there."""
    managers: tuple[str, ...]


def _place(session: Session, unit_id: int, accounts: Mapping[str, Account]) -> _Place:
    path = units.path_of(session, Kind.UNIT, unit_id)
    there = {person.id: person.name for person in units.people_at(session, path) if person.id in accounts}
    managers = units.people_at(session, path, due_list.MANAGERS)
    return _Place(there, tuple(person.id for person in managers if person.id in accounts))


def _people(duty: Duty, stage: int, place: _Place) -> tuple[str, ...]:
    """Its owner, where that is somebody who may read it; product managers where it has none, and once it is overdue."""
    owners = tuple(
        person_id
        for person_id, name in place.names.items()
        if person_id == duty.owner_id or (not duty.owner_id and name == duty.owner)
    )
    return owners if owners and stage >= 0 else tuple(dict.fromkeys((*owners, *place.managers)))


def _part(of_person: Sequence[Reminder], language: str, links: str) -> str:
    lines = [TEXTS.text("mail_greeting", name=of_person[0].person.name)[language], ""]
    of_assessments = [(each, each.key) for each in of_person if isinstance(each.key, ReminderKey)]
    systems = {key.assessment_id: reminder.system for reminder, key in of_assessments}
    for line, count in Counter(_line_of(key) for _reminder, key in of_assessments).items():
        cause, number = line.cause, line.assessment_id
        text = TEXTS.text(
            "mail_line",
            system=_name(systems[number], language),
            number=number,
            cause=CAUSES[cause] if isinstance(cause, Cause) else TEXTS.text(f"mail_{cause}", count=count),
            day=day_text(line.on),
            late=TEXTS["mail_late"] if line.is_late else "",
        )
        lines.append(text[language])
        if links:
            lines.append(f"  {links}/{SCREENS.get(cause, 'followup')}?assessment={number}")
    lines += [line for reminder in of_person for line in _request_lines(reminder, language, links)]
    return "\n".join([*lines, "", TEXTS["mail_foot"][language]])


def _request_lines(reminder: Reminder, language: str, links: str) -> list[str]:
    """Its kind, its number and its day; what was asked stays here."""
    key = reminder.key
    if not isinstance(key, RequestKey):
        return []
    kind = rules.recourse().by_id.get(reminder.kind)
    text = TEXTS.text(
        "mail_request",
        system=_name(reminder.system, language),
        number=key.request,
        kind=kind.title if kind else reminder.kind,
        day=day_text(key.on),
        late=TEXTS["mail_late"] if key.stage < 0 else "",
    )
    return [text[language], *([f"  {links}/request?request={key.request}"] if links else [])]


def _name(system: AISystem, language: str) -> str:
    names = (system.name_en, system.name_ko) if language == "en" else (system.name_ko, system.name_en)
    return legible_line(names[0] or names[1])


@dataclass(frozen=True)
class _Line:
    """What of a reminder stands in the message; of sections and comments with the same there is one line."""

    assessment_id: int
    cause: Cause | Work
    on: date
    is_late: bool
    which: str


def _line_of(key: ReminderKey) -> _Line:
    which = "" if isinstance(key.cause, Work) else key.which
    return _Line(key.assessment_id, key.cause, key.on, key.stage < 0, which)


def _note(of_person: Sequence[Reminder], at: datetime, failure: str = "") -> None:
    with database.transaction() as session:
        reminders.note(session, [reminder.key for reminder in of_person], at, failure)
