"""Columns of the register as a table, and words of their cells: COLUMNS, title, stage_title, role_title, column_of, word_of."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.model import LegalRole, Person, Stage
from questionnaires.vocabulary import Text

REQUIRED: tuple[str, ...] = ("name_ko", "name_en")
"""One of these is there, or the file is no register."""
DAYS: tuple[str, ...] = ("started_on",)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""With these a cell of any table would begin a formula in a spreadsheet: a CSV holds an apostrophe before them, and before further ones,
which reading takes away again."""
NO_HEADINGS = "no_headings"
"""Of the texts, where none of the columns is there."""
DETAILS = ("name_ko", "name_en", "version", "summary_ko", "summary_en", "vendor", "model")
"""Those that are details of a system."""


@cache
def _read() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    read: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return read


def names() -> tuple[str, ...]:
    """Of the columns, in their order."""
    return tuple(_read()["columns"])


def title(column: str) -> Text:
    return _text(_read()["columns"][column])


def stage_title(stage: Stage) -> Text:
    return _text(_read()["stages"][stage])


def role_title(role: LegalRole) -> Text:
    return _text(_read()["roles"][role])


def stages_listed() -> Text:
    return _listed([stage_title(stage) for stage in Stage])


def roles_listed() -> Text:
    return _listed([role_title(role) for role in LegalRole])


def owner_cell(owner: Person) -> str:
    """As it is exported: a name that is read, and an id that is one person's."""
    return f"{owner.name} ({owner.id})"


def _listed(titles: Sequence[Text]) -> Text:
    return Text(ko=", ".join(title.ko for title in titles), en=", ".join(title.en for title in titles))


def column_of(heading: str) -> str | None:
    """None: it names no column of the register."""
    return _keys("columns").get(plain(heading))


def stage_of(word: str) -> Stage | None:
    """None: no stage is called so."""
    key = _keys("stages").get(plain(word))
    return Stage(key) if key else None


def role_of(word: str) -> LegalRole | None:
    """None: no legal role is called so."""
    key = _keys("roles").get(plain(word))
    return LegalRole(key) if key else None


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(ko=entry["ko"], en=entry["en"])


@cache
def _keys(part: str) -> Mapping[str, str]:
    """A word as it is compared → the key that it stands for."""
    return {
        plain(word): key
        for key, entry in _read()[part].items()
        for word in (key, entry["ko"], entry["en"], *entry.get("also", ()))
    }


def plain(word: str) -> str:
    """Without case, blanks and the marks that headings are decorated with."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(character for character in folded if character.isalnum())
