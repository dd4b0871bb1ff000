"""The sealing key: made once, kept closed, loud when it cannot be used."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from assessments.errors import KeyFileError
from exports.seal import key_file, keyring, keys
from exports.seal.keys import Algorithm
from tests.report_samples import AT

SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No passphrase from outside."""
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)


def kept_as_before(home: Path, passphrase: bytes, signer: keys.Signer | None = None) -> keys.Signer:
    """A home folder whose key lies in PKCS#12."""
    signer = signer or keys.make(Algorithm.P256, AT)
    packed = pkcs12.serialize_key_and_certificates(
        b"haetae", signer.key, signer.certificate, signer.chain or None, BestAvailableEncryption(passphrase)
    )
    (home / keys.OLD_KEY_FILE).write_bytes(packed)
    (home / keys.CERTIFICATE_FILE).write_bytes(keys.certificate_pem(signer))
    (home / keys.PASSPHRASE_FILE).touch(0o600)
    (home / keys.PASSPHRASE_FILE).write_bytes(passphrase)
    return signer


def test_the_key_lies_encrypted_in_a_form_that_every_program_knows(tmp_path: Path) -> None:
    signer = keys.load_or_create(tmp_path, AT)
    content, passphrase = (tmp_path / keys.KEY_FILE).read_bytes(), (tmp_path / keys.PASSPHRASE_FILE).read_bytes()
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(TypeError):
        load_pem_private_key(content, None)
    assert load_pem_private_key(content, passphrase).private_numbers() == signer.key.private_numbers()  # type: ignore[union-attr]


def test_a_key_in_pkcs12_is_taken_over_and_seals_on(tmp_path: Path) -> None:
    before = kept_as_before(tmp_path, SECRET.encode())
    after = keys.load_or_create(tmp_path)
    assert (after.certificate, after.key.private_numbers()) == (before.certificate, before.key.private_numbers())
    assert not (tmp_path / keys.OLD_KEY_FILE).exists()
    assert stat.S_IMODE((tmp_path / keys.KEY_FILE).stat().st_mode) == 0o600
    assert keys.load_or_create(tmp_path).certificate == before.certificate


def test_taking_over_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    before = kept_as_before(tmp_path, SECRET.encode())
    kept = (tmp_path / keys.OLD_KEY_FILE).read_bytes()
    keys.load_or_create(tmp_path)
    (tmp_path / keys.OLD_KEY_FILE).write_bytes(kept)
    assert keys.load_or_create(tmp_path).certificate == before.certificate
    assert not (tmp_path / keys.OLD_KEY_FILE).exists()


def test_a_pkcs12_of_another_key_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    kept_as_before(tmp_path / "elsewhere", SECRET.encode())
    kept_as_before(tmp_path, SECRET.encode())
    present = keys.load_or_create(tmp_path)
    for stray in ((tmp_path / "elsewhere" / keys.OLD_KEY_FILE).read_bytes(), b"damaged"):
        (tmp_path / keys.OLD_KEY_FILE).write_bytes(stray)
        assert keys.load_or_create(tmp_path).certificate == present.certificate
        assert (tmp_path / keys.OLD_KEY_FILE).read_bytes() == stray


def test_a_pkcs12_that_cannot_be_opened_is_told_and_stays(tmp_path: Path) -> None:
    kept_as_before(tmp_path, SECRET.encode())
    (tmp_path / keys.OLD_KEY_FILE).write_bytes(b"damaged")
    with pytest.raises(KeyFileError, match="restore the file from a backup"):
        keys.load_or_create(tmp_path)
    assert (tmp_path / keys.OLD_KEY_FILE).read_bytes() == b"damaged"
    assert not (tmp_path / keys.KEY_FILE).exists()


def test_a_key_with_a_short_passphrase_stays_where_a_guess_is_slow(tmp_path: Path) -> None:
    before = kept_as_before(tmp_path, b"secret")
    assert keys.load_or_create(tmp_path).certificate == before.certificate
    assert not (tmp_path / keys.KEY_FILE).exists()
    with pytest.raises(KeyFileError, match="There is a sealing key already"):
        keyring.create(tmp_path, Algorithm.P256, AT)


def test_a_new_key_is_not_closed_by_a_short_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "secret")
    with pytest.raises(KeyFileError, match="too short"):
        keys.load_or_create(tmp_path, AT)
    assert not list(tmp_path.iterdir())


