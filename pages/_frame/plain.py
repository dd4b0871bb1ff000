"""Plain HTML pages that need no script: the frame that /enter, /leave and refusals share."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

from pages._frame import translation
from questionnaires.legible import legible_line

_FRAME = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" type="image/svg+xml" href="/mark.svg"><style>{css}</style></head>
<body><header><a class="brand" href="/"><img src="/mark.svg" alt="" width="32" height="32"><span>{name}</span></a>
<a class="language" lang="{other}" hreflang="{other}" href="/language/{other}">{other_name}</a></header>
<main>{body}</main></body></html>"""
MARK = "/mark.svg"
"""The path of the emblem."""
NAMES = {"ko": "한국어", "en": "English"}


def page(language: str, body: str, *, title: str = "", status: int = 200) -> HTMLResponse:
    """A whole page. body: HTML, its values escaped."""
    other = next(one for one in translation.LANGUAGES if one != language)
    html = _FRAME.format(
        language=language,
        title=escape(f"{title} · Haetae" if title else "Haetae"),
        css=_css(),
        name=escape(translation.translate("Haetae", language)),
        other=other,
        other_name=NAMES[other],
        body=body,
    )
    return HTMLResponse(html, status_code=status)


def quoted(text: str) -> str:
    """HTML of a sentence that may quote a file or a name: one line, escaped, with nothing that a reader cannot see."""
    return escape(legible_line(" ".join(text.splitlines())))


def stranger(language: str) -> str:
    """What somebody at another computer, or under another host name, reads."""
    say = translation.translate
    heading = say("Haetae answers only on the computer it runs on", language)
    text = say(
        "There is no sign-in with passwords yet, so other computers are refused. "
        "Open it on that computer under http://localhost or http://127.0.0.1 with the port it was started with.",
        language,
    )
    return f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>"


@cache
def _css() -> str:
    return (Path(__file__).parent / "plain.css").read_text("utf-8")
