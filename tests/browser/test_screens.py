"""Every screen, in Korean and English, wide and narrow, light and dark: axe finds nothing, nothing scrolls sideways, no English
stands on a Korean screen. Pictures go to HAETAE_SCREENSHOTS.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from assessments import actions
from assessments.model import Actor, Role, Status
from assessments.people import add_person, find_person
from assessments.rules.meetings import Form, Presence
from assessments.rules.recourse import Answer, Stated
from assessments.storage import reader
from assessments.storage.database import Session
from assessments.storage.tables import LinkPurpose, LoginRow
from questionnaires.wording import seoul_day
from tests import doors
from tests.browser.conftest import Server, Visitor, complaints_checked, context_of, open_address
from tests.browser.looks import LOOKS, WIDEST, look, photograph

pytestmark = pytest.mark.browser

IS_ALL = bool(os.environ.get("HAETAE_TORTURE") or os.environ.get("HAETAE_SCREENSHOTS"))
SCREENS = {
    "home": "/",
    "home-searched": "/?q=면접길잡이",
    "portfolio": "/portfolio",
    "portfolio-chosen": "/portfolio?verdict=high_impact&level=high",
    "meetings": "/meetings",
    "meeting": "/meeting?meeting={meeting}",
    "sample": "/sample?period=2026-Q4&seed=7",
    "systems": "/systems",
    "register": "/register",
    "system": "/system?system=1",
    "recourse": "/recourse",
    "recourse-overdue": "/recourse?state=overdue",
    "request": "/request?request={asked}",
    "request-answered": "/request?request={answered}",
    "queue": "/queue",
    "tasks": "/assessment?assessment={done}",
    "tasks-draft": "/assessment?assessment={draft}",
    "answer-draft": "/answer?assessment={draft}&section=functions",
    "impacts": "/impacts?assessment={done}",
    "impacts-draft": "/impacts?assessment={draft}",
    "answer-read": "/answer?assessment={done}&section=scope",
    "answer-numbers": "/answer?assessment={draft}&section=people_severity",
    "area-draft": "/answer?assessment={draft}&questionnaire=area",
    "impact-draft": "/answer?assessment={draft}&questionnaire=impact&section=target",
    "impact-rows": "/answer?assessment={draft}&questionnaire=impact&section=training_data",
    "impact-read": "/answer?assessment={done}&questionnaire=impact&section=training_data",
    "involvement": "/involvement?assessment={done}",
    "part-read": "/involvement?assessment={done}&section=divergence",
    "part-draft": "/involvement?assessment={draft}&section=authority",
    "log": "/log?assessment={draft}",
    "review": "/review?assessment={done}",
    "review-draft": "/review?assessment={draft}",
    "crosswalk": "/crosswalk?assessment={done}",
    "crosswalk-draft": "/crosswalk?assessment={draft}",
    "whatif": "/whatif?assessment={done}",
    "whatif-supposed": "/whatif?assessment={done}&c=answer:hiring.automatic_cutoff:yes&c=answer:area.korea_link:abroad_only",
    "duties": "/duties?assessment={done}",
    "decide": "/decide?assessment={done}",
    "comments": "/comments?assessment={draft}",
    "comments-place": "/comments?assessment={draft}&at=impact/target",
    "comments-read": "/comments?assessment={done}",
    "followup": "/followup?assessment={done}",
    "documents": "/documents?assessment={done}",
    "revisions": "/revisions?assessment={done}",
    "side-by-side": "/revisions?assessment={draft}&other={done}",
    "restore": "/revisions?assessment={draft}&restore=1.0&question=hiring.used_in_hiring",
    "revision-read": "/revisions?assessment={done}&read=1",
    "history": "/history?assessment={done}",
    "editions": "/editions",
    "editions-chosen": "/editions?edition=hiring-1.0&scope=all",
    "law": "/law",
    "enforcement": "/enforcement",
    "glossary": "/glossary",
    "guide": "/guide?reader=committee",
}
ADMINISTRATORS = {
    "people": "/people",
    "units": "/units",
    "settings": "/settings",
    "person-opened": "/people?q=example-chair",
}
PLAIN = {
    "enter": "/enter",
    "leave": "/leave",
    "screening": "/screening",
    "verify": "/verify",
    "nothing": "/no-such-page",
}
"""Pages that the server draws itself, without Streamlit."""
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
JUDGED = """async (only) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const results = await axe.run(document, {
    resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
    ...(only.length ? {runOnly: only} : {runOnly: tags}),
  });
  return results.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""
