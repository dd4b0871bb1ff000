"""`make gallery`: pictures of every screen into docs/gallery, and those that README shows into docs/pictures.

The home is made anew, from the examples and a made portfolio, and its clock stands at a stated moment, so that two runs look the
same but for numbers drawn at random, such as digests. VIEWS="home portfolio" makes these only; AT moves the moment.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir

import time_machine
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import func, select
from sqlmodel import col

from assessments import actions
from assessments.keeping import made_home
from assessments.model import FIRST_UNIT, Actor, Committee, Role
from assessments.people import add_person, find_person
from assessments.rules.meetings import Form
from assessments.rules.recourse import Answer, Stated
from assessments.storage import database, portfolio_days
from assessments.storage.database import Session
from assessments.storage.tables import AssessmentRow, SystemRow
from commands import serve
from commands._output import complain, tell
from questionnaires.wording import SEOUL, seoul_day
from tests import doors
from tests.browser import looks
from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE_MS, Server, Visitor, free_port
from tests.gallery.views import (
    ADMINISTRATOR,
    AUDITOR,
    AUTHOR,
    CHAIR,
    DOCS,
    LANGUAGES,
    MOST_BYTES,
    SHOWN,
    VIEWS,
    Picture,
    View,
)

AT = datetime.fromisoformat(os.environ.get("AT") or "2026-12-01T09:30+09:00")
HOME = Path(gettempdir()) / "haetae-gallery"
"""Always of the same name, for a screen shows it."""
MADE = 300
"""Assessments beside the examples."""
MONTHS = 6
"""On so many days the made portfolio was counted, so that the picture over time shows something; all of them alike."""
ASKED = (
    ("pipa_explanation", 41, "어떤 기준으로 탈락했는지 알려 주십시오."),
    ("pipa_review", 38, "경력 증명서를 추가로 냅니다. 반영할 수 있는지 검토해 주십시오."),
    ("pipa_refusal", 25, "사람이 다시 심사해 주십시오."),
    ("pipa_explanation", 20, "면접 점수의 근거를 알려 주십시오."),
    ("guideline_objection", 9, "면접 영상의 소리가 끊겼습니다. 다시 보아 주십시오."),
    ("pipa_refusal", 3, "자동으로 내린 결정을 거부합니다."),
)
"""Kind, days since it was received, and words."""
TO_THE_TOP = """element => {
  const main = document.querySelector('[data-testid="stMain"]') || document.documentElement;
  main.scrollBy({top: element.getBoundingClientRect().top - 90, behavior: "instant"});
}"""
"""Below the heading that stands above it."""
SERVER = f"""
import runpy, sys
from datetime import datetime
import time_machine
port = sys.argv[-1]
time_machine.travel(datetime.fromisoformat({AT.isoformat()!r}), tick=True).start()
sys.argv = ["streamlit", "run", "app.py", "--server.address=127.0.0.1", f"--server.port={{port}}"]
runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
"""
"""`haetae serve` would begin a process of its own, whose clock is that of the machine."""


def main() -> int:
    chosen = os.environ.get("VIEWS", "").split()
    if unknown := set(chosen) - {view.name for view in VIEWS}:
        complain(f"There is no view {', '.join(sorted(unknown))}; there are {', '.join(view.name for view in VIEWS)}.")
        return 2
    views = [view for view in VIEWS if not chosen or view.name in chosen]
    try:
        HOME.mkdir(mode=0o700)
    except FileExistsError:
        complain(
            f"Another gallery is being made, or was broken off: {HOME} is there. If nothing is running, remove it."
        )
        return 2
    try:
        with time_machine.travel(AT, tick=True):
            problems = _made(views)
    finally:
        shutil.rmtree(HOME)
    if not chosen:
        _write_index(DOCS / "gallery", views)
    for problem in problems:
        complain(problem)
    return 1 if problems else 0


def _made(views: list[View]) -> list[str]:
    os.environ["HAETAE_HOME"] = str(HOME)
    numbers = furnish(HOME)
    server = Server(free_port(), HOME, code=SERVER)
    try:
        server.start()
        return _pictures(server, views, numbers)
    finally:
        server.stop()


def furnish(home: Path) -> dict[str, str]:
    """The examples and a made portfolio, with something at every step; the numbers that addresses ask for."""
    with time_machine.travel(AT - timedelta(days=7), tick=True):
        serve.furnish(home, with_examples=True)
    at = datetime.now(UTC)
    with database.reading() as session:
        draft, done, submitted = (
            doors.first_assessment_of(session, name)
            for name in ("정책대출 도우미 (가 지점)", "면접길잡이", "심전도길잡이")
        )
    made_home.seed(MADE, today=seoul_day(at))
    with database.transaction() as session:
        for month in range(MONTHS):
            portfolio_days.keep(session, seoul_day(at) - timedelta(days=30 * month))
    add_person(home, AUDITOR, "한지안 (예시)", [Role.AUDITOR])
    add_person(home, "member", "이서준 (예시)", [Role.COMMITTEE_MEMBER])
    add_person(home, ADMINISTRATOR, "안다온 (예시)", [Role.ADMINISTRATOR])
    author, chair, administrator = (_actor(home, person) for person in (AUTHOR, CHAIR, ADMINISTRATOR))
    with database.transaction() as session:
        actions.give_section(session, draft, "credit/scope", author.id, seoul_day(at) + timedelta(days=7), author, at)
        text = "심사역이 결정하는 순서를 화면 흐름으로 보여 주시면 좋겠습니다."
        actions.comment(session, draft, "assessment", text, author, at, mentions=[CHAIR])
        actions.revise(session, submitted, author, at)
        actions.submit(session, submitted, author, at)
        actions.set_committee(session, FIRST_UNIT, Committee(2), administrator, at)
        on: date = seoul_day(at) + timedelta(days=2)
        meeting = actions.convene_meeting(session, FIRST_UNIT, on, Form.IN_PERSON, "본관 3층", chair, at)
        system = session.execute(select(func.min(SystemRow.id)).where(col(SystemRow.owner_id) != "")).scalar_one()
        request = _requests(session, done, author, at)
    numbers = {
        "draft": draft,
        "done": done,
        "submitted": submitted,
        "meeting": meeting,
        "system": system,
        "request": request,
    }
    return {name: str(number) for name, number in numbers.items()}


def _requests(session: Session, assessment: int, author: Actor, at: datetime) -> int:
    """Of applicants, about the system of this assessment: overdue, extended, answered, refused. The number of the extended one."""
    system = session.execute(select(AssessmentRow.system_id).where(col(AssessmentRow.id) == assessment)).scalar_one()
    today = seoul_day(at)
    numbers = []
    for place, (kind, days, asked) in enumerate(ASKED, 1):
        received = today - timedelta(days=days)
        stated = Stated(
            kind, received, f"2026-{place:04}", asked, "web", "", received - timedelta(days=5), f"C-{310 + place}"
        )
        numbers.append(actions.state_request(session, system, stated, author, at))
    _late, extended, answered, refused, *_open = numbers
    due = today - timedelta(days=ASKED[1][1]) + timedelta(days=30)
    reason = "면접 평가표를 확인하는 데 시간이 더 걸립니다."
    actions.extend_request(session, extended, due + timedelta(days=30), due, reason, author, at)
    answer = Answer(today, "reprocessed", "인사팀이 다시 심사하여 결과가 바뀌었습니다.", True, "another", "인사팀장")
    actions.answer_request(session, answered, answer, author, at)
    actions.refuse_request(session, refused, today, "not_automated", "면접위원이 결정하였습니다.", author, at)
    return extended


def _actor(home: Path, person: str) -> Actor:
    actor = find_person(home, person)
    assert actor is not None, person
    return actor


def _pictures(server: Server, views: list[View], numbers: Mapping[str, str]) -> list[str]:
    """What is wrong with the screens, as far as a program sees it."""
    problems: list[str] = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for language in LANGUAGES:
            for view in views:
                try:
                    problems += _pictures_of(chromium, server, view, language, numbers)
                except PlaywrightError as error:  # the others are made all the same
                    problems.append(f"{view.name}, {language}: {error.message}")
                tell(f"{language} {view.name}")
        chromium.close()
    return problems


def _pictures_of(chromium: Browser, server: Server, view: View, language: str, numbers: Mapping[str, str]) -> list[str]:
    problems, address = [], view.address.format(**numbers)
    context = chromium.new_context(
        viewport={"width": 1280, "height": looks.HEIGHT},
        locale={"ko": "ko-KR", "en": "en-GB"}[language],
        timezone_id="Asia/Seoul",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.clock.set_fixed_time(AT)
    visitor = Visitor(page, server.address).sign_in(view.person or AUTHOR, language)
    if not view.person:
        context.clear_cookies(name="haetae_session")
    if view.is_plain:
        visitor.open(address)
    else:
        visitor.go(address)
    for width, theme in looks.LOOKS:
        looks.look(page, width, theme)
        if not view.is_plain:
            visitor.settled()
        if (widest := page.evaluate(looks.WIDEST)) > width:
            problems.append(f"{view.name}, {language}, {theme}: {widest} px wide at {width} px")
        picture = Picture(view.name, language, theme, width)
        _keep(looks.photograph(page), DOCS / "gallery" / picture.file)
        for small in SHOWN:
            if (small.view, small.language, small.theme, small.width) == (view.name, language, theme, width):
                problems += _keep_small(page, small)
    context.close()
    return problems


def _keep(picture: bytes, file: Path) -> int:
    """As WebP without loss; its size in bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").save(file, "WEBP", lossless=True, quality=60, method=3)
    return file.stat().st_size


def _keep_small(page: Page, small: Picture) -> list[str]:
    """What fits into its window, with as many colours as a reader tells apart."""
    page.set_viewport_size({"width": small.width, "height": small.height})
    if small.upper:
        page.locator(small.upper).first.evaluate(TO_THE_TOP)
        page.wait_for_timeout(250)
    picture, file = Image.open(io.BytesIO(page.screenshot())).convert("RGB"), DOCS / "pictures" / small.file
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(128, dither=Image.Dither.NONE).convert("RGB").save(file, "WEBP", lossless=True, method=6)
    size = file.stat().st_size
    return [f"{small.file}: {size:,} bytes, more than {MOST_BYTES:,}"] if size > MOST_BYTES else []


def _write_index(folder: Path, views: list[View]) -> None:
    pictures = {
        view.name: [
            Picture(view.name, language, theme, width) for language in LANGUAGES for width, theme in looks.LOOKS
        ]
        for view in views
    }
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("index.html.j2").render(
        at=f"{AT.astimezone(SEOUL):%Y-%m-%d %H:%M}", shown=[(view, pictures[view.name]) for view in views]
    )
    (folder / "index.html").write_text(page, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
