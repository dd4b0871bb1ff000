"""One file of many, examined in a process of its own: task, which makes the row; settings, which all files share.

Runs in a process that `assessments.ready_process` forks, with the limits of the task *examine*. Untrusted bytes are parsed
here and nowhere else; what comes back is a row, whose values `row.from_json` checks.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from assessments.model import Json
from assessments.release import version
from assessments.rules import ENGINE
from exports.collection import row as rows
from exports.record import record
from exports.seal import certificates, revocation
from exports.seal.revocation import RevocationData
from exports.verification import inspection, reprint
from exports.verification.seal_inspection import Trust
from exports.verification.verify import conclude
from exports.words import labels
from questionnaires import load
from questionnaires.released import releases


@dataclass(frozen=True)
class Settings:
    """What every file of a run is verified with."""

    trusted: Sequence[bytes] = ()
    stampers: Sequence[bytes] = ()
    revoked: Sequence[bytes] = ()
    folder: Path | None = None
    """The verifier's questionnaires. None: those of the program that verifies, wherever it runs."""
    is_reprinting: bool = False
    """Also print each record anew and compare the pages, some seconds a report."""

    @property
    def questionnaires(self) -> Path:
        return self.folder or load.FOLDER

    def to_json(self) -> Json:
        """Raises: ValueError where one of the texts holds no certificate or no revocation data."""
        known = [revocation.read(text) for text in self.revoked]
        return {
            "trusted": [certificates.as_pem(text) for text in self.trusted],
            "stampers": [certificates.as_pem(text) for text in self.stampers],
            "crls": [base64.b64encode(der).decode() for data in known for der in data.crls],
            "ocsps": [base64.b64encode(der).decode() for data in known for der in data.ocsps],
            "folder": str(self.questionnaires),
        }

    def key(self) -> str:
        """Of everything that a result depends on besides the file and the moment: equal keys, equal results."""
        shared = {name: value for name, value in self.to_json().items() if name != "folder"}
        known = sorted(
            hashlib.sha256(file.read_bytes()).hexdigest()
            for file in self.questionnaires.glob("*/*.yaml")
            if file.is_file()
        )
        parts = [version(), ENGINE, self.is_reprinting, shared, known]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def payload(settings: Json, pdf: bytes, at: datetime) -> bytes:
    return json.dumps({**settings, "at": record.stamp(at)}).encode() + b"\n" + pdf


_LATE = (
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.metadata.xmp_xml",
    "cryptography.hazmat.backends.openssl.backend",
    "encodings.utf_16_be",
)
"""What the first file that is examined would load."""


def prepare() -> None:
    """Do what every file needs and no file changes, so that each forked process finds it done: six sevenths of its time."""
    for name in _LATE:
        import_module(name)
    with suppress(Exception):  # a broken file of this installation is told where it is used
        for edition in load.editions(load.FOLDER):
            load.read_once(edition.text, edition.file)
        releases(load.FOLDER)
    at = datetime.now(UTC)
    _ = [labels.moment(at, language) for language in ("ko", "en")]
    _ = [text for file in ("labels.yaml", "verification.yaml") for text in labels.labels(file)]
    rows.to_json(rows.row_of(conclude({}, b"", at=at), None, size=0, language=""))


def task(raw: bytes) -> bytes:
    """payload: one line of parameters as JSON, then the PDF. Returns the row and what a reprint needs, as JSON."""
    head, _, pdf = raw.partition(b"\n")
    return json.dumps(examined(json.loads(head), pdf), ensure_ascii=False).encode()


def examined(parameters: Json, pdf: bytes) -> Json:
    """`row`, and `reprint` where the pages can be compared and that can still change the verdict."""
    lists, answers = ([base64.b64decode(encoded) for encoded in parameters[name]] for name in ("crls", "ocsps"))
    at = record.time(parameters["at"])
    trust = Trust(
        [text.encode() for text in parameters["trusted"]],
        [text.encode() for text in parameters["stampers"]],
        RevocationData(tuple(lists), tuple(answers)),
        at,
    )
    try:
        seen = inspection.examine(pdf, trust, Path(parameters["folder"]))
    except MemoryError:
        raise
    except Exception:  # as in `verify`: whatever the bytes lead to, it is not readable
        seen = {}
    if pages := parameters.get("pages"):
        seen["pages"] = reprint.Pages(pages)
    verification = conclude(seen, pdf, at=at)
    again = seen.get("reprint")
    is_record = again and not (again.get("is_committee") or again.get("is_official")) and verification.is_readable
    data = json.loads(again["record"]) if again and is_record else None
    language = " ".join(again["languages"][0]) if again and len(again["languages"]) == 1 else ""
    try:
        row = rows.row_of(verification, data, size=len(pdf), language=language)
    except (KeyError, TypeError, ValueError, OverflowError, ArithmeticError):  # what no table can hold
        row = rows.row_of(conclude({}, pdf, at=at), None, size=len(pdf), language="")
    answer: Json = {"row": rows.to_json(row)}
    if again and verification.is_to_be_reprinted and not pages:
        answer["reprint"] = again
    return answer
