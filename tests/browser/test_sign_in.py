"""Coming in, in a real browser: by a link and a password, by keyboard, and out again wherever somebody else ends it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from sqlalchemy import update

from assessments.model import Role
from assessments.people import add_person
from assessments.storage.tables import LoginRow
from tests import doors, providers
from tests.browser.conftest import HOMES, Server, Visitor, complaints_checked, context_of

pytestmark = pytest.mark.browser

PASSWORD = doors.PASSWORD


@pytest.fixture
def desks(server: Server, browser: Browser) -> Iterator[tuple[Visitor, Visitor]]:
    """Two browsers."""
    contexts = [context_of(browser, viewport={"width": 1280, "height": 900}) for _ in range(2)]
    with complaints_checked(contexts[0]) as first, complaints_checked(contexts[1]) as second:
        yield Visitor(first, server.address), Visitor(second, server.address)
    for context in contexts:
        context.close()


def link_of(server: Server, person: str) -> str:
    printed = server.command("user", "link", person, "--port", str(server.port))
    assert printed.returncode == 0, printed.stderr
    return printed.stdout.strip()


def signed_in(page: Page, address: str, person: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/enter")
    page.get_by_label("계정 아이디").fill(person)
    page.get_by_label("비밀번호", exact=True).fill(password)
    page.get_by_role("button", name="로그인", exact=True).click()


def test_a_link_and_a_password_by_keyboard_alone(server: Server, visitor: Visitor) -> None:
    page, link = visitor.page, link_of(server, "example-chair")
    page.goto(link)
    expect(page.get_by_role("heading", name="비밀번호 설정")).to_be_visible()
    expect(page.get_by_label("새 비밀번호")).to_be_focused()
    page.keyboard.type("password1234")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("쉽게 알아맞힐 수 있는 비밀번호")
    expect(page.get_by_label("새 비밀번호")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="비밀번호 표시")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("새 비밀번호")).to_have_attribute("type", "text")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.address}/")
    visitor.settled()
    expect(page.get_by_role("link", name="정하준")).to_be_visible()

    page.goto(link)
    expect(page.get_by_role("heading", name="더 이상 쓸 수 없는 링크입니다")).to_be_visible()
    page.goto(f"{server.address}/leave")
    page.get_by_role("button", name="로그아웃").click()

    page.goto(f"{server.address}/systems")
    expect(page.get_by_label("계정 아이디")).to_be_focused()
    page.keyboard.type("example-chair")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("아이디 또는 비밀번호가 맞지 않습니다")
    expect(page.get_by_label("비밀번호", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/systems")
    visitor.settled()


def test_without_scripts_one_comes_in_all_the_same(server: Server, browser: Browser) -> None:
    context = context_of(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(link_of(server, "example-officer"))
    page.get_by_label("새 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="저장하고 로그인").click()
    page.goto(f"{server.address}/account")
    expect(page.get_by_role("heading", name="내 계정")).to_be_visible()
    context.close()


def test_who_changes_the_password_in_one_browser_is_out_in_the_other_at_once(
    server: Server, desks: tuple[Visitor, Visitor]
) -> None:
    """The open screen goes to the entrance by itself, without a click."""
    first, second = desks
    first.page.goto(link_of(server, "hana"))
    first.page.get_by_label("새 비밀번호").fill(PASSWORD)
    first.page.get_by_role("button", name="저장하고 로그인").click()
    first.settled()
    signed_in(second.page, server.address, "hana")
    second.settled()
    second.go("/systems")
    first.page.goto(f"{server.address}/account")
    expect(first.page.locator(".sessions li")).to_have_count(2)
    first.page.locator("#old").fill(PASSWORD)
    first.page.get_by_label("새 비밀번호").fill(PASSWORD + " 더")
    first.page.get_by_role("button", name="비밀번호 변경").click()
    expect(first.page.get_by_role("status")).to_contain_text("비밀번호를 변경하였습니다")
    second.page.wait_for_url("**/enter?to=%2Fsystems")
    expect(second.page.get_by_label("계정 아이디")).to_be_visible()
    expect(first.page.locator(".sessions li")).to_have_count(1)


def test_who_is_disabled_by_an_administrator_is_out_at_once(server: Server, desks: tuple[Visitor, Visitor]) -> None:
    """The open screen of the other browser goes to the entrance by itself; the same name opens nothing any more."""
    administrator, writer = desks
    for person_id, name, role in (("ada", "안다온", Role.ADMINISTRATOR), ("rae", "이래아", Role.CONTRIBUTOR)):
        add_person(server.home, person_id, name, [role])
    writer.page.goto(link_of(server, "rae"))
    writer.page.get_by_label("새 비밀번호").fill(PASSWORD)
    writer.page.get_by_role("button", name="저장하고 로그인").click()
    writer.settled().go("/systems")
    page = administrator.sign_in("ada").go("/people?q=rae").page
    administrator.open_fold("로그인")
    page.get_by_role("button", name="사용 중지", exact=True).click()
    writer.page.wait_for_url("**/enter?to=%2Fsystems")
    expect(page.get_by_text("사용 중지됨", exact=True)).to_be_visible()
    signed_in(writer.page, server.address, "rae")
    expect(writer.page.get_by_role("alert")).to_contain_text("아이디 또는 비밀번호가 맞지 않습니다")


def test_a_session_that_ended_while_the_server_was_away_leads_to_the_entrance_in_the_readers_language(
    server: Server, browser: Browser
) -> None:
    context: BrowserContext = context_of(browser)
    visitor = Visitor(context.new_page(), server.address).sign_in("hana", "en")
    visitor.go("/systems")
    server.stop()
    with doors.database_at(HOMES[server.address]) as opened, opened.transaction() as session:
        doors.accounts.close_sessions_of(session, "hana")
    server.start()
    visitor.page.wait_for_url("**/enter?to=%2Fsystems")
    expect(visitor.page.get_by_role("button", name="Sign in")).to_be_visible()
    visitor.come_in("hana")
    assert visitor.page.url.endswith("/systems")
    context.close()


def test_the_second_factor_is_set_up_and_asked_for(server: Server, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(link_of(server, "example-author"))
    page.get_by_label("새 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="저장하고 로그인").click()
    visitor.settled()
    page.get_by_role("link", name="윤서아").click()
    page.get_by_text("2단계 인증 설정").click()
    page.locator("#for-second").fill(PASSWORD)
    page.get_by_role("button", name="계속").click()
    expect(page.get_by_role("img", name="인증 앱용 QR 코드")).to_be_visible()
    secret = page.locator(".steps code").inner_text().replace(" ", "")
    page.get_by_label("인증 번호").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="사용 시작").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="보관했습니다").click()
    expect(page.get_by_text("남은 복구 코드는 10개")).to_be_visible()
    page.goto(f"{server.address}/leave")
    page.get_by_role("button", name="로그아웃").click()

    page.goto(f"{server.address}/systems")
    page.get_by_label("계정 아이디").fill("example-author")
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/enter/second?to=%2Fsystems")
    page.get_by_label("인증 번호").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("번호가 맞지 않거나")
    page.get_by_label("인증 번호").fill(pyotp.TOTP(secret).at(int(time.time()), counter_offset=1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/systems")
    visitor.settled()
    page.goto(f"{server.address}/leave")
    page.get_by_role("button", name="로그아웃").click()
    signed_in(page, server.address, "example-author")
    page.get_by_label("인증 번호").fill(recovery)
    page.keyboard.press("Enter")
    visitor.settled()


def test_an_account_is_connected_with_an_identity_provider_and_opened_by_it(server: Server, browser: Browser) -> None:
    """Through another program's pages and back, and on with the session's cookie, which no other site's link brings along."""
    context = context_of(browser)
    page, refused = context.new_page(), list[str]()
    page.route("https://**", lambda route: route.abort())  # the provider's style comes from elsewhere
    page.on("console", lambda one: refused.append(one.text) if "Content Security Policy" in one.text else None)
    visitor = Visitor(page, server.address)
    with providers.honest() as issuer:
        providers.settings(server.home, issuer, "label: {ko: 우리 회사 계정, en: our company's account}\n")
        visitor.sign_in("hana")
        page.goto(f"{server.address}/account")
        page.get_by_role("button", name="연결").click()
        page.wait_for_url(f"{issuer}/**")
        page.get_by_placeholder("sub").fill("hana-at-work")
        page.get_by_role("button", name="Authorize").click()
        page.wait_for_url("**/account?done=connected")
        expect(page.get_by_text("계정을 연결하였습니다")).to_be_visible()
        page.goto(f"{server.address}/leave")
        page.get_by_role("button", name="로그아웃").click()

        page.goto(f"{server.address}/systems")
        page.get_by_role("button", name="우리 회사 계정 로그인").click()
        page.wait_for_url(f"{issuer}/**")
        page.get_by_role("button", name="Deny").click()
        expect(page.get_by_role("alert")).to_contain_text("로그인이 완료되지 않았습니다")
        page.get_by_role("link", name="처음부터 다시").click()
        page.goto(f"{server.address}/systems")
        page.get_by_role("button", name="우리 회사 계정 로그인").click()
        page.wait_for_url(f"{issuer}/**")
        page.get_by_placeholder("sub").fill("hana-at-work")
        page.get_by_role("button", name="Authorize").click()
        page.wait_for_url("**/systems")
        visitor.settled()
        expect(page.get_by_role("link", name="김하나")).to_be_visible()
    (server.home / "oidc.yaml").unlink()
    context.close()
    assert not refused


