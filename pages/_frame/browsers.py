"""Browsers as people call them, from how they name themselves: named."""

from __future__ import annotations

_BROWSERS = (
    ("Edg/", "Edge"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In the order in which they are looked for: all but Firefox call themselves Safari too, and most of them Chrome."""
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def named(stated: str) -> str:
    """`Edge · Windows`; empty where it names nothing known."""
    parts = (next((name for sign, name in known if sign in stated), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(part for part in parts if part)
