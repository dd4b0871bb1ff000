"""Plain HTML pages without scripts: the layout shared by /enter, /leave and error pages."""

from __future__ import annotations

from babel import Locale
from markupsafe import Markup
from starlette.responses import HTMLResponse

from assessments import network
from pages._frame import markup, translation

MARK = "/mark.svg"
"""SVG path of the emblem."""
NAMES = {language: str(Locale(language).get_display_name(language)) for language in translation.LANGUAGES}


def page(language: str, body: Markup, *, title: str = "", status: int = 200, onward: str = "") -> HTMLResponse:
    """A complete page. onward: where it goes by itself; empty: nowhere."""
    other = next(choice for choice in translation.LANGUAGES if choice != language)
    html = markup.render(
        "frame/page.html.j2",
        language,
        title=f"{title} · Haetae" if title else "Haetae",
        other=other,
        other_name=NAMES[other],
        body=body,
        onward=onward,
    )
    return HTMLResponse(html, status_code=status)


def sentence(language: str, text: str, status: int) -> HTMLResponse:
    """A page with a single sentence, which may quote a file or a name."""
    return page(language, markup.paragraph(markup.quoted(text)), status=status)


def stranger(language: str) -> Markup:
    """The page shown to requests from another computer, under another host name or not over HTTPS."""
    return markup.render(f"frame/{'elsewhere' if network.current().is_open else 'stranger'}.html.j2", language)