def test_who_decides_is_asked_once_more_and_loses_no_word(server: Server, visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in("example-author")
    number = visitor.number_of("면접길잡이")
    visitor.go(f"/assessment?assessment={number}").open_fold("새 개정판 시작")
    page.get_by_role("button", name="개정 2판 열기").click()
    expect(page.get_by_text("개정 2판 초안을 열었습니다").first).to_be_visible()
    visitor.go(f"/review?assessment={number}")
    page.get_by_role("button", name="개정 2판을 심의위원회에 제출").click()
    expect(page.get_by_text("제출하였습니다").first).to_be_visible()

    visitor.let_in("example-chair")
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        doors.credentials.set_password(session, "example-chair", doors.password_hash(), datetime.now(UTC))
        session.execute(update(LoginRow).values(confirmed_at=datetime.now(UTC) - timedelta(hours=1)))
    visitor.go(f"/decide?assessment={number}")
    page.get_by_role("radio", name="승인", exact=True).click()
    page.get_by_role("textbox", name="사유").first.fill("근거가 충분합니다.")
    page.get_by_role("button", name="결정 저장").click()
    page.get_by_role("link", name="본인 확인").click()
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="확인", exact=True).click()
    page.wait_for_url(f"**/decide?assessment={number}")
    visitor.settled()
    expect(page.get_by_role("textbox", name="사유").first).to_have_value("근거가 충분합니다.")
    expect(page.get_by_role("radio", name="승인", exact=True)).to_be_checked()
    page.get_by_role("button", name="결정 저장").click()
    expect(page.get_by_text("결정을 저장하였습니다").first).to_be_visible()


