"""Texts in the wrong language: English may hold Hangul only inside 「」 or brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.strict_yaml import Path

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_QUOTED = re.compile(r"「[^「」]*」|\([^()]*\)|\[[^\[\]]*\]")


def find_problems(checked: Checked) -> Iterator[Problem]:
    for path, text in _texts(checked.parsed.data, ()):
        ko, en = text["ko"], text["en"]
        if _HANGUL.search(_QUOTED.sub("", en)):
            what = f"the English text holds Hangul outside 「」 or brackets: '{_short(en)}'."
            yield checked.problem((*path, "en"), what, "Translate it, or put the Korean term in 「」 or brackets.")
        if ko.strip() == en.strip() and re.search(r"[A-Za-z]{3}.*\s.*[A-Za-z]{3}", en):
            what = f"the Korean text is the English one: '{_short(en)}'."
            yield checked.problem((*path, "ko"), what, "Translate it.")


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
