"""`haetae key new | import | show | rotate`: what seals here, from its making to its archive."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from typer.testing import CliRunner

from assessments.errors import KeyFileError
from commands.main import app
from exports.seal import certificates, key_import, keyring, keys, pades
from exports.seal.keyring import State
from exports.seal.keys import Algorithm
from exports.verification import inspection, verify
from exports.verification.seal_inspection import Trust
from exports.words.facts import Verdict
from tests import authority
from tests import report_samples as samples

NOW = datetime.now(UTC)
LATELY = NOW - timedelta(days=30)
"""The commands look at the clock: what they import today is valid today, whatever day it is."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, without a passphrase from outside, and few rounds."""
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*given: object, typed: str = "", **environment: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["key", *(str(one) for one in given)], input=typed, env=environment)
    assert "Traceback" not in done.output
    return done.exit_code, done.output


def private(key: object, passphrase: bytes | None = None) -> bytes:
    closed = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)  # type: ignore[attr-defined, no-any-return]


# --- new, show, rotate --------------------------------------------------------------------------------------------------


def test_new_makes_a_key_of_ten_years_once(home: Path) -> None:
    code, said = run("new")
    assert code == 0
    made = keys.load_or_create(home)
    assert made.fingerprint in said
    assert made.certificate.not_valid_after_utc.year == made.certificate.not_valid_before_utc.year + 10
    assert keyring.algorithm(made.certificate) == "ECDSA P-256"
    code, said = run("new")
    assert code == 2
    assert "haetae key rotate" in said
    assert keys.load_or_create(home).fingerprint == made.fingerprint


@pytest.mark.slow
def test_new_makes_rsa_where_asked(home: Path) -> None:
    assert run("new", "--algorithm", "rsa3072")[0] == 0
    signer = keys.load_or_create(home)
    assert keyring.algorithm(signer.certificate) == "RSA 3072"
    assert isinstance(signer.key, rsa.RSAPrivateKey)


def test_after_a_lost_key_new_keeps_the_old_certificate(home: Path) -> None:
    lost = keys.load_or_create(home)
    (home / keys.KEY_FILE).unlink()
    assert run("new")[0] == 0
    assert keyring.retired(home) == (lost.certificate,)
    assert keys.load_or_create(home).fingerprint != lost.fingerprint


def test_show_tells_everything_but_the_key(home: Path) -> None:
    code, said = run("show")
    assert code == 1
    assert "haetae key new" in said
    signer = keys.load_or_create(home)
    code, said = run("show")
    assert code == 0
    for word in (signer.fingerprint, "self-made", "ECDSA P-256", "days remain", "Time stamps  none"):
        assert word in said
    secret = signer.key.private_numbers()
    assert "PRIVATE" not in said
    assert f"{secret.private_value:x}" not in said  # type: ignore[union-attr]
    told = json.loads(run("show", "--json")[1])
    assert (told["fingerprint"], told["state"], told["retired"]) == (signer.fingerprint, "valid", [])


def test_rotate_puts_another_key_in_place_and_keeps_the_certificate(home: Path) -> None:
    assert run("rotate")[0] == 2, "there is nothing to rotate yet"
    first = keys.load_or_create(home)
    assert run("rotate")[0] == 0
    second = keys.load_or_create(home)
    assert second.fingerprint != first.fingerprint
    assert run("rotate")[0] == 0
    third = keys.load_or_create(home)
    assert keyring.known(home)[0] == third.certificate
    assert set(keyring.retired(home)) == {first.certificate, second.certificate}
    assert first.fingerprint in run("show")[1]
    assert not [one for one in home.rglob("*") if one.name.startswith(".")], "no draft is left"


