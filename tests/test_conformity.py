"""PDF/A-3a and PDF/UA-1 as veraPDF judges them: every kind of report, and what is broken is found."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from exports.printing import document
from exports.record import record
from exports.record.appearance import Appearance
from exports.record.original import SealedOriginal
from exports.seal import keys, pades
from tests import report_samples as samples
from tests import test_redaction, test_time_stamps, verapdf
from tests.test_lettering import ODD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not verapdf.is_at_hand(), reason="needs Java; on Debian default-jdk-headless and libjaxb-java."),
]
EXAMPLES = ("credit", "hiring", "medical")
LANGUAGES = (("ko",), ("ko", "en"), ("en",), ("en", "ko"))
EACH = len(LANGUAGES) if os.environ.get("HAETAE_TORTURE") else 1
"""In so many of the languages each example is judged: each in another; in the long runs in all."""


def sealed_by_rsa() -> bytes:
    key = rsa.generate_private_key(65537, 3072)
    return pades.seal(
        samples.rendered(), keys.Signer(key, keys.self_made_certificate(key, samples.AT, None)), samples.SEALED_AT
    )


def looking(appearance: Appearance) -> bytes:
    used = samples.editions()
    given = samples.signed_off(samples.assessment(used))
    return document.make(
        record.build(given, used, at=samples.AT, document_id="HT-1", appearance=appearance), ("ko", "en")
    )


def clear_logo() -> bytes:
    made = BytesIO()
    Image.new("RGBA", (60, 20), (140, 47, 20, 90)).save(made, "png")
    return made.getvalue()


def of_odd_text() -> bytes:
    used = samples.editions()
    plain = samples.assessment(used)
    odd = replace(plain, system=replace(plain.system, name_ko=f"해온 {ODD}"[:300], summary_ko=ODD))
    return document.make(record.build(samples.signed_off(odd), used, at=samples.AT, document_id="HT-1"), ("ko", "en"))


OTHERS: dict[str, Callable[[], bytes]] = {
    "P-256": samples.sealed,
    "RSA 3072": sealed_by_rsa,
    "B-T": test_time_stamps.stamped,
    "B-LT": test_time_stamps.long_term,
    "logo and accent": lambda: looking(Appearance("#7a1f5c", clear_logo())),
    "withheld, full": lambda: samples.printed(test_redaction.full(), ("ko", "en")),
    "withheld, copy": test_redaction.printed,
    "odd text": of_odd_text,
}


def reports() -> dict[str, bytes]:
    examples = {
        f"{name} {'+'.join(languages)}": samples.printed(samples.example(name), languages)
        for number, name in enumerate(EXAMPLES)
        for languages in (LANGUAGES * 2)[number : number + EACH]
    }
    return examples | {name: make() for name, make in OTHERS.items()}


def broken() -> dict[str, bytes]:
    """The sample with one thing wrong in each."""
    whole, part = samples.rendered(), b'pdfaid:part="3"'
    assert part in whole

    def without(key: str) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(whole))
        del writer.root[key]
        writer.update_root()
        changed = BytesIO()
        writer.write(changed)
        return changed.getvalue()

    return {
        "claims another part": whole.replace(part, b'pdfaid:part="2"'),
        "says no language": without("/Lang"),
        "is not marked": without("/MarkInfo"),
    }


ORIGINAL = SealedOriginal("ab" * 32, "cd" * 32, "2026-11-20T05:15:09Z")


def copies() -> dict[str, bytes]:
    """Archive copies of an example, in the long runs of each in every language, and of one with a transparent logo and odd text."""
    of_examples = {
        f"copy of {name} {'+'.join(languages)}": document.make_archive(samples.example(name), languages, ORIGINAL)
        for number, name in enumerate(EXAMPLES)
        for languages in (LANGUAGES * 2)[number : number + EACH]
        if EACH > 1 or name == "hiring"  # what is of PDF/A-1 and not of PDF/A-3 does not hang on what a report says
    }
    used = samples.editions()
    plain = samples.assessment(used)
    with_logo = record.build(
        samples.signed_off(plain), used, at=samples.AT, document_id="HT-1", appearance=Appearance(logo=clear_logo())
    )
    return of_examples | {"copy with logo": document.make_archive(with_logo, ("en", "ko"), ORIGINAL)}


def test_every_archive_copy_is_what_it_says_and_a_report_is_none(tmp_path: Path) -> None:
    good = copies()
    bad = {"report": samples.rendered(), "claims": samples.rendered().replace(b'pdfaid:part="3"', b'pdfaid:part="1"')}
    found = verapdf.judged({}, tmp_path, good | bad)
    assert {name: found[name, "1b"].broken for name in good if not found[name, "1b"].is_compliant} == {}
    assert all(found[name, "1b"].checks > 10_000 for name in good)
    # transparency, and an attachment
    assert all({"6.4-3", "6.1.11-1"} & set(found[name, "1b"].broken) for name in bad), found


def test_an_archive_copy_with_letters_of_further_fonts_is_what_it_says(tmp_path: Path) -> None:
    used = samples.editions()
    plain = samples.assessment(used)
    odd = replace(plain, system=replace(plain.system, summary_ko=ODD))
    made = record.build(samples.signed_off(odd), used, at=samples.AT, document_id="HT-1")
    copy = document.make_archive(made, ("en", "ko"), ORIGINAL)
    assert verapdf.judged({}, tmp_path, {"copy": copy})["copy", "1b"].is_compliant


def test_every_kind_of_report_is_what_it_says_and_what_is_broken_is_found(tmp_path: Path) -> None:
    good, bad = reports(), broken()
    assert len(good) == 3 * EACH + len(OTHERS)
    found = verapdf.judged(good | bad, tmp_path)
    assert {key: one.broken for key, one in found.items() if key[0] in good and not one.is_compliant} == {}
    assert all(one.checks > 10_000 for key, one in found.items() if key[0] in good)
    assert {name for name in bad if any(not found[name, standard].is_compliant for standard in ("3a", "ua1"))} == set(
        bad
    )
