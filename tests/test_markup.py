"""HTML comes from templates that escape, never from strings of Python; and what a template is given stays text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from pages._frame import markup

ROOT = Path(__file__).parents[1]
FILES = sorted(path for room in ("pages", "commands", "exports") for path in (ROOT / room).rglob("*.py"))
SOURCES = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in [*FILES, ROOT / "app.py"]}
ROOMS = ("pages/", "commands/", "exports/", "app.py")
MARK_UP = re.compile(r"</?[a-z][a-z0-9-]*(?=[\s>/])|<!(?=[-D])", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\b")
OPEN_END = re.compile(r"</?$")
ALLOWED = {
    "pages/_server/shell.py": "alters the page that Streamlit ships, and holds the mark as SVG",
    "pages/_parts/charts.py": "Plotly's own labels: <br> and <extra>",
    "pages/_parts/portfolio_charts.py": "Plotly's own labels: <extra>",
    "pages/_log/charts.py": "Plotly's own labels: <br> and <extra>",
    "exports/report/charts.py": "SVG drawn from figures",
    "exports/report/log_charts.py": "SVG drawn from figures",
    "exports/report/route.py": "SVG drawn from figures",
    "exports/forms/markdown.py": "Markdown knows no other line break in a cell than <br>",
}
"""File → why it may hold markup in a string."""
MAKES_MARKUP = "pages/_frame/markup.py"


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def strings_with_markup(source: str) -> Iterator[str]:
    """Parts of f-strings, formats and plain strings alike; docstrings are prose."""
    prose = {
        id(node.value) for node in nodes(source) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes(source):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in prose else None
        if isinstance(text, str) and MARK_UP.search(text):
            yield f"{text!r}"
        if isinstance(node, ast.JoinedStr):  # <{tag}>
            parts = [one.value if isinstance(one, ast.Constant) else None for one in node.values]
            for before, after in zip(parts, parts[2:], strict=False):
                if before and after and OPEN_END.search(before) and after[:1] in (">", " ", "/"):
                    yield f"{before!r} … {after!r}"


def unescaped(source: str) -> Iterator[str]:
    """What would make text safe without a template: html.escape, Markup of something, Streamlit's own drawing of HTML.

    A module or a function under another name than its own would hide it, and is named too.
    """
    for node in nodes(source):
        if isinstance(node, ast.ImportFrom):
            taken = {(node.module or "", one.name, one.asname) for one in node.names}
        elif isinstance(node, ast.Import):
            taken = {(one.name, "", one.asname) for one in node.names}
        else:
            taken = set()
        for module, name, alias in taken:
            top = module.partition(".")[0]
            is_known = (module, name, alias) in {
                ("streamlit", "", "st"),
                ("streamlit", "", None),
                ("markupsafe", "Markup", None),
            }
            is_asked = name == "" or name in {"components", "v1", "html", "iframe", "Markup"}
            if top == "html" or (top in {"streamlit", "markupsafe"} and is_asked and not is_known):
                yield f"line {node.lineno}: {module} {name}"
        if isinstance(node, ast.Call):
            name = re.sub("^streamlit[.]", "st.", ast.unparse(node.func))
            is_styles = name == "st.html" and ast.unparse(node.args[0]) == "STYLE"
            is_script = name == "st.components.v2.component" and {one.arg for one in node.keywords} <= {
                "js",
                "isolate_styles",
            }
            is_raw = name in {"Markup", "st.html", "st.iframe"} or name.startswith("st.components.")
            if is_raw and not is_styles and not is_script:
                yield f"line {node.lineno}: {name}"
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            yield "unsafe_allow_html"
        if isinstance(node, ast.Constant) and node.value == "unsafe_allow_html":
            yield f"line {node.lineno}: unsafe_allow_html"


def sources(room: str) -> dict[str, str]:
    return {file: source for file, source in SOURCES.items() if file.startswith(room)}


@pytest.mark.first_in_check
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.slow
def test_no_string_of_the_source_holds_markup(room: str) -> None:
    strings = {file: list(strings_with_markup(source)) for file, source in sources(room).items() if file not in ALLOWED}
    assert len(strings) >= 1 and not {file: held for file, held in strings.items() if held}


def test_no_template_lets_text_through_unescaped() -> None:
    templates = sorted(path for room in ("pages", "exports") for path in (ROOT / room).rglob("*.j2"))
    assert len(templates) > 50
    found = [path.name for path in templates if UNESCAPED.search(path.read_text("utf-8"))]
    assert found == []


ENVIRONMENTS = {
    "pages/_frame/markup.py",
    "exports/printing/document.py",
    "exports/forms/bundle.py",
    "exports/forms/hwpx.py",
}
"""Where templates are read."""


def test_templates_are_read_by_environments_that_escape() -> None:
    found = {name for name, source in SOURCES.items() if re.search("^(from|import) jinja2", source, re.MULTILINE)}
    assert found == ENVIRONMENTS
    for name in ENVIRONMENTS:
        calls = [one for one in ast.walk(ast.parse(SOURCES[name])) if isinstance(one, ast.Call)]
        made = [one for one in calls if ast.unparse(one.func) == "Environment"]
        assert made and not [one for one in calls if ast.unparse(one.func) == "Template"]
        assert all("autoescape=True" in ast.unparse(one) for one in made), name


@pytest.mark.parametrize("text", ["{{ a|safe }}", "{{ a | safe }}", "{% autoescape false %}", "{%- autoescape x %}"])
def test_every_way_around_the_escape_of_a_template_is_found(text: str) -> None:
    assert UNESCAPED.search(text)


@pytest.mark.parametrize("file", ALLOWED)
def test_an_exception_is_still_needed(file: str) -> None:
    assert list(strings_with_markup(SOURCES[file]))


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.slow
def test_only_the_module_of_markup_says_what_is_safe(room: str) -> None:
    made = {file: list(unescaped(source)) for file, source in sources(room).items() if file != MAKES_MARKUP}
    assert len(made) >= 1 and not {file: calls for file, calls in made.items() if calls}


@pytest.mark.parametrize(
    "source",
    [
        'f"<p>{text}</p>"',
        "f'<td data-head=\"{name}\">'",
        '"<b>%s</b>" % text',
        '"<li>{}</li>".format(text)',
        '"<ul>" + rows',
        '"</dd>".join(rows)',
        '"<br>".join(rows)',
        'f"<!DOCTYPE html>{body}"',
        'f"<{tag}>{text}</p>"',
        'f"<{tag} id=1"',
        'f"{a}</{tag}>"',
        'f"<A HREF={a}>"',
    ],
)
def test_every_way_of_building_markup_is_found(source: str) -> None:
    assert list(strings_with_markup(source))


@pytest.mark.parametrize("source", ['f"{a} < {b}"', '"p < 0.001"', 'f"<U+{sign:04X}>"', '"a <b"', '"List<str>"'])
def test_a_sign_for_less_is_no_markup(source: str) -> None:
    assert not list(strings_with_markup(source))


@pytest.mark.parametrize(
    "source",
    [
        "from html import escape",
        "import html",
        "Markup(text)",
        "st.html(text)",
        "st.markdown(text, unsafe_allow_html=True)",
        'st.markdown(text, **{"unsafe_allow_html": True})',
        "from streamlit import html",
        "streamlit.html(text)",
        "import streamlit.components.v1 as components",
        "from streamlit.components import v1",
        "from markupsafe import Markup as M",
        "import markupsafe",
        "st.components.v1.html(text)",
    ],
)
def test_every_way_around_the_templates_is_found(source: str) -> None:
    assert list(unescaped(source))


# --- what the elements do ------------------------------------------------------------------------------------

HOSTILE = "<script>'\"&</script>"
SHOWN = "&lt;script&gt;&#39;&#34;&amp;&lt;/script&gt;"


@pytest.mark.parametrize(
    "made",
    [
        markup.h2(HOSTILE, HOSTILE),
        markup.paragraph(HOSTILE, HOSTILE),
        markup.link(HOSTILE, HOSTILE),
        markup.code(HOSTILE, HOSTILE),
        markup.tag(HOSTILE, HOSTILE),
        markup.items([HOSTILE]),
        markup.definitions([(HOSTILE, HOSTILE)], HOSTILE),
        markup.measured(HOSTILE, HOSTILE),
        markup.free_text(HOSTILE),
        markup.lines([HOSTILE, HOSTILE]),
        markup.notice("bad", HOSTILE),
        markup.table([HOSTILE], [[HOSTILE]], HOSTILE, HOSTILE),
        markup.joined([HOSTILE], HOSTILE),
        markup.h2("a") + HOSTILE,
    ],
)
def test_what_an_element_is_given_stays_text(made: Markup) -> None:
    assert SHOWN in made
    assert "<script" not in made


def test_what_is_markup_already_is_not_escaped_again() -> None:
    assert markup.items([markup.bold("a")]) == "<ul><li><b>a</b></li></ul>"


def test_a_sentence_shows_what_a_reader_cannot_see() -> None:
    assert "&lt;U+202E&gt;" in markup.notice("note", "a\u202eb")


def test_a_value_that_a_template_lacks_is_no_empty_text() -> None:
    with pytest.raises(UndefinedError):
        markup.render("frame/title.html.j2", "ko", text="a")


def test_a_row_has_a_cell_for_each_head() -> None:
    with pytest.raises(ValueError, match="argument"):
        markup.table(["a", "b"], [["1"]])


def test_a_table_with_a_column_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="no title"):
        markup.table(("No.", " "), [("1", "x")])
