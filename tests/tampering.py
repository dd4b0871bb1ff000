"""Everything that somebody may do to a report, and what four programs say of it; the table in VERIFYING.md.

`python -m tests.tampering` writes the table anew.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.registration import Registration, Standing, compare
from exports.issuing import sealing
from exports.record.record import Record
from exports.seal import keys, pades
from exports.seal.keys import Signer
from exports.seal.settings import SealSettings
from exports.verification import inspection, verify
from exports.verification.seal_inspection import Trust
from exports.words.facts import State
from tests import authority, containers
from tests import report_samples as samples

DOCUMENT = Path(__file__).resolve().parents[1] / "exports" / "verification" / "VERIFYING.md"
BEGIN, END = "<!-- table: python -m tests.tampering -->", "<!-- end of table -->"
NOW = samples.SEALED_AT + timedelta(days=6)
FLIPS = 200
WEAKENED = samples.TEXTS["hiring"].replace("outcome: high_impact", "outcome: not_high_impact")
"""A rule of it made lenient."""
REWORDED = samples.TEXTS["hiring"].replace("Nodes H6 and H8 of the flowchart.", "Node H6 of the flowchart.")
"""One text that decides nothing is another."""


# --- what is done to a file -------------------------------------------------------------------------------------------


def resealed(made_from: Record, *, is_brief: bool = False) -> bytes:
    """What an organisation can do with its own key: any record, printed and sealed. is_brief: the first page only."""
    pages = (samples.printed_briefly if is_brief else samples.printed)(made_from, ("ko", "en"))
    return pades.seal(pages, samples.signer(), samples.SEALED_AT)


def swapped(raw: bytes, attached: bytes) -> bytes:
    """Another attachment, by an update behind the file."""
    revised = IncrementalPdfFileWriter(BytesIO(raw))
    stream = revised.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"].raw_get("/F").reference
    replaced = revised.get_object(stream)
    replaced._data, replaced._encoded_data = attached, None
    revised.mark_update(stream)
    return written(revised)


def flipped(raw: bytes, position: int, mask: int = 1) -> bytes:
    return raw[:position] + bytes([raw[position] ^ mask]) + raw[position + 1 :]


def flips(raw: bytes, count: int) -> list[bytes]:
    """One bit changed somewhere in what the seal covers, again and again."""
    source, (start, end) = random.Random(20261120), containers.gap(raw)
    made = []
    for _ in range(count):
        place = source.randrange(len(raw) - (end - start))
        made.append(flipped(raw, place if place < start else place + end - start, 1 << source.randrange(8)))
    return made


def comment_appended(raw: bytes) -> bytes:
    return raw + b"% nothing\n"


def newline_appended(raw: bytes) -> bytes:
    return raw + b"\n"


def truncated(raw: bytes) -> bytes:
    return raw[:-2000]


def cut_before_the_seal(raw: bytes) -> bytes:
    return raw[: len(samples.rendered())]


def attachment_swapped(raw: bytes) -> bytes:
    return swapped(raw, samples.draft_record().canonical)


def title_changed(raw: bytes) -> bytes:
    revised = IncrementalPdfFileWriter(BytesIO(raw))
    about = revised.trailer["/Info"]
    about[generic.pdf_name("/Title")] = generic.pdf_string("Another title")
    revised.update_container(about)
    return written(revised)


def page_changed(raw: bytes) -> bytes:
    revised = IncrementalPdfFileWriter(BytesIO(raw))
    page = revised.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(180)
    revised.update_container(page)
    return written(revised)


@cache
def saved_again(raw: bytes) -> bytes:
    return written(writer.copy_into_new_writer(PdfFileReader(BytesIO(raw))))


def form_removed(raw: bytes) -> bytes:
    revised = IncrementalPdfFileWriter(BytesIO(raw))
    del revised.root["/AcroForm"]
    revised.update_root()
    return written(revised)


def written(revised: Any) -> bytes:
    out = BytesIO()
    revised.write(out)
    return out.getvalue()


def copied_from_another(raw: bytes) -> bytes:
    """The genuine signature under a file that says something else, where a seal of the same size stood."""
    other = pades.seal(title_changed(samples.rendered()), samples.signer(), samples.SEALED_AT)
    return containers.refilled(other, containers.container(raw))


class Careless(Signer):
    """Seals whatever the dates of its certificate are."""

    def is_valid_at(self, at: datetime) -> bool:
        return True


@cache
def dated(days: int) -> Careless:
    """A certificate that begins so many days after the seal, for two days."""
    plain = samples.signer(samples.AT + timedelta(days=days), timedelta(days=2))
    return Careless(plain.key, plain.certificate)


def sealed_by(signer: Signer) -> bytes:
    return pades.seal(samples.rendered(), signer, samples.SEALED_AT)


@cache
def stamped() -> bytes:
    with authority.stamping() as server:
        return pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT).pdf


# --- the table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """One line of the table."""

    id: str
    ko: str
    en: str
    make: Callable[[], bytes]
    signer: Callable[[], Signer] = samples.signer
    """Whose certificate the reader holds."""
    has_register: bool = False
    is_quick: bool = False
    """Quick enough, and telling enough, for every commit."""
    count: int = 1
    """More than one: so many files, each counted."""


def _touched(touch: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: touch(samples.sealed())


VARIANTS = (
    Variant("untouched", "손대지 않음", "Untouched", samples.sealed, has_register=True, is_quick=True),
    Variant("stamped", "손대지 않음, 타임스탬프 있음", "Untouched, with a time stamp", stamped),
    Variant(
        "flips", "봉인된 곳의 한 비트를 바꿈 (200곳)", "One bit of what is sealed changed (200 places)",
        samples.sealed, count=FLIPS,
    ),
    Variant("page", "덧붙인 갱신으로 쪽을 바꿈", "A page changed by an appended update", _touched(page_changed)),
    Variant(
        "attachment", "덧붙인 갱신으로 첨부 기록을 바꿈", "The attached record replaced by an appended update",
        _touched(attachment_swapped),
    ),
    Variant("title", "덧붙인 갱신으로 제목을 바꿈", "The title changed by an appended update", _touched(title_changed)),
    Variant("junk", "파일 끝에 무엇을 덧붙임", "Junk after the end", _touched(comment_appended), is_quick=True),
    Variant("truncated", "끝을 잘라 냄", "Cut short", _touched(truncated)),
    Variant("removed", "봉인을 잘라 냄", "The seal cut off", _touched(cut_before_the_seal)),
    Variant("hidden", "덧붙인 갱신으로 서명란을 지움", "The signature field removed by an update", _touched(form_removed)),
    Variant("saved", "다른 프로그램으로 다시 저장", "Saved again by a program", _touched(saved_again)),
    Variant("copied", "다른 파일의 서명을 옮겨 붙임", "The signature copied from another file", _touched(copied_from_another)),
    Variant(
        "weakened", "봉인 전에 첨부 질문지의 규칙을 완화", "A rule in the attached questionnaire weakened before sealing",
        lambda: resealed(samples.sealed_record(hiring=WEAKENED)),
    ),
    Variant(
        "named", "봉인하지 않은 다른 인증서를 기록에 적음", "Another certificate named in the record than the one that sealed",
        lambda: resealed(samples.sealed_record().name_seal(sealing.named(dated(-10)))),
    ),
    Variant(
        "wrong", "다른 사람의 인증서로 봉인", "Sealed with somebody else's certificate",
        lambda: sealed_by(samples.signer(samples.AT - timedelta(days=2))),
    ),
    Variant(
        "expired", "만료된 인증서로 봉인", "Sealed with an expired certificate",
        lambda: sealed_by(dated(-10)), lambda: dated(-10),
    ),
    Variant(
        "not_yet", "아직 유효하지 않은 인증서로 봉인", "Sealed with a certificate not valid yet",
        lambda: sealed_by(dated(5)), lambda: dated(5),
    ),
    Variant(
        "stripped", "타임스탬프를 떼어 냄", "The time stamp taken away",
        lambda: containers.with_stamp_of(stamped(), None), is_quick=True,
    ),
    Variant(
        "container", "봉인 자리의 쓰지 않는 바이트를 바꿈 (등록부와 대조)",
        "Unused bytes in the place of the seal changed (compared with the register)",
        lambda: containers.with_further_certificate(samples.sealed(), authority.root().certificate), has_register=True,
        is_quick=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the programs said of one file."""

    haetae: str
    pdfsig: str
    openssl: str
    mutool: str

    @property
    def finds(self) -> tuple[bool, ...]:
        """Whether each program said anything else than that all is well."""
        return tuple(one != fine for one, fine in zip(self._all, GENUINE._all, strict=True))

    @property
    def _all(self) -> tuple[str, ...]:
        return self.haetae, self.pdfsig, self.openssl, self.mutool