OF_COLOURS = ["color-contrast"]
STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("[data-stale] { opacity: 1 !important; transition: none !important; }");
  document.adoptedStyleSheets = [still];
}"""
"""What is being drawn anew is pale for a moment; axe looks at any moment."""
STREAMLITS = re.compile(
    r'presentation-role-conflict: <section role="presentation"[^>]* data-testid="stFileUploaderDropzone"'
)
"""What is Streamlit's own and no setting changes; named in docs/accessibility.md."""
ENGLISH = """() => {
  const found = [], written = "script, style, noscript, code, .h-written, [lang=en]";
  const seen = element => element && !element.closest(written) && element.checkVisibility({visibilityProperty: true}) &&
    !getComputedStyle(element).fontFamily.includes("Material Symbols");  // a picture, spelt as a word
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) { if (seen(texts.currentNode.parentElement)) { found.push(texts.currentNode.data); } }
  for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription", "aria-valuetext"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) { if (seen(element)) { found.push(element.getAttribute(name)); } }
  }
  return found.map(text => text.trim()).filter(text => /[A-Za-z]{2}/.test(text) && !/[가-힣]/.test(text));
}"""
NAMES = re.compile(
    r"\b(AI|PDF|JSON|CSV|XLSX|DOCX|HWPX|YAML|SHA|DOI|NIST|RMF|GOVERN|MAP|MEASURE|MANAGE|GDPR|ISO|IEC|EU|OECD|Haetae|Example|English|MB|KB)\b|[\w.-]+@[\w.-]+|https?://\S+|\w+\.(?:csv|pdf|json|yaml)"
)
"""What is written in Latin letters in Korean, too."""


@pytest.fixture(scope="module")
def numbers(server: Server, browser: Browser) -> dict[str, str]:
    """A finished assessment, and a draft with one answer."""
    context = context_of(browser)
    visitor = Visitor(context.new_page(), server.address).sign_in("example-author")
    done, draft = visitor.number_of("면접길잡이"), visitor.start("채용")
    page = visitor.go(f"/answer?assessment={draft}&section=scope").page
    used = page.locator(f".st-key-a{draft}-1-hiring-used_in_hiring-box")
    used.locator("label").filter(has_text="모집부터 선발까지").first.click()
    expect(used.locator(".h-saved")).to_contain_text("저장됨")
    context.close()
    author, chair = (find_person(server.home, f"example-{role}") for role in ("author", "chair"))
    assert author is not None and chair is not None
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        at, number = datetime.now(UTC), int(draft)
        actions.comment(session, number, "assessment", "한 가지를 묻습니다.", author, at, mentions=["example-chair"])
        resolved = actions.comment(session, number, "hiring.used_in_hiring", "해결된 말", author, at)
        actions.resolve_comment(session, number, resolved, author, at)
        actions.give_section(session, number, "hiring/scope", author.id, date(2099, 12, 31), author, at)
        meeting = actions.convene_meeting(session, 1, seoul_day(at), Form.IN_PERSON, "본관 3층", chair, at)
        actions.add_item(session, meeting, "다음 회의의 날", chair, at)
        actions.set_attendance(session, meeting, {chair.id: (Presence.PRESENT, "15:20")}, "간사", chair, at)
        actions.take_minutes(session, meeting, 1, "첫 줄\n둘째 줄", "다음 달에 다시 본다.", chair, at)
        asked, answered = requests_of(session, author, at)
    return {"done": done, "draft": draft, "meeting": str(meeting), "asked": str(asked), "answered": str(answered)}


def requests_of(session: Session, author: Actor, at: datetime) -> tuple[int, int]:
    """Of people concerned, about the first system: one that is overdue and was extended, one that was answered."""
    today = seoul_day(at)
    old = today - timedelta(days=70)
    late = Stated("pipa_explanation", old, "2026-0007", "어떤 기준으로\n탈락했는지 알려 주십시오.", "web", "")
    asked = actions.state_request(session, 1, late, author, at)
    due = old + timedelta(days=30)
    reason = "자료를 확인하는 데 시간이 더 걸립니다."
    actions.extend_request(session, asked, due + timedelta(days=20), due, reason, author, at)
    stated = Stated("pipa_refusal", old, "2026-0008", "사람이 다시 심사해 주십시오.", "mail", "", old, "결정 31")
    answered = actions.state_request(session, 1, stated, author, at)
    answer = Answer(today, "reprocessed", "다시 심사하여 서류 전형에 합격하셨습니다.", True, "another", "인사팀장")
    actions.answer_request(session, answered, answer, author, at)
    return asked, answered


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_screen_fits_and_is_clean_to_axe_in_both_widths_and_themes(
    server: Server, browser: Browser, numbers: dict[str, str], language: str
) -> None:
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    walked: set[str] = set()
    with complaints_checked(context) as page:
        visitor = Visitor(page, server.address)
        open_address(page, f"{server.address}/language/{language}")
        for name, path in PLAIN.items():
            page.emulate_media(color_scheme="light")
            open_address(page, server.address + path)
            problems += _judged(visitor, name, language)
        visitor.sign_in("example-author", language)
        for name, path in _own_pages(server).items():
            page.emulate_media(color_scheme="light")
            open_address(page, server.address + path)
            problems += _judged(visitor, name, language)
        for name, path in (SCREENS | ADMINISTRATORS).items():
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            if name in ("meetings", "systems"):
                visitor.sign_in("example-chair" if name == "meetings" else "example-author", language)
            if name == "people":
                _add_administrator(server)
                visitor.sign_in("ada", language)
            if language == "en" and urlsplit(path).path in walked and not IS_ALL:
                continue  # the same screen with other values, which Korean readers see in all their forms
            walked.add(urlsplit(path).path)
            visitor.go(path.format(**numbers))
            if name == "person-opened":
                _open_all(visitor)
            expect(page.locator("html"), name).to_have_attribute("lang", language)
            expect(page.locator("h1"), name).to_have_count(1)
            expect(page.locator(".h-notice.h-bad"), name).to_have_count(0)
            problems += _judged(visitor, name, language)
    context.close()
    assert not problems, "\n".join(problems)


