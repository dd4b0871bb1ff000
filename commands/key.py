"""`haetae key`: the key that seals reports."""

from __future__ import annotations

import typer

from assessments.home import home
from commands._output import complain, errors_told

app = typer.Typer(help="The key that seals reports.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `certificate` a command of its own, for there may be more."""


@app.command("certificate")
def certificate() -> None:
    """Print the certificate for those who verify; key and certificate are made at the first use."""
    from exports import keys

    with errors_told():
        signer = keys.load_or_create(home())
    typer.echo(keys.certificate_pem(signer).decode(), nl=False)
    complain(f"SHA-256 {signer.fingerprint}, until {signer.certificate.not_valid_after_utc:%Y-%m-%d}.")
