"""Sentences of the decision log's reading, Korean and English, from texts.yaml: text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from questionnaires import strict_yaml
from questionnaires.vocabulary import Text


def text(key: str, **values: str | int) -> Text:
    """The sentence with its values put in."""
    found = _texts()[key]
    return Text(ko=found["ko"].format(**values), en=found["en"].format(**values))


@cache
def _texts() -> dict[str, Any]:
    file = Path(__file__).with_name("texts.yaml")
    return dict(strict_yaml.parse(file.read_bytes(), file.name).data)
