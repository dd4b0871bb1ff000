"""Where this installation keeps its database, key, certificate, evidence and people: home."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """HAETAE_HOME, else `var/` beside pyproject.toml; made (for the owner only) where it is missing."""
    stated = os.environ.get("HAETAE_HOME")
    folder = Path(stated).expanduser() if stated else Path(__file__).resolve().parent.parent / "var"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve()
