"""The sources of a report, numbered and grouped by the text they come from: CitedSource, SourceGroup, grouped, told.

What is noted of several sources is said once, under a letter: Notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from questionnaires.schema import Source, Text
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_SENTENCES = re.compile(r"(?<=\ub2e4\.)\s+|(?<=[a-z0-9)]\.)\s+(?=[A-Z])")
_OF_PLACES = ("Art.", "Arts.", "p.", "pp.")
"""Words that belong to a place and not to the name of its text."""
_OFTEN = 3
"""A sentence noted of so many sources of one text is said once for all of them."""


@dataclass(frozen=True)
class CitedSource:
    """One place of a text with the number by which the report refers to it."""

    number: int
    source: Source
    """With everything that is noted of the place."""
    stated: tuple[Source, ...]
    """The place as the questionnaires state it, each with its own note."""


@dataclass(frozen=True)
class SourceGroup:
    """Sources of one text: the same kind, edition, address and name, which ends at the comma of the English title."""

    kind: str
    edition: date
    read_from: date
    read_on: date
    """First and last day on which a place of it was read."""
    url: str
    sources: tuple[CitedSource, ...]

    def title(self, language: str) -> str:
        """The words with which all its places begin: the name of the text. Empty: they have none in common."""
        if len(self.sources) == 1:
            return ""
        titles = [cited.source.title[language].split(" ") for cited in self.sources]
        shared = []
        for words in zip(*titles, strict=False):
            if len(set(words)) > 1:
                break
            shared.append(words[0])
        while shared and shared[-1] in _OF_PLACES:
            shared.pop()
        return " ".join(shared).rstrip(",") if all(len(words) > len(shared) for words in titles) else ""

    def place(self, cited: CitedSource, language: str) -> str:
        """Its title without the name of the text, which stands above all of them."""
        return cited.source.title[language].removeprefix(self.title(language)).lstrip(", ")


def grouped(sources: Iterable[Source]) -> tuple[SourceGroup, ...]:
    """Each place once, in the order in which its text first occurs; numbers run through all groups from 1."""
    places: dict[tuple[str, date, str, Text], list[Source]] = {}
    for source in dict.fromkeys(sources):
        places.setdefault((source.kind, source.edition, source.url or "", source.title), []).append(source)
    texts: dict[tuple[str, date, str, str], list[list[Source]]] = {}
    for (kind, edition, url, title), stated in places.items():
        texts.setdefault((kind, edition, url, title.en.partition(",")[0]), []).append(stated)
    groups, number = [], 0
    for (kind, edition, url, _), of_text in texts.items():
        cited = tuple(
            CitedSource(number + index, _with_all_notes(stated), tuple(stated))
            for index, stated in enumerate(of_text, 1)
        )
        number += len(of_text)
        days = [source.read_on for stated in of_text for source in stated]
        groups.append(SourceGroup(kind, edition, min(days), max(days), url, cited))
    return tuple(groups)


def _with_all_notes(stated: Sequence[Source]) -> Source:
    """The place once, with each sentence that any questionnaire notes of it."""
    notes = [source.note for source in stated if source.note]
    if len(set(notes)) < 2:
        return stated[0].model_copy(update={"note": notes[0]}) if notes else stated[0]
    joined = {
        language: " ".join(dict.fromkeys(sentence for note in notes for sentence in _SENTENCES.split(note[language])))
        for language in ("ko", "en")
    }
    return stated[0].model_copy(update={"note": Text(**joined)})


@dataclass(frozen=True)
class Notes:
    """What is noted of sources, in one language. remarks: letter and sentence; notes: source number → what is noted of it
    alone; letters: source number → which remarks concern it."""

    remarks: tuple[tuple[str, str], ...]
    notes: dict[int, str]
    letters: dict[int, str]


def notes_of(groups: Iterable[SourceGroup], language: str) -> Notes:
    """Sentences of at least three sources become remarks, as far as there are letters, in the order they first occur."""
    sentences_of = {
        cited.number: _SENTENCES.split(cited.source.note[language]) if cited.source.note else []
        for group in groups
        for cited in group.sources
    }
    counted = Counter(sentence for sentences in sentences_of.values() for sentence in dict.fromkeys(sentences))
    often = [sentence for sentence, times in counted.items() if times >= _OFTEN]
    letters = dict(zip(often, TEXTS["letters"][language], strict=False))
    return Notes(
        tuple((letter, sentence) for sentence, letter in letters.items()),
        {
            number: " ".join(sentence for sentence in sentences if sentence not in letters)
            for number, sentences in sentences_of.items()
        },
        {
            number: ", ".join(letters[sentence] for sentence in sentences if sentence in letters)
            for number, sentences in sentences_of.items()
        },
    )
