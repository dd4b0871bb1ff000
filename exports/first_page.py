"""Whether the first page says what the record says: examine. Digest, outcomes and level, as printed."""

from __future__ import annotations

import re
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.model import Json
from exports import labels
from exports.korean import on_cover
from exports.page_text import printed_text
from exports.record import Record
from questionnaires.vocabulary import Level

_OUTCOMES = ("not_high_impact", "high_impact", "cannot_determine")
"""The longest words first: 「…에 해당」 is the beginning of 「…에 해당하지 않음」 too."""
_DEEPEST = 64


def examine(reader: PdfFileReader, attached: Record) -> Json:
    """`is_digest_printed`: the only digest on the page and in the metadata; `is_first_page_true`: outcomes and level."""
    page = _flat(printed_text(_first_page(reader.root["/Pages"])))
    named = re.findall(rb"urn:haetae:record:([0-9a-f]{64})", reader.root["/Metadata"].data)
    printed = set(re.findall(r"[0-9a-f]{64}", page))
    return {
        "is_digest_printed": printed == {attached.sha256, attached.redacts} - {None}
        and named == [attached.sha256.encode()],
        "is_first_page_true": _is_true(page, attached.data),
    }


def _is_true(page: str, data: Json) -> bool:
    said, results = labels.labels(), data["results"]
    for written in _written(data["content"]):
        page = page.replace(_flat(written), "")
    printed = set()
    for outcome in _OUTCOMES:
        for language in ("ko", "en"):
            words = _flat(said[f"outcome_{outcome}"][language])
            if words in page:
                printed.add(outcome)
                page = page.replace(words, "")
    levels = {_flat(said[f"level_{level}"][language]): level for level in Level for language in ("ko", "en")}
    shown = {levels[word] for word in re.findall(f"[■□]{{4}}({'|'.join(sorted(levels, key=len, reverse=True))})", page)}
    found = results["determination"]
    is_level_true = shown == {results["risk"]["level"]}
    return printed == {found["outcome"], found["without_claim"]["outcome"]} and is_level_true


def _written(content: Json) -> list[str]:
    """What people wrote there, whole and as it is shortened; it may hold any words."""
    system, operator = content["system"], content["operator"]
    texts = (
        system["name_ko"],
        system["name_en"],
        system["version"],
        operator["name"],
        operator["supervisor_name"],
        operator["supervisor_contact"],
    )
    return [text for given in texts if given for text in (given, on_cover(given))]


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _first_page(node: Any) -> Any:
    for _ in range(_DEEPEST):
        if node["/Type"] == "/Page":
            return node
        node = node["/Kids"][0]
    raise ValueError("the pages are nested too deeply")