@pytest.mark.slow
def test_what_a_retired_key_sealed_still_verifies(home: Path, tmp_path: Path) -> None:
    raw = pades.seal(samples.rendered(), keys.load_or_create(home, samples.AT), samples.SEALED_AT)
    run("rotate")
    folder = samples.known_folder(tmp_path / "known")
    trusted = [one.public_bytes(Encoding.PEM) for one in keyring.known(home)]
    at = samples.SEALED_AT + timedelta(days=1)
    assert verify.conclude(inspection.examine(raw, Trust(trusted), folder), raw, at=at).verdict is Verdict.PASSED
    alone = verify.conclude(inspection.examine(raw, Trust(trusted[:1]), folder), raw, at=at)
    assert alone.verdict is Verdict.FAILED


@pytest.mark.slow
@pytest.mark.parametrize("step", range(1, 7))
def test_whatever_interrupts_a_rotation_a_key_is_there(step: int, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, count = keys.load_or_create(home), 0

    def interrupted(do: object) -> object:
        def done(*given: object) -> object:
            nonlocal count
            count += 1
            if count == step:
                raise KeyboardInterrupt
            return do(*given)  # type: ignore[operator]

        return done

    with monkeypatch.context() as patched:
        for name in ("replace", "link", "fsync"):
            patched.setattr(os, name, interrupted(getattr(os, name)))
        try:
            keyring.rotate(home, Algorithm.P256, NOW)
        except KeyboardInterrupt:
            pass
        else:
            assert step > count
    after = keys.load_or_create(home)
    assert (home / keys.CERTIFICATE_FILE).read_bytes() == keys.certificate_pem(after)
    assert first.certificate in keyring.known(home)


def test_a_key_that_cannot_be_opened_is_not_rotated_away(home: Path) -> None:
    keys.load_or_create(home)
    kept = (home / keys.KEY_FILE).read_bytes()
    code, said = run("rotate", **{keys.PASSPHRASE_VARIABLE: "wrong"})
    assert code == 2
    assert "passphrase is wrong" in said
    assert (home / keys.KEY_FILE).read_bytes() == kept


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, State.NOT_YET),
        (1, State.VALID),
        (3650 - 91, State.VALID),
        (3650 - 80, State.ENDS_SOON),
        (3700, State.ENDED),
    ],
)
def test_the_end_is_warned_of_from_ninety_days_before(days: int, state: State, home: Path) -> None:
    assert keyring.standing(home, NOW) is None
    keys.load_or_create(home, NOW)
    found = keyring.standing(home, NOW + timedelta(days=days))
    assert found is not None
    assert found.state is state
    assert (found.warning is None) == (state is State.VALID)
    if found.warning and state is not State.NOT_YET:
        assert "haetae key rotate" in found.warning.en and "haetae key rotate" in found.warning.ko


def test_show_warns_of_the_end_and_fails_after_it(home: Path) -> None:
    keys.load_or_create(home, NOW - timedelta(days=3650 - 30))
    code, said = run("show")
    assert code == 0
    assert "Put a new key in place before" in said
    (home / keys.KEY_FILE).unlink()
    (home / keys.CERTIFICATE_FILE).unlink()
    keys.load_or_create(home, NOW - timedelta(days=3700))
    code, said = run("show")
    assert code == 1
    assert "nothing can be sealed any more" in said


# --- import -------------------------------------------------------------------------------------------------------------


def test_a_key_with_an_issued_certificate_is_imported_with_its_chain(home: Path, tmp_path: Path) -> None:
    before = keys.load_or_create(home)
    middle = authority.issued("Middle", authority.root(), is_authority=True, start=LATELY)
    own = authority.issued("Daon HR", middle, start=LATELY)
    file = tmp_path / "given.p12"
    chain = [authority.root().certificate, middle.certificate]
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", own.key, own.certificate, chain, BestAvailableEncryption(b"given"))
    )
    assert run("import", file, typed="wrong\n")[0] == 2
    code, said = run("import", file, typed="given\n")
    assert (code, "CN=Daon HR" in said) == (0, True)
    signer = keys.load_or_create(home)
    assert signer.certificate == own.certificate
    assert signer.chain == (middle.certificate, authority.root().certificate)
    assert not signer.is_self_made
    assert keyring.retired(home) == (before.certificate,)
    assert "issued by CN=Middle" in run("show")[1]


