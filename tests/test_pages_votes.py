"""The decision page of a committee that votes, and what each of its people may press there."""

from __future__ import annotations

import pytest

from assessments import actions
from assessments.home import home
from assessments.model import Actor, Ballot, Committee, RefusalGoal, Ruling, Status
from assessments.people import add_person
from assessments.storage import units
from tests.office import ADA, AT, CHO, KIM, LEE, PARK, Office
from tests.screens import Screen, Visitors
from tests.test_voting import BAN, DUE, NOH, cast, close, set_committee


@pytest.fixture
def number(office: Office, visitors: Visitors) -> int:
    """A submitted assessment before a committee with a quorum of three."""
    for member in (NOH, BAN, CHO):
        if member is not CHO:
            add_person(home(), member.id, member.name, sorted(member.roles))
    set_committee(office, Committee(3))
    number = office.start()
    office.submit(number)
    return number


def decide(visitors: Visitors, actor: Actor, number: int) -> Screen:
    return visitors.sign_in(actor).open("decide", assessment=number)


def key(office: Office, number: int, name: str = "vote") -> str:
    assessment = office.read(number)
    return f"{name}-{number}-{assessment.revision}-{assessment.submission}"


@pytest.mark.slow
def test_a_member_votes_sees_what_is_missing_and_may_change_the_vote(
    office: Office, visitors: Visitors, number: int
) -> None:
    vote = key(office, number)
    screen = decide(visitors, LEE, number)
    assert "3표가 더 필요합니다" in screen.html and not screen.has_button(f"decide-{number}-1-go")
    assert "먼저 채울 항목: 표결, 사유" in screen.click(f"{vote}-go").html
    screen.enter(f"{vote}-ballot", Ballot.APPROVE_WITH_CONDITIONS).type(f"{vote}-reason", "시험을 계속해야 한다.")
    assert "조건이 하나 이상" in screen.click(f"{vote}-go").html
    screen.type(f"{vote}-condition-1-text", "다시 시험한다.").type(f"{vote}-condition-1-name", "품질팀")
    screen.type(f"{vote}-condition-1-due", "2099-03-01").click(f"{vote}-go")
    (own,) = office.read(number).votes
    assert (own.ballot, own.conditions[0].owner) == (Ballot.APPROVE_WITH_CONDITIONS, "품질팀")
    assert "2표가 더 필요합니다" in screen.html and "내 표결 바꾸기" in screen.html
    screen = decide(visitors, LEE, number)
    assert screen.entered(f"{vote}-condition-1-text")["value"] == "다시 시험한다."
    screen.enter(f"{vote}-ballot", Ballot.RECUSED).type(f"{vote}-condition-1-text", "")
    screen.type(f"{vote}-condition-1-name", "").type(f"{vote}-condition-1-due", "").click(f"{vote}-go")
    assert [each.ballot for each in office.read(number).votes] == [Ballot.RECUSED]
    screen = decide(visitors, LEE, number)
    assert "회피하였으므로" in screen.html and not screen.has_button(f"{vote}-go")


@pytest.mark.slow
def test_nobody_waits_for_a_chair_who_votes_at_a_tie_only(office: Office, visitors: Visitors, number: int) -> None:
    visitors.sign_in(CHO)
    set_committee(office, Committee(4, chair_votes=False))
    assert "정족수를 채울 수 없습니다" in decide(visitors, LEE, number).html, "three members besides the chair"
    set_committee(office, Committee(3, chair_votes=False))
    html = decide(visitors, LEE, number).html
    assert "3표가 더 필요합니다" in html and LEE.name in html and CHO.name not in html


@pytest.mark.slow
def test_of_a_vote_by_somebody_who_left_the_committee_the_chair_is_told(
    office: Office, visitors: Visitors, number: int
) -> None:
    visitors.sign_in(LEE)
    cast(office, number, LEE, Ballot.ABSTAIN)
    cast(office, number, NOH, Ballot.APPROVE)
    assert "지금은 위원이 아님" not in decide(visitors, CHO, number).html
    with office.database.transaction() as session:
        units.change_account(session, NOH.id, is_active=False)
    html = decide(visitors, CHO, number).html
    assert html.count("지금은 위원이 아님") == 1 and "1표가 더 필요합니다" in html


def test_what_changed_and_what_is_open_stand_before_the_votes(office: Office, visitors: Visitors, number: int) -> None:
    cast(office, number, NOH, Ballot.APPROVE)
    html = decide(visitors, LEE, number).html
    places = [html.index(f'id="{name}"') for name in ("changes", "open", "votes")]
    assert places == sorted(places) and html.index("h-brief") < places[0]