GENUINE = Said("passed", "valid, total document", "successful", "unchanged since signing")


def row(variant: Variant, known: Path, folder: Path) -> str:
    """The line of the table, as the programs at hand say."""
    if variant.count > 1:
        found = [ask(one, variant, known, folder).finds for one in flips(variant.make(), variant.count)]
        cells = [f"{sum(column)} of {variant.count} found" for column in zip(*found, strict=True)]
    else:
        cells = list(ask(variant.make(), variant, known, folder)._all)
    return "| " + " | ".join((f"{variant.ko}<br>{variant.en}", *cells)) + " |"


def ask(raw: bytes, variant: Variant, known: Path, folder: Path) -> Said:
    file, certificate = folder / "report.pdf", folder / "certificate.pem"
    file.write_bytes(raw)
    certificate.write_bytes(keys.certificate_pem(variant.signer()))
    return Said(
        _haetae(raw, certificate.read_bytes(), variant.has_register, known),
        _pdfsig(file),
        _openssl(raw, folder, certificate),
        _mutool(file),
    )


def is_at_hand() -> bool:
    return all(shutil.which(one) for one in ("pdfsig", "openssl", "mutool"))


def _haetae(raw: bytes, certificate: bytes, has_register: bool, known: Path) -> str:
    def register(pdf: bytes, _file: str, _record: str | None) -> Registration:
        return Registration(Standing.REGISTERED if pdf == samples.sealed() else compare(pdf, [samples.sealed()]))

    try:
        seen = inspection.examine(raw, Trust([certificate]), known)
    except Exception:  # as in the process of its own: whatever goes wrong is "not readable"
        seen = {}
    found = verify.conclude(seen, raw, at=NOW, register=register if has_register else None)
    bad = [one.id for one in found.facts if one.state in (State.BAD, State.OPEN)]
    return f"{found.verdict}: {', '.join(bad)}" if bad else str(found.verdict)


