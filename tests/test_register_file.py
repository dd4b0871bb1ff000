"""The register as a table: what is read of CSV and XLSX, what is taken over, what is refused row by row, and back again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
import python_calamine
import xlsxwriter
from sqlalchemy import event

from assessments import actions, viewing
from assessments.actions import Imported
from assessments.errors import InvalidAnswerError
from assessments.model import FIRST_UNIT, Actor, Grant, LegalRole, Operator, Role, Stage, Upkeep
from assessments.register_file import columns, reading
from assessments.storage import event_lines, history, system_life, units
from assessments.storage.units import Account
from exports.forms import register
from tests.office import AT, KIM, Office

HEAD = "사업자,시스템 이름(한국어),담당자,법적 지위,상태,사용 시작일"
ROW = "해태 주식회사,면접 도우미,김하나,이용사업자,운영 중,2026. 3. 2."


@pytest.fixture
def begun(office: Office) -> Office:
    """With an operator, a system, and an account for the product manager."""
    office.start()
    with office.database.transaction() as session:
        grants = frozenset({Grant(Role.PRODUCT_MANAGER, FIRST_UNIT)})
        units.add_account(session, Account(KIM.id, FIRST_UNIT, KIM.name, "", True, AT, grants))
    return office


def taken(office: Office, content: bytes, actor: Actor = KIM) -> Imported:
    with office.database.transaction() as session:
        return actions.import_systems(session, reading.read(content), actor, AT)


def told(imported: Imported) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in imported.problems]


def workbook(rows: Sequence[Sequence[object]], formula: str = "") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
        if formula:
            sheet.write_formula(1, 1, formula, value="=결과 없음" if "cached" in formula else 0)
    return buffer.getvalue()


@pytest.mark.first_in_check
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_system_is_registered_from_a_row(begun: Office, encoding: str, delimiter: str) -> None:
    content = f"{HEAD}\r\n{ROW}\r\n".replace(",", delimiter).encode(encoding)
    imported = taken(begun, content)
    assert not imported.problems
    ((line, number),) = imported.registered
    assert line == 2
    with begun.database.reading() as session:
        assert viewing.system(session, KIM, number).name_ko == "면접 도우미"
        assert system_life.upkeep(session, number) == Upkeep(
            KIM.id, LegalRole.USING_OPERATOR, Stage.IN_USE, date(2026, 3, 2)
        )
        kinds = [line.kind for line in system_life.events(session, number)]
    assert kinds == ["set_upkeep", "register_system"]


def test_english_headings_and_words_are_read(begun: Office) -> None:
    content = b"Operator,System name (English),Life cycle,Legal role,Start date\n"
    content += "해태 주식회사,Interview helper,Live,Developer,2 Mar 2026\n".encode()
    ((_, number),) = taken(begun, content).registered
    with begun.database.reading() as session:
        assert system_life.upkeep(session, number) == Upkeep("", LegalRole.DEVELOPER, Stage.IN_USE, date(2026, 3, 2))


def test_a_workbook_is_read_with_its_days(begun: Office) -> None:
    rows = [HEAD.split(","), ["해태 주식회사", "면접 도우미", "", "", "", date(2026, 3, 2)]]
    ((_, number),) = taken(begun, workbook(rows)).registered
    with begun.database.reading() as session:
        assert system_life.upkeep(session, number).started_on == date(2026, 3, 2)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("없는 회사,새것,,,,", "operator"),
        (",새것,,,,", "operator"),
        ("해태 주식회사,,,,,", "name_ko"),
        ("해태 주식회사,서류 도우미,,,,,", "name_ko"),
        ("해태 주식회사,새것,모르는 사람,,,", "owner"),
        ("해태 주식회사,새것,,대주주,,", "legal_role"),
        ("해태 주식회사,새것,,,춤추는 중,", "stage"),
        ("해태 주식회사,새것,,,,2026-02-30", "started_on"),
        ("해태 주식회사,새것,,,,26.3.1", "started_on"),
        ("해태 주식회사,새것,,,,46083", "started_on"),
        ("해태 주식회사,=cmd|' /C calc'!A0,,,,", "name_ko"),
        ("해태 주식회사,#REF!,,,,", "name_ko"),
        ("해태 주식회사,새것,,,,,,덤", ""),
    ],
)
def test_a_wrong_row_is_told_by_line_and_column_and_left_out(begun: Office, row: str, column: str) -> None:
    name = "서류 도우미" if "서류" in row else "x"
    content = f"{HEAD},System name (English)\n{row}\n{ROW}\n".replace("서류 도우미,,,,,", f"{name},,,,,CV helper")
    imported = taken(begun, content.encode())
    assert told(imported) == [(2, column)]
    assert [line for line, _ in imported.registered] == [3]
    assert all(problem.text.ko and problem.text.en for problem in imported.problems)


def test_all_problems_of_a_row_are_told_at_once(begun: Office) -> None:
    imported = taken(begun, f"{HEAD}\n해태 주식회사,새것,모르는 사람,대주주,춤,언젠가\n".encode())
    assert {column for _, column in told(imported)} == {"owner", "legal_role", "stage", "started_on"}


def test_a_number_changes_what_the_file_has_columns_for_and_nothing_else(begun: Office) -> None:
    with begun.database.transaction() as session:
        actions.set_upkeep(session, 1, Upkeep(KIM.id, LegalRole.USER, Stage.PLANNED, date(2026, 1, 1)), KIM, AT)
    imported = taken(begun, "번호,시스템 이름(한국어),상태,사용 시작일\n1,서류 도우미,사용 중,\n".encode())
    assert (imported.changed, imported.problems) == (((2, 1),), ())
    with begun.database.reading() as session:
        assert system_life.upkeep(session, 1) == Upkeep(KIM.id, LegalRole.USER, Stage.IN_USE, None)
        system = viewing.system(session, KIM, 1)
    assert (system.name_ko, system.name_en) == ("서류 도우미", "CV helper")
    again = taken(begun, "번호,시스템 이름(한국어),상태\n1,서류 도우미,사용 중\n".encode())
    assert (again.changed, again.unchanged) == ((), 1)


def test_the_same_number_twice_and_one_that_is_none_are_told(begun: Office) -> None:
    imported = taken(begun, "번호,시스템 이름(한국어)\n1,서류\n1,서류 2\n하나,새것\n99,없음\n".encode())
    assert told(imported) == [(3, "number"), (4, "number"), (5, "")]
    assert imported.changed == ((2, 1),)


def test_a_name_that_stands_twice_in_the_file_is_told_by_its_line(begun: Office) -> None:
    """The number that its system would get is nobody's where nothing is taken over."""
    imported = taken(begun, f"{HEAD}\n{ROW}\n{ROW}\n".encode())
    ((line, number),) = imported.registered
    assert (line, told(imported)) == (2, [(3, "name_ko")])
    assert "Line 2" in imported.problems[0].text.en and f"system {number}" not in imported.problems[0].text.en


