"""Examination of a sealed file: examine. Parses untrusted bytes, so `verify` runs it in a separate process.

Stricter than pyHanko's own verdict: see the fields of observations.Observations, which this fills.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.content.attached_record import attachment
from assessments.model import Json
from exports.committee import document as committee
from exports.official import document as official
from exports.printing import stated
from exports.record import record, redaction
from exports.record.frozen import FrozenDocument
from exports.record.record import Record
from exports.seal.revocation import RevocationData
from exports.verification import consistency, seal_inspection, structure
from exports.verification.object_streams import Reader
from exports.verification.seal_inspection import Trust
from questionnaires import load
from questionnaires.released import releases
from questionnaires.schema import Questionnaire

_SHA256 = re.compile("[0-9a-f]{64}")
_HEAD_BYTES = 2_000
_UNREADABLE: Json = {"has_record": False, "is_ours": True}
"""Within which the table's own description stands, before and behind its name."""


def prepare() -> None:
    """Nothing to prepare beyond the imports."""


def task(payload: bytes) -> bytes:
    """payload: one line of parameters as JSON, then the PDF. Returns the observations as JSON."""
    head, _, pdf = payload.partition(b"\n")
    parameters = json.loads(head)
    lists, answers = ([base64.b64decode(encoded) for encoded in parameters[name]] for name in ("crls", "ocsps"))
    trust = Trust(
        [text.encode() for text in parameters["trusted"]],
        [text.encode() for text in parameters["stampers"]],
        RevocationData(tuple(lists), tuple(answers)),
        record.time(parameters["at"]),
        [text.encode() for text in parameters["guarded"]],
    )
    seen = examine(pdf, trust, Path(parameters["folder"]))
    return json.dumps(seen, ensure_ascii=False).encode()


def examine(pdf: bytes, trust: Trust | Sequence[bytes], folder: Path = load.FOLDER) -> Json:
    """Observations by field name, and under `reprint` what is needed to reprint the record.

    trust: what the reader trusts; a plain list of certificates means those of the sealers.
    Raises: any exception, if the bytes are hostile.
    """
    _check_tables(pdf)
    reader = Reader(pdf)
    if reader.encrypted:
        raise ValueError("the file is encrypted")
    trust = trust if isinstance(trust, Trust) else Trust(trust)
    stated_values = _stated(reader)
    seen: Json = {
        "is_readable": True,
        **seal_inspection.examine(reader, pdf, trust, is_strict=bool(stated_values and stated_values.printed_by)),
    }
    if seen["seals"] == 1:
        seen["deviations"] = structure.deviations(reader)
    if stated_values is not None and stated_values.is_committee:
        return {**seen, **_of_committee(reader, stated_values)}
    if stated_values is not None and stated_values.is_official:
        return {**seen, **_of_official(reader, stated_values)}
    if stated_values is not None and stated_values.is_archive:
        return {**seen, **_of_archive(reader, stated_values)}
    try:
        attached = record.read(attachment(reader))
    except Exception:  # a sealed file without a readable record is a finding of its own, not an unreadable file
        return {
            **seen,
            "has_record": False,
            "is_ours": _has_attachment(reader) or (stated_values is not None and stated_values.is_ours),
        }
    seen |= {"has_record": True, "is_ours": True, **about_record(attached, folder)}
    seen["is_stated_true"] = stated_values is not None and stated_values.fits(attached)
    if stated_values is not None:
        seen["reprint"] = {
            "record": attached.canonical.decode(),
            "languages": stated_values.languages,
            "printed_by": stated_values.printed_by,
        }
    return seen


def _of_archive(reader: PdfFileReader, stated_values: stated.Stated) -> Json:
    """An archive copy: which sealed file it says it is made of. It proves nothing by itself, so nothing is derived from it."""
    values = stated_values.values
    return {
        "is_ours": True,
        "archive": {
            "sha256": values["archive"],
            "fingerprint": values.get("fingerprint", ""),
            "record_sha256": values.get("record", ""),
            "printed_by": stated_values.printed_by,
        },
        "is_stated_true": stated_values.is_consistent
        and not _has_attachment(reader)
        and all(_SHA256.fullmatch(values.get(name, "")) for name in ("archive", "fingerprint", "record")),
    }


def _of_committee(reader: PdfFileReader, stated_values: stated.Stated) -> Json:
    """A committee's paper or minutes."""
    try:
        attached = committee.read(attachment(reader, committee.ATTACHMENT))
    except Exception:  # as of a record
        return _UNREADABLE
    frozen = attached.frozen
    about = {
        "kind": frozen.kind,
        "title": frozen.title,
        "unit": frozen.unit,
        "meeting": frozen.number,
        "on": frozen.on.isoformat(),
        "made_at": record.stamp(attached.made_at),
    }
    reprint = {"printed_by": stated_values.printed_by, "is_committee": True}
    return {
        **_of_frozen(attached, frozen.language, reprint),
        "committee": about,
        "is_stated_true": stated_values.fits_committee(attached),
    }


def _of_official(reader: PdfFileReader, stated_values: stated.Stated) -> Json:
    """An official document of an assessment."""
    try:
        attached = official.read(attachment(reader, official.ATTACHMENT))
    except Exception:  # as of a record
        return _UNREADABLE
    frozen = attached.frozen
    about = {
        "kind": frozen.kind,
        "title": frozen.title,
        "operator": frozen.operator,
        "system": frozen.system,
        "document_id": frozen.document_id,
        "revision": frozen.revision,
        "content_sha256": frozen.content_sha256,
        "made_at": record.stamp(attached.made_at),
        "is_draft": frozen.is_draft,
    }
    reprint = {"printed_by": stated_values.printed_by, "is_official": True}
    return {
        **_of_frozen(attached, frozen.language, reprint),
        "official": about,
        "is_example": frozen.is_example,
        "is_stated_true": stated_values.fits_official(attached),
    }


