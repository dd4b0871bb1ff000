"""The place of the seal, which no seal covers: whatever is changed in it is found, and what this program writes passes."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.errors import SealRefusedError
from exports.seal import container, keys, pades
from exports.seal.keys import Signer
from exports.seal.settings import SealSettings
from exports.verification import inspection, seal_facts, seal_inspection, verify
from exports.verification.seal_inspection import Trust
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from tests import authority, bombs, containers, tampering
from tests import report_samples as samples

NOW = tampering.NOW
IS_TORTURE = bool(os.environ.get("HAETAE_TORTURE"))
BITS = 8 if IS_TORTURE else 1
"""So many of each byte are changed, drawn by lot: in the long runs all."""
FULLY_EXAMINED = 150
"""Of the changes in a stamped seal that its form does not show; in the long runs all."""
PARTS = 4
"""So that several processes share the work."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def look(raw: bytes, known: Path, trusted: bytes | None = None) -> Verification:
    seen = inspection.examine(raw, [trusted or keys.certificate_pem(samples.signer()), authority.root().pem], known)
    return verify.conclude(seen, raw, at=NOW)


def bad(found: Verification) -> set[str]:
    return {one.id for one in found.facts if one.state is State.BAD}


def by(key: Any, *, issuer: authority.Holder | None = None) -> Signer:
    made = authority.issued("Daon HR", issuer or authority.root(), key=key)
    middle = (issuer.certificate,) if issuer else ()
    return Signer(made.key, made.certificate, (*middle, authority.root().certificate))


KEYS: dict[str, Callable[[], Signer]] = {
    "P-256": lambda: by(ec.generate_private_key(ec.SECP256R1())),
    "P-384": lambda: by(ec.generate_private_key(ec.SECP384R1())),
    "P-521": lambda: by(ec.generate_private_key(ec.SECP521R1())),
    "RSA 3072": lambda: by(rsa.generate_private_key(65537, 3072)),
    "RSA 4096": lambda: by(rsa.generate_private_key(65537, 4096)),
    "two issuers": lambda: by(
        ec.generate_private_key(ec.SECP256R1()),
        issuer=authority.issued("Test middle", authority.root(), is_authority=True),
    ),
}


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", KEYS)
@pytest.mark.slow
def test_a_seal_of_any_key_that_may_be_imported_is_as_this_program_writes_it(name: str, known: Path) -> None:
    signer = KEYS[name]()
    found = look(pades.seal(samples.rendered(), signer, samples.SEALED_AT), known, keys.certificate_pem(signer))
    assert not bad(found), [one for one in found.facts if one.state is State.BAD]
    assert found.is_container_plain


@pytest.mark.slow
def test_a_stamped_seal_is_as_this_program_writes_it(known: Path) -> None:
    assert look(tampering.stamped(), known).is_container_plain


@pytest.mark.slow
def test_a_certificate_whose_issuer_is_not_at_hand_is_covered_by_the_seal(known: Path) -> None:
    """A key is often handed over with all certificates but the last, whose own signature nobody can then check."""
    middle = authority.issued("Test middle", authority.root(), is_authority=True)
    made = authority.issued("Daon HR", middle)
    signer = Signer(made.key, made.certificate, (middle.certificate,))
    raw = pades.seal(samples.rendered(), signer, samples.SEALED_AT)
    assert not bad(look(raw, known, keys.certificate_pem(signer)))
    der, own = sealed_der(raw), middle.certificate.public_bytes(Encoding.DER)
    start = der.index(own)
    for place in range(start + len(own) - 40, start + len(own)):
        touched = tampering.flipped(der, place)
        assert not container.is_as_written(touched, is_strict=True)
    assert "container" in bad(look(filled(raw, touched), known, keys.certificate_pem(signer)))


@pytest.mark.slow
def test_a_stamp_is_kept_without_the_certificates_that_it_does_not_need(known: Path) -> None:
    with authority.stamping(fault="crowded") as server:
        raw = pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT).pdf
    assert not bad(look(raw, known))
    (info_,) = containers.container(raw)["content"]["signer_infos"]
    assert len(info_["unsigned_attrs"][0]["values"][0]["content"]["certificates"]) == 1


def test_a_stamp_that_no_verifier_accepts_is_refused_before_it_is_sealed_in() -> None:
    with (
        authority.stamping(fault="lists") as server,
        pytest.raises(SealRefusedError, match="carries more than a stamp"),
    ):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


def sealed_der(raw: bytes) -> bytes:
    return containers.container(raw).dump()


def changed(change: Callable[[cms.ContentInfo], None], raw: bytes | None = None) -> bytes:
    raw = raw or samples.sealed()
    made = containers.container(raw)
    change(made)
    return containers.refilled(raw, made)


def info(made: cms.ContentInfo) -> Any:
    return made["content"]["signer_infos"][0]


def outer_version(made: cms.ContentInfo) -> None:
    made["content"]["version"] = "v3"


def signer_version(made: cms.ContentInfo) -> None:
    info(made)["version"] = "v3"


def another_algorithm(made: cms.ContentInfo) -> None:
    made["content"]["digest_algorithms"] = [algos.DigestAlgorithm({"algorithm": "sha512"})]


def further_algorithm(made: cms.ContentInfo) -> None:
    names = ("sha256", "sha512")
    made["content"]["digest_algorithms"] = [algos.DigestAlgorithm({"algorithm": one}) for one in names]


