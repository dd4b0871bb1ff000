"""The sealing key: made once, kept closed, loud when it cannot be used."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from assessments.errors import KeyFileError
from exports import keys
from tests.report_samples import AT


@pytest.fixture(autouse=True)
def _quick_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No passphrase from outside, and few rounds except where they are what is tested."""
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    monkeypatch.setattr(keys, "KDF_ROUNDS", 1_000)


@pytest.mark.slow
def test_the_passphrase_is_slow_to_guess(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    keys.load_or_create(tmp_path, AT)
    made = asn1_pkcs12.Pfx.load((tmp_path / keys.KEY_FILE).read_bytes())
    assert made["mac_data"]["iterations"].native >= 600_000
    assert made["mac_data"]["mac"]["digest_algorithm"]["algorithm"].native == "sha256"


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


def test_the_passphrase_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "네 글자보다 긴 암호")
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
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "secret")
    key = ec.generate_private_key(ec.SECP256R1())
    bare = pkcs12.serialize_key_and_certificates(b"x", key, None, None, BestAvailableEncryption(b"secret"))
    (tmp_path / keys.KEY_FILE).write_bytes(bare)
    with pytest.raises(KeyFileError, match="together with its certificate"):
        keys.load_or_create(tmp_path)


def test_a_certificate_of_another_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "secret")
    first, second = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    certificate = keys.self_made_certificate(second, AT, timedelta(days=1))
    try:
        mixed = pkcs12.serialize_key_and_certificates(
            b"x", first, certificate, None, BestAvailableEncryption(b"secret")
        )
    except ValueError:
        return  # the library itself refuses to put them together
    (tmp_path / keys.KEY_FILE).write_bytes(mixed)
    with pytest.raises(KeyFileError, match="belongs to another key"):
        keys.load_or_create(tmp_path)