WITH_FOLDS = {
    "systems": ("/systems", "ada"),
    "people": ("/people?q=example-chair", "ada"),
    "units": ("/units", "ada"),
    "settings": ("/settings", "ada"),
    "home": ("/", "hana"),
    "portfolio": ("/portfolio", "hana"),
    "tasks": ("/assessment?assessment={draft}", "hana"),
    "answer": ("/answer?assessment={draft}&section=functions", "hana"),
    "impacts": ("/impacts?assessment={draft}", "hana"),
    "involvement": ("/involvement?assessment={draft}", "hana"),
    "part": ("/involvement?assessment={draft}&section=authority", "hana"),
    "log": ("/log?assessment={logged}", "hana"),
    "review": ("/review?assessment={draft}", "hana"),
    "decide": ("/decide?assessment={submitted}", "example-chair"),
    "sealed": ("/decide?assessment={done}", "example-officer"),
    "comments": ("/comments?assessment={draft}", "hana"),
    "history": ("/history?assessment={done}", "hana"),
    "crosswalk": ("/crosswalk?assessment={draft}", "hana"),
    "law": ("/law", "hana"),
    "enforcement": ("/enforcement", "hana"),
    "account": ("/account", "example-author"),
}
"""Screen → its address, and who finds most on it."""


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"] if os.environ.get("HAETAE_TORTURE") else ["ko"])
def test_what_is_folded_is_clean_to_axe_too(
    server: Server, browser: Browser, numbers: dict[str, str], language: str
) -> None:
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    _add_administrator(server)
    with complaints_checked(context) as page:
        visitor = Visitor(page, server.address).sign_in("hana", language)
        known = numbers | _further(server, numbers)
        for name, (path, person) in WITH_FOLDS.items():
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            visitor.let_in(person)
            if path == "/account":
                visitor.open(path)
                page.evaluate(OPENED, "details")
            else:
                visitor.go(path.format(**known))
                _open_all(visitor)
            problems += _judged(visitor, f"{name}-opened", language)
    context.close()
    assert not problems, "\n".join(problems)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_second_factor_that_is_demanded_is_clean_to_axe_too(server: Server, browser: Browser, language: str) -> None:
    """For whoever has none, sets one up, has to show theirs, or gives the password again."""
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        doors.credentials.begin_second_factor(session, "example-officer", "A" * 32, datetime.now(UTC))
        doors.credentials.confirm_second_factor(session, "example-officer", 1, datetime.now(UTC))
        doors.credentials.set_password(session, "hana", doors.password_hash(), datetime.now(UTC))
    try:
        assert server.command("unit", "second-factor", "1", "--of", "everybody").returncode == 0
        with complaints_checked(context) as page:
            visitor = Visitor(page, server.address).sign_in("hana", language)
            for name, person in (("none", "hana"), ("shown", "example-officer")):
                visitor.let_in(person)
                visitor.open("/second")
                problems += _judged(visitor, f"demanded-{name}", language)
                if name == "none":
                    page.locator('form[action="/second/begin"] button').click()
                    problems += _judged(visitor, "demanded-app", language)
            visitor.let_in("hana")
            with doors.database_at(server.home) as opened, opened.transaction() as session:
                session.execute(update(LoginRow).values(confirmed_at=datetime.now(UTC) - timedelta(hours=1)))
            visitor.open("/second")
            problems += _judged(visitor, "demanded-confirm", language)
    finally:
        server.command("unit", "second-factor", "1", "--off")
        with doors.database_at(server.home) as opened, opened.transaction() as session:
            doors.credentials.drop_second_factor(session, "example-officer")
        context.close()
    assert not problems, "\n".join(problems)