def _of_frozen(attached: FrozenDocument[Any], language: str, reprint: Json) -> Json:
    """What was frozen is attached, and nothing in it is to be derived. reprint: what a reprint needs beside it."""
    return {
        "has_record": True,
        "is_ours": True,
        "record_sha256": attached.sha256,
        "last_act": record.stamp(attached.made_at),
        "reprint": {"record": attached.canonical.decode(), "languages": [[language]], **reprint},
    }


def _check_tables(pdf: bytes) -> None:
    """Check that no cross-reference table has columns of zero width or more rows than the file has bytes.

    pyHanko would read a hundred million empty rows one by one. Raises: ValueError.
    """
    for match in re.finditer(rb"/XRef\b", pdf):
        start = pdf.rfind(b"obj", max(0, match.start() - _HEAD_BYTES), match.start())
        end = pdf.find(b"stream", match.end(), match.end() + _HEAD_BYTES)
        head = pdf[start:end] if -1 not in (start, end) else b""
        widths = re.findall(rb"/W\s*\[([^\]]*)\]", head)
        counts = re.findall(rb"/Size\s+(\d+)", head) + re.findall(
            rb"\d+", b" ".join(re.findall(rb"/Index\s*\[([^\]]*)\]", head))
        )
        if not widths or any(int(width) == 0 for row in widths for width in re.findall(rb"\d+", row)):
            raise ValueError("a table of objects has a column without width")
        if any(len(count) > 9 or int(count) > len(pdf) for count in counts):
            raise ValueError("a table of objects has more rows than the file can hold")


def _stated(reader: PdfFileReader) -> stated.Stated | None:
    try:
        return stated.read(reader)
    except Exception:  # damaged metadata state nothing
        return None


def _has_attachment(reader: PdfFileReader) -> bool:
    try:
        return bool(attachment(reader))
    except Exception:  # whatever is there instead is no record of ours
        return False


# --- the record -----------------------------------------------------------------------------------------------


def about_record(attached: Record, folder: Path) -> Json:
    """Observations about the record, by field name; results that cannot be recomputed are reported as such."""
    data = attached.data
    known = {
        "record_sha256": attached.sha256,
        "document": {name: value for name, value in data["document"].items() if name != "appearance"},
        "is_signed_off": not attached.is_draft,
        "signed_off_at": record.when_text(data["sign_off"]) if data["sign_off"] else None,
        "origin": data["decision_origin"],
        "is_example": attached.is_example,
        "redacts": attached.redacts,
        "engine": data["engine"],
        "outcome": data["results"]["determination"]["outcome"],
        "contested": data["results"]["determination"]["contested"],
        "level": data["results"]["risk"]["level"],
        "statement": _statement(data),
        "last_act": record.stamp(at) if (at := consistency.last_act(data)) else None,
    }
    try:
        recomputation = record.recompute(attached)
    except Exception:  # whatever a hostile record leads to: it cannot be recomputed, and that is the finding
        return {**known, "is_recomputed": False}
    standings = [
        [questionnaire.id, questionnaire.version, _standing(questionnaire, text, folder)]
        for questionnaire, text in _attached(recomputation, data)
    ]
    return {
        **known,
        "is_recomputed": True,
        "content_matches": recomputation.content_matches,
        "is_redaction_sound": attached.redacts is None or redaction.is_sound(attached, recomputation.questionnaires),
        "questionnaires_match": recomputation.questionnaires_match,
        "differing": list(recomputation.differing),
        "reworded": list(recomputation.reworded),
        "contradictions": consistency.contradictions(data, folder),
        "questionnaires": standings,
    }


def _statement(data: Json) -> Json:
    """What the record states: who assessed which system, and the ruling."""
    content, decision, sign_off = data["content"], data["decision"], data["sign_off"]
    return {
        "operator": content["operator"]["name"],
        "system": {"ko": content["system"]["name_ko"], "en": content["system"]["name_en"]},
        "version": content["system"]["version"],
        "ruling": decision["ruling"] if decision else None,
        "conditions": decision["conditions"] if decision else [],
        "decided_by": decision["by"]["name"] if decision else None,
        "signed_off_by": sign_off["by"]["name"] if sign_off else None,
    }


def _attached(recomputation: record.Recomputation, data: Json) -> list[tuple[Questionnaire, Json]]:
    return [
        (recomputation.questionnaires[questionnaire["id"]], questionnaire) for questionnaire in data["questionnaires"]
    ]


def _standing(questionnaire: Questionnaire, attached: Json, folder: Path) -> str:
    """State of that id and version in this program; the states are those of `verdict.STANDINGS`."""
    name = f"{questionnaire.id}/{questionnaire.version}.yaml"
    release = releases(folder).get(name)
    digest = record.text_sha256(attached["file"])
    if release is not None and release.sha256 == digest:
        return "released"
    own = folder / name
    if release is None and own.is_file() and record.text_sha256(own.read_text("utf-8")) == digest:
        return "called_released" if attached["is_released"] else "draft"
    if load.earlier_draft(questionnaire.id, questionnaire.version, digest, folder) is not None:
        return "called_released" if attached["is_released"] else "earlier_draft"
    if release is not None:
        return "altered"
    return "differs" if own.is_file() else "unknown"
