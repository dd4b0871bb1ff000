"""The HTML shell into which Streamlit draws, as Haetae sends it: language, name, mark, and what leads back to /enter.

It is made from the index.html that Streamlit ships; its inline scripts are let through the content policy by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pages._field import component, words
from pages._frame import markup, plain, screens, translation

STYLE = "/field.css"
ALIVE = "/alive"
ENTRANCE = "/entrance.js"
"""The script of the pages around coming in."""
_MARK_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Haetae">
<rect width="64" height="64" rx="12" fill="#1f6054"/>
<g fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">
<path d="M32 8v9"/><path d="M18 25c0-9 28-9 28 0"/><path d="M14 31c-4 10 0 23 10 25h16c10-2 14-15 10-25"/>
<path d="M24 34v.5M40 34v.5"/><path d="M24 45c4 4 12 4 16 0"/><path d="M32 38v4"/></g></svg>"""


@cache
def shipped() -> str:
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")


@cache
def html(language: str) -> str:
    """The shell for a reader of this language."""
    text = shipped().replace('<html lang="en">', f'<html lang="{language}">', 1)
    head = markup.render("server/shell_head.html.j2", language, shared=words.shared(language), style=STYLE)
    text = text.replace("<title>Streamlit</title>", head, 1)
    text = re.sub(
        r'<link rel="shortcut icon"[^>]*>', f'<link rel="icon" type="image/svg+xml" href="{plain.MARK}" />', text
    )
    text = re.sub(r'<link rel="service-desc"[^>]*>', "", text)
    text = text.replace('<div id="root">', f'{markup.render("frame/shell.html.j2", language)}<div id="root">', 1)
    without = translation.translate("Haetae needs JavaScript. Switch it on for this address.", language)
    return re.sub(
        r"<noscript>.*?</noscript>", f"<noscript>{markup.paragraph(without)}</noscript>", text, flags=re.DOTALL
    )


@cache
def script_hashes() -> tuple[str, ...]:
    """`'sha256-…'` of each inline script of the shell, shipped or ours."""
    inline = re.findall(
        r"<script>(.*?)</script>", shipped() + "".join(map(html, translation.LANGUAGES)), flags=re.DOTALL
    )
    digests = (hashlib.sha256(script.encode()).digest() for script in dict.fromkeys(inline))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


async def _page(request: Request) -> Response:
    return HTMLResponse(html(translation.language_of(request.cookies)))


async def _home(request: Request) -> Response:
    """Streamlit knows the first screen by / alone, and would say that there is no such page."""
    return RedirectResponse(request.url.replace(scheme="", netloc="", path="/"), 303)


async def _unknown(request: Request) -> Response:
    language = translation.language_of(request.cookies)
    title = translation.translate("There is no such page", language)
    body = markup.render("server/unknown.html.j2", language, title=title)
    return plain.page(language, body, title=title, status=404)


async def _style(_: Request) -> Response:
    return FileResponse(component.ASSETS / "field.css", media_type="text/css")


async def _alive(_: Request) -> Response:
    return JSONResponse({"server": words.SERVER})


async def _entrance(_: Request) -> Response:
    return FileResponse(markup.TEMPLATES / "server" / "entrance.js", media_type="text/javascript")


async def _mark(_: Request) -> Response:
    return Response(_MARK_SVG, media_type="image/svg+xml")


FRAME = (
    Route("/", _page),
    Route(plain.MARK, _mark),
    Route(STYLE, _style),
    Route(ALIVE, _alive),
    Route("/{page}", _unknown),
)
"""Where there is one screen only."""
ROUTES = (
    Route("/home", _home),
    *(Route(f"/{name}", _page) for name in screens.SCREENS if name != "home"),
    Route(ENTRANCE, _entrance),
    *FRAME,
)