def no_parameters(made: cms.ContentInfo) -> None:
    given = algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()})
    bare = algos.DigestAlgorithm.load(b"\x30\x0b" + given["algorithm"].dump())
    info(made)["digest_algorithm"] = bare if info(made)["digest_algorithm"].dump() == given.dump() else given


def further_certificate(made: cms.ContentInfo) -> None:
    other = asn1_x509.Certificate.load(authority.root().certificate.public_bytes(Encoding.DER))
    choice = cms.CertificateChoices("certificate", other)
    made["content"]["certificates"] = [choice, *made["content"]["certificates"]]


def certificate_twice(made: cms.ContentInfo) -> None:
    made["content"]["certificates"] = [*made["content"]["certificates"]] * 2


def no_lists(made: cms.ContentInfo) -> None:
    made["content"]["crls"] = []


def mirrored(made: cms.ContentInfo) -> None:
    r, s = decode_dss_signature(info(made)["signature"].native)
    info(made)["signature"] = encode_dss_signature(r, ec.SECP256R1().group_order - s)


def named_by_key(made: cms.ContentInfo) -> None:
    (one,) = made["content"]["certificates"]
    info(made)["sid"] = cms.SignerIdentifier("subject_key_identifier", one.chosen.key_identifier)


def nothing_unsigned(made: cms.ContentInfo) -> None:
    info(made)["unsigned_attrs"] = cms.CMSAttributes([])


CHANGES = (
    outer_version,
    signer_version,
    another_algorithm,
    further_algorithm,
    no_parameters,
    further_certificate,
    certificate_twice,
    no_lists,
    mirrored,
    named_by_key,
    nothing_unsigned,
)


@pytest.mark.first_in_check
@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_container_that_says_the_same_in_another_way_is_found(
    change: Callable[[cms.ContentInfo], None], known: Path
) -> None:
    touched = changed(change)
    assert touched != samples.sealed()
    assert "container" in bad(look(touched, known))


@pytest.mark.slow
def test_the_other_case_of_hexadecimal_and_a_longer_length_are_found(known: Path) -> None:
    raw = samples.sealed()
    start, end = containers.gap(raw)
    assert "container" in bad(look(raw[:start] + raw[start:end].lower() + raw[end:], known))
    der = sealed_der(raw)
    assert der[1] == 0x82
    longer = (der[:1] + b"\x83\x00" + der[2:]).hex().upper().encode()
    refilled = raw[:start] + b"<" + longer.ljust(end - start - 2, b"0") + b">" + raw[end:]
    assert look(refilled, known).verdict is Verdict.FAILED


@pytest.mark.slow
def test_an_older_program_wrote_either_form_of_a_signature() -> None:
    der = sealed_der(changed(mirrored))
    assert container.is_as_written(der, is_strict=False)
    assert not container.is_as_written(der, is_strict=True)


# --- every bit of it --------------------------------------------------------------------------------------------------


@cache
def small(kind: str) -> bytes:
    """An empty page under a real seal: what counts in a container does not depend on what was sealed."""
    pdf = bombs.small_print()
    if kind == "plain":
        return pades.seal(pdf, samples.signer(), samples.SEALED_AT)
    with authority.stamping() as server:
        return pades.seal_as_set(pdf, samples.signer(), SealSettings(server), samples.SEALED_AT).pdf


def is_sound(raw: bytes) -> bool:
    """Whether whoever verifies finds nothing wrong with the seal."""
    trust = Trust([keys.certificate_pem(samples.signer())], [authority.root().pem])
    seen = seal_inspection.examine(PdfFileReader(BytesIO(raw), strict=True), raw, trust, is_strict=True)
    found = Verification(at=NOW, file_sha256="", is_readable=True, **seen)
    return not [one for one in seal_facts.seal_facts(found) if one.state in (State.BAD, State.OPEN)]


def filled(raw: bytes, der: bytes) -> bytes:
    start, end = containers.gap(raw)
    return raw[:start] + b"<" + der.hex().upper().encode().ljust(end - start - 2, b"0") + b">" + raw[end:]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", ["plain", "stamped"])
def test_every_bit_of_the_container_counts(kind: str, part: int) -> None:
    """Half are found by the form alone; the others are the signatures' to find: one of each byte, of a stamped seal a number of them."""
    raw = small(kind)
    der = sealed_der(raw)
    assert is_sound(raw) and is_sound(filled(raw, der)), "else nothing is shown by the others"
    lot = random.Random(20261122 + part)
    flips = [
        [tampering.flipped(der, at, 1 << bit) for bit in lot.sample(range(8), BITS)]
        for at in range(part, len(der), PARTS)
    ]
    unseen = [[flip for flip in of_byte if container.is_as_written(flip, is_strict=True)] for of_byte in flips]
    left = [flip for of_byte in unseen if of_byte for flip in (of_byte if IS_TORTURE else [lot.choice(of_byte)])]
    if kind == "stamped" and not IS_TORTURE:
        left = lot.sample(left, min(len(left), FULLY_EXAMINED // PARTS))
    for one in left:
        try:
            assert not is_sound(filled(raw, one)), one.hex()
        except AssertionError:
            raise
        except Exception:  # not readable, which fails
            continue
