"""Which release of Haetae this is: version."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    """As pyproject.toml says, the one place where it stands."""
    return metadata.version("haetae")
