"""Open questions of law and the official files: what was not found says when it was looked for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from questionnaires.law import OfficialFile, OpenQuestion, law

SAID = {"ko": "글", "en": "text"}
QUESTION: dict[str, Any] = {"id": "one", "kind": "sources_differ", "title": SAID, "text": SAID, "source": SAID}
FILE: dict[str, Any] = {"id": "one", "title": SAID, "edition": "2026-01-22", "pages": 1, "note": SAID}


def test_each_stands_once_and_was_not_looked_for_after_the_day_of_the_list() -> None:
    ids = [one.id for one in (*law().open, *law().files)]
    assert len(set(ids)) == len(ids)
    assert all(one.looked_for_on is None or one.looked_for_on <= law().as_of for one in law().open)


@pytest.mark.parametrize("kind", ["not_found", "draft_only"])
def test_what_was_not_found_says_when(kind: str) -> None:
    with pytest.raises(ValidationError, match="looked_for_on"):
        OpenQuestion.model_validate(QUESTION | {"kind": kind})
    assert OpenQuestion.model_validate(QUESTION | {"kind": kind, "looked_for_on": "2026-10-08"}).looked_for_on


def test_a_file_has_one_fingerprint_whole_or_its_beginning() -> None:
    for wrong in ({}, {"sha256": "0" * 64, "sha256_begins": "0" * 8}, {"sha256": "0" * 8}):
        with pytest.raises(ValidationError):
            OfficialFile.model_validate(FILE | wrong)
    assert OfficialFile.model_validate(FILE | {"sha256_begins": "0" * 8}).fingerprint == "00000000…"
