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
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pages._frame import markup, plain, screens, translation

_SCRIPT = """
(function () {
  // A socket that the server closes because the session has ended leads to the entrance, not to a dead screen.
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", function (event) {
        if (event.code === 4401) {
          window.location.href = "/enter?to=" + encodeURIComponent(window.location.pathname + window.location.search);
        }
      });
    }
  };
  // A text reaches the server when its field is left. Whoever stops typing, or goes away, has not left it: send it then too.
  // Not while a Korean syllable is being put together, and only in answers, never in a form.
  let typed = null, composing = false, pause = 0;
  function send() {
    window.clearTimeout(pause);
    if (typed && !composing) {
      typed.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true}));
      typed = null;
    }
  }
  // What is sent while a page goes away may never leave it. So the words wait in this tab until the same page is drawn again.
  const BOX = '[class*="st-key-a"][class*="-box"]', KEPT = "haetae-last-words";
  function keep() {
    if (typed) {
      const box = typed.closest(BOX);
      const name = Array.from(box.classList).find(function (one) { return one.startsWith("st-key-a"); });
      const place = Array.from(box.querySelectorAll("textarea")).indexOf(typed);
      window.sessionStorage.setItem(KEPT, JSON.stringify({at: window.location.href, name, place, words: typed.value}));
    }
  }
  function restore() {
    const kept = JSON.parse(window.sessionStorage.getItem(KEPT) || "null");
    window.sessionStorage.removeItem(KEPT);
    if (!kept || kept.at !== window.location.href) { return; }
    const watch = new MutationObserver(function () {
      const box = document.getElementsByClassName(kept.name)[0];
      const field = box && box.querySelectorAll("textarea")[kept.place];
      if (!field) { return; }
      watch.disconnect();
      if (field.value !== kept.words && !field.disabled) {
        field.focus({preventScroll: true});
        field.select();
        document.execCommand("insertText", false, kept.words);
      }
    });
    watch.observe(document, {childList: true, subtree: true});
  }
  restore();
  function later(event) {
    const field = event.target;
    if (field instanceof HTMLTextAreaElement && field.closest(BOX)) {
      typed = field;
      window.clearTimeout(pause);
      pause = window.setTimeout(send, 8000);
    }
  }
  document.addEventListener("input", later);
  document.addEventListener("compositionstart", function () { composing = true; });
  document.addEventListener("compositionend", function (event) { composing = false; later(event); });
  document.addEventListener("focusout", function () { typed = null; });
  window.addEventListener("beforeunload", function () {
    composing = false;
    keep();
    send();
  });
  document.addEventListener("visibilitychange", function () { if (document.hidden) { send(); } });
})();
"""
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
    text = text.replace("<title>Streamlit</title>", f"<title>Haetae</title>\n    <script>{_SCRIPT}</script>", 1)
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
    inline = re.findall(r"<script>(.*?)</script>", shipped() + html("ko"), flags=re.DOTALL)
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


async def _mark(_: Request) -> Response:
    return Response(_MARK_SVG, media_type="image/svg+xml")


ROUTES = (
    Route("/", _page),
    Route("/home", _home),
    *(Route(f"/{name}", _page) for name in screens.SCREENS if name != "home"),
    Route(plain.MARK, _mark),
    Route("/{page}", _unknown),
)