def test_replacing_a_key_in_pkcs12_leaves_nothing_of_it_but_its_certificate(tmp_path: Path) -> None:
    before = kept_as_before(tmp_path, SECRET.encode())
    after = keyring.rotate(tmp_path, Algorithm.P256, AT)
    assert after.certificate != before.certificate
    assert not (tmp_path / keys.OLD_KEY_FILE).exists()
    assert keyring.retired(tmp_path) == (before.certificate,)


def test_the_first_use_makes_a_key_that_later_uses_load(tmp_path: Path) -> None:
    made, loaded = keys.load_or_create(tmp_path, AT), keys.load_or_create(tmp_path)
    assert made.certificate == loaded.certificate
    assert made.is_self_made
    assert (tmp_path / keys.CERTIFICATE_FILE).read_bytes() == keys.certificate_pem(made)


def test_key_and_passphrase_are_closed_to_others(tmp_path: Path) -> None:
    keys.load_or_create(tmp_path, AT)
    for name in (keys.KEY_FILE, keys.PASSPHRASE_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_the_certificate_says_that_it_is_self_made_and_lasts_ten_years(tmp_path: Path) -> None:
    certificate = keys.load_or_create(tmp_path, AT).certificate
    assert keys.SELF_MADE in certificate.subject.rfc4514_string()
    assert certificate.not_valid_after_utc.year == AT.year + 10
    assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment


@pytest.mark.parametrize(
    ("begins", "ends"), [("2026-11-30", "2036-11-30"), ("2028-02-29", "2038-02-28"), ("2026-12-31", "2036-12-31")]
)
def test_a_self_made_certificate_ends_on_the_day_it_began_or_on_the_last_of_february(begins: str, ends: str) -> None:
    certificate = keys.make(Algorithm.P256, datetime.fromisoformat(f"{begins}T23:30:00+00:00")).certificate
    assert certificate.not_valid_after_utc == datetime.fromisoformat(f"{ends}T23:30:00+00:00")


def test_the_passphrase_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "사람이 읽을 수 있는 긴 암호")
    made = keys.load_or_create(tmp_path, AT)
    assert not (tmp_path / keys.PASSPHRASE_FILE).exists()
    assert keys.load_or_create(tmp_path).certificate == made.certificate


def test_a_wrong_passphrase_is_told_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.load_or_create(tmp_path, AT)
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "wrong")
    with pytest.raises(KeyFileError, match="passphrase is wrong or the file is damaged"):
        keys.load_or_create(tmp_path)


def test_a_damaged_key_file_is_never_replaced(tmp_path: Path) -> None:
    keys.load_or_create(tmp_path, AT)
    (tmp_path / keys.KEY_FILE).write_bytes(b"damaged")
    with pytest.raises(KeyFileError, match="restore the file from a backup"):
        keys.load_or_create(tmp_path)
    assert (tmp_path / keys.KEY_FILE).read_bytes() == b"damaged"


def test_a_lost_key_is_not_silently_made_anew(tmp_path: Path) -> None:
    keys.load_or_create(tmp_path, AT)
    (tmp_path / keys.KEY_FILE).unlink()
    with pytest.raises(KeyFileError, match="is missing"):
        keys.load_or_create(tmp_path)


def test_a_lost_passphrase_is_told(tmp_path: Path) -> None:
    keys.load_or_create(tmp_path, AT)
    (tmp_path / keys.PASSPHRASE_FILE).unlink()
    with pytest.raises(KeyFileError, match=r"passphrase of .* is not at hand"):
        keys.load_or_create(tmp_path)


def test_a_passphrase_that_others_can_read_is_refused(tmp_path: Path) -> None:
    keys.load_or_create(tmp_path, AT)
    (tmp_path / keys.PASSPHRASE_FILE).chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        keys.load_or_create(tmp_path)


def test_a_key_file_without_a_certificate_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, SECRET)
    signer = keys.make(Algorithm.P256, AT)
    whole = key_file.pack(signer.key, signer.certificate, (), SECRET.encode())
    (tmp_path / keys.KEY_FILE).write_bytes(whole[: whole.index(b"-----BEGIN CERTIFICATE")])
    with pytest.raises(KeyFileError, match="together with its certificate"):
        keys.load_or_create(tmp_path)


def test_a_certificate_of_another_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, SECRET)
    first, second = (keys.make(Algorithm.P256, AT) for _ in range(2))
    (tmp_path / keys.KEY_FILE).write_bytes(key_file.pack(first.key, second.certificate, (), SECRET.encode()))
    with pytest.raises(KeyFileError, match="belongs to another key"):
        keys.load_or_create(tmp_path)