def test_a_passkey_is_made_opens_the_account_once_for_each_question_and_goes(server: Server, browser: Browser) -> None:
    address = f"http://localhost:{server.port}"  # no passkey is bound to a number
    HOMES[address] = server.home
    context = context_of(browser)
    page, refused, sent = context.new_page(), list[str](), list[Request]()
    page.on("console", lambda one: refused.append(one.text) if "Content Security Policy" in one.text else None)
    page.on("request", lambda one: sent.append(one) if "/enter/passkey/shown" in one.url else None)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    verified = {"isUserVerified": True, "automaticPresenceSimulation": True}
    authenticator = device.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified})["authenticatorId"]
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        doors.credentials.set_password(session, "example-officer", doors.password_hash(), datetime.now(UTC))
    visitor = Visitor(page, address).sign_in("example-officer")
    page.goto(f"{address}/account")
    page.get_by_text("패스키 만들기").click()
    page.locator("#for-passkey").fill(PASSWORD)
    page.locator("#for-passkey").press("Enter")
    page.wait_for_url("**/account?done=passkey")
    expect(page.get_by_text("패스키를 만들었습니다")).to_be_visible()

    def leave() -> None:
        page.goto(f"{address}/leave")
        page.get_by_role("button", name="로그아웃").click()
        page.wait_for_url("**/enter")

    leave()
    page.goto(f"{address}/systems")
    page.get_by_role("button", name="패스키로 로그인").click()
    page.wait_for_url("**/systems")
    visitor.settled()
    expect(page.get_by_role("link", name="오민재")).to_be_visible()

    # what was sent opens nothing a second time: with its own cookie, or with that of another question
    form, words = {"content-type": "application/x-www-form-urlencoded", "origin": address}, sent[0].post_data
    assert context.request.post(sent[0].url, data=words, headers=form).status == 401
    other = context_of(browser)
    other.request.post(f"{address}/enter/passkey", headers={"origin": address})
    assert other.request.post(sent[0].url, data=words, headers=form).status == 401
    other.close()

    leave()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.goto(f"{address}/enter")
    page.get_by_role("button", name="패스키로 로그인").click()
    expect(page.get_by_role("alert")).to_be_visible()  # who does not know the PIN
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.get_by_role("button", name="다시 시도").click()
    visitor.settled()
    page.goto(f"{address}/account")
    page.locator('form[action="/account/passkey/off"] button').click()
    expect(page.get_by_text("패스키를 삭제하였습니다")).to_be_visible()
    leave()
    page.get_by_role("button", name="패스키로 로그인").click()
    expect(page.get_by_role("alert")).to_contain_text("이 패스키로는 로그인할 수 없습니다")
    context.close()
    assert not refused


