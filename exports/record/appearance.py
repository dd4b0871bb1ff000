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
from typing import Any

import filetype
from pydantic import BaseModel, ConfigDict, ValidationError

from assessments.model import Json
from questionnaires.problems import InvalidFileError, ProblemTexts
from questionnaires.shape import refused
from questionnaires.strict_yaml import parse

FILE = "report.yaml"
ACCENT = "#2f5d7c"
"""Where none is set; the colour that style sheet and charts are written in."""
MAX_LOGO_BYTES = 200 * 1024
LEAST_CONTRAST = 4.5
_KINDS = ("image/png", "image/jpeg")
_HEX = re.compile(r"#[0-9a-f]{6}")
SETTING_PROBLEMS = ProblemTexts(Path(__file__).with_name("setting_problems.yaml"))
"""Of report.yaml and seal.yaml."""


class AppearanceError(ValueError):
    """One thing against a look; its text is of a catalogue."""

    def __init__(self, kind: str, **values: Any) -> None:
        self.kind, self.values = kind, values
        super().__init__(SETTING_PROBLEMS.text(kind, **values).en.removesuffix("."))


@dataclass(frozen=True)
class Appearance:
    """Nothing set: the plain look."""

    accent: str = ACCENT
    logo: bytes = b""

    def __post_init__(self) -> None:
        """Raises: AppearanceError."""
        if not _HEX.fullmatch(self.accent):
            raise AppearanceError("accent_no_colour", accent=self.accent[:20])
        if contrast(self.accent) < LEAST_CONTRAST:
            raise AppearanceError("accent_too_light", accent=self.accent, least=LEAST_CONTRAST)
        if len(self.logo) > MAX_LOGO_BYTES:
            raise AppearanceError("logo_too_large", most=MAX_LOGO_BYTES // 1024)
        if self.logo and filetype.guess_mime(self.logo) not in _KINDS:
            raise AppearanceError("logo_no_picture")

    @property
    def is_plain(self) -> bool:
        return self == Appearance()

    def to_json(self) -> Json:
        return {"accent": self.accent, "logo": base64.b64encode(self.logo).decode()}


def from_json(data: Json | None) -> Appearance:
    """Parse the output of `to_json`; None gives the default look. Raises: ValueError."""
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
    """The configured appearance; the default look if there is no file. Raises: InvalidFileError."""
    file = home / FILE
    if not file.is_file():
        return Appearance()
    parsed = parse(file.read_bytes(), FILE)
    try:
        settings_file = _File.model_validate(parsed.data if parsed.data is not None else {})
    except ValidationError as error:
        raise refused(parsed, error, SETTING_PROBLEMS.text("appearance")) from None
    try:
        return Appearance(settings_file.accent.lower(), _logo(home, settings_file.logo))
    except AppearanceError as error:
        problem = SETTING_PROBLEMS.problem(FILE, parsed.line(()), error.kind, **error.values)
    except (OSError, ValueError) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else "embedded null byte"
        problem = SETTING_PROBLEMS.problem(
            FILE, parsed.line(("logo",)), "logo_unreadable", name=settings_file.logo, why=why
        )
    raise InvalidFileError([problem])


def _logo(home: Path, name: str) -> bytes:
    if not name:
        return b""
    if Path(name).name != name:
        raise AppearanceError("logo_elsewhere", name=name)
    with (home / name).open("rb") as stream:
        return stream.read(MAX_LOGO_BYTES + 1)


def contrast(colour: str) -> float:
    """Contrast ratio of a colour `#rrggbb` against white, from 1 (white) to 21 (black). Source: WCAG 2.2."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