def test_units_that_are_not_ones_own_are_refused(begun: Office) -> None:
    with begun.database.transaction() as session:
        below, beside = units.add_unit(session, "아래", FIRST_UNIT), units.add_unit(session, "옆", FIRST_UNIT)
        other = units.add_unit(session, "남", None)
    manager = Actor("m", "m", frozenset({Role.PRODUCT_MANAGER}), frozenset({Grant(Role.PRODUCT_MANAGER, below)}))
    stranger = Actor("s", "s", frozenset({Role.PRODUCT_MANAGER}), frozenset({Grant(Role.PRODUCT_MANAGER, other)}))
    reader = Actor("r", "r", frozenset({Role.AUDITOR}))
    rows = "사업자,시스템 이름(한국어),부서\n해태 주식회사,가,아래\n해태 주식회사,나,옆\n해태 주식회사,다,\n"
    imported = taken(begun, rows.encode(), manager)
    assert told(imported) == [(3, "unit")]
    with begun.database.reading() as session:
        placed = {number: units.path_of(session, "system", number)[0] for _, number in imported.registered}  # type: ignore[arg-type]
    assert set(placed.values()) == {below}
    assert beside not in placed.values()
    assert told(taken(begun, rows.encode(), stranger)) == [(2, "operator"), (3, "operator"), (4, "operator")]
    assert taken(begun, rows.replace(",아래", ",").encode(), reader).wrong == 3
    change = "번호,시스템 이름(한국어)\n1,남의 것\n".encode()
    assert told(taken(begun, change, stranger)) == told(taken(begun, change, reader)) == [(2, "")]


