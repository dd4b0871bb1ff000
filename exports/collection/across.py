"""What is found across a set of verified reports: findings. A report that failed counts only as a file that is there several times.

Each kind is a statement over the journal's table `compared`, so that a hundred thousand reports need no more memory than ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.collection.journal import Journal

_GENUINE = "verdict != 'failed' AND kind IN ('report', 'redacted')"
_FULL = "verdict != 'failed' AND kind = 'report'"


@dataclass(frozen=True)
class Kind:
    """One kind of finding: files that share one thing and differ in another."""

    id: str
    shared: str
    """Columns that they have in common; none of them empty."""
    differing: str
    """An expression that takes several values among them. Empty: it is enough that there are several."""
    of: str = _FULL


KINDS = (
    Kind("same_bytes", "sha256", "", of="1"),
    Kind("sealed_twice", "record_sha256", "sha256", of=_GENUINE),
    Kind("other_content", "identity, revision", "content_sha256"),
    Kind("two_decisions", "content_sha256", "ruling"),
    Kind(
        "same_name_other_key",
        "seal_name, coalesce(seal_organisation, '')",
        "seal_fingerprint",
        of="verdict != 'failed'",
    ),
    Kind("log_figures", "log_sha256", "log_figures_sha256", of=_GENUINE),
    Kind("outcomes_differ", "answers_sha256", "outcome || '/' || is_contested || '/' || level"),
)
SUPERSEDED, COPY_OF, COPY_ALONE = "superseded", "copy_of", "copy_alone"
NAMES = (*(kind.id for kind in KINDS), SUPERSEDED, COPY_OF, COPY_ALONE)
MOST_FILES = 50
"""That a finding names; of more it gives the number."""


@dataclass(frozen=True)
class Finding:
    kind: str
    paths: tuple[bytes, ...]
    """At most MOST_FILES."""
    count: int
    differing: tuple[str, ...] = ()
    """The values in which they differ, as they stand in the table."""


def findings(journal: Journal) -> Iterator[Finding]:
    """Each with its files marked in the journal. `journal.compare` comes before."""
    for kind in KINDS:
        yield from _of_kind(journal, kind)
    yield from _superseded(journal)
    yield from _copies(journal)


def _of_kind(journal: Journal, kind: Kind) -> Iterator[Finding]:
    columns = kind.shared.split(", ", 1) if kind.shared.startswith(("identity", "seal_name")) else [kind.shared]
    present = " AND ".join(f"{column} != ''" for column in columns if not column.startswith("coalesce"))
    several = f"count(DISTINCT {kind.differing}) > 1" if kind.differing else "count(*) > 1"
    groups = list(
        journal.ask(
            f"SELECT {kind.shared}, count(*) FROM compared WHERE {kind.of} AND {present}"  # noqa: S608 - statements of our own
            f" GROUP BY {kind.shared} HAVING {several} ORDER BY min(path)"
        )
    )
    same = " AND ".join(f"{column} = ?" for column in columns)
    for *shared, count in groups:
        where = f"{kind.of} AND {same}"
        paths = [path for (path,) in journal.ask(f"SELECT path FROM compared WHERE {where} ORDER BY path", shared)]  # noqa: S608
        differing: tuple[str, ...] = ()
        if kind.differing:
            values = journal.ask(
                f"SELECT DISTINCT {kind.differing} FROM compared WHERE {where} ORDER BY 1 LIMIT 20",  # noqa: S608
                shared,
            )
            differing = tuple(str(value) for (value,) in values if value is not None)
        for path in paths:
            journal.mark(path, kind.id)
        yield Finding(kind.id, tuple(paths[:MOST_FILES]), int(count), differing)


def _superseded(journal: Journal) -> Iterator[Finding]:
    """Revisions of one system from one key: the last holds, the ones before are superseded."""
    groups = list(
        journal.ask(
            f"SELECT identity, seal_fingerprint, max(revision) FROM compared WHERE {_FULL} AND identity != ''"  # noqa: S608
            " GROUP BY identity, seal_fingerprint HAVING count(DISTINCT revision) > 1 ORDER BY min(path)"
        )
    )
    for identity, fingerprint, last in groups:
        of_system = list(
            journal.ask(
                f"SELECT path, revision FROM compared WHERE {_FULL} AND identity = ? AND seal_fingerprint = ?"  # noqa: S608
                " ORDER BY revision, path",
                (identity, fingerprint),
            )
        )
        for path, revision in of_system:
            if revision != last:
                journal.mark(path, SUPERSEDED)
        paths = tuple(path for path, _revision in of_system)
        revisions = tuple(str(revision) for revision in sorted({revision for _path, revision in of_system}))
        yield Finding(SUPERSEDED, paths[:MOST_FILES], len(paths), revisions)


def _copies(journal: Journal) -> Iterator[Finding]:
    copies = list(journal.ask("SELECT path, copy_of FROM compared WHERE kind = 'archive' ORDER BY path"))
    for path, original in copies:
        originals = [
            other for (other,) in journal.ask("SELECT path FROM compared WHERE sha256 = ? ORDER BY path", (original,))
        ]
        kind = COPY_OF if originals else COPY_ALONE
        for marked in (path, *originals):
            journal.mark(marked, kind)
        yield Finding(kind, (path, *originals)[:MOST_FILES], 1 + len(originals))


def neighbours(journal: Journal, path: bytes) -> tuple[bytes | None, bytes | None]:
    """Of a report: the one of the revision before it and of the one after it, same system and key. None: there is none in the set."""
    of = next(
        journal.ask(
            f"SELECT identity, seal_fingerprint, revision FROM compared WHERE path = ? AND {_FULL}",  # noqa: S608
            (path,),
        ),
        None,
    )
    if of is None or not of[0]:
        return None, None
    ask = f"SELECT path FROM compared WHERE {_FULL} AND identity = ? AND seal_fingerprint = ? AND revision"  # noqa: S608
    before = next(journal.ask(f"{ask} < ? ORDER BY revision DESC, path LIMIT 1", of), (None,))[0]
    after = next(journal.ask(f"{ask} > ? ORDER BY revision, path LIMIT 1", of), (None,))[0]
    return before, after
