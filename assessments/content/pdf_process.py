"""Whether PDFs can be opened and read by the committee, at the other end of `uploads`: task. It gives one word for each."""

from __future__ import annotations

import io
import json
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.content.pdf_words import EMPTY, PROTECTED, READABLE

_MOST_NODES = 20_000
"""Of the tree of pages; a file that has more is taken for readable where none of these has anything on it."""


def prepare() -> None:
    """Nothing more than the imports."""


def task(payload: bytes) -> bytes:
    """One line with the sizes of the files, then the files; gives a line for each: a word, or nothing where it is broken."""
    head, _, rest = payload.partition(b"\n")
    states = []
    for size in json.loads(head):
        content, rest = rest[:size], rest[size:]
        try:
            states.append(state(content))
        except MemoryError:
            raise
        except Exception:  # whatever a broken file leads to
            states.append(b"")
    return b"\n".join(states)


def state(content: bytes) -> bytes:
    """READABLE, PROTECTED or EMPTY. Raises: whatever a broken file leads to."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted and not _opens_without_password(reader):
        return PROTECTED
    seen: dict[int, object] = {}  # holds what it knows, for another object may come to have the same id
    waiting = [reader.root["/Pages"]]
    while waiting and len(seen) < _MOST_NODES:
        node = waiting.pop()
        if not isinstance(node, generic.DictionaryObject) or id(node) in seen:
            continue
        seen[id(node)] = node
        kids = _at(node, "/Kids")
        if kids is not None:
            waiting += [kids[place] for place in range(len(kids))]
        elif _has_something(node):
            return READABLE
    return READABLE if waiting else EMPTY


def _opens_without_password(reader: PdfFileReader) -> bool:
    """Protected against changes only: any viewer opens it."""
    if not isinstance(reader.security_handler, StandardSecurityHandler):
        return False
    return reader.decrypt(b"").status is not AuthStatus.FAILED


def _at(node: generic.DictionaryObject, key: str) -> Any:
    """What stands there, wherever in the file it lies; `get` would give the reference. None: nothing."""
    return node[key] if key in node else None  # noqa: SIM401 - `get` of this library does not resolve


def _has_something(page: generic.DictionaryObject) -> bool:
    """Contents that are not empty, or a note or field laid over it."""
    if _at(page, "/Annots"):
        return True
    contents = _at(page, "/Contents")
    parts = [contents[i] for i in range(len(contents))] if isinstance(contents, generic.ArrayObject) else [contents]
    return any(isinstance(part, generic.StreamObject) and part.data.strip() for part in parts)
