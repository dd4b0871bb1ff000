"""What every command needs: exit codes (a contract), languages of a report, and the only way to the terminal.

tell, complain, tell_in_place and print_json show what they are given on one line, whatever characters it holds (questionnaires.legible).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Literal

import typer

from questionnaires.legible import folded, legible, legible_json, legible_line


class Exit(IntEnum):
    """0 done or passed · 1 the thing examined is bad · 2 usage or unreadable input · 3 indeterminate · 4 refused."""

    DONE = 0
    BAD = 1
    INPUT = 2
    INDETERMINATE = 3
    REFUSED = 4


FAULT = 70
"""The program itself is at fault; none of the codes above, for it says nothing about what was examined."""


class ReportLanguage(StrEnum):
    """Values of `--language`."""

    KOREAN = "ko"
    ENGLISH = "en"
    BOTH = "both"


def tell(line: object = "", *, to_error: bool = False) -> None:
    """One line to standard output; what is on several lines takes several calls."""
    typer.echo(legible_line(line), err=to_error)


def tell_folded(line: object, indent: int) -> None:
    """Like `tell`, wrapped with indentation on a terminal; files and pipes get a single line."""
    if not sys.stdout.isatty():
        tell(line)
        return
    for row in folded(legible_line(line), shutil.get_terminal_size().columns, indent):
        tell(row)


def complain(line: object) -> None:
    """One line to standard error."""
    tell(line, to_error=True)


def tell_in_place(line: object = "") -> None:
    """How far something is, on a terminal that somebody watches: over the last such line. Nothing: that line goes."""
    typer.echo("\r\x1b[K" + legible_line(line), nl=False, err=True)


def print_text(text: str) -> None:
    """A text of several lines that this program wrote itself, such as a template or a certificate."""
    typer.echo("".join(legible_line(line) + "\n" for line in text.split("\n")).removesuffix("\n"), nl=False)


def print_json(data: Any) -> None:
    typer.echo(legible_json(data, indent=2))


@contextmanager
def errors_told(language: Literal["ko", "en", "both"] = "en") -> Iterator[None]:
    """Turns what can be expected to go wrong into a sentence and an exit code.

    language: where the command has a choice; of both, English.
    """
    try:
        yield
    except Exception as error:
        code = _report(error, "ko" if language == "ko" else "en")
        if code is None:
            raise
        raise typer.Exit(code) from None


_OF_FILES = (
    (FileNotFoundError, "file_absent"),
    (PermissionError, "file_forbidden"),
    (IsADirectoryError, "file_is_folder"),
)


def _report(error: Exception, language: str) -> Exit | None:
    """Report an expected error. None: unexpected. Imports the errors late, since most commands never need them."""
    from assessments.errors import AssessmentError, NewerDatabaseError, NotAllowedError, StaleAssessmentError
    from questionnaires.problems import COMMON, InvalidFileError

    match error:
        case InvalidFileError():
            for problem in error.problems:
                complain(problem.sentence(language))
            count = len(error.problems)
            complain(COMMON.text("found" if count > 1 else "found_one", count=count)[language])
            return Exit.INPUT
        case OSError():
            file = legible(str(error.filename or COMMON.text("a_file")[language]))
            key = next((key for kind, key in _OF_FILES if isinstance(error, kind)), "file_unusable")
            complain(COMMON.text(key, file=file, why=error.strerror or error)[language])
            return Exit.INPUT
        case NotAllowedError() | StaleAssessmentError() | NewerDatabaseError():
            complain(error.text[language])
            return Exit.REFUSED
        case AssessmentError():
            complain(error.text[language])
            return Exit.INPUT
        case _:
            return _report_damage(language)


def _report_damage(language: str) -> Exit | None:
    """Report a damaged database, whose content can cause any error. None: the database is not damaged."""
    database = sys.modules.get("assessments.storage.database")
    if database is None or not database.is_damaged():
        return None
    from assessments.storage.failures import damaged

    complain(damaged().text[language])
    return Exit.INPUT


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Name → content, each written whole or not at all; everything was made before anything is written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        draft = folder / (name + ".part")
        draft.write_bytes(content)
        os.replace(draft, folder / name)
