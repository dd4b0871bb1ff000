"""Many reports verified at once: verify_folder → Summary. On all cores, each file in a process of its own; goes on where it stopped.

The files are listed, then read one by one; what the journal knows of their digest is not examined again. Then what is found
across the set is worked out, and the table written. Nothing is held in memory but the files that are being examined.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from assessments.errors import AssessmentError
from assessments.model import Json
from assessments.own_process import OverLimitError
from assessments.ready_process import ReadyProcess
from exports.collection import across, examination, files, writing
from exports.collection import row as rows
from exports.collection.columns import Row
from exports.collection.examination import Settings
from exports.collection.journal import Journal, beside
from exports.forms.xlsx import MOST_CHARACTERS
from exports.verification import reprint
from exports.verification.verify import verify
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_WAITING_FOR_EACH = 2
"""Files that are read while as many are examined."""
MOST_BYTES = 256 * 2**20
"""Held at once of all files that are under way; a folder of large files is no reason to take more memory."""


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    failed: int
    examined: int
    """Of `done`, the ones that the journal did not know."""


@dataclass(frozen=True)
class Summary:
    """What came of a run."""

    verdicts: Counter[str]
    findings: Counter[str]
    examined: int
    files: tuple[Path, ...]
    """That were written."""
    come: int
    """Files that came into the folder after it was listed, and stand in no row."""

    @property
    def count(self) -> int:
        return sum(self.verdicts.values())


Tell = Callable[[Progress], None]


class Examiner(Protocol):
    """Where files are examined: on this computer or on a cluster."""

    places: int
    """Files that it examines at the same time."""

    def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
        """The row of these bytes, sometime. Its errors are OverLimitError."""
        ...

    def stop(self) -> None: ...


class LocalExaminer:
    """All cores of this computer; each file in a process of its own, forked from one that is ready."""

    def __init__(self, settings: Settings, places: int | None = None) -> None:
        self.places = places or cores()
        self._settings, self._shared = settings, settings.to_json()
        self._ready = ReadyProcess("examine", is_of_terminal=False)
        self._threads = ThreadPoolExecutor(self.places, thread_name_prefix="examiner")

    def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
        return self._threads.submit(examine, self._ready, self._settings, self._shared, pdf, at)

    def stop(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._ready.stop()


def cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def examine(ready: ReadyProcess, settings: Settings, shared: Json, pdf: bytes, at: datetime) -> Row:
    """The row of a file. Raises: OverLimitError where it cannot be examined within the limits, tried twice."""
    answer = _answer(ready, shared, pdf, at)
    if settings.is_reprinting and "reprint" in answer:
        pages = reprint.compared(pdf, answer["reprint"])
        answer = _answer(ready, {**shared, "pages": pages.value}, pdf, at)
    row = rows.from_json(answer["row"])
    row["sha256"], row["size"] = hashlib.sha256(pdf).hexdigest(), len(pdf)
    return row


def _answer(ready: ReadyProcess, shared: Json, pdf: bytes, at: datetime) -> Json:
    payload = examination.payload(shared, pdf, at)
    try:
        raw = ready.run(payload)
    except OverLimitError:  # also where somebody else ended the process; a genuine report has a second chance
        raw = ready.run(payload)
    try:
        answer = json.loads(raw)
        if isinstance(answer, dict) and isinstance(answer.get("row"), dict):
            return answer
    except ValueError:
        pass
    raise OverLimitError("it gave no row")


def verify_folder(
    folder: Path,
    table: Path,
    settings: Settings,
    *,
    at: datetime,
    language: str = "en",
    is_fresh: bool = False,
    may_replace: bool = False,
    examiner: Examiner | None = None,
    tell: Tell = lambda _progress: None,
) -> Summary:
    """Raises: AssessmentError; KeyboardInterrupt, with the journal in order."""
    writing.check_format(table)
    if not folder.is_dir():
        raise AssessmentError(TEXTS.told("not_a_folder", file=legible(str(folder))))
    if table.exists() and not beside(table).exists() and not may_replace:
        raise AssessmentError(TEXTS.told("table_exists", file=legible(str(table))))
    with Journal(beside(table), settings.key()) as journal:
        if is_fresh:
            journal.forget()
        journal.begin()
        for candidate in files.pdf_files(folder):
            journal.list_file(candidate.path, candidate.trouble)
        journal.commit()
        where = examiner or LocalExaminer(settings)
        try:
            examined = _Run(folder, journal, where, at, tell).go()
        finally:
            if examiner is None:
                where.stop()
        if settings.is_reprinting:
            _compare_copies(folder, journal, settings, at)
        journal.commit()
        come = sum(not journal.lists(candidate.path) for candidate in files.pdf_files(folder))
        return _written(table, journal, at, language, examined, come)


class _Run:
    """Reads the files in their order and notes what comes of them, in the one thread that has the journal."""

    def __init__(self, folder: Path, journal: Journal, examiner: Examiner, at: datetime, tell: Tell) -> None:
        self.folder, self.journal, self.examiner, self.at, self.tell = folder, journal, examiner, at, tell
        self.done = self.failed = self.examined = 0
        self.total = journal.count()
        self.under_way: dict[Future[Row], str] = {}
        self.sizes: dict[str, int] = {}
        """Digest → bytes, of what is under way."""
        self.waiting: dict[str, list[bytes]] = {}
        """Digest → files of these bytes, which is examined once."""

    def go(self) -> int:
        """How many files were examined."""
        try:
            for path, trouble in self.journal.listed():
                self._take(path, trouble)
                while self.under_way and self._is_full():
                    self._settle(is_waiting=True)
                self._settle(is_waiting=False)
            while self.under_way:
                self._settle(is_waiting=True)
        except BaseException:
            for future in self.under_way:
                future.cancel()
            raise
        self.journal.commit()
        return self.examined

    def _is_full(self) -> bool:
        is_many = len(self.under_way) >= _WAITING_FOR_EACH * self.examiner.places
        return is_many or sum(self.sizes.values()) > MOST_BYTES

    def _take(self, path: bytes, trouble: str) -> None:
        content = files.content(self.folder, path) if not trouble else files.Content(b"", trouble)
        sha256 = hashlib.sha256(content.pdf).hexdigest() if content.pdf else None
        if content.trouble or sha256 is None:
            self.journal.note_file(path, sha256, content.trouble or "no_pdf")
            self._count(1, 1)
            return
        self.journal.note_file(path, sha256)
        if sha256 in self.waiting:
            self.waiting[sha256].append(path)
        elif self.journal.knows(sha256):
            self._count(1, 0)
        else:
            self.waiting[sha256], self.sizes[sha256] = [path], len(content.pdf)
            self.under_way[self.examiner.begin(path, content.pdf, self.at)] = sha256

    def _settle(self, *, is_waiting: bool) -> None:
        if not self.under_way:
            return
        ended, _ = wait(self.under_way, timeout=None if is_waiting else 0, return_when=FIRST_COMPLETED)
        for future in ended:
            sha256 = self.under_way.pop(future)
            try:
                row = future.result()
            except OverLimitError:
                row = rows.trouble_row("gave_up", self.at, sha256=sha256)
            if row["sha256"] != sha256:
                raise AssertionError("a row of another file came back")
            self.journal.note_result(sha256, row)
            self.examined += 1
            del self.sizes[sha256]
            count = len(self.waiting.pop(sha256))
            self._count(count, count if row["verdict"] == "failed" else 0)

    def _count(self, done: int, failed: int) -> None:
        self.done += done
        self.failed += failed
        self.tell(Progress(self.done, self.total, self.failed, self.examined))


def _compare_copies(folder: Path, journal: Journal, settings: Settings, at: datetime) -> None:
    """Archive copies whose original is in the set: verified beside it, page by page."""
    journal.compare()
    pairs = list(
        journal.ask(
            "SELECT copies.sha256, min(copies.path), min(originals.path) FROM compared AS copies JOIN compared AS originals"
            " ON originals.sha256 = copies.copy_of WHERE copies.kind = 'archive' AND copies.verdict = 'indeterminate'"
            " GROUP BY copies.sha256"
        )
    )
    for sha256, copy, original in pairs:
        pdf, of = files.content(folder, copy).pdf, files.content(folder, original).pdf
        if hashlib.sha256(pdf).hexdigest() != sha256 or not of:
            continue
        verification = verify(
            pdf,
            settings.trusted,
            at=at,
            folder=settings.questionnaires,
            stampers=settings.stampers,
            revoked=settings.revoked,
            original=of,
        )
        journal.note_result(sha256, rows.row_of(verification, None, size=len(pdf), language=""))


def _written(table: Path, journal: Journal, at: datetime, language: str, examined: int, come: int) -> Summary:
    journal.compare()
    kinds: Counter[str] = Counter()
    finding_rows: list[Row] = []
    for finding in across.findings(journal):
        kinds[finding.kind] += 1
        finding_rows.append(_finding_row(finding))
    verdicts: Counter[str] = Counter()

    def table_rows() -> Iterator[Row]:
        verdicts.clear()
        for path, trouble, sha256, row in journal.rows():
            placed = dict(row) if row else rows.trouble_row(trouble or "vanished", at, sha256=sha256)
            before, after = across.neighbours(journal, path)
            placed["path"] = shown(path)
            placed["findings"] = ", ".join(journal.marks(path)) or None
            placed["supersedes"] = shown(before) if before else None
            placed["superseded_by"] = shown(after) if after else None
            verdicts[str(placed["verdict"])] += 1
            yield placed

    written = writing.write(table, table_rows, finding_rows, language, journal.count())
    return Summary(verdicts, kinds, examined, tuple(written), come)


def _finding_row(finding: across.Finding) -> Row:
    names = [shown(path) for path in finding.paths]
    more = finding.count - len(names)
    if more > 0:
        names.append(TEXTS.text("and_more", count=f"{more:,}").en)
    return {
        "finding": finding.kind,
        **{f"what_{language}": TEXTS[finding.kind][language] for language in ("ko", "en")},
        "count": finding.count,
        "files": legible(" | ".join(names), MOST_CHARACTERS),
        "differing": legible(" | ".join(finding.differing), rows.MOST_OF_REASON) or None,
        **{f"why_{language}": TEXTS[f"{finding.kind}_why"][language] for language in ("ko", "en")},
    }


def shown(path: bytes) -> str:
    """As a table shows it: what a terminal or a spreadsheet would obey stands by its number, bytes that are no text too."""
    return legible(os.fsdecode(path), rows.MOST)
