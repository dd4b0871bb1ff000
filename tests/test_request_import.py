"""Requests from a table of the operator's own: what is taken over, with what came of it; what is refused, row by row."""

from __future__ import annotations

from datetime import date

import pytest

from assessments import actions
from assessments.actions import Imported
from assessments.errors import InvalidAnswerError
from assessments.model import FIRST_UNIT, Actor, Grant, Role
from assessments.register_file import reading, requests
from assessments.rules.recourse import Request, State
from assessments.storage import recourse, units
from assessments.storage.lists import Scope
from assessments.storage.recourse import Choice
from assessments.storage.units import Account
from exports.forms import requests as tables
from tests.office import AT, KIM, LEE, Office

HEAD = "접수번호,시스템 번호,종류,접수일,요구한 내용"
FULL = f"{HEAD},담당,상태,종결일,처리 또는 거절 근거,결정,다시 본 사람,다시 본 사람의 직책 또는 이름,보낸 글 또는 사유,기한,연장 횟수"


@pytest.fixture
def begun(office: Office) -> Office:
    office.start()
    with office.database.transaction() as session:
        grants = frozenset({Grant(Role.PRODUCT_MANAGER, FIRST_UNIT)})
        units.add_account(session, Account(KIM.id, FIRST_UNIT, KIM.name, "", True, AT, grants))
    return office


def taken(office: Office, content: bytes, actor: Actor = KIM) -> Imported:
    with office.database.transaction() as session:
        return actions.import_requests(session, reading.read(content, requests), actor, AT)


def every(office: Office) -> list[Request]:
    with office.database.reading() as session:
        return list(recourse.every(session, Scope.of(session, KIM), Choice(), AT.date()))


def test_a_row_is_a_request_with_what_came_of_it(begun: Office) -> None:
    lines = [
        FULL,
        "R-1,1,자동화된 결정의 거부,2026. 11. 2.,다시 보아 주십시오.,김하나,답변함,2026-11-19,사람이 다시 처리함,변경,"
        "처음 결정한 사람이 아닌 사람,팀장,다시 보았습니다.",
        "R-2,1,pipa_explanation,2026-11-03,이유를 알려 주십시오.,,거절함,2026-11-10,others_harmed,,,,제3자의 정보",
        "R-3,1,Human review, voluntary,2026-11-03,보아 주십시오.".replace("Human review, voluntary", "human_review"),
    ]
    imported = taken(begun, "\r\n".join(lines).encode("cp949"))
    assert not imported.problems
    first, second, third = sorted(every(begun), key=lambda request: request.reference)
    assert (first.state, first.owner, first.due) == (State.ANSWERED, KIM.person, date(2026, 12, 2))
    assert first.closing is not None
    assert (first.closing.changed, first.closing.reviewed_by, first.closing.reviewer) == (True, "팀장", "another")
    assert second.state is State.REFUSED
    assert (third.state, third.due, third.channel) == (State.OPEN, None, "elsewhere")


def test_what_is_exported_is_taken_over_again(begun: Office) -> None:
    test_a_row_is_a_request_with_what_came_of_it(begun)
    before = sorted(every(begun), key=lambda request: request.number)
    rows = [requests.cells(request, "서류 도우미", "en") for request in before]
    assert taken(begun, tables.as_csv(rows, "en")).unchanged == 3
    anew = [{**row, "number": "", "reference": f"{row['reference']}-2"} for row in rows]
    imported = taken(begun, tables.as_workbook(anew, "en", AT))
    assert not imported.problems
    assert len(imported.registered) == 3
    after = sorted(every(begun), key=lambda request: request.number)[3:]
    kept = [{**requests.cells(request, "서류 도우미", "en"), "number": "", "reference": ""} for request in after]
    assert kept == [{**row, "number": "", "reference": ""} for row in rows]


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("row", "column", "because"),
    [
        ("R-1,9,other,2026-11-03,글", "system_number", "요구를 등록할 수 있는 시스템의 번호가 아닙니다"),
        ("R-1,eins,other,2026-11-03,글", "system_number", "번호가 아닙니다"),
        ("R-1,1,whim,2026-11-03,글", "kind", "알 수 없는 값입니다"),
        ("R-1,1,,2026-11-03,글", "kind", "값이 없습니다"),
        ("R-1,1,other,gestern,글", "received", "날짜"),
        ("R-1,1,other,2026-11-30,글", "", "오늘"),
        (",1,other,2026-11-03,글", "reference", "값이 없습니다"),
        ("R-1,1,other,2026-11-03,글,아무도 아닌 이", "owner", "역할을 맡은 사람이 아닙니다"),
        ("R-1,1,other,2026-11-03,글,,끝남", "state", "알 수 없는 값입니다"),
        ("R-1,1,other,2026-11-03,글,,답변함,,설명함,,,,글", "closed_on", "값이 없습니다"),
        ("R-1,1,other,2026-11-03,글,,답변함,2026-11-02,설명함,,,,글", "", "기간을 벗어납니다"),
        ("R-1,1,other,2026-11-03,글,,거절함,2026-11-04,,,,,글", "outcome", "값이 없습니다"),
        ("R-1,1,credit_correction,2026-11-03,글", "", "할 수 있는 요구가 아닙니다"),
        ("R-1,1,pipa_refusal,2026-11-03,글,,,,,,,,,2026-12-02,", "due", "2026. 12. 3."),
        ("R-1,1,pipa_refusal,2026-11-03,글,,,,,,,,,2027-01-02,1", "extensions", "연장한 요구"),
    ],
)
def test_a_wrong_row_is_left_out_and_told_with_its_column(begun: Office, row: str, column: str, because: str) -> None:
    content = f"{FULL}\n{row}\nR-9,1,other,2026-11-03,바른 행\n".encode()
    imported = taken(begun, content)
    problem = imported.problems[0]
    assert (problem.line, problem.column) == (2, column)
    assert because in problem.text.ko
    assert [request.reference for request in every(begun)] == ["R-9"]


def test_a_reference_that_is_there_twice_is_entered_once(begun: Office) -> None:
    imported = taken(begun, f"{HEAD}\nR-1,1,other,2026-11-03,글\nR-1,1,other,2026-11-03,글\n".encode())
    assert [problem.line for problem in imported.problems] == [3]
    assert len(every(begun)) == 1


def test_who_may_enter_none_takes_none_over(begun: Office) -> None:
    imported = taken(begun, f"{HEAD}\nR-1,1,other,2026-11-03,글\n".encode(), LEE)
    assert [problem.column for problem in imported.problems] == ["system_number"]
    assert not every(begun)


def test_a_table_of_something_else_is_refused_with_the_headings_that_are_meant() -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        reading.read("이름,나이\n김,3\n".encode(), requests)
    assert "접수번호" in caught.value.text.ko
