"""Positions of people: optional everywhere, frozen with what was done, no part of what is decided on, gone where names are."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from assessments import actions, people
from assessments.content import canonical
from assessments.errors import AssessmentError
from assessments.file import assessment_file, writing
from assessments.home import home
from assessments.model import (
    Actor,
    AISystem,
    Ballot,
    Committee,
    Operator,
    Person,
    Role,
    Withheld,
    WithheldKind,
)
from assessments.storage import event_lines, units
from commands.main import app
from exports.forms import outputs
from exports.printing import document
from exports.record import record, redaction
from exports.record.record import Record
from exports.report.report import Report
from questionnaires.problems import InvalidFileError
from tests import report_samples as samples
from tests import sealed_reports
from tests.former_home import WITHOUT_CONDITIONS, WITHOUT_POSITIONS
from tests.office import ADA, AT, CHO, KIM, LEE, PARK, Office, open_office
from tests.screens import Visitors
from tests.test_pages_administration import account

WRITER, MEMBER, OFFICER = "인사팀 채용담당", "인공지능심의위원회 위원", "준법감시인"
LATER = "퇴직"
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def with_positions() -> dict[str, Actor]:
    placed = ((KIM, WRITER), (LEE, MEMBER), (PARK, OFFICER), (ADA, ""), (CHO, "위원장"))
    for actor, position in placed:
        people.add_person(home(), actor.id, actor.name, sorted(actor.roles), position=position)
    known = (people.find_person(home(), actor.id) for actor, _ in placed)
    return {actor.id: actor for actor in known if actor is not None}


def finished(office: Office) -> tuple[int, dict[str, Actor]]:
    """Written, decided and signed by people who have positions, which change afterwards."""
    who = with_positions()
    with office.database.transaction() as session:
        named = Operator(
            "해태 주식회사", supervisor_name="한지우", supervisor_contact="02", supervisor_position="안전팀장"
        )
        operator_id = actions.register_operator(session, named, who["kim"], AT)
        system_id = actions.register_system(session, operator_id, AISystem("도우미", "Helper"), who["kim"], AT)
        number = actions.start_assessment(session, system_id, "hiring", who["kim"], AT)
    office.fill(number, who["kim"])
    with office.database.transaction() as session:
        actions.submit(session, number, who["kim"], AT)
    frozen = office.read(number).content_sha256 or ""
    office.decide(number, frozen, who["lee"])
    office.sign(number, frozen, who["park"])
    with office.database.transaction() as session:
        for person in ("kim", "lee", "park"):
            actions.change_person(session, person, who[person].name, "", who["ada"], AT, position=LATER)
    return number, who


# --- as it stood when it was done -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_whoever_acts_does_so_in_the_position_of_that_day(office: Office) -> None:
    number, _ = finished(office)
    done = office.read(number)
    assert done.decision is not None and done.sign_off is not None
    assert [author.position for author in done.authors] == [WRITER]
    assert (done.decision.by.position, done.sign_off.by.position) == (MEMBER, OFFICER)
    assert done.operator.supervisor_position == "안전팀장"
    assert account(office, "lee").position == LATER
    written = sealed_reports.record_of(office, number).data
    assert written["authors"] == [{"id": "kim", "name": KIM.name, "position": WRITER}]
    assert written["decision"]["by"]["position"] == MEMBER
    assert written["sign_off"]["by"]["position"] == OFFICER
    with office.database.transaction() as session:
        actions.revise(session, number, people.find_person(home(), "kim") or KIM, AT)
    assert [author.position for author in office.read(number).authors] == [WRITER], "who wrote what is copied"


def test_a_vote_keeps_the_position_of_the_member(office: Office) -> None:
    who = with_positions()
    with office.database.transaction() as session:
        actions.set_committee(session, 1, Committee(2), who["ada"], AT)
    number = office.start()
    frozen = office.submit(number)
    with office.database.transaction() as session:
        actions.cast_vote(session, number, Ballot.APPROVE, "충분하다.", frozen, who["lee"], AT)
    with office.database.transaction() as session:
        actions.change_person(session, "lee", LEE.name, "", who["ada"], AT, position=LATER)
    (vote,) = office.read(number).votes
    assert vote.by.position == MEMBER


@pytest.mark.slow
def test_the_database_refuses_to_change_a_position_that_decided_or_signed(office: Office) -> None:
    number, _ = finished(office)
    for column, sentence in (("decided_by_position", "a decision is not edited"), ("signed_by_position", "a sign-off")):
        with pytest.raises(IntegrityError, match=sentence), office.database.transaction() as session:
            session.connection().exec_driver_sql(f"UPDATE revision SET {column} = 'x' WHERE assessment_id = {number}")


def test_a_person_is_who_they_are_whatever_their_position() -> None:
    assert (
        Person("kim", "김하나", WRITER) == Person("kim", "김하나")
        and len({Person("kim", "김하나", WRITER), KIM.person}) == 1
    )
    assert Person("kim", "김하나", WRITER).with_position == f"김하나, {WRITER}"
    assert Person("kim", "김하나").with_position == "김하나"
    assert Person("", "제외", "제외").with_position == "제외", "told once where both are left out"
    assert Operator("회사", supervisor_position="안전팀장").supervisor.with_position == "안전팀장"


def test_a_report_prints_whoever_wrote_voted_decided_and_signed_with_their_positions() -> None:
    full = placed_record()
    page = document.html(Report(full, record.recompute(full), ("ko",))).replace("\u2060", "")
    for name, position in (("박지우", WRITER), ("남지안", MEMBER), ("최유나", "위원장"), ("정민호", OFFICER)):
        assert f"{name}, {position}" in page


# --- no part of what is decided on ------------------------------------------------------------------------------------


@pytest.mark.slow
@given(position=st.text(max_size=40), supervisor=st.text(min_size=1, max_size=40))
def test_a_content_without_positions_has_the_digest_that_it_always_had(position: str, supervisor: str) -> None:
    plain = samples.signed_off(samples.assessment())
    former = canonical.content(plain)
    former["operator"] = {
        name: value for name, value in asdict(plain.operator).items() if name not in ("id", "supervisor_position")
    }
    assert canonical.digest(former) == canonical.content_sha256(plain), "to the byte as before there were positions"
    placed = replace(plain, authors=tuple(replace(author, position=position) for author in plain.authors))
    assert canonical.content_sha256(placed) == canonical.content_sha256(plain), "who wrote is no part of the content"
    stated = replace(plain, operator=replace(plain.operator, supervisor_position=supervisor))
    assert canonical.content(stated)["operator"]["supervisor_position"] == supervisor
    assert canonical.content_sha256(stated) != canonical.content_sha256(plain)


def test_a_record_says_nothing_of_positions_that_are_not_stated() -> None:
    assert "position" not in samples.sealed_record().canonical.decode()


def placed_record() -> Record:
    used = samples.editions()
    plain = samples.assessment(used)
    marks = tuple(
        Withheld(path, WithheldKind.PERSONAL, "개인정보", "00" * 16)
        for path in ("authors", "decision.by", "sign_off.by", "votes", "operator.supervisor_position")
    )
    operator = replace(plain.operator, supervisor_position="안전팀장")
    done = samples.signed_off(replace(plain, operator=operator, withheld=marks))
    assert done.decision is not None and done.sign_off is not None
    done = replace(
        done,
        authors=tuple(replace(author, position=WRITER) for author in done.authors),
        decision=replace(done.decision, by=replace(done.decision.by, position="위원장")),
        sign_off=replace(done.sign_off, by=replace(done.sign_off.by, position=OFFICER)),
        votes=tuple(replace(vote, by=replace(vote.by, position=MEMBER)) for vote in done.votes),
    )
    return record.build(done, used, at=samples.AT, document_id="HT-2026-0007")


POSITIONS = (WRITER, MEMBER, OFFICER, "위원장", "안전팀장")


def test_a_record_gives_back_every_position_and_a_redacted_copy_none() -> None:
    full = placed_record()
    assert record.read(full.canonical) == full
    again = record.recompute(full)
    read = again.assessment
    assert read.decision is not None and read.sign_off is not None
    assert {author.position for author in read.authors} == {WRITER}
    assert {vote.by.position for vote in read.votes} == {MEMBER}
    assert (read.decision.by.position, read.sign_off.by.position) == ("위원장", OFFICER)
    assert not again.differing and again.content_matches
    copy = redaction.redact(full, again.questionnaires)
    told = {name: part for name, part in copy.data.items() if name != "questionnaires"}
    assert not [position for position in POSITIONS if position in json.dumps(told, ensure_ascii=False)]
    assert redaction.is_sound(copy, again.questionnaires)
    record.read(copy.canonical)


@pytest.mark.parametrize("form", ["markdown", "xlsx"])
def test_other_forms_of_the_record_tell_positions(form: str) -> None:
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    made = outputs.render(placed_record(), form, "ko")
    if form == "xlsx":
        book = CalamineWorkbook.from_filelike(BytesIO(made))
        text = " ".join(
            str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
        )
    else:
        text = made.decode()
    assert all(position in text for position in POSITIONS)


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_states_positions_and_gives_them_back(tmp_path: Path) -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    done = stated.assessment
    assert done.decision is not None and done.sign_off is not None
    placed = replace(
        done,
        operator=replace(done.operator, supervisor_position="안전팀장"),
        authors=(Person("", "가", WRITER),),
        decision=replace(done.decision, by=Person("", "나", MEMBER)),
        sign_off=replace(done.sign_off, by=Person("", "다", OFFICER)),
        evidence=(),
    )
    (tmp_path / "again.yaml").write_text(writing.yaml_text(placed, stated.editions), "utf-8")
    read = assessment_file.read_file(tmp_path / "again.yaml").assessment
    assert read.decision is not None and read.sign_off is not None
    assert [author.with_position for author in read.authors] == [f"가, {WRITER}"]
    assert (read.decision.by.position, read.sign_off.by.position) == (MEMBER, OFFICER)
    assert read.operator.supervisor_position == "안전팀장"


def test_a_position_that_cannot_be_kept_is_refused_with_its_line(tmp_path: Path) -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    whole = writing.yaml_text(replace(stated.assessment, evidence=()), stated.editions)
    for position in ("가" * 301, "팀장\\u0007"):
        author = f'author: {{name: "가", position: "{position}"}}  # '
        (tmp_path / "a.yaml").write_text(whole.replace("authors: ", author, 1), "utf-8")
        with pytest.raises(InvalidFileError, match=r"line \d+.*author\.position"):
            assessment_file.read_file(tmp_path / "a.yaml")


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_an_account_gets_a_position_by_command_and_the_history_tells_of_it(office: Office) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["user", *words])
        assert done.exit_code == 0, done.output
        return done.output

    run("add", "min", "--name", "민", "--role", "contributor", "--position", WRITER)
    assert account(office, "min").position == WRITER
    run("change", "min", "--email", "min@example.org")
    assert account(office, "min").position == WRITER, "what is not given stays"
    run("change", "min", "--position", "")
    assert account(office, "min").position == ""
    with office.database.reading() as session:
        changed, _, _, added = event_lines.events(session, None, limit=4)
    assert changed.values["old"]["position"] == WRITER and changed.values["new"]["position"] == ""
    assert added.values["person"] == {"id": "min", "name": "민", "position": WRITER}


@pytest.mark.sqlite
def test_an_erased_person_of_the_history_takes_the_position_along(office: Office) -> None:
    with_positions()
    with office.database.reading() as session:
        event = next(
            line
            for line in event_lines.events(session, None, limit=50)
            if line.values.get("person", {}).get("id") == "kim"
        )
    done = CliRunner().invoke(app, ["erase", str(event.seq), "person", "--reason", "요청", "--as", "ada"])
    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        values = connection.execute("SELECT value FROM event_value WHERE value IS NOT NULL").fetchall()
    assert not [value for (value,) in values if WRITER in value]


@pytest.mark.parametrize("position", ["준법\n감시팀장", "감시\u202e팀장", "가" * 201])
def test_a_position_that_cannot_be_printed_is_refused(office: Office, position: str) -> None:
    with pytest.raises(AssessmentError, match="position"):
        people.add_person(home(), "min", "민", [Role.CONTRIBUTOR], position=position)
    with office.database.reading() as session:
        assert units.find_account(session, "min") is None


@pytest.mark.slow
def test_administrators_give_a_position_with_the_account_and_correct_it(office: Office, visitors: Visitors) -> None:
    people.add_person(home(), ADA.id, ADA.name, sorted(ADA.roles))
    screen = visitors.sign_in(ADA).open("people").unfold("person-add-fold")
    screen.enter("person-new-id", "min").enter("person-new-name", "민").enter("person-new-roles", ["contributor"])
    screen.enter("person-new-position", WRITER).click("person-new-go")
    assert account(office, "min").position == WRITER
    screen = visitors.sign_in(ADA).open("people")
    assert WRITER in screen.html
    screen.unfold("person-min-fold").enter("person-min-position", MEMBER).click("person-min-go")
    assert account(office, "min").position == MEMBER


# --- a database of before ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_was_decided_before_there_were_positions_stays_and_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(tmp_path, monkeypatch)
    number = office.signed_off()
    before = office.read(number)
    office.database.close()
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        state = "UPDATE alembic_version SET version_num = '0031';"
        connection.executescript(WITHOUT_POSITIONS + WITHOUT_CONDITIONS + state)
    office.database.prepare()
    after = office.read(number)
    assert after == before and canonical.content_sha256(after) == before.content_sha256
    assert after.decision is not None and after.decision.by.position == ""
    with pytest.raises(IntegrityError, match="a decision is not edited"), office.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE revision SET decided_by_position = 'x'")
