"""A committee at work, everybody in a browser of their own at once: returned, ticked off, voted on, refused, voted on again, signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect

from assessments.model import Ballot, RefusalGoal, Role, Ruling, Status
from assessments.people import add_person
from assessments.storage import reader
from tests import doors
from tests.browser.conftest import PATIENCE_MS, Server, Visitor, context_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EXAMPLE, CHAIR, OFFICER = "면접길잡이", "example-chair", "example-officer"
MEMBERS = {"lee": "이서준", "noh": "노하늘", "ban": "반가람"}


@dataclass
class Desk:
    """One person's browser, open all along."""

    visitor: Visitor

    def go(self, path: str) -> Desk:
        self.visitor.go(path)
        return self

    def field(self, beginning: str, ending: str) -> Locator:
        return self.visitor.page.locator(f'[data-field*=":form:{beginning}"][data-field$="-{ending}"]').first

    def type(self, beginning: str, ending: str, text: str) -> None:
        self.field(beginning, ending).locator("input, textarea").first.fill(text)

    def choose(self, beginning: str, ending: str, value: str) -> None:
        self.field(beginning, ending).locator(f'input[value="{value}"]').first.check()

    def press(self, name: str, *, says: str, patience_ms: int = PATIENCE_MS) -> None:
        self.visitor.settled()
        self.visitor.page.get_by_role("button", name=name, exact=True).click()
        expect(self.visitor.page.get_by_text(says).first).to_be_visible(timeout=patience_ms)
        self.visitor.settled()

    def has_no(self, *buttons: str) -> None:
        for name in buttons:
            expect(self.visitor.page.get_by_role("button", name=name, exact=True)).to_have_count(0)

    def reads(self, words: str) -> None:
        expect(self.visitor.page.get_by_text(words).first).to_be_visible()

    def vote(self, number: int, ballot: Ballot, reason: str) -> None:
        self.go(f"/decide?assessment={number}").choose(f"vote-{number}-", "ballot", ballot.value)
        self.type(f"vote-{number}-", "reason", reason)


@dataclass
class Office:
    """Everybody, by id."""

    server: Server
    desks: dict[str, Desk]
    number: int

    def __getitem__(self, person: str) -> Desk:
        return self.desks[person]

    def cast(self, person: str, ballot: Ballot, reason: str = "읽고 판단하였습니다.") -> None:
        self[person].vote(self.number, ballot, reason)
        self[person].press("표결하기", says="표결을 기록하였습니다")

    def close(self, says: str) -> None:
        chair = self[CHAIR].go(f"/decide?assessment={self.number}")
        chair.type(f"close-{self.number}-", "reason", "표결에 따릅니다.")
        chair.press("표결 종료", says=says)


@pytest.fixture
def office(server: Server, browser: Browser) -> Iterator[Office]:
    for person, name in MEMBERS.items():
        add_person(server.home, person, name, [Role.COMMITTEE_MEMBER])
    add_person(server.home, "seo", "서두리", [Role.CONTRIBUTOR])
    add_person(server.home, "ada", "안다온", [Role.ADMINISTRATOR])
    contexts = [context_of(browser, locale="ko-KR") for _ in range(8)]
    people = ("hana", "seo", "ada", CHAIR, OFFICER, *MEMBERS)
    desks = {
        person: Desk(Visitor(context.new_page(), server.address).sign_in(person))
        for person, context in zip(people, contexts, strict=True)
    }
    yield Office(server, desks, int(desks["hana"].visitor.number_of(EXAMPLE)))
    for context in contexts:
        context.close()


