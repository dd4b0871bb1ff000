"""Texts in the wrong language, and questions that a report could only print as a demand on its reader.

English may hold Hangul only inside 「」 or brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.strict_yaml import Path

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_QUOTED = re.compile(r"「[^「」]*」|\([^()]*\)|\[[^\[\]]*\]")
_DEMAND = "\uc2ed\uc2dc\uc624"
"""What ends a Korean sentence that asks its reader to do something."""


def find_problems(checked: Checked) -> Iterator[Problem]:
    for path, text in _texts(checked.parsed.data, ()):
        ko, en = text["ko"], text["en"]
        if _HANGUL.search(_QUOTED.sub("", en)):
            what = f"the English text holds Hangul outside 「」 or brackets: '{_short(en)}'."
            yield checked.problem((*path, "en"), what, "Translate it, or put the Korean term in 「」 or brackets.")
        if ko.strip() == en.strip() and re.search(r"[A-Za-z]{3}.*\s.*[A-Za-z]{3}", en):
            what = f"the Korean text is the English one: '{_short(en)}'."
            yield checked.problem((*path, "ko"), what, "Translate it.")
    yield from _demands(checked)


def _demands(checked: Checked) -> Iterator[Problem]:
    """Questions that say what to write or to choose, and have no heading of their own for the report."""
    for path, question in checked.questions:
        if _DEMAND in question.text.ko and question.heading is None:
            what = f"'{question.id}' tells whoever answers what to write or choose, and a report would print that."
            yield checked.problem((*path, "text"), what, "Add a 'heading' that names what is asked.")


def _texts(data: Any, path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    if isinstance(data, dict):
        if set(data) == {"ko", "en"}:
            yield path, data
        else:
            for key, value in data.items():
                yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _texts(value, (*path, place))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