@pytest.mark.slow
def test_the_chair_sees_what_the_votes_come_to_and_closes(office: Office, visitors: Visitors, number: int) -> None:
    end = key(office, number, "close")
    cast(office, number, LEE, Ballot.APPROVE_WITH_CONDITIONS, conditions=[DUE])
    cast(office, number, NOH, Ballot.REJECT)
    assert not decide(visitors, CHO, number).has_button(f"{end}-go")
    cast(office, number, BAN, Ballot.APPROVE)
    assert not decide(visitors, LEE, number).has_button(f"{end}-go")
    screen = decide(visitors, CHO, number)
    assert "표결 결과: 조건부 승인" in screen.html and DUE.text in screen.html
    cast(office, number, NOH, Ballot.APPROVE)
    screen.type(f"{end}-reason", "과반").click(f"{end}-go")
    assert "표결이 그사이에 바뀌었습니다" in screen.html and office.read(number).status is Status.SUBMITTED
    screen = decide(visitors, CHO, number)
    assert "표결 결과: 승인" in screen.html
    screen.type(f"{end}-reason", "과반").click(f"{end}-go")
    decision = office.read(number).decision
    assert decision is not None and decision.ruling is Ruling.APPROVED
    shown = decide(visitors, KIM, number).html
    assert "위원장, 표결 종료" not in shown and DUE.text in shown, (
        "the chair closed without a vote; the minority's words stay"
    )


@pytest.mark.slow
def test_the_officer_refuses_and_everybody_reads_why(office: Office, visitors: Visitors, number: int) -> None:
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE)
    close(office, number)
    refuse = f"refuse-{number}-1"
    assert "결재하지 않음" not in decide(visitors, LEE, number).html
    screen = decide(visitors, PARK, number)
    assert "‘다시 평가할 의무를 받아들입니다’" in screen.click(f"sign-{number}-1-go").html, "a sentence among others"
    screen = decide(visitors, PARK, number).unfold(f"{refuse}-fold")
    assert "먼저 채울 항목: 사유, 이후 진행" in screen.click(f"{refuse}-go").html
    screen.type(f"{refuse}-reason", "더 논의하십시오.").enter(f"{refuse}-goal", RefusalGoal.AUTHOR).click(
        f"{refuse}-go"
    )
    assert (office.read(number, 1).status, office.read(number).status) == (Status.REFUSED, Status.DRAFT)
    for page in ("assessment", "decide"):
        assert "더 논의하십시오." in visitors.sign_in(KIM).open(page, assessment=number).html


@pytest.mark.slow
def test_what_the_last_decision_asked_for_stands_before_whoever_goes_on(
    office: Office, visitors: Visitors, number: int
) -> None:
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE_WITH_CONDITIONS, conditions=[DUE])
    close(office, number)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    shown = visitors.sign_in(KIM).open("review", assessment=number).html
    assert "개정 1판의 조건" in shown and DUE.text in shown and DUE.owner in shown
    office.submit(number)
    assert "개정 1판의 조건" in decide(visitors, LEE, number).html


@pytest.mark.slow
def test_lists_tell_who_waits_for_what(office: Office, visitors: Visitors, number: int) -> None:
    def task(actor: Actor) -> str:
        return visitors.sign_in(actor).open("home").html

    assert "읽고 표결하십시오" in task(LEE)
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE)
    assert "읽고 표결하십시오" not in task(LEE) and "표결을 종료하십시오" in task(CHO)


@pytest.mark.slow
def test_an_administrator_sets_how_a_committee_decides(office: Office, visitors: Visitors) -> None:
    with office.database.transaction() as session:
        below = actions.add_unit(session, "아래", 1, ADA, AT)
    screen = visitors.sign_in(ADA).open("units")
    assert "위원 한 사람이 결정" in screen.html
    of = "unit-committee-1-"
    screen.unfold("unit-committee-1-fold").type(f"{of}quorum", "셋").click(f"{of}go")
    assert screen.problem(f"{of}quorum")
    screen.type(f"{of}quorum", "0").click(f"{of}go")
    assert "1명에서" in screen.problem(f"{of}quorum")
    screen.type(f"{of}quorum", "3").enter(f"{of}who", "ties").click(f"{of}go")
    assert screen.html.count("심의위원회 정족수 3명") >= 2, "the unit below follows"
    of = f"unit-committee-{below}-"
    screen = visitors.sign_in(ADA).open("units").unfold(f"unit-committee-{below}-fold")
    screen.enter(f"{of}above", "").type(f"{of}quorum", "1").click(f"{of}go")
    assert "위원 한 사람이 결정" in screen.html
