"""Comments: in threads, at a place, resolved or open, with people who are called by name and find it among what waits for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from assessments import actions, viewing
from assessments.content.canonical import content_sha256
from assessments.deeds import commenting
from assessments.errors import (
    AssessmentError,
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    NotFoundError,
    WrongStatusError,
)
from assessments.home import home
from assessments.keeping import auditing
from assessments.model import Actor, Grant, Person, Role
from assessments.people import add_person
from assessments.storage import history, units
from assessments.storage.entries import CommentThread, MentionEntry
from assessments.storage.units import Account
from tests.office import ADA, AT, AUD, KIM, LEE, PARK, SEO, Office

PLACE = "hiring.people"


@pytest.fixture
def number(office: Office) -> int:
    for actor in (KIM, SEO, LEE, PARK, AUD, ADA):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    return office.start()


def _write(office: Office, number: int, words: str, by: Actor = SEO, place: str = PLACE, **more: object) -> int:
    with office.database.transaction() as session:
        return actions.comment(session, number, place, words, by, AT, **more)  # type: ignore[arg-type]


def _reply(office: Office, number: int, thread: int, words: str, by: Actor = LEE) -> int:
    with office.database.transaction() as session:
        return actions.reply_comment(session, number, thread, words, by, AT)


def _threads(office: Office, number: int, by: Actor = KIM) -> tuple[CommentThread, ...]:
    with office.database.reading() as session:
        return viewing.threads(session, by, number)


def _waiting(office: Office, who: Actor) -> tuple[MentionEntry, ...]:
    with office.database.reading() as session:
        return viewing.mentions_of(session, who, 20)


def test_a_thread_holds_what_was_said_by_whom_and_is_resolved_and_opened_again(office: Office, number: int) -> None:
    seq = _write(office, number, "  어떻게 세었습니까?\r\n둘째 줄 ")
    _reply(office, number, seq, "접수 대장으로 세었습니다.", KIM)
    other = _write(office, number, "전체에 대하여", LEE, "assessment")
    first, second = _threads(office, number, AUD)
    assert [(comment.text, comment.by) for comment in first.comments] == [
        ("어떻게 세었습니까?\n둘째 줄", SEO.person),
        ("접수 대장으로 세었습니다.", KIM.person),
    ]
    assert (first.place, first.is_open, second.seq, second.place) == (PLACE, True, other, "assessment")
    with office.database.transaction() as session:
        actions.resolve_comment(session, number, seq, LEE, AT)
        with pytest.raises(WrongStatusError, match=LEE.name):
            actions.resolve_comment(session, number, seq, KIM, AT)
    first = _threads(office, number)[0]
    assert (first.is_open, first.resolved_by, first.resolved_at) == (False, LEE.person, AT)
    with office.database.transaction() as session:
        actions.reopen_comment(session, number, seq, KIM, AT)
        with pytest.raises(WrongStatusError):
            actions.reopen_comment(session, number, seq, KIM, AT)
    assert _threads(office, number)[0].is_open


def test_only_its_author_corrects_or_withdraws_a_comment_and_that_shows(office: Office, number: int) -> None:
    seq = _write(office, number, "처음 말")
    for deed in (
        lambda session: actions.correct_comment(session, number, seq, "남의 말", LEE, AT),
        lambda session: actions.withdraw_comment(session, number, seq, LEE, AT),
    ):
        with pytest.raises(NotAllowedError), office.database.transaction() as session:
            deed(session)
    with office.database.transaction() as session:
        actions.correct_comment(session, number, seq, "고친 말", SEO, AT)
    (comment,) = _threads(office, number)[0].comments
    assert (comment.text, comment.corrected_at, comment.seq) == ("고친 말", AT, seq)
    with office.database.transaction() as session:
        actions.withdraw_comment(session, number, seq, SEO, AT)
        with pytest.raises(WrongStatusError):
            actions.correct_comment(session, number, seq, "다시", SEO, AT)
    thread = _threads(office, number)[0]
    assert (thread.comments[0].text, thread.comments[0].withdrawn_at) == ("", AT)
    assert not thread.is_open, "nothing is left that anybody could wait for"


def test_whoever_is_called_finds_it_until_they_answer_look_or_it_is_over(office: Office, number: int) -> None:
    seq = _write(office, number, "@이서준님, 보아 주십시오. @김하나")
    (entry,) = _waiting(office, LEE)
    assert (entry.seq, entry.place, entry.by, entry.assessment_id) == (seq, PLACE, SEO.person, number)
    assert entry.text.startswith("@이서준님") and _waiting(office, KIM) and not _waiting(office, SEO)
    _reply(office, number, seq, "보았습니다.", LEE)
    assert not _waiting(office, LEE) and _waiting(office, KIM)
    with office.database.transaction() as session:
        actions.see_mention(session, number, seq, KIM, AT)
    assert not _waiting(office, KIM)
    chosen = _write(office, number, "골라서 부름", mentions=[PARK.id])
    assert [entry.seq for entry in _waiting(office, PARK)] == [chosen]
    with office.database.transaction() as session:
        actions.correct_comment(session, number, chosen, "이제는 @오디트", SEO, AT)
    assert not _waiting(office, PARK) and _waiting(office, AUD), "a correction calls anew"
    with office.database.transaction() as session:
        actions.resolve_comment(session, number, chosen, LEE, AT)
    assert not _waiting(office, AUD)


def test_nobody_outside_is_called_or_learns_anything(office: Office, number: int) -> None:
    with office.database.transaction() as session:
        elsewhere = units.add_unit(session, "남", None)
        units.add_account(
            session,
            Account("out", elsewhere, "바깥사람", "", True, AT, frozenset({Grant(Role.COMMITTEE_MEMBER, elsewhere)})),
        )
    outsider = Actor(
        "out", "바깥사람", frozenset({Role.COMMITTEE_MEMBER}), frozenset({Grant(Role.COMMITTEE_MEMBER, elsewhere)})
    )
    with pytest.raises(InvalidAnswerError) as there:
        _write(office, number, "부름", mentions=["out"])
    with pytest.raises(InvalidAnswerError) as nowhere:
        _write(office, number, "부름", mentions=["nobody"])
    assert str(there.value).replace("out", "X") == str(nowhere.value).replace("nobody", "X")
    seq = _write(office, number, "@바깥사람 보십시오")
    assert not _waiting(office, outsider) and not _threads(office, number)[0].comments[0].mentions
    for read in (
        lambda session: viewing.threads(session, outsider, number),
        lambda session: viewing.readers(session, outsider, number),
        lambda session: actions.reply_comment(session, number, seq, "x", outsider, AT),
    ):
        with pytest.raises(NotFoundError), office.database.transaction() as session:
            read(session)
    _write(office, number, "@이서준")
    with office.database.transaction() as session:
        session.connection().execute(text(f"UPDATE ai_system SET unit_id = {elsewhere}"))
    assert not _waiting(office, LEE), "who lost the right to read is told nothing any more"


@pytest.mark.parametrize("by", [AUD, ADA])
def test_auditors_and_administrators_read_and_say_nothing(office: Office, number: int, by: Actor) -> None:
    seq = _write(office, number, "말")
    assert _threads(office, number, by)
    with office.database.transaction() as session:
        for deed in (
            lambda: actions.comment(session, number, PLACE, "x", by, AT),
            lambda: actions.reply_comment(session, number, seq, "x", by, AT),
            lambda: actions.resolve_comment(session, number, seq, by, AT),
        ):
            with pytest.raises(NotAllowedError):
                deed()


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("place", "words", "error"),
    [
        ("hiring.nothing", "x", InvalidAnswerError),
        ("hiring/nothing", "x", InvalidAnswerError),
        ("", "x", InvalidAnswerError),
        (PLACE, " \n ", IncompleteError),
        (PLACE, "x" * (commenting.MOST_CHARACTERS + 1), InvalidAnswerError),
        (PLACE, "앞\u202e뒤", InvalidAnswerError),
    ],
)
def test_a_comment_has_a_place_and_words(
    office: Office, number: int, place: str, words: str, error: type[AssessmentError]
) -> None:
    with pytest.raises(error):
        _write(office, number, words, place=place)
    assert not _threads(office, number)


def test_a_thread_and_an_assessment_hold_only_so_many(
    office: Office, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commenting, "MOST_REPLIES", 2)
    monkeypatch.setattr(commenting, "MOST_THREADS", 1)
    seq = _write(office, number, "하나")
    _reply(office, number, seq, "둘")
    with pytest.raises(InvalidAnswerError):
        _reply(office, number, seq, "셋")
    with pytest.raises(InvalidAnswerError):
        _write(office, number, "둘째")


@pytest.mark.slow
def test_comments_are_no_content_make_nobody_an_author_and_go_on_with_the_next_revision(
    office: Office, number: int
) -> None:
    before = office.submit(number)
    seq = _write(office, number, "위원의 의견", LEE, "hiring/all")
    after = office.read(number)
    assert content_sha256(after) == before and LEE.id not in {author.id for author in after.authors}
    office.decide(number, before)
    office.sign(number, before)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    assert [(thread.seq, thread.comments[0].revision) for thread in _threads(office, number)] == [(seq, 1)]
    _reply(office, number, seq, "다음 판에서", KIM)
    assert [comment.revision for comment in _threads(office, number)[0].comments] == [1, 2]


def test_what_is_erased_in_the_history_is_gone_from_the_thread_and_the_chain_holds(office: Office, number: int) -> None:
    seq = _write(office, number, "@이서준 아무개의 전화번호는 010-0000-0000")
    with office.database.transaction() as session:
        actions.erase_values(session, seq, ["text", "mentions", "actor"], "개인정보", ADA, AT)
    (thread,) = _threads(office, number)
    assert (thread.comments[0].text, thread.comments[0].is_erased, thread.comments[0].by) == ("", True, None)
    assert thread.is_open, "that it was said stays"
    assert not [entry.text for entry in _waiting(office, LEE) if entry.text]
    with office.database.reading() as session:
        assert history.verify(session).is_intact
        assert auditing.audit(session, lambda _content: None, notes=False).is_intact


def test_a_withdrawn_assessment_takes_no_comments_and_a_deleted_draft_calls_nobody(office: Office, number: int) -> None:
    _write(office, number, "@이서준")
    with office.database.transaction() as session:
        actions.delete_draft(session, number, KIM, AT)
    assert not _waiting(office, LEE)
    with pytest.raises(WrongStatusError):
        _write(office, number, "늦은 의견")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("@김하나에게", ["김하나"]),
        ("@김하나영 보십시오", ["김하나영"]),
        ("@Ann,", ["Ann"]),
        ("@Anna", ["Anna"]),
        ("@Annabel", []),
        ("mail@Ann.example", ["Ann"]),
        ("@ 김하나", []),
        ("@Ann @Ann @김하나", ["Ann", "김하나"]),
    ],
)
def test_a_name_after_an_at_sign_calls_whoever_has_it(words: str, names: list[str]) -> None:
    people = [Person(name, name) for name in ("김하나", "김하나영", "Ann", "Anna")]
    assert [person.name for person in commenting.called(words, people)] == names
    twins = [replace(person, id=f"{person.id}-{count}") for person in people[:1] for count in (1, 2)]
    assert len(commenting.called("@김하나", twins)) == 2, "of namesakes both"
