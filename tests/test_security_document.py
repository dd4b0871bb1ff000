"""docs/security.md says what is so: every requirement once, every test that it names is there, every limit is the one set."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (yes|partly|site|n/a) \| (.+?) \| (.+?) \|$", re.MULTILINE)
LIMIT = re.compile(r"^\| .+? \| (\d+)( MiB| MB| h| s)? \| `([a-z_.]+)\.([A-Z_]+)` \|$", re.MULTILINE)
UNITS = {"": 1, " MiB": 2**20, " MB": 10**6, " h": 3600, " s": 1}
LEVELS = {"1": 70, "2": 183}
"""How many requirements ASVS 5.0.0 has of each."""


@cache
def _names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_requirement_of_levels_one_and_two_stands_there_once_and_in_order() -> None:
    numbers = [tuple(map(int, number.split("."))) for number, *_ in ROW.findall(TEXT)]
    assert numbers == sorted(set(numbers))
    assert Counter(level for _, level, *_ in ROW.findall(TEXT)) == LEVELS


def test_how_many_are_met_is_counted_from_the_rows() -> None:
    states = Counter(state for _, _, state, *_ in ROW.findall(TEXT))
    stated = re.search(r"(\d+) are met, (\d+) partly, (\d+) are up to the site, and (\d+) ask", TEXT)
    assert stated is not None
    assert [states[state] for state in ("yes", "partly", "site", "n/a")] == [int(count) for count in stated.groups()]


@pytest.mark.slow
def test_every_test_that_is_named_is_there() -> None:
    for number, _, state, how, shown in ROW.findall(TEXT):
        assert len(how) > 4, number
        named = re.findall(r"`([a-z_/]+\.py)::(test_[a-z0-9_]+|\*)`", shown)
        assert len(named) == shown.count("`") // 2, f"{number}: {shown}"
        for file, name in named:
            assert (ROOT / "tests" / file).is_file(), f"{number}: {file}"
            assert _names_in(file) if name == "*" else name in _names_in(file), f"{number}: {file}::{name}"
        if state == "yes" and not named:
            assert re.search("section|UTC|browsers|home folder", how), f"{number}: say what shows it"


def test_every_limit_that_is_stated_is_the_one_that_is_set() -> None:
    limits = LIMIT.findall(TEXT)
    assert len(limits) == TEXT.split("## Limits")[1].split("## Connections")[0].count("\n| ") - 1
    for value, unit, module, name in limits:
        there = getattr(importlib.import_module(module), name)
        seconds = there.total_seconds() if isinstance(there, timedelta) else there
        assert seconds == int(value) * UNITS[unit], f"{module}.{name}"


def test_every_section_that_is_referred_to_is_there() -> None:
    for section in re.findall(r"section ([A-Z][a-z-]+)", TEXT):
        assert f"\n## {section}\n" in TEXT


def test_time_frames_for_repairs_are_stated() -> None:
    security = (ROOT / "SECURITY.md").read_text("utf-8")
    assert re.search(r"within (three|two|\d+) days", security) and "pip-audit" in security
