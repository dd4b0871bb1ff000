"""What differs between two contents: compare. Pure; contents as `canonical.content` gives them, of any two assessments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.model import Json


class Subject(StrEnum):
    """Kinds of things that content is made of."""

    OPERATOR = "operator"
    SYSTEM = "system"
    DOMAIN = "domain"
    DAY = "on"
    EDITION = "editions"
    ANSWER = "answers"
    SCENARIO = "scenarios"
    MEASURE = "measures"
    EVIDENCE = "evidence"
    LOG = "log"
    EXPLANATION = "explanations"
    WITHHELD = "withheld"
    ORDER = "order"
    """The order of a list; `where` names it."""


@dataclass(frozen=True)
class ContentChange:
    """One thing that is there in one content only, or otherwise in the other."""

    subject: Subject
    where: str
    """`questionnaire.question`, name of a detail, id of a scenario, measure, file, edition or check, or path of a withheld value."""
    before: Any
    """JSON. None: it was not there."""
    after: Any
    """JSON. None: it is not there any more."""

    @property
    def is_gone(self) -> bool:
        return self.after is None


_LISTS = {
    Subject.EDITION: "id",
    Subject.SCENARIO: "id",
    Subject.MEASURE: "id",
    Subject.EVIDENCE: "id",
    Subject.EXPLANATION: "check",
    Subject.WITHHELD: "path",
}
"""List of the content → what its entries are known by."""


def compare(before: Json, after: Json) -> tuple[ContentChange, ...]:
    """Every difference, in the order of the content; none exactly where both have the same digest."""
    old, new = dict(_parts(before)), dict(_parts(after))
    changes = [
        ContentChange(subject, where, old.get((subject, where)), new.get((subject, where)))
        for subject, where in {**new, **old}
        if old.get((subject, where)) != new.get((subject, where))
    ]
    for subject in _LISTS:
        was, is_now = ([where for of, where in parts if of is subject] for parts in (old, new))
        both = set(was) & set(is_now)
        was, is_now = ([where for where in order if where in both] for order in (was, is_now))
        if was != is_now:
            changes.append(ContentChange(Subject.ORDER, subject.value, was, is_now))
    places = {subject: place for place, subject in enumerate(Subject)}
    return tuple(sorted(changes, key=lambda change: places[change.subject]))


def _parts(content: Json) -> Iterator[tuple[tuple[Subject, str], Any]]:
    """Everything the content is made of, each under a name of its own."""
    for subject in (Subject.OPERATOR, Subject.SYSTEM):
        for name, value in content[subject].items():
            yield (subject, name), value
    for subject in (Subject.DOMAIN, Subject.DAY, Subject.LOG):
        if subject in content:
            yield (subject, ""), content[subject]
    for questionnaire, responses in content[Subject.ANSWER].items():
        for name, response in responses.items():
            yield (Subject.ANSWER, f"{questionnaire}.{name}"), response
    for subject, key in _LISTS.items():
        yield from _entries(subject, content.get(subject, ()), key)


def _entries(
    subject: Subject, entries: Sequence[Mapping[str, Any]], key: str
) -> Iterator[tuple[tuple[Subject, str], Any]]:
    """An id that a list holds several times gets a number, so that no entry hides another."""
    seen: dict[str, int] = {}
    for entry in entries:
        name = str(entry[key])
        seen[name] = seen.get(name, 0) + 1
        yield (subject, name if seen[name] == 1 else f"{name}#{seen[name]}"), entry
