"""Writing: the kind of a value is asked once."""

from __future__ import annotations

from typing import Any

import pydyf

_to_bytes = pydyf._to_bytes


def to_bytes(item: Any) -> bytes:
    kind = type(item)
    if kind is bytes:
        return item  # type: ignore[no-any-return]
    if kind is str:
        return item.encode("ascii")  # type: ignore[no-any-return]
    if kind is int:
        return b"%d" % item
    written: bytes = _to_bytes(item)
    return written


WAYS = ((pydyf, "_to_bytes", to_bytes),)
