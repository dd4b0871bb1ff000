"""Reminders by e-mail of what is due after decisions: wanted, send. Each is sent once, whoever sends and however often it is tried.

A row is taken in the database before a message leaves and says afterwards what became of it. A process that dies in between leaves
a row that is taken up again, with the same Message-ID, by which mail programs know a message they have already.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from assessments import mail, periods
from assessments.mail import Mailbox, MailFailedError
from assessments.model import Text
from assessments.rights import Kind
from assessments.rules import lifecycle
from assessments.rules.lifecycle import CAUSES, Duty
from assessments.storage import database, due_list, reminders, units
from assessments.storage.database import Session
from assessments.storage.entries import DueEntry
from assessments.storage.reminders import ReminderKey
from assessments.storage.units import Account
from questionnaires.legible import legible_line
from questionnaires.texts import texts_of
from questionnaires.wording import day_text, seoul_day

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class Reminder:
    """One reminder for one person."""

    key: ReminderKey
    person: Account
    entry: DueEntry


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
            due.append(Reminder(key, accounts[person_id], entry))
    return tuple(due)


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
    for reminder in of_person:
        entry, duty = reminder.entry, reminder.entry.duty
        names = (
            (entry.system.name_en, entry.system.name_ko)
            if language == "en"
            else (
                entry.system.name_ko,
                entry.system.name_en,
            )
        )
        line = TEXTS.text(
            "mail_line",
            system=legible_line(names[0] or names[1]),
            number=entry.assessment_id,
            cause=CAUSES[duty.cause],
            day=day_text(duty.on),
            late=TEXTS["mail_late"] if reminder.key.stage < 0 else "",
        )
        lines.append(line[language])
        if links:
            lines.append(f"  {links}/followup?assessment={entry.assessment_id}")
    return "\n".join([*lines, "", TEXTS["mail_foot"][language]])


def _note(of_person: Sequence[Reminder], at: datetime, failure: str = "") -> None:
    with database.transaction() as session:
        reminders.note(session, [reminder.key for reminder in of_person], at, failure)
