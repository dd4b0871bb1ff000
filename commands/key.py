"""`haetae key`: the key that seals reports."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assessments.home import home
from commands._output import Exit, complain, errors_told, print_json, print_text, tell
from commands._signer import check_signer, own_signer, replaced
from exports.seal.keys import Algorithm
from questionnaires.legible import legible

if TYPE_CHECKING:
    from cryptography import x509

PASSPHRASE_VARIABLE = "HAETAE_IMPORT_PASSPHRASE"  # noqa: S105 - the name of a variable

NO_KEY = (
    "There is no sealing key yet. Make one: haetae key new --organisation NAME; or seal, and it is made in your name."
)

app = typer.Typer(help="The key that seals reports.", no_args_is_help=True, add_completion=False)
Named = Annotated[str, typer.Option("--organisation", help="Whose seal it is; stands in the certificate.")]
Kind = Annotated[Algorithm, typer.Option("--algorithm", help="p256: ECDSA P-256; rsa3072: RSA of 3072 bits.")]


@app.command("new")
def new(algorithm: Kind = Algorithm.P256, organisation: Named = "") -> None:
    """Make the first key, with a certificate of ten years; also where the key was lost. Never replaces a key."""
    from exports.seal import keyring

    with errors_told():
        signer = keyring.create(home(), algorithm, datetime.now(UTC), organisation)
        replaced(home())
    _tell_new(signer.certificate, "made")


@app.command("rotate")
def rotate(algorithm: Kind = Algorithm.P256, organisation: Named = "") -> None:
    """Put a new key in place of the present one; the old certificate is kept, so that old reports still verify."""
    from exports.seal import keyring

    with errors_told():
        check_signer(home())
        signer = keyring.rotate(home(), algorithm, datetime.now(UTC), organisation)
        replaced(home())
    _tell_new(signer.certificate, "put in place")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="PKCS#12, or PEM with the private key.")],
    certificate: Annotated[
        list[Path] | None,
        typer.Option("--certificate", help="Certificate and chain (PEM or DER), where FILE does not hold them."),
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help=f"Else {PASSPHRASE_VARIABLE}, else you are asked.")
    ] = None,
) -> None:
    """Seal with a key whose certificate somebody issued; the present one's certificate is kept for verification."""
    from exports.seal import key_import, keyring

    with errors_told():
        content = file.read_bytes()
        more = [path.read_bytes() for path in certificate or ()]
        passphrase = _passphrase(content, passphrase_file)
        signer = key_import.read(content, passphrase, more, datetime.now(UTC))
        keyring.put_in_place(home(), signer)
        replaced(home())
    _tell_new(signer.certificate, "put in place")
    if not signer.is_self_made and not signer.chain:
        complain("The issuer's certificate was not with it. Without it revocation cannot be shown; add --certificate.")


@app.command("show")
def show(as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False) -> None:
    """Whose certificate seals here, until when, and which sealed before. Never the key. Exit: 1 where none can seal."""
    from exports.seal import keyring
    from exports.seal import settings as seal_settings

    with errors_told():
        now, settings = datetime.now(UTC), seal_settings.read(home())
        standing, retired = keyring.standing(home(), now), keyring.retired(home())
    if standing is None:
        complain(NO_KEY)
        raise typer.Exit(Exit.BAD)
    server = settings.time_stamps
    facts = {
        **_about(standing.certificate),
        "state": standing.state.value,
        "days": standing.days,
        "time_stamps": server.url if server else None,
        "carries_revocation": settings.revocation is not None,
        "retired": [_about(x509_certificate) for x509_certificate in retired],
    }
    if as_json:
        print_json(facts)
    else:
        _tell(facts)
    if standing.warning:
        complain(standing.warning.en)
    if not standing.can_seal:
        raise typer.Exit(Exit.BAD)


@app.command("certificate")
def certificate() -> None:
    """Print the certificate for those who verify. Exit: 1 where there is no key yet."""
    from exports.seal import keys

    with errors_told():
        check_signer(home())
        if keys.file_of(home()) is None:
            complain(NO_KEY)
            raise typer.Exit(Exit.BAD)
        signer = own_signer(home())
    print_text(keys.certificate_pem(signer).decode())
    complain(f"SHA-256 {signer.fingerprint}, until {signer.certificate.not_valid_after_utc:%Y-%m-%d}.")


def _about(x509_certificate: x509.Certificate) -> dict[str, Any]:
    from exports.seal import certificates, keyring

    return {
        "subject": x509_certificate.subject.rfc4514_string(),
        "issuer": x509_certificate.issuer.rfc4514_string(),
        "is_self_made": x509_certificate.issuer == x509_certificate.subject,
        "fingerprint": certificates.fingerprint(x509_certificate),
        "algorithm": keyring.algorithm(x509_certificate),
        "from": f"{x509_certificate.not_valid_before_utc:%Y-%m-%d}",
        "until": f"{x509_certificate.not_valid_after_utc:%Y-%m-%d}",
    }


def _tell(facts: dict[str, Any]) -> None:
    made = "self-made" if facts["is_self_made"] else f"issued by {legible(facts['issuer'])}"
    remaining = f"{facts['days']} days remain" if facts["days"] >= 0 else "ended"
    stamps = facts["time_stamps"] or "none"
    lists = ", with revocation data" if facts["carries_revocation"] else ""
    tell(f"Subject      {legible(facts['subject'])}")
    tell(f"Certificate  {made}, {facts['algorithm']}")
    tell(f"SHA-256      {facts['fingerprint']}")
    tell(f"Valid        {facts['from']} to {facts['until']}, {remaining}")
    tell(f"Time stamps  {stamps}{lists}")
    for retired in facts["retired"]:
        tell(
            f"Sealed before: {legible(retired['subject'])}, {retired['from']} to {retired['until']}, SHA-256 {retired['fingerprint']}"
        )


def _tell_new(x509_certificate: x509.Certificate, done: str) -> None:
    about = _about(x509_certificate)
    tell(f"Key {done}: {about['algorithm']}, {legible(about['subject'])}, until {about['until']}.")
    tell(f"SHA-256 {about['fingerprint']}")
    tell("Give the certificate to those who verify, by another way than the reports: haetae key certificate.")


def _passphrase(content: bytes, file: Path | None) -> bytes | None:
    """Never from the command line, where others could read it."""
    if file is not None:
        return file.read_bytes().strip()
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE].encode()
    if b"-----BEGIN" in content and b"ENCRYPTED" not in content:
        return None
    passphrase: str = typer.prompt("Passphrase of the file", default="", hide_input=True, show_default=False, err=True)
    return passphrase.encode() or None