@pytest.mark.slow
def test_pem_files_are_imported_too(home: Path, tmp_path: Path) -> None:
    own = authority.issued("Daon HR", authority.root(), key=rsa.generate_private_key(65537, 3072), start=LATELY)
    (tmp_path / "key.pem").write_bytes(private(own.key, b"given"))
    (tmp_path / "chain.pem").write_bytes(authority.root().pem + own.pem)
    (tmp_path / "passphrase").write_text("given\n")
    code, said = run(
        "import", tmp_path / "key.pem", "--certificate", tmp_path / "chain.pem", HAETAE_IMPORT_PASSPHRASE="given"
    )
    assert code == 0, said
    code, said = run(
        "import", tmp_path / "key.pem", "--certificate", tmp_path / "chain.pem",
        "--passphrase-file", tmp_path / "passphrase",
    )  # fmt: skip
    assert code == 0, said
    assert keys.load_or_create(home).chain == (authority.root().certificate,)
    pades.seal(samples.rendered(), keys.load_or_create(home), samples.SEALED_AT)


def imported(key: object, *certificates_: x509.Certificate) -> keys.Signer:
    text = private(key) + b"".join(one.public_bytes(Encoding.PEM) for one in certificates_)
    return key_import.read(text, None, (), samples.AT)


def self_signed(key: ed25519.Ed25519PrivateKey) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(authority.name("x"))
        .issuer_name(authority.name("x"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(authority.START)
        .not_valid_after(authority.START + authority.YEAR)
        .sign(key, None)
    )


@pytest.mark.slow
def test_what_others_could_not_verify_is_refused_with_a_sentence() -> None:
    edwards = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(KeyFileError, match="pdfsig and other readers of PDF cannot verify Ed25519"):
        imported(edwards, self_signed(edwards))
    koblitz = authority.issued("x", key=ec.generate_private_key(ec.SECP256K1()))
    with pytest.raises(KeyFileError, match="cannot verify ECDSA secp256k1"):
        imported(koblitz.key, koblitz.certificate)
    short = authority.issued("x", key=rsa.generate_private_key(65537, 2048))
    with pytest.raises(KeyFileError, match="RSA key of 2048 bits is too short"):
        imported(short.key, short.certificate)


@pytest.mark.parametrize(
    ("start", "lifetime"), [(timedelta(days=-400), authority.YEAR), (timedelta(days=5), authority.YEAR)]
)
def test_a_certificate_out_of_its_dates_is_refused(start: timedelta, lifetime: timedelta) -> None:
    own = authority.issued("x", start=samples.AT + start, lifetime=lifetime)
    with pytest.raises(KeyFileError, match="not today"):
        imported(own.key, own.certificate)


def test_a_certificate_of_another_key_or_another_use_is_refused() -> None:
    one, other = authority.issued("x"), authority.issued("y")
    with pytest.raises(KeyFileError, match="None of the 1 certificates in it belongs to the key"):
        imported(one.key, other.certificate)
    with pytest.raises(KeyFileError, match="None of the 0"):
        imported(one.key)
    web = authority.issued("x", may_commit=False)
    with pytest.raises(KeyFileError, match="not for signing documents"):
        imported(web.key, web.certificate)


@pytest.mark.parametrize("content", [b"", b"nothing", b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n"])
def test_a_file_without_a_key_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    code, said = run("import", tmp_path / "file", typed="x\n")
    assert code == 2
    assert "cannot be opened" in said


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    assert run("import", tmp_path / "absent.p12")[0] == 2


def test_certificates_are_brought_into_order() -> None:
    middle = authority.issued("Middle", authority.root(), is_authority=True)
    own = authority.issued("Own", middle)
    found = certificates.in_order(own.certificate, [authority.root().certificate, own.certificate, middle.certificate])
    assert found == (middle.certificate, authority.root().certificate)
