"""The program's bilingual texts, from a texts.yaml beside the code that uses them: Texts, Told, texts_of.

An entry is one text (`{ko, en}`), or *what* is wrong and the *remedy*, each of them a text. A place `{name}` takes a
value; one that is a Text goes in by its language, and so does a day. In Korean a particle follows the value that it depends on: instead of
a format the place names both, `{name:after a consonant/after a vowel}`, and the right one is put behind the value. Signs
that close what the value stands in come first: `{name:’after a consonant/after a vowel}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from questionnaires import filling
from questionnaires.particles import with_particle
from questionnaires.vocabulary import Text

FILE = "texts.yaml"
_PARTICLE = re.compile("(?P<closing>[^/]*?)(?P<consonant>[\uac00-\ud7a3]+)/(?P<vowel>[\uac00-\ud7a3]+)")
"""Instead of a format: closing characters, then the particle after a consonant and after a vowel."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Told:
    """An error message: what is wrong, and what to do now."""

    what: Text
    remedy: Text | None = None
    """None: there is no remedy, or *what* implies it."""

    @property
    def text(self) -> Text:
        """What and remedy, joined."""
        return joined(self.what, self.remedy) if self.remedy else self.what


class Texts(Mapping[str, Text]):
    """Key → text as in the file; `text` and `told` fill in values."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __getitem__(self, key: str) -> Text:
        return self._entries[key].what

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def text(self, key: str, /, **values: Any) -> Text:
        """One text with its values filled in."""
        return _filled(self[key], values)

    def told(self, key: str, /, **values: Any) -> Told:
        """One message, what and remedy, with its values filled in."""
        entry = self._entries[key]
        return Told(_filled(entry.what, values), _filled(entry.remedy, values) if entry.remedy else None)

    @cached_property
    def _entries(self) -> Mapping[str, Told]:
        """Raises: ValueError at the first malformed entry."""
        read = yaml.load(self.file.read_bytes(), _LOADER)  # noqa: S506 - one of the two safe loaders
        return {key: self._entry(key, entry) for key, entry in read.items()}

    def _entry(self, key: str, entry: Any) -> Told:
        match entry:
            case {"ko": str(), "en": str(), **others} if not others:
                return Told(Text.model_validate(entry))
            case {"what": dict(what), **others} if set(others) <= {"remedy"}:
                return Told(
                    Text.model_validate(what), Text.model_validate(others["remedy"]) if "remedy" in others else None
                )
        raise ValueError(f"{self.file.name}, {key}: neither a text (ko, en) nor what with a remedy. Write one of them.")


def filled(text: Text, /, **values: Any) -> Text:
    """A text that stands elsewhere, with its values filled in as in a texts.yaml."""
    return _filled(text, values)


@cache
def texts_of(module_file: str, name: str = FILE) -> Texts:
    """The texts of the module's folder, or of the nearest folder above that has such a file: `texts_of(__file__)`."""
    for folder in Path(module_file).parents:
        if (folder / name).is_file():
            return _at(folder / name)
    raise FileNotFoundError(f"{name} stands in no folder around {module_file}")


def joined(*texts: Text, by: str = " ") -> Text:
    """The texts joined, language by language."""
    return Text(ko=by.join(text.ko for text in texts), en=by.join(text.en for text in texts))


@cache
def _at(file: Path) -> Texts:
    return Texts(file)


class _WithParticles(Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        particle = _PARTICLE.fullmatch(format_spec)
        if particle is None:
            return super().format_field(value, format_spec)
        return with_particle(str(value), particle["consonant"], particle["vowel"], particle["closing"])


_FORMATTER = _WithParticles()


def _filled(text: Text, values: Mapping[str, Any]) -> Text:
    ko, en = (
        {
            name: value[language] if isinstance(value, Text) else filling.filled_in(name, value, language)
            for name, value in values.items()
        }
        for language in ("ko", "en")
    )
    return Text(ko=_FORMATTER.vformat(text.ko, (), ko).strip(), en=_FORMATTER.vformat(text.en, (), en).strip())
