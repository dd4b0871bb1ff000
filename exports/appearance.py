"""How this organisation's reports look: Appearance, read. From `report.yaml` in the home folder.

accent: "#2f5d7c"    # headings and charts; at least 4.5:1 against white
logo: logo.png       # PNG or JPEG, at most 200 KB, on the first page

It becomes part of the record, so that the same record still gives the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path

import filetype
from pydantic import BaseModel, ConfigDict, ValidationError

from assessments.model import Json
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.strict_yaml import parse

FILE = "report.yaml"
ACCENT = "#2f5d7c"
"""Where none is set; the colour that style sheet and charts are written in."""
MAX_LOGO_BYTES = 200 * 1024
LEAST_CONTRAST = 4.5
_KINDS = ("image/png", "image/jpeg")
_HEX = re.compile(r"#[0-9a-f]{6}")
_REMEDY = (
    "It may hold accent (six hexadecimal digits after #, dark enough) and logo (a PNG or JPEG file in this folder)."
)


@dataclass(frozen=True)
class Appearance:
    """Nothing set: the plain look."""

    accent: str = ACCENT
    logo: bytes = b""

    def __post_init__(self) -> None:
        """Raises: ValueError, with a sentence."""
        if not _HEX.fullmatch(self.accent):
            raise ValueError(f"accent {self.accent[:20]!r} is no colour such as #2f5d7c")
        if contrast(self.accent) < LEAST_CONTRAST:
            raise ValueError(
                f"accent {self.accent} is too light: its contrast against white is below {LEAST_CONTRAST}:1"
            )
        if len(self.logo) > MAX_LOGO_BYTES:
            raise ValueError(f"the logo is larger than {MAX_LOGO_BYTES // 1024} KB")
        if self.logo and filetype.guess_mime(self.logo) not in _KINDS:
            raise ValueError("the logo is no PNG or JPEG picture")

    @property
    def is_plain(self) -> bool:
        return self == Appearance()

    def to_json(self) -> Json:
        return {"accent": self.accent, "logo": base64.b64encode(self.logo).decode()}


def from_json(data: Json | None) -> Appearance:
    """What `to_json` wrote; None: plain. Raises: ValueError."""
    if data is None:
        return Appearance()
    try:
        return Appearance(str(data["accent"]), base64.b64decode(data["logo"], validate=True))
    except (KeyError, TypeError, binascii.Error):
        raise ValueError("the record's appearance cannot be read") from None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    accent: str = ACCENT
    logo: str = ""


def read(home: Path) -> Appearance:
    """What is set; the plain look where there is no file. Raises: InvalidFileError."""
    file = home / FILE
    if not file.is_file():
        return Appearance()
    parsed = parse(file.read_bytes(), FILE)
    try:
        given = _File.model_validate(parsed.data if parsed.data is not None else {})
    except ValidationError as error:
        found = [(one["loc"], ".".join(map(str, one["loc"])) + ": " + one["msg"]) for one in error.errors()]
        raise InvalidFileError(
            Problem(FILE, parsed.line(place), f"{what}.", _REMEDY) for place, what in found
        ) from None
    try:
        return Appearance(given.accent.lower(), _logo(home, given.logo))
    except (OSError, ValueError) as error:
        why = f"{given.logo}: {error.strerror}" if isinstance(error, OSError) else str(error)
        raise InvalidFileError([Problem(FILE, parsed.line(()), f"{why}.", _REMEDY)]) from None


def _logo(home: Path, name: str) -> bytes:
    if not name:
        return b""
    if Path(name).name != name:
        raise ValueError(f"logo {name!r} is not in this folder")
    with (home / name).open("rb") as stream:
        return stream.read(MAX_LOGO_BYTES + 1)


def contrast(colour: str) -> float:
    """Of a colour `#rrggbb` against white, by WCAG 2.2: from 1 (white) to 21 (black)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
