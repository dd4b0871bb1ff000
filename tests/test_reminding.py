"""Reminders by e-mail: to whom, when, once each, over a real mail server; and the same days as a calendar file."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assessments import actions, calendar_file, mail, people, periods, reminding, viewing
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.mail import Mailbox, MailFailedError, Security
from assessments.model import FIRST_UNIT, Actor, Measure, Role
from assessments.rules import lifecycle
from assessments.rules.lifecycle import Cause, Duty
from assessments.rules.recourse import Answer, Stated
from assessments.storage import units
from assessments.storage.reminders import ReminderKey
from commands.main import app
from pages._server import reminders as job
from tests import mail_server
from tests.mail_server import Post
from tests.office import ADA, AT, KIM, LEE, PARK, SEO, Office

OVERDUE = Measure("m1", "비밀스러운 글", "서두리", date(2026, 12, 1))
WEEKS_LATER = datetime(2026, 12, 2, 3, tzinfo=UTC)


def add(office: Office, actor: Actor, email: str, unit: int = FIRST_UNIT) -> None:
    people.add_person(home(), actor.id, actor.name, sorted(actor.roles), unit=unit)
    with office.database.transaction() as session:
        units.change_account(session, actor.id, email=email)


@pytest.fixture
def staffed(office: Office) -> Office:
    """With people who have addresses: a manager, a contributor, a member; one left, one has no address."""
    gone = Actor("gone", "떠난 이", frozenset({Role.PRODUCT_MANAGER}))
    for actor, email in ((KIM, "kim"), (SEO, "seo"), (LEE, "lee"), (gone, "gone")):
        add(office, actor, f"{email}@example.com")
    add(office, PARK, "")
    with office.database.transaction() as session:
        units.change_account(session, "gone", is_active=False)
    return office


def mailbox(post: Post, **parts: object) -> Mailbox:
    made = Mailbox("127.0.0.1", post.port, Security.NONE, "haetae@example.com", links="https://haetae.example.com")
    return replace(made, **parts)  # type: ignore[arg-type]


# --- when and to whom ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-10-31", None),
        ("2026-11-01", 30),
        ("2026-11-23", 30),
        ("2026-11-24", 7),
        ("2026-12-01", 0),
        ("2026-12-14", 0),
        ("2026-12-15", -14),
        ("2027-12-15", -14),
    ],
)
def test_the_latest_reminder_that_is_due_counts(today: str, expected: int | None) -> None:
    duty = Duty(Cause.REASSESSMENT, "", date(2026, 12, 1))
    assert lifecycle.stage(duty, date.fromisoformat(today), (30, 7, 0), 14) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-100, 100), st.lists(st.integers(0, 90), max_size=4))
def test_a_reminder_never_goes_back(on: date, ahead: int, days: list[int]) -> None:
    duty, today = Duty(Cause.MEASURE, "m1", on), on - timedelta(days=ahead)
    now = lifecycle.stage(duty, today, days, 14)
    later = lifecycle.stage(duty, today + timedelta(days=1), days, 14)
    assert now is None or (later is not None and later <= now)


def addressed(office: Office, at: datetime) -> set[tuple[str, str, int]]:
    with office.database.reading() as session:
        return {
            (one.person.id, one.key.cause.value if isinstance(one.key, ReminderKey) else one.kind, one.key.stage)
            for one in reminding.wanted(session, at)
        }


@pytest.mark.slow
def test_owners_are_reminded_and_managers_of_what_has_none_or_is_late(staffed: Office) -> None:
    staffed.signed_off(OVERDUE, replace(OVERDUE, id="m2", owner="아무도 아닌 이"))
    assert addressed(staffed, AT) == {("seo", "measure", 30), ("kim", "measure", 30)}
    late = WEEKS_LATER + timedelta(days=30)
    assert addressed(staffed, late) == {("seo", "measure", -14), ("kim", "measure", -14)}
    next_year = datetime(2027, 11, 21, 3, tzinfo=UTC)
    assert ("kim", "reassessment", 0) in addressed(staffed, next_year)
    assert {person for person, _cause, _stage in addressed(staffed, next_year)} == {"kim", "seo"}


@pytest.mark.slow
def test_whoever_sees_to_a_request_is_reminded_and_managers_once_it_is_overdue(staffed: Office) -> None:
    staffed.start()
    asked = Stated("pipa_explanation", AT.date(), "비밀 접수번호", "비밀스러운 글", "web", SEO.id)
    with staffed.database.transaction() as session:
        number = actions.state_request(session, 1, asked, KIM, AT)
        actions.state_request(session, 1, replace(asked, kind="other", reference="기한 없는 것"), KIM, AT)
    assert addressed(staffed, AT) == {("seo", "pipa_explanation", 30)}
    assert addressed(staffed, AT + timedelta(days=23)) == {("seo", "pipa_explanation", 7)}
    assert addressed(staffed, AT + timedelta(days=30)) == {("seo", "pipa_explanation", 0)}
    overdue = AT + timedelta(days=44)
    assert addressed(staffed, overdue) == {("seo", "pipa_explanation", -14), ("kim", "pipa_explanation", -14)}
    with mail_server.running() as post:
        assert reminding.send(mailbox(post), overdue).people == 2
        assert reminding.send(mailbox(post), overdue + timedelta(hours=1)).people == 0
        words = post.messages[0].get_content()
    assert f"(요구 {number}번): 자동화된 결정에 대한 설명 요구, 2026. 12. 21. (기한 지남)" in words
    assert f"https://haetae.example.com/request?request={number}" in words
    assert "비밀" not in words
    with staffed.database.reading() as session:
        ahead = viewing.requests_ahead(session, SEO, AT.date(), 100, 10)
        assert not viewing.requests_ahead(session, ADA, AT.date(), 100, 10)
    calendar = icalendar.Calendar.from_ical(
        calendar_file.calendar_of((), "ko", "https://h.example.com", AT, of_people=ahead)
    )
    (event,) = calendar.walk("VEVENT")
    assert (event["uid"], event["dtstart"].dt) == (f"request-{number}@haetae", date(2026, 12, 21))
    assert event["summary"] == f"자동화된 결정에 대한 설명 요구: 서류 도우미 (요구 {number}번)"
    with staffed.database.transaction() as session:
        answer = Answer(AT.date(), "explained", "보냈다.")
        actions.answer_request(session, number, answer, KIM, overdue)
    assert not addressed(staffed, overdue)


def _at_work(office: Office) -> int:
    """A draft with a section that the contributor has for sixty days, and a comment that names the committee member."""
    number = office.start()
    with office.database.transaction() as session:
        actions.give_section(session, number, "scenarios", SEO.id, AT.date() + timedelta(days=60), KIM, AT)
        actions.comment(session, number, "assessment", "비밀스러운 글", KIM, AT, mentions=[LEE.id, KIM.id])
    return number


@pytest.mark.slow
def test_of_a_section_and_of_a_mention_people_hear_at_once_and_of_a_section_again(staffed: Office) -> None:
    number = _at_work(staffed)
    assert addressed(staffed, AT) == {("seo", "section", reminding.AT_ONCE), ("lee", "mention", reminding.AT_ONCE)}
    assert ("seo", "section", 7) in addressed(staffed, AT + timedelta(days=55))
    late = AT + timedelta(days=75)
    assert {("seo", "section", -14), ("kim", "section", -14)} < addressed(staffed, late)
    with mail_server.running() as post:
        assert reminding.send(mailbox(post), AT).people == 2
        assert reminding.send(mailbox(post), AT + timedelta(hours=1)).people == 0
        texts = dict(zip(post.to, (message.get_content() for message in post.messages), strict=True))
    assert (
        "담당 부분 1개" in texts["seo@example.com"] and f"/assessment?assessment={number}" in texts["seo@example.com"]
    )
    assert (
        "나를 부른 의견 1건" in texts["lee@example.com"]
        and f"/comments?assessment={number}" in texts["lee@example.com"]
    )
    assert "비밀스러운 글" not in "".join(texts.values()), "nothing of what people wrote leaves the house"


def test_of_work_that_is_done_or_no_longer_theirs_nobody_hears(staffed: Office) -> None:
    number = _at_work(staffed)
    with staffed.database.transaction() as session:
        units.change_account(session, LEE.id, is_active=False)
    assert addressed(staffed, AT) == {("seo", "section", reminding.AT_ONCE)}
    with staffed.database.transaction() as session:
        actions.take_role(session, SEO.id, Role.CONTRIBUTOR, FIRST_UNIT, ADA, AT)
    assert addressed(staffed, AT) == set()
    with staffed.database.transaction() as session:
        actions.give_role(session, SEO.id, Role.CONTRIBUTOR, FIRST_UNIT, ADA, AT)
        actions.finish_section(session, number, "scenarios", SEO, AT)
    assert addressed(staffed, AT + timedelta(days=75)) == set()


@pytest.mark.slow
def test_nobody_is_told_of_what_lies_where_they_hold_no_role(staffed: Office) -> None:
    with staffed.database.transaction() as session:
        other = units.add_unit(session, "다른 곳", None)
    add(staffed, Actor("far", "서두리", frozenset({Role.PRODUCT_MANAGER})), "far@example.com", other)
    staffed.signed_off(OVERDUE)
    assert "far" not in {person for person, _cause, _stage in addressed(staffed, AT)}


# --- sent ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_each_reminder_arrives_once_in_one_message_a_person(staffed: Office) -> None:
    number = staffed.signed_off(OVERDUE, replace(OVERDUE, id="m2", due=date(2026, 12, 5)))
    with mail_server.running() as post:
        sent = reminding.send(mailbox(post), AT)
        assert (sent.people, sent.reminders, sent.failures) == (1, 2, ())
        again = reminding.send(mailbox(post), AT + timedelta(hours=1))
        assert (again.people, again.reminders) == (0, 0)
        later = reminding.send(mailbox(post), WEEKS_LATER)
        assert later.reminders == 2, "the next ones, a week or nothing before"
    assert post.to == ["seo@example.com", "seo@example.com"]
    (message, _second) = post.messages
    text = message.get_content()
    assert "서류 도우미" in text and "CV helper" in text and "2026. 12. 1." in text and "1 Dec 2026" in text
    assert f"https://haetae.example.com/followup?assessment={number}" in text
    assert "비밀스러운 글" not in text, "nothing of what people wrote leaves the house"
    assert "2건" in message["Subject"] and message["Auto-Submitted"] == "auto-generated"


@pytest.mark.slow
def test_two_servers_at_once_send_nothing_twice(staffed: Office) -> None:
    for _ in range(4):
        staffed.signed_off(OVERDUE, replace(OVERDUE, id="m2", owner=""))
    with mail_server.running() as post:
        begin, came = threading.Barrier(4), []

        def work() -> None:
            begin.wait()
            came.append(reminding.send(mailbox(post), AT))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(sent.reminders for sent in came) == 8 and len(came) == 4
    assert sorted(post.to) == ["kim@example.com", "seo@example.com"]


@pytest.mark.slow
def test_what_a_server_refuses_is_tried_again_and_the_others_arrive(staffed: Office) -> None:
    staffed.signed_off(OVERDUE, replace(OVERDUE, id="m2", owner=""))
    with mail_server.running() as post:
        post.refused = {"seo@example.com"}
        sent = reminding.send(mailbox(post), AT)
        assert sent.reminders == 1 and "refuses the address" in sent.failures[0].en
        post.refused = set()
        assert reminding.send(mailbox(post), AT + timedelta(hours=1)).reminders == 1
    assert post.to == ["kim@example.com", "seo@example.com"]


@pytest.mark.slow
def test_without_a_server_nothing_is_lost(staffed: Office) -> None:
    staffed.signed_off(OVERDUE)
    with mail_server.running() as post:
        gone = mailbox(post)
    sent = reminding.send(gone, AT)
    assert sent.reminders == 0 and "Nothing could be sent" in sent.failures[0].en
    with mail_server.running() as post:
        assert reminding.send(mailbox(post), AT + timedelta(hours=1)).reminders == 1
    assert post.to == ["seo@example.com"]


@pytest.mark.slow
def test_a_sender_that_died_is_followed_by_another_with_the_same_message(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed.signed_off(OVERDUE)
    with mail_server.running() as post:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(reminding, "_note", die)
            with pytest.raises(KeyboardInterrupt):
                reminding.send(mailbox(post), AT)
        assert reminding.send(mailbox(post), AT + timedelta(minutes=5)).reminders == 0, "it may be at it still"
        assert reminding.send(mailbox(post), AT + timedelta(hours=1)).reminders == 1
        assert reminding.send(mailbox(post), AT + timedelta(hours=2)).reminders == 0
    first, second = post.messages
    assert first["Message-ID"] == second["Message-ID"]


# --- the way to the server -------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("is_tls", [False, True], ids=["starttls", "tls"])
@pytest.mark.slow
def test_the_way_is_encrypted_and_the_server_known(staffed: Office, tmp_path: Path, is_tls: bool) -> None:
    staffed.signed_off(OVERDUE)
    authority = mail_server.make_certificate(tmp_path)
    with mail_server.running(tmp_path, from_the_first_byte=is_tls, user="haetae", password="open-sesame") as post:
        to = mailbox(
            post, security=Security.TLS if is_tls else Security.STARTTLS, user="haetae", password="open-sesame"
        )
        stranger = reminding.send(to, AT)
        assert stranger.reminders == 0 and "cannot be trusted" in stranger.failures[0].en
        wrong = reminding.send(replace(to, authority=authority, password="x"), AT)
        assert wrong.reminders == 0 and "refuses user and password" in wrong.failures[0].en
        assert reminding.send(replace(to, authority=authority), AT).reminders == 1
    assert post.encrypted == [True]
    assert "open-sesame" not in repr(to)


@pytest.mark.slow
def test_a_server_without_starttls_gets_nothing(staffed: Office) -> None:
    staffed.signed_off(OVERDUE)
    with mail_server.running() as post:
        sent = reminding.send(mailbox(post, security=Security.STARTTLS), AT)
    assert sent.reminders == 0 and sent.failures and post.messages == []


SET = {mail.HOST: "mail.example.com", mail.SENDER: "haetae@example.com"}


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    assert mail.read({}) is None
    secret = tmp_path / "secret"
    secret.write_text("geheim\n", "utf-8")
    made = mail.read(SET | {mail.USER: "u", mail.PASSWORD_FILE: str(secret), mail.LINKS: "https://h.example.com/"})
    assert made is not None
    assert (made.port, made.security, made.password, made.links) == (
        587,
        Security.STARTTLS,
        "geheim",
        "https://h.example.com",
    )
    assert mail.read({**SET, mail.HOST: "localhost", mail.TLS: "none", mail.PORT: "2525"}) is not None


@pytest.mark.parametrize(
    "environment",
    [
        {mail.TLS: "none"},
        {mail.TLS: "ssl3"},
        {mail.PORT: "0"},
        {mail.PORT: "smtp"},
        {mail.SENDER: ""},
        {mail.SENDER: "haetae"},
        {mail.SENDER: "a@b\r\nBcc: x@y.z"},
        {mail.USER: "u"},
        {mail.USER: "김"},
        {mail.USER: "u", mail.PASSWORD_FILE: "/nowhere"},
        {mail.AUTHORITY: "/nowhere.pem"},
        {mail.LINKS: "haetae.example.com"},
    ],
)
def test_settings_that_cannot_be_are_refused_with_the_variable(environment: dict[str, str]) -> None:
    with pytest.raises(AssessmentError, match="HAETAE_"):
        mail.read(SET | environment)


@pytest.mark.parametrize("address", ["", "kim", "kim@", "a@b\nBcc: x@y.z", "k im@example.com, x@y.z"])
def test_no_address_adds_a_line_to_a_message(address: str) -> None:
    to = Mailbox("127.0.0.1", 25, Security.NONE, "haetae@example.com")
    try:
        message = mail.message_for(to, "이름\r\nBcc: x@y.z", address, "제목\n둘", "글", "id")
    except MailFailedError:
        return
    assert message["Bcc"] is None and len(message.get_all("To", [])) == 1


# --- by command, by the server, as a calendar --------------------------------------------------------------------


def run(*words: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, list(words))
    return told.exit_code, told.output


@pytest.mark.slow
def test_the_command_sends_and_says_how_many(staffed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    staffed.signed_off(replace(OVERDUE, due=datetime.now(UTC).date()))
    for name in (mail.HOST, mail.SENDER, mail.TLS, mail.PORT):
        monkeypatch.delenv(name, raising=False)
    assert run("remind")[0] == 2, "no mail server is named"
    code, told = run("remind", "--show")
    assert (code, "seo@example.com: assessment 1, CV helper, measure" in told) == (0, True), told
    with mail_server.running() as post:
        monkeypatch.setenv(mail.HOST, "127.0.0.1")
        monkeypatch.setenv(mail.PORT, str(post.port))
        monkeypatch.setenv(mail.TLS, "none")
        monkeypatch.setenv(mail.SENDER, "haetae@example.com")
        code, told = run("remind")
        assert (code, "Sent: 1 reminders to 1 people." in told) == (0, True), told
        assert run("remind") == (0, "Sent: 0 reminders to 0 people.\n")
        job.send()
        assert len(post.messages) == 1
        staffed.signed_off(replace(OVERDUE, due=datetime.now(UTC).date()))
        job.send()
        assert len(post.messages) == 2, "the server does the same by itself"
    staffed.signed_off(replace(OVERDUE, due=datetime.now(UTC).date()))
    code, told = run("remind")
    assert (code, "Nothing could be sent" in told) == (1, True), told


@pytest.mark.slow
def test_the_calendar_holds_the_days_of_what_its_reader_may_read(staffed: Office) -> None:
    number = staffed.signed_off(OVERDUE)
    with staffed.database.transaction() as session:
        other = units.add_unit(session, "다른 곳", None)
    add(staffed, Actor("far", "먼 이", frozenset({Role.PRODUCT_MANAGER})), "", other)
    stranger = people.find_person(home(), "far")
    assert isinstance(stranger, Actor)
    with staffed.database.reading() as session:
        entries = viewing.calendar(session, LEE, AT.date(), 800, 9).entries
        assert viewing.calendar(session, stranger, AT.date(), 800, 9).entries == ()
        assert [one.duty.cause for one in viewing.due_for(session, SEO, AT.date(), 9).entries] == [Cause.MEASURE]
        assert viewing.due_for(session, LEE, AT.date(), 9).total == 0
        first = viewing.calendar(session, LEE, AT.date(), 800, 1)
        assert (first.entries, first.total) == (entries[:1], 2)
    made = calendar_file.calendar_of(entries, "en", "https://h.example.com", AT)
    events = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert [(event["SUMMARY"], event["DTSTART"].dt) for event in events] == [
        ("Measure: CV helper (assessment 1)", date(2026, 12, 1)),
        ("Reassessment: CV helper (assessment 1)", date(2027, 11, 21)),
    ]
    assert events[0]["URL"] == f"https://h.example.com/followup?assessment={number}"
    assert len({event["UID"] for event in events}) == 2
    assert made.count(b"\r\n") == made.count(b"\n") and all(len(line) <= 75 for line in made.split(b"\r\n"))


@pytest.mark.slow
def test_days_before_are_those_of_the_environment(staffed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(periods.REMIND, "3")
    staffed.signed_off(OVERDUE)
    assert addressed(staffed, AT) == set()
    assert addressed(staffed, datetime(2026, 11, 29, 3, tzinfo=UTC)) == {("seo", "measure", 3)}


@pytest.mark.slow
def test_reminders_end_with_what_they_are_about(staffed: Office) -> None:
    number = staffed.signed_off(OVERDUE)
    with staffed.database.transaction() as session:
        actions.retire(session, number, AT.date(), "쓰지 않는다.", KIM, AT)
    assert addressed(staffed, AT) == set()


def test_the_manual_names_every_variable_and_no_other() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "follow-up.md").read_text("utf-8")
    own = {mail.HOST, mail.PORT, mail.TLS, mail.USER, mail.PASSWORD_FILE, mail.SENDER, mail.AUTHORITY, mail.LINKS}
    own |= {periods.REASSESS, periods.KEEP, periods.BASIS, periods.REMIND}
    assert set(re.findall(r"`(HAETAE_[A-Z_]+)`", manual)) == own


def test_a_server_with_half_said_settings_does_not_start(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(mail.HOST, "mail.example.com")
    code, told = run("serve")
    assert (code, mail.SENDER in told) == (2, True), told
    monkeypatch.delenv(mail.HOST)
    monkeypatch.setenv(periods.KEEP, "7")
    code, told = run("serve")
    assert (code, periods.BASIS in told) == (2, True), told