def _run(*given: str | Path) -> tuple[int, str]:
    done = subprocess.run([str(one) for one in given], capture_output=True, check=False, timeout=60)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def _pdfsig(file: Path) -> str:
    _, text = _run("pdfsig", "-nocert", file)
    found = re.search(r"Signature Validation: (.*?)\.?\n", text + "\n")
    if found is None:
        return "no signature"
    said = {"Signature is Valid": "valid", "Digest Mismatch": "digest mismatch"}.get(found[1], found[1])
    return (
        f"{said}, {'not ' if 'Not total document' in text else ''}total document" if "document signed" in text else said
    )


def _openssl(raw: bytes, folder: Path, certificate: Path) -> str:
    found = containers.RANGE.findall(raw)
    if not found:
        return "no signature"
    start, first, second, rest = (int(one) for one in found[-1])
    try:
        seal = bytes.fromhex(raw[first + 1 : second - 1].decode("ascii"))
    except ValueError:
        return "no signature"
    (folder / "seal.der").write_bytes(seal)
    (folder / "signed.bin").write_bytes(raw[start : start + first] + raw[second : second + rest])
    code, _ = _run(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "seal.der",
        "-content", folder / "signed.bin", "-CAfile", certificate, "-partial_chain", "-purpose", "any",
        "-attime", str(int(NOW.timestamp())), "-out", "/dev/null",
    )  # fmt: skip
    return "failure" if code else "successful"


def _mutool(file: Path) -> str:
    _, text = _run("mutool", "sign", "-v", file)
    for words, said in (
        ("unchanged since signing", "unchanged since signing"),
        ("edits since signing", "edits since signing"),
        ("Digest error", "digest error"),
        ("Verifying signature", "error"),
    ):
        if words in text:
            return said
    return "no signature"


def table() -> list[str]:
    """Every line, after the head."""
    with TemporaryDirectory() as given:
        known = samples.known_folder(Path(given, "known"))
        return [row(one, known, Path(given)) for one in VARIANTS]


def printed() -> list[str]:
    """The lines that stand in the document, after the head."""
    text = DOCUMENT.read_text("utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip().splitlines()[2:]


def main() -> None:
    head = ("| | `haetae verify` | `pdfsig` | `openssl cms` | `mutool sign` |", "|---|---|---|---|---|")
    text = DOCUMENT.read_text("utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    DOCUMENT.write_text(before + "\n" + "\n".join((*head, *table())) + "\n" + after, "utf-8")


if __name__ == "__main__":
    main()