def _further(server: Server, numbers: dict[str, str]) -> dict[str, str]:
    """Assessments at other steps: one with a decision log in its draft, and one that was submitted."""
    author = find_person(server.home, "hana")
    assert author is not None
    further = {"logged": "2" if numbers["done"] != "2" else "1", "submitted": "3"}
    with doors.database_at(server.home) as opened:
        for name, number in further.items():
            with opened.transaction() as session:
                known = reader.get_assessment(session, int(number))
                if known.status is Status.SIGNED_OFF:
                    actions.revise(session, int(number), author, datetime.now(UTC))
                if name == "submitted" and known.status is not Status.SUBMITTED:
                    actions.submit(session, int(number), author, datetime.now(UTC))
    return further


def _own_pages(server: Server) -> dict[str, str]:
    """Those around coming in that are somebody's own, a link and a second factor that is being set up among them."""
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        at = datetime.now(UTC)
        link = doors.credentials.make_link(session, "example-chair", LinkPurpose.FIRST, at)
        doors.credentials.set_password(session, "example-author", doors.password_hash(), at)
        doors.credentials.begin_second_factor(session, "example-author", "A" * 32, at)
    return {
        "link": f"/link/{link}",
        "account": "/account",
        "confirm": "/confirm",
        "second-factor": "/account/second/set-up",
    }


def _add_administrator(server: Server) -> None:
    """With one more unit, so that everything that can be moved is offered."""
    if find_person(server.home, "ada") is None:
        added = server.command("unit", "add", "인사")
        assert added.returncode == 0, added.stderr
        add_person(server.home, "ada", "안다온", [Role.ADMINISTRATOR])


OPENED = "(which) => { for (const fold of document.querySelectorAll(which)) { fold.open = true; } }"
PRESSED = "folds => { for (const fold of folds) { fold.click(); } }"
DEEPEST = 10
"""How often folds are looked for in folds."""


def _open_all(visitor: Visitor) -> None:
    """Every fold of the screen, however many there are, and those that come to be in them."""
    closed = visitor.main.locator('[data-testid="stExpander"] > details:not([open]) > summary').locator("visible=true")
    for _depth in range(DEEPEST):
        if not closed.count():
            break
        closed.evaluate_all(PRESSED)
        visitor.settled()
    assert not closed.count(), f"folds do not stay open: {closed.all_inner_texts()}"
    visitor.page.evaluate(OPENED, ".stHtml details, .f-field details")


def _judged(visitor: Visitor, name: str, language: str) -> list[str]:
    """What is wrong with the page that is open, at both widths and in both themes."""
    page, problems = visitor.page, []
    page.evaluate(AXE)
    page.evaluate(STILL)
    for width, theme in LOOKS:
        rules = _rules(width, theme, language)
        if rules is None and theme == "dark":
            continue  # its colours are those of the narrow Korean one
        look(page, width, theme)
        judged = [] if rules is None else page.evaluate(JUDGED, rules)
        problems += [f"{name}, {width} px, {theme}: {problem}" for problem in judged if not STREAMLITS.match(problem)]
        wide = page.evaluate(WIDEST)
        if wide > width:
            problems.append(f"{name}: {wide} px at {width} px")
        _keep(visitor, f"{name}-{width}-{language}-{theme}")
    if language == "ko":
        english = {text for text in page.evaluate(ENGLISH) if re.search("[A-Za-z]{2}", NAMES.sub("", text))}
        problems += [f"{name}: in English: {text}" for text in sorted(english)]
    return problems


def _rules(width: int, theme: str, language: str) -> list[str] | None:
    """Of axe, for this look. Empty: all; None: none.

    All rules look at both widths, at the narrow one in Korean, at the wide one in English; dark colours are looked at in Korean.
    In the long runs all look at all.
    """
    if IS_ALL:
        return OF_COLOURS if theme == "dark" else []
    if theme == "dark":
        return OF_COLOURS if (width, language) == (390, "ko") else None
    return [] if (width, language) in ((390, "ko"), (1280, "en")) else None


def _keep(visitor: Visitor, name: str) -> None:
    """A picture of the whole screen, where somebody wants to look at it."""
    folder = os.environ.get("HAETAE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(photograph(visitor.page))


def test_a_screen_that_is_opened_by_its_address_finds_the_server_at_once(visitor: Visitor) -> None:
    """Streamlit looks for it below the screen's own address too, if it is not told where it is."""
    requests: list[tuple[str, int]] = []
    visitor.sign_in("example-author")
    visitor.page.on("response", lambda answer: requests.append((urlsplit(answer.url).path, answer.status)))
    visitor.go("/systems")
    search = [(path, status) for path, status in requests if path.endswith(("/_stcore/health", "/_stcore/host-config"))]
    assert sorted(search) == [("/_stcore/health", 200), ("/_stcore/host-config", 200)]
