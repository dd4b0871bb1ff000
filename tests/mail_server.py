"""A mail server of this machine, real to the byte: aiosmtpd, plain, with STARTTLS or with TLS from the first byte."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Post:
    """What was handed in."""

    messages: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Addresses that the server does not take."""
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = cast(bytes, envelope.content)
        self.messages.append(cast(EmailMessage, message_from_bytes(content, policy=cast(Any, default))))
        self.to += [str(address) for address in envelope.rcpt_tos]
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 taken"


@contextmanager
def running(
    folder: Path | None = None, *, from_the_first_byte: bool = False, user: str = "", password: str = ""
) -> Iterator[Post]:
    """folder: where its certificate is; None: it does not encrypt. user: whom it asks for; empty: nobody."""
    post = Post(port=_free_port())
    context = None
    if folder is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "mail.pem", folder / "mail.key")

    def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=is_right, handled=False)

    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=post.port,
        ready_timeout=60,
        authenticator=let_in if user else None,
        auth_required=bool(user),
        auth_require_tls=not from_the_first_byte,  # which it knows of STARTTLS only
        require_starttls=context is not None and not from_the_first_byte,
        **({"ssl_context": context} if from_the_first_byte else {"tls_context": context}),
    )
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def make_certificate(folder: Path) -> Path:
    """Of 127.0.0.1, made by itself; the certificate, which is its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "mail.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "mail.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "mail.pem"
