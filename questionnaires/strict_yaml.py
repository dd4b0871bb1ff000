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

from questionnaires.problems import COMMON, InvalidFileError, Problem

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
        raise InvalidFileError([COMMON.problem(file, 0, "too_large", size=size, most=max_bytes)])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidFileError([COMMON.problem(file, line, "not_utf8")]) from None


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
            why = error.problem or error.context
            raise InvalidFileError([COMMON.problem(self.file, line, "not_yaml", why=why)]) from None
        except yaml.YAMLError as error:
            why = str(error).splitlines()[0]
            raise InvalidFileError([COMMON.problem(self.file, 0, "unreadable_signs", why=why)]) from None
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
                    self._stop(event, "second_document")
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
            self._stop(event, "too_deep", most=MAX_DEPTH)
        self.stack.append(_Open(place, {} if isinstance(event, yaml.MappingStartEvent) else []))

    def _key(self, event: yaml.NodeEvent, mapping: _Open) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(event, "key_is_no_word")
        if event.value in mapping.value:
            self._note(event, "key_twice", key=event.value)
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
                self._note(event, "too_many_digits", most=_MAX_DIGITS)
                return 0
            return int(event.value)
        return event.value

    def _refuse_odd(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._stop(event, "anchor")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._stop(event, "tag", tag=tag)

    def _note(self, event: yaml.Event, kind: str, **values: str | int) -> None:
        self.problems.append(COMMON.problem(self.file, _line(event), kind, **values))

    def _stop(self, event: yaml.Event, kind: str, **values: str | int) -> NoReturn:
        self._note(event, kind, **values)
        raise InvalidFileError(self.problems)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
