"""Which certificates count: strong keys, valid issuers, the right uses; twins, and lists that are too old or too new."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from exports.seal import certificates, keys, pades, revocation
from exports.seal.keys import Signer
from exports.seal.revocation import RevocationData
from exports.seal.settings import SealSettings
from exports.verification import inspection, verify
from exports.verification.seal_inspection import Trust
from exports.verification.verdict import Verification
from exports.words.facts import State
from tests import authority, tampering
from tests import report_samples as samples
from tests.authority import Holder, issued

NOW = tampering.NOW
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def look(raw: bytes, known: Path, trust: Trust) -> Verification:
    return verify.conclude(inspection.examine(raw, trust, known), raw, at=NOW)


def bad(found: Verification) -> set[str]:
    return {one.id for one in found.facts if one.state is State.BAD}


def sealed_by(holder: Holder, *chain: x509.Certificate) -> bytes:
    signer = tampering.Careless(holder.key, holder.certificate, chain)
    return pades.seal(samples.rendered(), signer, samples.SEALED_AT)


def with_usage(
    key: Any = None, *, digital_signature: bool = False, number: int | None = None, name: str = "Daon"
) -> Holder:
    """A certificate that vouches for itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = authority.name(name)
    flags = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only"), False
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(number or x509.random_serial_number())
        .not_valid_before(authority.START)
        .not_valid_after(authority.START + authority.YEAR)
        .add_extension(
            x509.KeyUsage(
                digital_signature=digital_signature,
                content_commitment=digital_signature,
                key_cert_sign=not digital_signature,
                **flags,
            ),
            critical=True,
        )
    )
    return Holder(key, made.sign(key, hashes.SHA256()))


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("key", "is_strong"),
    [
        (lambda: ec.generate_private_key(ec.SECP256R1()), True),
        (lambda: ec.generate_private_key(ec.SECP521R1()), True),
        (lambda: rsa.generate_private_key(65537, 2048), True),
        (lambda: ec.generate_private_key(ec.SECP192R1()), False),
        (lambda: ec.generate_private_key(ec.SECP224R1()), False),
        (lambda: ec.generate_private_key(ec.SECP256K1()), False),
        (lambda: rsa.generate_private_key(3, 2048), False),
        (lambda: rsa.generate_private_key(65537, 1024), False),
    ],
    ids=["P-256", "P-521", "RSA 2048", "P-192", "P-224", "secp256k1", "RSA exponent 3", "RSA 1024"],
)
def test_weak_keys_do_not_count(key: Any, is_strong: bool) -> None:
    holder = issued("Somebody", key=key())
    assert certificates.faults([holder.certificate], NOW) == ([] if is_strong else ["key"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "key", [lambda: ec.generate_private_key(ec.SECP224R1()), lambda: rsa.generate_private_key(3, 3072)]
)
def test_a_seal_of_a_weak_key_fails_though_its_certificate_is_trusted(key: Any, known: Path) -> None:
    holder = issued("Daon HR", key=key())
    assert "certificate" in bad(look(sealed_by(holder), known, Trust([holder.pem])))


def test_a_certificate_signed_over_a_weak_hash_does_not_count() -> None:
    root = authority.root()
    good = issued("Daon HR", root).certificate
    key = ec.generate_private_key(ec.SECP256R1())
    weak = (
        x509.CertificateBuilder()
        .subject_name(authority.name("Daon HR"))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(authority.START)
        .not_valid_after(authority.START + authority.YEAR)
        .sign(root.key, hashes.SHA224())
    )
    assert certificates.faults([good, root.certificate], NOW) == []
    assert certificates.faults([weak, root.certificate], NOW) == ["hash"]


@pytest.mark.slow
def test_an_issuer_that_had_expired_before_the_seal_confirms_nothing(known: Path) -> None:
    old = issued("Old root", is_authority=True, lifetime=DAY * 10)  # ended 20 days before the seal
    holder = issued("Daon HR", old)
    found = look(sealed_by(holder, old.certificate), known, Trust([old.pem]))
    assert "certificate" in bad(found)
    assert not bad(look(sealed_by(holder, old.certificate), known, Trust([holder.pem]))), "trusted by itself"


@pytest.mark.slow
def test_a_certificate_that_is_not_for_signing_fails_though_it_is_trusted_itself(known: Path) -> None:
    holder = with_usage()
    assert "certificate" in bad(look(sealed_by(holder), known, Trust([holder.pem])))
    fit = with_usage(digital_signature=True)
    assert not bad(look(sealed_by(fit), known, Trust([fit.pem])))


@pytest.mark.slow
def test_one_that_may_not_issue_others_confirms_itself_only(known: Path) -> None:
    plain = issued("Daon HR")
    below = issued("Daon HR below", plain)
    raw = sealed_by(below, plain.certificate)
    assert "trusted" in bad(look(raw, known, Trust([plain.pem])))
    assert not bad(look(sealed_by(plain), known, Trust([plain.pem])))


@pytest.mark.slow
def test_a_twin_of_a_known_certificate_is_called_wrong(known: Path) -> None:
    own = samples.signer().certificate
    key = ec.generate_private_key(ec.SECP256R1())
    same_number = with_usage(key, digital_signature=True, number=77, name="Twin")
    first = with_usage(digital_signature=True, number=77, name="Twin")
    found = look(sealed_by(same_number), known, Trust([first.pem]))
    assert {"twin", "trusted"} <= bad(found)
    assert not look(samples.sealed(), known, Trust([keys.certificate_pem(samples.signer())])).is_twin
    assert not certificates.is_twin(own, own)


@pytest.mark.slow
def test_a_seal_that_stamps_itself_proves_no_time(known: Path) -> None:
    key = rsa.generate_private_key(65537, 3072)
    own = issued("Daon HR", key=key, lifetime=authority.YEAR)
    signer = Signer(own.key, own.certificate)
    with authority.stamping(holder=own) as server:
        raw = pades.seal_as_set(samples.rendered(), signer, SealSettings(server), samples.SEALED_AT).pdf
    found = look(raw, known, Trust([own.pem]))
    assert "stamp" in bad(found)
    assert {one.text.en.partition(":")[0] for one in found.facts if one.id == "stamp"} == {
        "The time stamp is not that of a time-stamp authority"
    }


# --- lists and answers --------------------------------------------------------------------------------------------------


def status(data: RevocationData, at: datetime = samples.SEALED_AT) -> revocation.RevocationStatus:
    return revocation.status(authority.organisation().certificate, [authority.root().certificate], data, at)


@pytest.mark.parametrize(
    ("age", "lifetime", "is_known"),
    [
        (DAY, DAY * 30, True),
        (DAY * 39, DAY * 60, True),
        (DAY * 41, DAY * 60, False),
        (DAY * 800, DAY * 4000, False),
        (DAY * 10, DAY * 5, False),
        (-timedelta(hours=3), DAY * 30, False),
    ],
    ids=["yesterday", "39 days", "41 days", "800 days", "out of date", "three hours later"],
)
def test_a_list_shows_something_only_of_the_time_that_it_is_fresh_for(
    age: timedelta, lifetime: timedelta, is_known: bool
) -> None:
    made = authority.revocation_list(at=samples.SEALED_AT - age, lifetime=lifetime)
    assert status(RevocationData((made,))) == revocation.RevocationStatus(is_known)
    certificate = authority.organisation().certificate
    answer = authority.revocation_answer(certificate, at=samples.SEALED_AT - age)
    assert status(RevocationData(ocsps=(answer,))).is_known is (timedelta() <= age <= DAY * 7)


def test_a_revocation_is_told_whenever_it_was_published() -> None:
    certificate, on = authority.organisation().certificate, samples.AT - DAY * 3
    for at in (samples.AT - DAY * 2, samples.AT + DAY * 300):
        made = authority.revocation_list((certificate, on), at=at)
        assert status(RevocationData((made,))).revoked_at == on


@pytest.mark.slow
def test_a_list_of_today_shows_that_nothing_was_revoked_at_the_time_of_the_seal(known: Path) -> None:
    made = authority.revocation_list(at=NOW - timedelta(hours=1))
    raw = pades.seal(samples.rendered(), authority.organisation(), samples.SEALED_AT)
    own = [keys.certificate_pem(authority.organisation())]
    for at, is_known in ((None, False), (NOW, True), (NOW - DAY, False)):
        seen = inspection.examine(raw, Trust(own, revocation=RevocationData((made,)), at=at), known)
        assert seen["revocation"]["is_known"] is is_known


def test_what_is_damaged_says_nothing() -> None:
    made = bytearray(authority.revocation_list(at=samples.AT))
    for place in range(20, len(made), 7):
        broken = bytes(made[:place]) + bytes([made[place] ^ 1]) + bytes(made[place + 1 :])
        assert not status(RevocationData((broken,))).is_known
    assert not status(RevocationData((b"", b"\x30\x00"), (b"", b"\x30\x00"))).is_known
