"""Sentences of the decision log, Korean and English, from texts.yaml: TEXTS."""

from __future__ import annotations

from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
