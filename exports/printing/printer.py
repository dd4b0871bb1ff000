"""What prints a report, named in one line: this. Every report states it, so that a verifier can tell other pages from another printer."""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "exports/**/*.py",
    "exports/**/*.j2",
    "exports/**/*.css",
    "exports/**/*.yaml",
    "exports/**/*.conf",
    "assessments/**/*.py",
    "questionnaires/**/*.py",
)
"""Questionnaires themselves do not count: a record brings its own."""
FORM = re.compile(r"[0-9A-Za-z.+-]{1,30} [0-9a-f]{16}")
"""Of what `this` gives."""
_LIBRARY = re.compile(r"lib(pango|harfbuzz|fontconfig|freetype|glib|z[.-]).*")


@cache
def this(fonts: tuple[Path, ...], further: tuple[Path, ...] = ()) -> str:
    """Version of the program and a digest of all that pages follow from: code, templates, fonts and libraries.

    The same line means the same bytes for the same record. To be asked where the libraries are loaded.
    further: fonts told apart by name and size, for they have 60 MB, and few pages need them.
    """
    digest = hashlib.sha256()
    for file in sorted(file for pattern in SOURCES for file in ROOT.glob(pattern)):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    for font in fonts:
        digest.update(hashlib.sha256(font.read_bytes()).digest())
    for font in further:
        digest.update(f"{font.name} {font.stat().st_size}\0".encode())
    # by the folders that installers name so; what is written in them would take as long as all the rest here
    named = sorted({folder.stem for place in sys.path for folder in Path(place).glob("*.dist-info")})
    platform_ = (platform.python_version(), platform.machine(), platform.system())
    digest.update("\n".join((*named, *platform_, *_libraries())).encode())
    return f"{metadata.version('haetae')} {digest.hexdigest()[:16]}"


def _libraries() -> list[str]:
    """Files of the system's libraries that shape and draw text, with the versions in their names.

    None where the system does not tell; libraries that came with a package are told by that package's version.
    """
    try:
        loaded = Path("/proc/self/maps").read_text("utf-8", "replace")
    except OSError:
        return []
    paths = {Path("/" + row.partition("/")[2]) for row in loaded.splitlines() if "/" in row}
    return sorted(
        {path.resolve().name for path in paths if _LIBRARY.match(path.name) and "site-packages" not in path.parts}
    )
