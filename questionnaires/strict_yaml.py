"""Reading YAML without its surprises: Parsed, parse.

Refused: repeated keys, anchors and aliases, tags, several documents, files that are too large or too deep.
A plain `no`, `1.0`, `12:30` or `2026-01-22` is the text that was written; only whole numbers, `true`,
`false` and `null` are something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from questionnaires.problems import InvalidFileError, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
Path = tuple[str | int, ...]

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_MAX_DIGITS = 15
_PLAIN: Mapping[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Parsed:
    """A file's content as plain dicts, lists, texts and whole numbers, with the line of each part."""

    file: str
    data: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of this part, or of the nearest part around it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: bytes | str, file: str, max_bytes: int = MAX_BYTES) -> Parsed:
    """One YAML document. Raises: InvalidFileError, at the first thing that stops reading, or with all repeated keys."""
    return _Reader(file).read(_decoded(text, file, max_bytes))


def _decoded(text: bytes | str, file: str, max_bytes: int) -> str:
    size = len(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else len(text)
    if size > max_bytes:
        what = f"the file has {size:,} bytes; at most {max_bytes:,} are read."
        raise InvalidFileError([Problem(file, 0, what, "Shorten it, or attach long texts as evidence files.")])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidFileError([Problem(file, line, "this is not UTF-8.", "Save the file as UTF-8.")]) from None


@dataclass
class _Open:
    """A list or mapping whose end has not come yet."""

    place: Path
    value: Any
    key: str | None = None
    """Of a mapping: the key that waits for its value."""


class _Reader:
    """Builds the content from parser events, so that depth is limited before anything recurses."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []

    def read(self, text: str) -> Parsed:
        try:
            events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            data = self._document(events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            what = f"this is not YAML: {error.problem or error.context}."
            remedy = "Mind indentation (blanks, no tabs), colons and quotes around this line."
            raise InvalidFileError([Problem(self.file, line, what, remedy)]) from None
        except yaml.YAMLError as error:
            what = f"this is not YAML: {str(error).splitlines()[0]}."
            raise InvalidFileError([Problem(self.file, 0, what, "Remove control characters.")]) from None
        if self.problems:
            raise InvalidFileError(self.problems)
        return Parsed(self.file, data, self.lines)

    def _document(self, events: Any) -> Any:
        self.result: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, "a second document starts here.", "Keep one document in a file.")
            elif isinstance(event, yaml.CollectionEndEvent):
                self._put(self.stack.pop().value)
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
        return self.result

    def _node(self, event: yaml.NodeEvent) -> None:
        self._refuse_odd(event)
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(event, top)
            return
        place = self._place(top)
        self.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event))
            return
        if len(self.stack) >= MAX_DEPTH:
            self._stop(event, f"more than {MAX_DEPTH} levels are nested here.", "Flatten it.")
        self.stack.append(_Open(place, {} if isinstance(event, yaml.MappingStartEvent) else []))

    def _key(self, event: yaml.NodeEvent, mapping: _Open) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(event, "a key is a list or a mapping.", "Use a plain word as key.")
        if event.value in mapping.value:
            self._note(event, f"the key '{event.value}' stands here a second time.", "Keep one of the two.")
        self.lines[(*mapping.place, event.value)] = _line(event)
        mapping.key = event.value

    def _put(self, value: Any) -> None:
        """Into the container that is open, or as the whole."""
        if not self.stack:
            self.result = value
            return
        top = self.stack[-1]
        if isinstance(top.value, dict):
            top.value[top.key] = value
            top.key = None
        else:
            top.value.append(value)

    @staticmethod
    def _place(top: _Open | None) -> Path:
        if top is None:
            return ()
        return (*top.place, len(top.value) if top.key is None else top.key)

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        if not event.implicit[0]:
            return event.value
        if event.value in _PLAIN:
            return _PLAIN[event.value]
        if _WHOLE.fullmatch(event.value):
            if len(event.value) > _MAX_DIGITS:
                self._note(event, "the number has more than 15 digits.", "Put it in quotes if it is no quantity.")
                return 0
            return int(event.value)
        return event.value

    def _refuse_odd(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            what = "anchors and aliases (& and *) are not read."
            self._stop(event, what, "Write the text out a second time.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._stop(event, f"the tag {tag} is not read.", "Remove it; put texts in quotes where needed.")

    def _note(self, event: yaml.Event, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, _line(event), what, remedy))

    def _stop(self, event: yaml.Event, what: str, remedy: str) -> NoReturn:
        self._note(event, what, remedy)
        raise InvalidFileError(self.problems)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
