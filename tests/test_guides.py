"""The guides: names of screens are the names that screens show, both languages go the same way, what they point to is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from babel.messages.pofile import read_po
from markupsafe import escape

from commands.main import app
from pages._frame import translation
from tests.office import KIM, LEE
from tests.screens import Visitors

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs" / "guides"
READERS = ("manager", "committee", "regulator", "administrator", "author", "developer")
MOST_WORDS = {"ko": 450, "en": 650}
"""Two pages."""
NAME = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
PLACE = re.compile(r"\\\{\w*\\\}")
FEWEST_SIGNS = 8
"""Outside of the places of a name, so that it is recognised."""


@cache
def texts() -> list[tuple[str, str]]:
    """English and Korean of everything that the frame of the screens says."""
    with (translation.CATALOGUES / "ko" / "LC_MESSAGES" / "haetae.po").open("rb") as file:
        return [(str(message.id), str(message.string)) for message in read_po(file) if isinstance(message.id, str)]


@cache
def named(name: str, language: str) -> frozenset[str]:
    """Which texts a name on a screen can be, by their English."""
    at = ("en", "ko").index(language)
    exact = {both[0] for both in texts() if both[at] == name}
    return frozenset(exact or {both[0] for both in texts() if _fills(both[at], name)})


def _fills(text: str, name: str) -> bool:
    if "{" not in text or len(re.sub(r"\{\w*\}|\s", "", text)) < FEWEST_SIGNS:
        return False
    return re.fullmatch(PLACE.sub(".+", re.escape(text)), name) is not None


def guide(reader: str, language: str) -> str:
    return (GUIDES / f"{reader}.{language}.md").read_text("utf-8")


def test_every_reader_has_a_guide_in_both_languages_and_readme_leads_to_it() -> None:
    names = {f"{reader}.{language}.md" for reader in READERS for language in ("ko", "en")}
    assert {file.name for file in GUIDES.iterdir()} == names
    assert set(re.findall(r"docs/guides/([\w.]+)", (ROOT / "README.md").read_text("utf-8"))) == names


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("reader", READERS)
def test_a_guide_is_short_and_what_it_names_is_there(reader: str, language: str) -> None:
    words = guide(reader, language)
    assert len(words.split()) <= MOST_WORDS[language]
    assert [name for name in NAME.findall(words) if not named(name, language)] == []
    for link in LINK.findall(words):
        assert (GUIDES / link).exists(), link
    for command in re.findall(r"haetae ([a-z][^`\n]*)", words):
        assert is_known(command.split()), command
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", words)) <= targets


@pytest.mark.parametrize("reader", READERS)
def test_both_languages_of_a_guide_name_the_same_in_the_same_order(reader: str) -> None:
    korean, english = (NAME.findall(guide(reader, language)) for language in ("ko", "en"))
    assert len(korean) == len(english)
    differ = [pair for pair in zip(korean, english, strict=True) if not named(pair[0], "ko") & named(pair[1], "en")]
    assert differ == []


def test_a_name_that_no_screen_shows_is_noticed() -> None:
    assert named("Submit revision 1 to the committee", "en")
    assert not named("Send revision 1 to the committee", "en")
    assert not named("Portfolios", "en")


@pytest.mark.slow
def test_the_screen_begins_with_the_guide_for_its_readers_roles_and_leads_to_the_others(visitors: Visitors) -> None:
    first = visitors.sign_in(LEE).open("guide").sound()
    assert f"<h2>{title_of('committee', 'ko')}</h2>" in first.html
    assert all(title_of(reader, "ko") in first.html for reader in READERS)
    assert "guide" in visitors.open("home").sound().html, "the foot of every screen leads to it"


@pytest.mark.first_in_check
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.slow
def test_every_name_is_bold_on_the_screen_too_and_no_sign_of_markdown_is_left(
    visitors: Visitors, language: str
) -> None:
    visitors.sign_in(KIM, language)
    for reader in READERS:
        shown = visitors.open("guide", reader=reader).sound().html
        assert f"<h2>{title_of(reader, language)}</h2>" in shown
        assert [name for name in NAME.findall(guide(reader, language)) if f"<b>{escape(name)}</b>" not in shown] == []
        assert "**" not in shown.partition("h-guide")[2].partition("</section>")[0]


def title_of(reader: str, language: str) -> str:
    return guide(reader, language).splitlines()[0].removeprefix("# ")


def is_known(words: list[str]) -> bool:
    """A command of `haetae` with options that it has."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "get_command"):
        command, *words = command.get_command(typer.Context(command), words[0]), *words[1:]
    if command is None or hasattr(command, "get_command"):
        return False
    options = {option for parameter in command.params for option in parameter.opts}
    return {word for word in words if word.startswith("--")} <= options
