"""Compound files (MS-CFB) with named streams, as HWP 5 and protected Office files are: compound."""

from __future__ import annotations

import struct

_SECTOR, _LEAST = 512, 4096
_END, _FAT, _FREE, _NOBODY = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF, 0xFFFFFFFF


def compound(**streams: bytes) -> bytes:
    """Each stream filled up to 4,096 bytes, so that none lies in the stream of small ones; up to three of them."""
    contents = {name: content.ljust(_LEAST, b"\0") for name, content in streams.items()}
    fat, sectors, places = [_FAT, _END], [], {}
    for name, content in contents.items():
        places[name] = len(fat)
        count = len(content) // _SECTOR
        fat += [*range(places[name] + 1, places[name] + count), _END]
        sectors.append(content)
    names = list(contents)
    entries = [_entry("Root Entry", 5, child=1 if names else _NOBODY, start=_END, size=0)]
    for number, name in enumerate(names, 1):
        following = number + 1 if number < len(names) else _NOBODY
        entries.append(_entry(name, 2, right=following, start=places[name], size=len(contents[name])))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, _LEAST, _END, 0, _END, 0,
    )  # fmt: skip
    return header + struct.pack("<109I", 0, *[_FREE] * 108) + table + directory + b"".join(sectors)


def hwp(*, has_password: bool = False) -> bytes:
    """A header stream as an HWP 5 file has it, without a body."""
    return compound(
        FileHeader=b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, 2 if has_password else 1)
    )


def _entry(name: str, kind: int, *, child: int = _NOBODY, right: int = _NOBODY, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", written, len(written) + 2, kind, 1, _NOBODY, right, child, b"", 0, 0, 0, start, size
    )
