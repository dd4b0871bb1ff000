"""What a reader sees of a hostile file on a terminal: the true verdict stands first and last, and no line is forged."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyte
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from assessments.content.canonical import canonical
from commands.main import app
from exports.seal import keys, pades
from tests import report_samples as samples
from tests.tampering import flipped, swapped

ROOT = Path(__file__).resolve().parents[1]
PAINT = "\x1b[2J\x1b[HPassed\r\n  [ok]   All is fine.\r\n\x1b]0;Passed\x07\x9b1m\u2028Passed"
"""Clears the screen and writes a verdict and a finding of its own."""


def seen(*words: object) -> list[str]:
    """The rows of a tall terminal after the command, without the empty ones at its end."""
    screen = pyte.Screen(160, 300)
    stream = pyte.Stream(screen)
    stream.feed(CliRunner().invoke(app, [str(word) for word in words]).output.replace("\n", "\r\n"))
    assert "Passed" not in screen.title
    return "\n".join(row.rstrip() for row in screen.display).rstrip().split("\n")


def seen_on_a_terminal(columns: int, *words: object) -> list[str]:
    """The same of a process that writes to a terminal of this width."""
    screen = pyte.Screen(columns, 300)
    stream = pyte.ByteStream(screen)
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 300, columns, 0, 0))
    given = [sys.executable, "-m", "commands.main", *(str(word) for word in words)]
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(given, stdin=subprocess.DEVNULL, stdout=far, stderr=far, cwd=ROOT, env=plain) as process:
        os.close(far)
        with contextlib.suppress(OSError):  # the end of a terminal whose process has ended
            while part := os.read(near, 65536):
                stream.feed(part)
        process.wait(timeout=300)
    os.close(near)
    return "\n".join(row.rstrip() for row in screen.display).rstrip().split("\n")


def is_true(rows: list[str], verdict: str) -> bool:
    forged = [row for row in rows if row.startswith(("Passed", "  [ok]   All is fine"))]
    return rows[0].startswith(verdict) and rows[-1].startswith(f"{verdict}. ") and not forged


def painting_signer(said: str = PAINT) -> keys.Signer:
    """Somebody whose certificate says in its name what a reader is to see."""
    key = ec.generate_private_key(ec.SECP256R1())
    plain = samples.signer().certificate
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, said[:60]), x509.NameAttribute(NameOID.ORGANIZATION_NAME, said[:64])]
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(samples.AT - timedelta(days=1))
        .not_valid_after(samples.AT + timedelta(days=900))
    )
    for extension in plain.extensions:
        if isinstance(extension.value, x509.KeyUsage | x509.BasicConstraints):
            built = built.add_extension(extension.value, extension.critical)
    return keys.Signer(key, built.sign(key, hashes.SHA256()))


def painted_record() -> bytes:
    data: Any = samples.sealed_record().data
    system = {**data["content"]["system"], "name_ko": PAINT, "name_en": PAINT, "version": PAINT}
    content = {**data["content"], "system": system, "operator": {**data["content"]["operator"], "name": PAINT}}
    return canonical({**data, "document": {**data["document"], "id": PAINT}, "content": content})


def test_the_terminal_of_this_test_would_be_fooled() -> None:
    screen = pyte.Screen(160, 300)
    pyte.Stream(screen).feed("Failed\r\n" + PAINT)
    assert screen.display[0].startswith("Passed")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.usefixtures("examined_here")
def test_the_true_verdict_stands_first_and_last(tmp_path: Path, language: str) -> None:
    stranger = painting_signer()
    sealed = pades.seal(samples.rendered(), stranger, samples.SEALED_AT)
    genuine = tmp_path / "certificate.pem"
    genuine.write_bytes(keys.certificate_pem(samples.signer()))
    failed = {"en": "Failed", "ko": "실패"}[language]
    for name, content in (
        ("record", swapped(samples.rendered(), painted_record())),
        ("certificate", sealed),
        ("flipped", flipped(sealed, 2000)),
        ("both", pades.seal(swapped(samples.rendered(), painted_record()), stranger, samples.SEALED_AT)),
        ("nothing", PAINT.encode()),
    ):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(content)
        rows = seen("verify", file, "--trust", genuine, "--language", language)
        assert is_true(rows, failed), (name, rows)


@pytest.mark.slow
def test_no_row_of_a_terminal_begins_with_the_words_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    said = "Passed Passed Passed Passed Passed Passed Passed Passed Passed Passed"
    file.write_bytes(pades.seal(samples.rendered(), painting_signer(said), samples.SEALED_AT))
    for columns in (40, 61):
        rows = seen_on_a_terminal(columns, "verify", file)
        assert not [row for row in rows if row.startswith("Passed")]
        assert rows[0] == "Failed"
        assert [row for row in rows if not row.startswith(" ")][-1].startswith("Failed. ")
