"""Sentences of the decision log's reading, Korean and English, from texts.yaml: text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from questionnaires import strict_yaml
from questionnaires.vocabulary import Text


def text(key: str, **values: str | int | Text) -> Text:
    """The sentence with its values put in; one that is a Text is put in by its language."""
    ko, en = ({name: _in(value, language) for name, value in values.items()} for language in ("ko", "en"))
    found = _texts()[key]
    return Text(ko=found["ko"].format(**ko), en=found["en"].format(**en))


def _in(value: str | int | Text, language: str) -> str | int:
    return value[language] if isinstance(value, Text) else value


@cache
def _texts() -> dict[str, Any]:
    file = Path(__file__).with_name("texts.yaml")
    return dict(strict_yaml.parse(file.read_bytes(), file.name).data)
