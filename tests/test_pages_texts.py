"""Texts and habits of the screens, read from their source: translated, keyed, no act that unwinds a transaction."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from exports.words.labels import labels
from pages._frame import screens, shared, translation
from tests import sources

FOLDER = Path(translation.__file__).parents[1]
TEMPLATES = sorted(FOLDER.rglob("*.j2"))
ONE, MANY = {"_", "say", "translate"}, {"many", "translate_many"}
WIDGETS = {
    "button", "checkbox", "date_input", "expander_button", "file_uploader", "form_submit_button", "multiselect", "number_input",
    "pagination", "plotly_chart", "radio", "selectbox", "text_area", "text_input", "toggle", "uploader",
}  # fmt: skip
UNWINDING = {"rerun", "stop", "switch_page", "current_actor"}
HANGUL = re.compile("[가-힣]")


@cache
def trees() -> dict[str, ast.Module]:
    """File of the screens → its source, read by the first test that asks."""
    return {str(path.relative_to(FOLDER)): sources.tree(path) for path in sources.files("pages")}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield name, node


def texts(node: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def messages() -> set[str]:
    """Every interface text in the source and the templates; of two for a count, the first."""
    found = set()
    for tree in trees().values():
        for name, call in calls(tree):
            if name in ONE | MANY and call.args and isinstance(call.args[0], ast.Constant | ast.IfExp):
                found |= set(texts(call.args[0]))
    for template in TEMPLATES:
        with template.open("rb") as file:
            asked = [message for _, _, message, _ in babel_extract(file, ["_"], (), {})]
            found |= {one if isinstance(one, str) else str(one[0]) for one in asked}  # several: one with values
    return found


def catalogue(language: str) -> Catalog:
    with (translation.CATALOGUES / language / "LC_MESSAGES" / "haetae.po").open("rb") as file:
        return read_po(file, locale=language)


def entries(language: str) -> dict[str, str]:
    """Message → translation; of those for a count, the first."""
    found = {}
    for message in catalogue(language):
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            found[name] = message.string if isinstance(message.string, str) else message.string[0]
    return found


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# --- texts ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_interface_text_has_a_korean_translation() -> None:
    korean = entries("ko")
    assert {one for one in messages() if not korean.get(one)} == set()


@pytest.mark.slow
@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_no_translation_is_left_of_a_text_that_is_gone(language: str) -> None:
    assert set(entries(language)) - messages() == set()


def test_a_translation_fills_in_the_same_values() -> None:
    for english, korean in entries("ko").items():
        assert names(korean) <= names(english) | {"count"}, english
        assert names(english) - {"count"} <= names(korean), english


def test_korean_translations_are_korean_and_messages_english() -> None:
    for english, korean in entries("ko").items():
        assert not HANGUL.search(english), english
        assert HANGUL.search(korean) or not re.search("[A-Za-z]{4}", english), english


@pytest.mark.slow
def test_no_text_is_shown_that_stands_outside_the_catalogues() -> None:
    """Korean in the source would be seen by English readers too."""
    for file, tree in trees().items():
        for text in texts(tree):
            assert not HANGUL.search(text), (file, text)


@pytest.mark.slow
def test_every_fixed_word_that_a_screen_asks_for_is_there() -> None:
    known = labels()
    for file, tree in trees().items():
        for name, call in calls(tree):
            if name == "word" and call.args and isinstance(call.args[0], ast.Constant):
                assert call.args[0].value in known, (file, call.args[0].value)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1. 범위", "1\\. 범위"),
        ("5~10%, 6~9%", "5\\~10%, 6\\~9%"),
        ("![그림](http://x/a.png)", "!\\[그림\\](http\\://x/a.png)"),
        ("# 큰 글", "\\# 큰 글"),
        (":red[x]", "\\:red\\[x\\]"),
        ("하나\n 둘", "하나 둘"),
        ("평가 (2판): a-b c.d", "평가 (2판): a-b c.d"),
    ],
)
def test_a_label_means_its_signs_and_nothing_else(given: str, shown: str) -> None:
    assert shared.literal(given) == shown


# --- habits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", screens.SCREENS)
def test_the_first_statement_of_a_page_asks_who_is_there(page: str) -> None:
    statements = [one for one in trees()[f"{page}.py"].body if not _is_preamble(one)]
    assert ast.unparse(statements[0]) == "actor = shared.acting()"


def test_whom_a_run_began_for_is_looked_up_before_any_screen_is_drawn() -> None:
    lines = ast.unparse(trees()["main.py"]).splitlines()
    assert lines.index("actor = shared.current_actor()") < next(
        n for n, line in enumerate(lines) if "screen.run()" in line
    )


@pytest.mark.slow
def test_nothing_is_drawn_in_a_popover_which_keys_do_not_reach_in_order() -> None:
    """Streamlit draws what is in it at the end of the page, away from the button that opens it."""
    assert [file for file, tree in trees().items() for name, _ in calls(tree) if name == "popover"] == []


@pytest.mark.slow
def test_every_widget_has_a_key() -> None:
    for file, tree in trees().items():
        for name, call in calls(tree):
            is_screen = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in (
                "st",
                "first",
                "second",
            )
            if name in WIDGETS and is_screen:
                assert any(one.arg == "key" or one.arg is None for one in call.keywords), (file, call.lineno, name)


@pytest.mark.slow
def test_nothing_unwinds_a_transaction() -> None:
    found = 0
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.With) and any("database.transaction" in ast.unparse(one) for one in node.items):
                found += 1
                inside = {name for statement in node.body for name, _ in calls(statement)}
                assert not inside & UNWINDING, (file, node.lineno)
    assert found


def test_no_module_of_the_screens_keeps_anything_that_changes() -> None:
    for file, tree in trees().items():
        for statement in tree.body:
            if (
                isinstance(statement, ast.Assign | ast.AnnAssign)
                and f"{file.removesuffix('.py')}" not in screens.SCREENS
            ):
                value = statement.value
                assert not isinstance(value, ast.List | ast.Set | ast.ListComp), (file, statement.lineno)


@pytest.mark.slow
def test_no_file_is_handed_out_by_a_link_of_streamlit() -> None:
    for file, tree in trees().items():
        assert not {"download_button", "image", "link_button"} & {name for name, _ in calls(tree)}, file


def _is_preamble(statement: ast.stmt) -> bool:
    """Docstring, imports, constants, functions."""
    is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    is_constant = isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]).isupper()
    return is_docstring or is_constant or isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef)