def demand(server: Server, *of: str) -> None:
    done = server.command("unit", "second-factor", "1", *of)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def demanding(server: Server) -> Iterator[Server]:
    """Whatever a test demands, nobody else has to show."""
    yield server
    demand(server, "--off")


def test_a_second_factor_that_is_demanded_is_set_up_before_anything_else_opens(
    demanding: Server, desks: tuple[Visitor, Visitor]
) -> None:
    """An administrator demands it; who has a screen open is led there, with the words; who comes in is led there, too."""
    server, (administrator, writer) = demanding, desks
    for person_id, name, role in (("bora", "안보라", Role.ADMINISTRATOR), ("sera", "이세라", Role.PRODUCT_MANAGER)):
        add_person(server.home, person_id, name, [role])
        writer.page.goto(link_of(server, person_id))
        writer.page.get_by_label("새 비밀번호").fill(PASSWORD)
        writer.page.get_by_role("button", name="저장하고 로그인").click()
        writer.settled()
    writer.go("/systems")
    typed = "저장하지 않은 이름"
    writer.open_fold("사업자 등록")
    writer.page.get_by_role("textbox", name="사업자 명칭").fill(typed)

    # who has none cannot demand it
    page = administrator.sign_in("bora").go("/units").page
    administrator.open_fold("2단계 인증")
    page.get_by_role("radio", name="모든 구성원").click()
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("안보라님에게 2단계 인증이 없습니다").first).to_be_visible()
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        doors.credentials.begin_second_factor(session, "bora", pyotp.random_base32(), datetime.now(UTC))
        doors.credentials.confirm_second_factor(session, "bora", 1, datetime.now(UTC))
    page.get_by_role("button", name="저장", exact=True).click()

    # the open screen goes there by itself; nothing else opens meanwhile
    page = writer.page
    page.wait_for_url("**/second?to=%2Fsystems")
    expect(page.get_by_text("아직 설정하지 않으셨습니다")).to_be_visible()
    for path in ("/systems", "/account", "/"):
        page.goto(f"{server.address}{path}")
        expect(page.get_by_role("heading", name="2단계 인증")).to_be_visible()
    for path in ("/alive", "/files/assessment/1/report.pdf", "/media/a"):
        assert page.request.get(f"{server.address}{path}", headers={"accept": "*/*"}).status == 401

    page.goto(f"{server.address}/leave")
    page.get_by_role("button", name="로그아웃").click()
    page.goto(f"{server.address}/systems")
    page.get_by_label("계정 아이디").fill("sera")
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second?to=%2Fsystems")
    page.get_by_role("button", name="인증 앱 설정").click()
    secret = page.locator(".steps code").inner_text().replace(" ", "")
    page.get_by_label("인증 번호").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="사용 시작").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="보관했습니다").click()
    page.wait_for_url("**/systems")
    writer.settled()
    expect(page.get_by_role("textbox", name="사업자 명칭")).to_have_value(typed)


def test_a_demanded_second_factor_may_be_a_passkey(demanding: Server, browser: Browser) -> None:
    server, address = demanding, f"http://localhost:{demanding.port}"
    HOMES[address] = server.home
    context = context_of(browser)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    verified = {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified})
    add_person(server.home, "yuri", "유리", [Role.CHAIR])
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        doors.credentials.set_password(session, "yuri", doors.password_hash(), datetime.now(UTC))
    demand(server, "--of", "chair")
    visitor = Visitor(page, address)
    signed_in(page, address, "yuri")
    page.wait_for_url("**/second")
    page.get_by_role("button", name="패스키 만들기").click()
    page.wait_for_url(f"{address}/")
    visitor.settled()
    page.goto(f"{address}/leave")
    page.get_by_role("button", name="로그아웃").click()

    # with the password alone one still has to show it
    signed_in(page, address, "yuri")
    page.wait_for_url("**/second")
    expect(page.get_by_role("button", name="인증 앱 설정")).to_have_count(0)
    page.get_by_role("button", name="패스키로 로그인").click()
    page.wait_for_url(f"{address}/")
    visitor.settled()
    context.close()
