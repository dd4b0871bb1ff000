"""Released editions, as released.sha256 lists them: releases; and what is wrong with that list: find_problems.

A line `# 2026-11-30` says on which day the editions below it were released; each of them is a line as sha256sum writes it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from questionnaires.problems import Problem

LIST = "released.sha256"
_DAY = re.compile(r"# ?(\d{4}-\d{2}-\d{2})\s*")
_RELEASE = re.compile(r"([0-9a-f]{64}) [ *](\S+)\s*")


@dataclass(frozen=True)
class Release:
    """An edition that is never changed any more."""

    file: str
    """`hiring/1.0.yaml`, below the folder of questionnaires."""
    sha256: str
    on: date | None
    """None: no day stands above it."""
    line: int


def releases(folder: Path) -> dict[str, Release]:
    """File → its release, in the order of the list; of a file listed twice, the last."""
    by_file: dict[str, Release] = {}
    on: date | None = None
    for line, row in enumerate(_rows(folder), 1):
        on = _day(row) or on
        if (release := _RELEASE.fullmatch(row)) is not None:
            by_file[release[2]] = Release(release[2], release[1], on, line)
    return by_file


def find_problems(folder: Path) -> Iterator[Problem]:
    """Lines that cannot be read, editions without a day or listed twice, and released files that were changed or are gone."""
    line_by_file: dict[str, int] = {}
    for line, row in enumerate(_rows(folder), 1):
        written = _RELEASE.fullmatch(row)
        if written is not None and written[2] in line_by_file:
            what = f"{written[2]} is listed before, in line {line_by_file[written[2]]}."
            yield Problem(LIST, line, what, "Keep the line of its release, and put what changed into the next version.")
        elif written is not None:
            line_by_file[written[2]] = line
        elif _DAY.fullmatch(row) and _day(row) is None:
            yield Problem(LIST, line, f"'{row}' is no day.", "Write the day of the release: # 2026-11-30")
        elif row.strip() and not row.startswith("#"):
            what = f"'{row}' is no release."
            yield Problem(LIST, line, what, "Write it as sha256sum does: 64 digits, two blanks, the file.")
    for release in releases(folder).values():
        yield from _changed(release, folder / release.file)


def _changed(release: Release, file: Path) -> Iterator[Problem]:
    if release.on is None:
        what = f"{release.file} has no day of release."
        yield Problem(LIST, release.line, what, "Write the day in a line above it: # 2026-11-30")
    if not file.is_file():
        what = f"{release.file} is listed as released but is not there."
        yield Problem(LIST, release.line, what, "Restore the file.")
    elif hashlib.sha256(file.read_bytes()).hexdigest() != release.sha256:
        what = f"{release.file} was changed after its release."
        yield Problem(LIST, release.line, what, "Restore it, and put the change into the next version.")


def _rows(folder: Path) -> list[str]:
    listed = folder / LIST
    return listed.read_text("utf-8").splitlines() if listed.is_file() else []


def _day(row: str) -> date | None:
    written = _DAY.fullmatch(row)
    try:
        return date.fromisoformat(written[1]) if written else None
    except ValueError:
        return None