def test_a_file_does_not_move_a_system(begun: Office) -> None:
    with begun.database.transaction() as session:
        units.add_unit(session, "아래", FIRST_UNIT)
        actions.register_operator(session, Operator("다른 회사"), KIM, AT)
    content = "번호,시스템 이름(한국어),사업자,부서\n1,서류 도우미,다른 회사,아래\n"
    assert told(taken(begun, content.encode())) == [(2, "operator"), (2, "unit")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"a,b\n1,2\n",
        b"\xff\xfe\xfd\x81,\n",
        "시스템,시스템명\n가,나\n".encode(),
        ("시스템\n" + "가\n" * (reading.MAX_ROWS + 1)).encode(),
        ("시스템" + ",열" * reading.MAX_COLUMNS + "\n가\n").encode(),
        b"x" * (reading.MAX_BYTES + 1),
        b"PK\x03\x04 broken",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"old",
        b"name\0\n",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InvalidAnswerError) as refused:
        reading.read(content)
    assert refused.value.text.ko
    assert refused.value.text.en


def test_columns_that_the_register_does_not_have_are_named(begun: Office) -> None:
    sheet = reading.read("시스템,비고\n가,나\n".encode())
    assert (sheet.columns, sheet.unknown) == (("name_ko",), ("비고",))


def test_what_is_exported_is_taken_over_unchanged(begun: Office) -> None:
    with begun.database.transaction() as session:
        system = viewing.system(session, KIM, 1)
        odd = actions.register_system(
            session, 1, type(system)("=SUM(A1)", "@risk", "1.0", vendor="-공급", model="+3"), KIM, AT
        )
        actions.register_system(session, 1, type(system)("＝SUM(A1)", "'=SUM(A1)", "''+3", vendor="'그냥"), KIM, AT)
        actions.set_upkeep(session, odd, Upkeep(KIM.id, LegalRole.BOTH, Stage.CHANGED, date(2025, 12, 31)), KIM, AT)
        before = len(event_lines.events(session))
    for language in ("ko", "en"):
        with begun.database.reading() as session:
            rows = list(viewing.register_rows(session, KIM, viewing.Wanted(), viewing.Search(), language))
        files = (register.as_csv(rows, language), register.as_workbook(rows, language, datetime.now(UTC)))
        assert b"\r\n'" not in files[0][:3]
        assert b",=SUM" not in files[0]
        for content in files:
            imported = taken(begun, content)
            assert (imported.problems, imported.changed, imported.unchanged) == ((), (), 3)
    cells = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(files[1])).get_sheet_by_index(0).to_python()
    assert "=SUM(A1)" in {cell for row in cells for cell in row}
    with begun.database.reading() as session:
        assert len(event_lines.events(session)) == before


def test_every_word_of_the_columns_stands_for_one_thing() -> None:
    for stage in Stage:
        assert {columns.stage_of(columns.stage_title(stage)[language]) for language in ("ko", "en")} == {stage}
    for role in LegalRole:
        assert {columns.role_of(columns.role_title(role)[language]) for language in ("ko", "en")} == {role}
    for name in columns.names():
        assert {columns.column_of(columns.title(name)[language]) for language in ("ko", "en")} == {name}


def statements(office: Office, count: int) -> int:
    """That taking over so many new systems puts to the database."""
    rows = "\n".join(ROW.replace("면접 도우미", f"{count} 가운데 {place}") for place in range(count))
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert len(taken(office, f"{HEAD}\n{rows}".encode()).registered) == count
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_each_further_system_of_a_table_costs_a_look_for_its_name_and_its_row(begun: Office) -> None:
    """Others wait to save while a table is taken over."""
    assert statements(begun, 30) - statements(begun, 10) <= 2 * 20


def test_a_table_that_is_taken_over_leaves_the_history_whole(begun: Office) -> None:
    """Written in one go, each event goes on from the one before, and a row that is wrong has none."""
    rows = [
        ROW,
        ROW.replace("면접 도우미", "둘째"),
        ROW.replace("김하나", "아무도"),
        ROW.replace("면접 도우미", "셋째"),
    ]
    imported = taken(begun, "\n".join([HEAD, *rows]).encode())
    assert len(imported.registered) == 3 and told(imported) == [(4, "owner")]
    with begun.database.reading() as session:
        assert history.verify(session).is_intact
        for _, number in imported.registered:
            kinds = [line.kind for line in system_life.events(session, number)]
            assert kinds == ["set_upkeep", "register_system"]
            assert system_life.upkeep(session, number).owner_id == KIM.id
