"""Whether the pages of a sealed file are exactly what this program prints from its record: compared → Pages.

The record is printed anew in a process of its own, and the file must begin with those bytes; what the seal adds behind
them is examined in `structure`. The file itself is not parsed again for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from io import BytesIO

from assessments import own_process
from assessments.model import Json
from exports.committee import document as committee
from exports.official import document as official
from exports.record import record
from exports.record.original import SealedOriginal
from exports.record.record import Record

Print = Callable[[Record, tuple[str, ...], str], bytes]
"""A record, the languages of the report, what it says it was printed by → the PDF."""


WAITING_SECONDS = 120
"""How much longer than its processor time printing may take where the machine is busy; a report prints in a few seconds."""


class Pages(StrEnum):
    """Result of the comparison."""

    SAME = "same"
    OTHER = "other"
    """This very program with these very fonts prints other pages."""
    FOREIGN = "foreign"
    """Printed by another version of the program or with other fonts or libraries, and these pages come out otherwise."""
    UNSTATED = "unstated"
    """Printed by a release before 0.2.0, which did not state what it printed with; such pages cannot be compared exactly."""
    NOT_PRINTED = "not_printed"
    """The record could not be printed here."""


def compared(pdf: bytes, parameters: Json) -> Pages:
    """given: `record` (canonical JSON), `languages` (choices, the likeliest first), `printed_by`; from `inspection`."""
    raw = parameters["record"].encode()
    head = json.dumps(
        {
            "languages": parameters["languages"],
            "printed_by": parameters["printed_by"],
            "record_bytes": len(raw),
            "is_committee": bool(parameters.get("is_committee")),
            "is_official": bool(parameters.get("is_official")),
        }
    )
    try:
        payload = head.encode() + b"\n" + raw + pdf
        return Pages(own_process.in_own_process("reprint", payload, waiting_seconds=WAITING_SECONDS).decode())
    except (own_process.OverLimitError, ValueError):
        return Pages.NOT_PRINTED


def compared_copy(pdf: bytes, original: bytes, of: SealedOriginal, printed_by: str) -> Pages:
    """Of an archive copy, made anew of its verified original. printed_by: as the copy states."""
    settings = {"original": of.to_json(), "original_bytes": len(original), "printed_by": printed_by}
    try:
        payload = json.dumps(settings).encode() + b"\n" + original + pdf
        return Pages(own_process.in_own_process("reprint", payload, waiting_seconds=WAITING_SECONDS).decode())
    except (own_process.OverLimitError, ValueError):
        return Pages.NOT_PRINTED


def prepare() -> None:
    from exports.printing import document

    document.prepare()


def task(payload: bytes) -> bytes:
    """One line of settings, the record, the file."""
    from exports.printing import document

    head, _, rest = payload.partition(b"\n")
    parameters = json.loads(head)
    if "original" in parameters:
        return _judged_copy(parameters, rest).value.encode()
    raw, pdf = rest[: parameters["record_bytes"]], rest[parameters["record_bytes"] :]
    printed_by = parameters["printed_by"]
    if parameters["is_committee"] or parameters["is_official"]:
        if parameters["is_committee"]:
            printed = document.make_committee(committee.read(raw), printed_by)
        else:
            printed = document.make_official(official.read(raw), printed_by)
        if pdf.startswith(printed):
            return Pages.SAME.value.encode()
        is_own = printed_by == document.printed_by()
        return (Pages.OTHER if is_own else Pages.FOREIGN).value.encode()
    attached = record.read(raw)
    pages = judged(pdf, attached, parameters["languages"], printed_by, document.make, document.printed_by())
    return pages.value.encode()


def _judged_copy(parameters: Json, rest: bytes) -> Pages:
    """rest: the original, then the copy."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    from assessments.content.attached_record import attachment
    from exports.printing import document, stated

    sealed, copy = rest[: parameters["original_bytes"]], rest[parameters["original_bytes"] :]
    reader = PdfFileReader(BytesIO(sealed), strict=True)
    attached, printed_by = record.read(attachment(reader)), parameters["printed_by"]
    of = SealedOriginal(**parameters["original"])
    for choice in stated.read(reader).languages:
        if document.make_archive(attached, tuple(choice), of, printed_by) == copy:
            return Pages.SAME
    return Pages.OTHER if printed_by == document.printed_by() else Pages.FOREIGN


def judged(
    pdf: bytes, attached: Record, languages: Sequence[Sequence[str]], printed_by: str, make: Print, own: str
) -> Pages:
    """own: what this program would say it was printed by."""
    if any(pdf.startswith(printed) for printed in _prints(attached, languages, printed_by, make)):
        return Pages.SAME
    if not printed_by and "version" not in attached.data:
        return Pages.UNSTATED
    return Pages.OTHER if printed_by == own else Pages.FOREIGN


def _prints(attached: Record, languages: Sequence[Sequence[str]], printed_by: str, make: Print) -> Iterator[bytes]:
    for choice in languages:
        yield make(attached, tuple(choice), printed_by)
