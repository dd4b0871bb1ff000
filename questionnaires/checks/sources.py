"""Sources that are named but not declared, or declared but never named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.strict_yaml import Path


def find_problems(checked: Checked) -> Iterator[Problem]:
    declared = set(checked.questionnaire.sources)
    used = set()
    for path, name in named_sources(checked.parsed.data):
        used.add(name)
        if name not in declared:
            what = f"the source {name} is not declared."
            yield checked.problem(path, what, "Declare it under `sources:`, or correct the name.")
    for name in sorted(declared - used):
        yield checked.problem(("sources", name), f"the source {name} is used nowhere.", "Use it or remove it.")


def named_sources(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every `source:` of a file's plain content, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "source" and isinstance(value, str):
                yield (*path, key), value
            elif not (key == "sources" and not path):
                yield from named_sources(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from named_sources(value, (*path, place))
