"""The sources of a report, numbered and grouped by the text they come from: CitedSource, SourceGroup, grouped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from questionnaires.schema import Source


@dataclass(frozen=True)
class CitedSource:
    """A source with the number by which the report refers to it."""

    number: int
    source: Source


@dataclass(frozen=True)
class SourceGroup:
    """Sources of one text: the same kind, edition, day of reading and address."""

    kind: str
    edition: date
    read_on: date
    url: str
    sources: tuple[CitedSource, ...]


def grouped(sources: Iterable[Source]) -> tuple[SourceGroup, ...]:
    """Each source once, in the order in which its text first occurs; numbers run through all groups from 1."""
    texts: dict[tuple[str, date, date, str], list[Source]] = {}
    for one in dict.fromkeys(sources):
        texts.setdefault((one.kind, one.edition, one.read_on, one.url or ""), []).append(one)
    groups, number = [], 0
    for (kind, edition, read_on, url), found in texts.items():
        cited = tuple(CitedSource(number + index, one) for index, one in enumerate(found, 1))
        number += len(found)
        groups.append(SourceGroup(kind, edition, read_on, url, cited))
    return tuple(groups)
