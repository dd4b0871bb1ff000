"""`haetae verify FOLDER --table FILE`: many reports at once, with progress on the terminal. Part of `verify`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from commands._output import Exit, complain, errors_told, tell, tell_in_place
from questionnaires import wording
from questionnaires.legible import legible
from questionnaires.texts import texts_of

if TYPE_CHECKING:
    from exports.collection.run import Progress, Summary

TEXTS = texts_of(__file__)
BROKEN_OFF = 130
"""Exit code of what Ctrl+C ended, as shells have it: not that of a report that failed."""
_ON_A_TERMINAL, _IN_A_LOG = 0.5, 30.0
"""Seconds between two lines of progress."""


def verify_many(
    folder: Path,
    table: Path,
    *,
    trusted: Sequence[bytes],
    stampers: Sequence[bytes],
    revoked: Sequence[bytes],
    language: str,
    is_reprinting: bool,
    is_fresh: bool,
    may_replace: bool,
    cluster: str,
    is_shared: bool,
) -> None:
    """Exits: 0 all passed, 1 some failed, 3 none failed and some are indeterminate, 130 broken off."""
    with errors_told("ko" if language == "ko" else "en"):
        from exports.collection import run
        from exports.collection.examination import Settings

        settings = Settings(trusted, stampers, revoked, is_reprinting=is_reprinting)
        examiner = None
        if cluster:
            from exports.collection.cluster import ClusterExaminer

            examiner = ClusterExaminer(cluster, settings, folder if is_shared else None)
        progress = _Told(language)
        try:
            summary = run.verify_folder(
                folder,
                table,
                settings,
                at=datetime.now(UTC),
                language=language,
                is_fresh=is_fresh,
                may_replace=may_replace,
                examiner=examiner,
                tell=progress.tell,
            )
        except KeyboardInterrupt:
            progress.end()
            complain(TEXTS["broken_off"][language])
            raise typer.Exit(BROKEN_OFF) from None
        finally:
            if examiner is not None:
                examiner.stop()
        progress.end()
    _conclude(summary, folder, language)


def _conclude(summary: Summary, folder: Path, language: str) -> None:
    if not summary.count:
        complain(TEXTS.text("none_there", folder=legible(str(folder)))[language])
        raise typer.Exit(Exit.INPUT)
    from exports.collection.columns import by_id
    from exports.collection.run import TEXTS as OF_RUN

    verdicts = by_id()["verdict"].words
    counts = ", ".join(f"{verdicts[name][language]} {summary.verdicts[name]:,}" for name in verdicts)
    tell(TEXTS.text("concluded", count=f"{summary.count:,}", counts=counts, examined=f"{summary.examined:,}")[language])
    for kind, count in summary.findings.items():
        tell(f"  {OF_RUN[kind][language]}: {count:,}")
    for file in summary.files:
        tell(TEXTS.text("written", file=legible(str(file)))[language])
    if summary.come:
        complain(TEXTS.text("come_meanwhile", count=f"{summary.come:,}")[language])
    tell(TEXTS.text("look_at_it", file=legible(str(summary.files[0])))[language])
    if summary.verdicts["failed"]:
        raise typer.Exit(Exit.BAD)
    if summary.verdicts["indeterminate"]:
        raise typer.Exit(Exit.INDETERMINATE)


class _Told:
    """One line that is written anew on a terminal; elsewhere a line now and then."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._began = self._last = time.monotonic()
        self._is_terminal = sys.stderr.isatty()
        self._is_open = False

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last < (_ON_A_TERMINAL if self._is_terminal else _IN_A_LOG):
            return
        self._last = now
        seconds = now - self._began
        text = TEXTS.text(
            "progress", done=f"{progress.done:,}", total=f"{progress.total:,}", failed=f"{progress.failed:,}"
        )[self._language]
        if progress.examined:
            left = (progress.total - progress.done) * seconds / progress.done
            text += TEXTS.text("time_left", time=wording.duration(max(1, round(left))))[self._language]
        if self._is_terminal:
            tell_in_place(text)
            self._is_open = True
        else:
            complain(text)

    def end(self) -> None:
        if self._is_open:
            tell_in_place()
            self._is_open = False
