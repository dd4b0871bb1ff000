"""The redacted copy of a record: redact. Values marked as trade secret or personal are left out, not painted over.

A mark belongs to the content, with a reason and a random salt; so the digests of the full record, which the copy names,
cannot be tried out against guessed values. The copy has neither value nor salt, only a salted digest of what it lacks:
whoever is shown value and salt later can see that they are the ones. What decides a result can never be marked.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assessments.content import canonical
from assessments.content.withholding import Locator, places
from assessments.errors import RedactionError
from assessments.model import Json, WithheldKind
from exports.record.record import Record
from questionnaires.schema import Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MARKERS: Mapping[WithheldKind, str] = {
    kind: "{0.ko} / {0.en}".format(TEXTS[f"withheld_{kind}"])
    for kind in (WithheldKind.TRADE_SECRET, WithheldKind.PERSONAL)
}


_SHORTEST = {WithheldKind.TRADE_SECRET: 4, WithheldKind.PERSONAL: 2}
"""Kind → length in characters of the shortest word searched for elsewhere; many names have only two or three."""


def redact(full: Record, questionnaires: Mapping[str, Questionnaire], *, is_draft: bool = False) -> Record:
    """Make the redacted copy: its marks carry a digest instead of the salt, and `redacts` names the full record.

    questionnaires: those of the record, by id. is_draft: nothing shows that the full record was sealed here, so the copy
    says so and is never sealed. Raises: RedactionError where nothing is marked, or it is a copy already.
    """
    if full.redacts is not None:
        raise RedactionError(TEXTS.told("redacted_already"))
    marks = full.data["content"].get("withheld", [])
    if not marks:
        raise RedactionError(TEXTS.told("nothing_marked"))
    data = copy.deepcopy(full.data)
    data["document"].pop("seal", None)  # that of the full report; the copy names its own once it is made to be sealed
    known = places(data, questionnaires)
    withheld = []
    for mark in marks:
        locators = known.get(mark["path"], ())
        values = [value_at(data, locator) for locator in locators]
        for locator in locators:
            _put(data, locator, _marker(locator, mark["kind"]))
        shown = {name: mark[name] for name in ("path", "kind", "reason")}
        withheld.append({**shown, "sha256": canonical.digest([mark["salt"], mark["path"], values])})
    data["content"]["withheld"] = withheld
    return Record({**data, "redacts": full.sha256, **({"is_draft_copy": True} if is_draft else {})})


def is_sound(made: Record, questionnaires: Mapping[str, Questionnaire]) -> bool:
    """Whether every mark of a copy is at a path that affects no result, has its marker and lacks its salt."""
    known = places(made.data, questionnaires)
    return all(
        set(mark) == {"path", "kind", "reason", "sha256"}
        and mark["path"] in known
        and all(value_at(made.data, locator) == _marker(locator, mark["kind"]) for locator in known[mark["path"]])
        for mark in made.data["content"].get("withheld", [])
    )


def also_at(full: Record, questionnaires: Mapping[str, Questionnaire]) -> tuple[tuple[str, str], ...]:
    """Pairs of a marked path and an unmarked path that contains the same words, which would remain in the copy.

    Looked for are whole values and, of names, what stands before a bracket; of other values those of four characters or
    more, of personal ones those of two.
    """
    made = redact(full, questionnaires)
    known = places(full.data, questionnaires)
    texts = list(_texts({name: part for name, part in made.data.items() if name != "questionnaires"}))
    repeats = []
    for mark in full.data["content"]["withheld"]:
        least = _SHORTEST[WithheldKind(mark["kind"])]
        values = [value_at(full.data, locator) for locator in known.get(mark["path"], ())]
        parts = [part for value in values if isinstance(value, str) for part in (value, _before_bracket(value))]
        for word in dict.fromkeys(parts):
            if len(word) >= least:
                repeats += [(mark["path"], where) for where, text in texts if word in text]
    return tuple(dict.fromkeys(repeats))


def _before_bracket(value: str) -> str:
    """A name without the part in brackets that follows it."""
    return value.partition("(")[0].strip()


def value_at(data: Json, locator: Locator) -> Any:
    """The value at a path."""
    value: Any = data
    for step in locator:
        value = value[step]
    return value


def _put(data: Json, locator: Locator, value: str) -> None:
    container = value_at(data, locator[:-1])
    container[locator[-1]] = value


def _marker(locator: Locator, kind: str) -> str:
    """The marker that replaces a value. Ids of people are dropped without one; only this tool uses them."""
    return "" if locator[-1] == "id" else MARKERS[WithheldKind(kind)]


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _texts(member, f"{where}.{name}".lstrip("."))
    elif isinstance(value, Sequence):
        for place, member in enumerate(value):
            yield from _texts(member, f"{where}.{place}")
