"""What a run has verified so far, in a file beside the table: Journal. SQLite, so that a run that is killed loses a second of work.

A result stands under the file's digest and the key of everything else that it depends on. A file that lies elsewhere or is
there twice is verified once; one that was changed has another digest, and another release another key.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from assessments.errors import AssessmentError
from exports.collection import row as rows
from exports.collection.columns import Row
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
COMMIT_SECONDS = 0.5
"""So much work, at most, is done again after a run was killed."""
_FORM = "haetae-collection/1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (form TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS result (sha256 TEXT, key TEXT, data TEXT NOT NULL, PRIMARY KEY (sha256, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (path BLOB PRIMARY KEY, sha256 TEXT, trouble TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
"""
_OF_ROWS = (
    "verdict", "kind", "sha256", "record_sha256", "content_sha256", "answers_sha256", "log_sha256", "log_figures_sha256",
    "seal_fingerprint", "seal_name", "seal_organisation", "outcome", "is_contested", "level", "ruling", "revision",
    "copy_of", "sealed_at", "log_n", "log_departures",
)  # fmt: skip
"""Columns by which the set is compared."""


def beside(table: Path) -> Path:
    return table.with_name(table.name + ".journal")


class Journal:
    """A context manager; whoever has it open has it alone."""

    def __init__(self, file: Path, key: str) -> None:
        """Raises: AssessmentError where another run has it, or it is none."""
        self.file, self.key = file, key
        self._since = time.monotonic()
        with self._explained():
            self._connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("COMMIT")
            self._connection.execute("PRAGMA journal_mode=TRUNCATE")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute("PRAGMA cache_size=-8000")
            self._connection.execute("PRAGMA temp_store=FILE")
            self._connection.executescript(_SCHEMA)
            self._connection.execute("INSERT INTO about SELECT ? WHERE NOT EXISTS (SELECT 1 FROM about)", (_FORM,))
            if self._connection.execute("SELECT form FROM about").fetchall() != [(_FORM,)]:
                raise AssessmentError(TEXTS.told("journal_damaged", file=legible(str(file))))
            self._connection.execute("BEGIN IMMEDIATE")

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """What was noted stays, also where the run was broken off; a disk that is full has taken back the last of it by itself."""
        try:
            if self._connection.in_transaction:
                with suppress(AssessmentError, OSError) if error else nullcontext(), self._explained():
                    self._connection.execute("COMMIT")
        finally:
            self._connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            name = legible(str(self.file))
            code = getattr(error, "sqlite_errorname", "")
            if code in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                raise AssessmentError(TEXTS.told("table_busy", file=name)) from None
            if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
                raise AssessmentError(TEXTS.told("journal_full", file=name)) from None
            if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")):
                raise AssessmentError(TEXTS.told("journal_damaged", file=name)) from None
            raise OSError(0, str(error), str(self.file)) from None

    # --- a run --------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The files are listed anew; results stay."""
        self._run("DELETE FROM file")

    def forget(self) -> None:
        """Everything is verified anew."""
        self._run("DELETE FROM result")

    def list_file(self, path: bytes, trouble: str = "") -> None:
        self._run("INSERT OR REPLACE INTO file (path, trouble) VALUES (?, ?)", (path, trouble))

    def count(self) -> int:
        """Of the files listed."""
        return int(self._ask("SELECT count(*) FROM file")[0][0])

    def lists(self, path: bytes) -> bool:
        return bool(self._ask("SELECT 1 FROM file WHERE path = ?", (path,)))

    def listed(self) -> Iterator[tuple[bytes, str]]:
        """Each path with its trouble, in order, page by page, so that it can be written to meanwhile."""
        last = b""
        while page := self._ask("SELECT path, trouble FROM file WHERE path > ? ORDER BY path LIMIT 500", (last,)):
            yield from page
            last = page[-1][0]

    def knows(self, sha256: str) -> bool:
        return bool(self._ask("SELECT 1 FROM result WHERE sha256 = ? AND key = ?", (sha256, self.key)))

    def note_file(self, path: bytes, sha256: str | None, trouble: str = "") -> None:
        self._run("UPDATE file SET sha256 = ?, trouble = ? WHERE path = ?", (sha256, trouble, path))
        self._commit_at_times()

    def note_result(self, sha256: str, row: Row) -> None:
        """Of the bytes with that digest."""
        text = json.dumps(rows.to_json(row), ensure_ascii=False)
        self._run("INSERT OR REPLACE INTO result VALUES (?, ?, ?)", (sha256, self.key, text))
        self._commit_at_times()

    def commit(self) -> None:
        self._run("COMMIT")
        self._run("BEGIN IMMEDIATE")
        self._since = time.monotonic()

    def _commit_at_times(self) -> None:
        if time.monotonic() - self._since >= COMMIT_SECONDS:
            self.commit()

    # --- what came of it ----------------------------------------------------------------------------------------------

    def rows(self) -> Iterator[tuple[bytes, str, str | None, Row | None]]:
        """Path, trouble, digest as far as it was read, and what came of it, in the order of the paths. None: it was not examined."""
        last = b""
        ask = (
            "SELECT file.path, file.trouble, file.sha256, result.data FROM file LEFT JOIN result"
            " ON result.sha256 = file.sha256 AND result.key = ? WHERE file.path > ? ORDER BY file.path LIMIT 500"
        )
        while page := self._ask(ask, (self.key, last)):
            for path, trouble, sha256, data in page:
                yield path, trouble, sha256, rows.from_json(json.loads(data)) if data else None
            last = page[-1][0]

    def compare(self) -> None:
        """A table of what the set is compared by: `compared`, with an index for each kind of comparison; gone with the connection."""
        columns = ", ".join(f"{name}" for name in _OF_ROWS)
        values = ", ".join(f"json_extract(result.data, '$.{name}')" for name in _OF_ROWS)
        self._run("DROP TABLE IF EXISTS temp.compared")
        self._run(f"CREATE TEMP TABLE compared (path BLOB PRIMARY KEY, identity TEXT, {columns})")
        self._connection.create_function("identity_of", 1, _identity, deterministic=True)
        self._run(
            f"INSERT INTO compared SELECT file.path, identity_of(result.data), {values} FROM file JOIN result"  # noqa: S608 - names of our own
            " ON result.sha256 = file.sha256 AND result.key = ?",
            (self.key,),
        )
        for name in (
            "sha256",
            "record_sha256",
            "content_sha256",
            "answers_sha256",
            "log_sha256",
            "seal_name",
            "copy_of",
        ):
            self._run(f"CREATE INDEX temp.compared_{name} ON compared ({name})")
        self._run("CREATE INDEX temp.compared_identity ON compared (identity, seal_fingerprint, revision)")
        self._run("DROP TABLE IF EXISTS temp.mark")
        self._run("CREATE TEMP TABLE mark (path BLOB, finding TEXT, PRIMARY KEY (path, finding)) WITHOUT ROWID")

    def ask(self, statement: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a statement over `compared`, fetched as they are taken."""
        with self._explained():
            yield from self._connection.execute(statement, values)

    def mark(self, path: bytes, finding: str) -> None:
        self._run("INSERT OR IGNORE INTO temp.mark VALUES (?, ?)", (path, finding))

    def marks(self, path: bytes) -> list[str]:
        return [name for (name,) in self._ask("SELECT finding FROM temp.mark WHERE path = ? ORDER BY finding", (path,))]

    def _run(self, statement: str, values: Sequence[Any] = ()) -> None:
        with self._explained():
            self._connection.execute(statement, values)

    def _ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._explained():
            return self._connection.execute(statement, values).fetchall()


def _identity(data: str) -> str:
    return rows.identity(rows.from_json(json.loads(data)))
