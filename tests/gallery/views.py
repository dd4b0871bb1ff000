"""What the gallery shows: VIEWS, every screen of pages/_frame/screens.py and the pages around them; SHOWN, the few that README shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pages._frame import screens

DOCS = Path(__file__).resolve().parents[2] / "docs"
MOST_BYTES = 150_000
"""Of a picture in README."""
LANGUAGES = ("ko", "en")
AUTHOR, CHAIR, OFFICER, AUDITOR, ADMINISTRATOR = "example-author", "example-chair", "example-officer", "auditor", "ada"


@dataclass(frozen=True)
class View:
    """A screen or a page at one address, as one person sees it."""

    name: str
    ko: str
    en: str
    address: str
    """With the numbers of what is shown in braces: {draft}, {done}, {submitted}, {meeting}, {system}."""
    person: str = AUTHOR
    """Empty: nobody has come in."""
    is_plain: bool = False
    """Drawn by the server itself, without Streamlit."""

    def title(self, language: str) -> str:
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True)
class Picture:
    """Of one view in one look; README shows some, cut to what fits into a window."""

    view: str
    language: str
    theme: str
    width: int
    height: int = 0
    """Of the window; 0: the whole screen is shown."""
    upper: str = ""
    """What the window begins with, as a CSS selector; empty: the top of the screen."""

    @property
    def file(self) -> str:
        return f"{self.view}-{self.language}-{self.theme}-{self.width}.webp"


_WHERE = {
    "home": ("/", AUTHOR),
    "meeting": ("/meeting?meeting={meeting}", CHAIR),
    "sample": ("/sample?period=2026-Q4&seed=7", AUDITOR),
    "system": ("/system?system={system}", AUTHOR),
    "recourse": ("/recourse?state=all", AUTHOR),
    "request": ("/request?request={request}", AUTHOR),
    "queue": ("/queue", CHAIR),
    "editions": ("/editions", CHAIR),
    "answer": ("/answer?assessment={draft}&section=functions", AUTHOR),
    "log": ("/log?assessment={draft}", AUTHOR),
    "whatif": ("/whatif?assessment={done}&c=answer:hiring.automatic_cutoff:yes", AUTHOR),
    "crosswalk": ("/crosswalk?assessment={done}", AUTHOR),
    "duties": ("/duties?assessment={done}", AUTHOR),
    "decide": ("/decide?assessment={submitted}", CHAIR),
    "followup": ("/followup?assessment={done}", AUTHOR),
    "documents": ("/documents?assessment={done}", AUTHOR),
    "revisions": ("/revisions?assessment={submitted}", CHAIR),
    "history": ("/history?assessment={done}", AUDITOR),
}
"""Where a screen shows most; any other is opened by its name, with the draft where it shows one assessment."""


def _view(screen: str) -> View:
    of_assessment = "?assessment={draft}" if screen in screens.OF_ASSESSMENT else ""
    person = (
        CHAIR if screen in screens.OF_PORTFOLIO else ADMINISTRATOR if screen in screens.OF_ADMINISTRATORS else AUTHOR
    )
    address, person = _WHERE.get(screen, (f"/{screen}{of_assessment}", person))
    return View(screen, screens.title_of(screen, "ko"), screens.title_of(screen, "en"), address, person)


_FURTHER = (
    View("home-chair", "내 할 일: 위원장", "My tasks: a chair", "/", CHAIR),
    View("home-officer", "내 할 일: 결재자", "My tasks: a signing officer", "/", OFFICER),
    View("home-auditor", "내 할 일: 감사 담당자", "My tasks: an auditor", "/", AUDITOR),
    View("home-administrator", "내 할 일: 관리자", "My tasks: an administrator", "/", ADMINISTRATOR),
    View("systems-administrator", "시스템: 관리자", "Systems: an administrator", "/systems", ADMINISTRATOR),
    View(
        "portfolio-chosen",
        "평가 현황: 조건에 맞는 평가",
        "Portfolio: what meets a condition",
        "/portfolio?verdict=high_impact&level=high",
        CHAIR,
    ),
    View(
        "part",
        "인적 개입 주장: 한 항목",
        "Human involvement: one part",
        "/involvement?assessment={draft}&section=authority",
    ),
    View("sealed", "결정: 봉인한 보고서", "Decision: a sealed report", "/decide?assessment={done}", OFFICER),
    View(
        "side-by-side",
        "개정판: 나란히 비교",
        "Revisions: side by side",
        "/revisions?assessment={draft}&other={done}",
    ),
)
_PLAIN = (
    View("enter", "로그인", "Sign in", "/enter", "", is_plain=True),
    View("screening", "평가 대상 확인", "Two-minute screening", "/screening", "", is_plain=True),
    View("verify", "보고서 검증", "Verify a report", "/verify", "", is_plain=True),
    View("account", "내 계정", "My account", "/account", AUTHOR, is_plain=True),
    View("nothing", "없는 주소", "No such page", "/no-such-page", "", is_plain=True),
)
VIEWS = (*(_view(screen) for screen in screens.SCREENS), *_FURTHER, *_PLAIN)

SHOWN = (
    Picture("portfolio", "ko", "light", 1280, 900, '[class*="st-key-picture-verdict"]'),
    Picture("portfolio", "en", "dark", 1280, 900, '[class*="st-key-picture-verdict"]'),
    Picture("decide", "ko", "light", 1280, 900),
    Picture("part", "en", "light", 1280, 900),
    Picture("whatif", "en", "light", 1280, 900),
    Picture("home", "ko", "light", 390, 844),
    Picture("answer", "ko", "light", 390, 844),
    Picture("decide", "en", "dark", 390, 844),
)