def test_a_committee_returns_votes_and_closes_and_the_officer_refuses_once_and_signs(office: Office) -> None:
    number, review, decide = office.number, f"/review?assessment={office.number}", f"/decide?assessment={office.number}"
    ada, hana, seo, officer = office["ada"], office["hana"], office["seo"], office[OFFICER]
    # the administrator sets the quorum
    ada.go("/units").visitor.open_fold("심의위원회")
    ada.type("unit-committee-1-", "quorum", "3")
    ada.press("저장", says="저장하였습니다")
    ada.reads("심의위원회 정족수 3명")
    # a new revision is commented on and submitted
    hana.go(f"/assessment?assessment={number}").visitor.open_fold("새 개정판 시작")
    hana.press("개정 2판 열기", says="개정 2판 초안을 열었습니다")
    seo.go(f"/comments?assessment={number}&at=assessment").type(f"comment-{number}-", "text", "표본 수를 확인하십시오.")
    seo.press("의견 남기기", says="표본 수를 확인하십시오.")
    seo.go(decide).has_no("표결하기", "표결 종료")
    hana.go(review).press("개정 2판을 심의위원회에 제출", says="제출하였습니다")
    hana.go(decide).has_no("표결하기", "결정 저장", "작성자에게 반려")
    hana.reads("작성자이므로 결정할 수 없습니다")
    # returned by three votes, which the chair closes
    lee = office["lee"].go(decide)
    lee.has_no("결정 저장", "표결 종료")
    lee.vote(number, Ballot.RETURN, "표본이 적습니다.")
    lee.visitor.open_fold("항목별 보완 요청")
    lee.field(f"vote-{number}-", "point-1-where").locator("select").select_option(index=1)
    lee.type(f"vote-{number}-", "point-1-text", "표본을 늘리십시오.")
    lee.press("표결하기", says="표결을 기록하였습니다")
    lee.reads("2표가 더 필요합니다")
    office[CHAIR].go(decide).has_no("표결 종료")
    office.cast("noh", Ballot.RETURN)
    office.cast("ban", Ballot.APPROVE)
    officer.go(decide).has_no("표결하기", "표결 종료", "결재하고 보고서 봉인")
    office.close("작성자에게 반려하였습니다")
    # ticked off and submitted again: no vote stands
    hana.go(review).reads("표본을 늘리십시오.")
    hana.visitor.page.locator(f'[data-field*=":form:point-{number}-"] textarea').first.fill("표본을 늘렸습니다.")
    hana.visitor.page.locator(".st-key-point-1-go button").click()
    hana.reads("표본을 늘렸습니다.")
    hana.go(review).press("개정 2판을 심의위원회에 제출", says="제출하였습니다")
    office["lee"].go(decide).reads("3표가 더 필요합니다")
    # one is recused, one against, the chair with a condition
    office.cast("noh", Ballot.RECUSED, "개발에 참여하였습니다.")
    office["noh"].has_no("표결하기")
    office.cast("lee", Ballot.APPROVE)
    office.cast("ban", Ballot.REJECT, "이의 제기 기간이 짧습니다.")
    chair = office[CHAIR]
    chair.vote(number, Ballot.APPROVE_WITH_CONDITIONS, "시험을 계속해야 합니다.")
    chair.visitor.open_fold("조건(조건부 승인에만)")
    chair.type(f"vote-{number}-", "condition-1-text", "편향 시험을 다시 한다.")
    chair.press("표결하기", says="담당이나 기한이 없습니다")
    chair.type(f"vote-{number}-", "condition-1-name", "품질팀")
    chair.type(f"vote-{number}-", "condition-1-due", "2099-03-31")
    chair.press("표결하기", says="표결을 기록하였습니다")
    chair.reads("표결 결과: 조건부 승인")
    office.close("표결을 종료하고 결정을 기록하였습니다")
    office["ban"].go(decide).has_no("표결하기")
    # the officer refuses; the same content comes before the committee again, without a vote
    officer.go(decide).reads("이의 제기 기간이 짧습니다.")
    officer.press("결재하고 보고서 봉인", says="먼저 채울 항목")
    officer.visitor.open_fold("결재하지 않음")
    officer.type(f"refuse-{number}-", "reason", "위험을 더 논의하십시오.")
    officer.choose(f"refuse-{number}-", "goal", RefusalGoal.COMMITTEE.value)
    officer.press("결재 거부", says="결재를 거부하여 이 개정을 끝냈습니다")
    office["lee"].go(decide).reads("위험을 더 논의하십시오.")
    office["lee"].reads("3표가 더 필요합니다")
    for member in ("lee", "ban", CHAIR):
        office.cast(member, Ballot.APPROVE)
    office.close("표결을 종료하고 결정을 기록하였습니다")
    office["lee"].has_no("결재하고 보고서 봉인")
    officer.go(decide)
    for statement in officer.visitor.page.locator('[data-field*=":form:sign-"] input[type="checkbox"]').all():
        statement.check()
    officer.press("결재하고 보고서 봉인", says="보고서를 봉인하고 등록하였습니다", patience_ms=300_000)
    with doors.database_at(office.server.home) as opened, opened.reading() as session:
        second, third = (reader.get_assessment(session, number, revision) for revision in (2, 3))
        assert [report.revision for report in reader.sealed_reports(session, number)] == [3]
    assert second.decision is not None and third.decision is not None
    assert (second.status, second.decision.ruling) == (Status.REFUSED, Ruling.APPROVED_WITH_CONDITIONS)
    assert [vote.ballot.value for vote in second.votes] == ["recused", "approve", "reject", "approve_with_conditions"]
    assert (third.status, third.decision.ruling) == (Status.SIGNED_OFF, Ruling.APPROVED)
    assert third.content_sha256 == second.content_sha256 and len(third.votes) == 3
    audit = office.server.command("history", "verify")
    assert audit.returncode == 0, audit.stdout + audit.stderr
