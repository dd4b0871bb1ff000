"""Safe HTML: templates with autoescape, and the small elements that make up the screens, as functions.

Arguments are text and are escaped, unless they are `Markup`, which only these functions create. `show` draws it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, cast

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from pages._frame import translation
from questionnaires.legible import legible_line

TEMPLATES = Path(__file__).parents[1] / "templates"
NOTHING = Markup()
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~$|]|:(?=[A-Za-z_/])|^[#+=-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
Width = Literal["stretch", "content"]


def show(html: Markup, *, width: Width = "stretch") -> None:
    """Draw the markup on the screen; where there is none, nothing."""
    if html:
        st.html(html, width=width)


def render(template: str, language: str, **values: object) -> Markup:
    """Render a template from `templates/`; there `_` translates, and the elements below are available."""

    def say(message: str, **named: object) -> str:
        return translation.translate(message, language, **named)

    return Markup(_templates().get_template(template).render(_=say, language=language, **values))  # noqa: S704 - escaped by the template


def quoted(text: str) -> str:
    """A sentence that may quote a file or a name: on one line, without invisible characters."""
    return legible_line(" ".join(text.splitlines()))


def literal(text: str) -> str:
    """Escape text for a widget label, which is read as Markdown, so that every character is shown literally."""
    return _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", " ".join(text.split())))


# --- elements ----------------------------------------------------------------------------------------


def h2(text: str, id: str = "", kind: str = "") -> Markup:
    return _element("heading", 2, text, id, kind)


def h3(text: str) -> Markup:
    return _element("heading", 3, text)


def h4(text: str) -> Markup:
    return _element("heading", 4, text)


def paragraph(text: str, kind: str = "") -> Markup:
    return _element("paragraph", text, kind)


def quiet(text: str) -> Markup:
    """A de-emphasised paragraph, such as a note or a condition."""
    return _element("paragraph", text, "h-quiet")


def empty(text: str) -> Markup:
    """A placeholder paragraph for empty content."""
    return _element("paragraph", text, "h-empty")


def aside(text: str) -> Markup:
    """De-emphasised words within a line."""
    return _element("span", text, "h-quiet")


def span(text: str, kind: str) -> Markup:
    return _element("span", text, kind)


def block(content: str, kind: str = "", id: str = "") -> Markup:
    return _element("block", content, kind, id)


def bold(text: str) -> Markup:
    return _element("bold", text)


def measured(figure: str, reach: str) -> Markup:
    """A figure with its confidence interval."""
    return _element("measured", figure, reach)


def code(text: str, title: str = "") -> Markup:
    return _element("code", text, title)


def link(address: str, text: str, kind: str = "") -> Markup:
    return _element("link", address, text, kind)


def tag(text: str, kind: str = "") -> Markup:
    """A status badge; its colour never carries meaning alone."""
    return _element("tag", text, kind)


def tags(*tags: Markup) -> Markup:
    return _element("tags", tags)


def foreign(text: str, language: str) -> Markup:
    """Words in another language than the page's, so that they are read aloud in theirs."""
    return _element("foreign", text, language)


def short(text: str) -> Markup:
    """Text that does not wrap."""
    return _element("span", text, "h-short")


def free_text(text: str) -> Markup:
    """User-written text; line breaks are preserved."""
    return _element("written", text)


def items(texts: Iterable[str], kind: str = "") -> Markup:
    """A list; empty markup if there are no items."""
    return _element("items", tuple(texts), kind)


def definitions(pairs: Iterable[tuple[str, str]], kind: str) -> Markup:
    """A definition list of names and values."""
    return _element("definitions", tuple(pairs), kind)


def card(content: Markup, kind: str = "") -> Markup:
    return _element("card", content, kind)


def folded(summary: str, content: Markup, *, is_open: bool = False) -> Markup:
    """A disclosure that opens in the browser, without the server."""
    return _element("folded", summary, content, is_open)


def notice(kind: str, sentence: str, more: Markup = NOTHING) -> Markup:
    """A notice. kind: good, bad, note. more: content below the sentence."""
    return _element("notice", kind, quoted(sentence), more)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", kind: str = "") -> Markup:
    """A table that turns into a list on narrow screens, where each cell stands behind the title of its column.

    Raises: ValueError: a column has no title; whoever hears the table would not know what its cells are.
    """
    if not all(title.strip() for title in head):
        raise ValueError(f"A column of a table has no title: {list(head)}")
    cells = [tuple(zip(head, row, strict=True)) for row in rows]
    return _element("table", head, cells, caption, kind)


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Concatenation of the parts."""
    return escape(between).join(parts)


def lines(texts: Iterable[str]) -> Markup:
    """The parts, each on its own line."""
    return _element("lines", tuple(texts))


def _element(name: str, *values: object) -> Markup:
    return cast(Callable[..., Markup], getattr(_elements(), name))(*values)


@cache
def _elements() -> TemplateModule:
    return _environment().get_template("elements.html.j2").module


@cache
def _templates() -> Environment:
    """Template environment that offers the elements to every template."""
    environment = _environment()
    environment.globals.update({name: macro for name, macro in vars(_elements()).items() if not name.startswith("_")})
    return environment


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )
    environment.filters["quoted"] = quoted
    environment.filters["legible"] = legible_line
    return environment
