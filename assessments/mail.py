"""E-mail by the organisation's own mail server: settings from the environment, and sending. current, opened.

Without HAETAE_SMTP_HOST nothing is ever sent. What leaves this computer is encrypted: by STARTTLS unless TLS from the first byte is
named; without either only to this computer itself. The server's certificate is checked.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from assessments.errors import AssessmentError
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
HOST = "HAETAE_SMTP_HOST"
PORT = "HAETAE_SMTP_PORT"
TLS = "HAETAE_SMTP_TLS"
USER = "HAETAE_SMTP_USER"
PASSWORD_FILE = "HAETAE_SMTP_PASSWORD_FILE"  # noqa: S105 - the name of a variable
SENDER = "HAETAE_SMTP_FROM"
AUTHORITY = "HAETAE_SMTP_CA"
LINKS = "HAETAE_URL"
PATIENCE_SECONDS = 30


class Security(StrEnum):
    """How the way to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    """From the first byte."""
    NONE = "none"
    """To this computer only."""


_PORTS: Mapping[Security, int] = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class MailFailedError(AssessmentError):
    """A message was not taken by the mail server, or the server cannot be reached."""


@dataclass(frozen=True)
class Mailbox:
    """The mail server that sends for this installation."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    """Empty: it asks for none."""
    password: str = field(default="", repr=False)
    authority: Path | None = None
    """Certificates that its own is checked with. None: those of the system."""
    links: str = ""
    """Where this installation is reached, for links. Empty: messages have none."""


def current() -> Mailbox | None:
    """As the environment says now. None: no mail server is named. Raises: AssessmentError."""
    return read(os.environ)


def required() -> Mailbox:
    """Like current. Raises: AssessmentError also where no mail server is named."""
    mailbox = current()
    if mailbox is None:
        raise AssessmentError(TEXTS.told("no_mailbox", name=HOST))
    return mailbox


def read(environment: Mapping[str, str]) -> Mailbox | None:
    """Raises: AssessmentError: the first reason why nothing can be sent like this."""

    def stated(name: str) -> str:
        return environment.get(name, "").strip()

    host = stated(HOST)
    if not host:
        return None
    try:
        security = Security(stated(TLS) or Security.STARTTLS)
    except ValueError:
        raise AssessmentError(TEXTS.told("no_mail_security", name=TLS, stated=stated(TLS)[:40])) from None
    if security is Security.NONE and not _is_here(host):
        raise AssessmentError(TEXTS.told("mail_unencrypted", name=TLS, host=host[:80]))
    return Mailbox(
        host,
        _port(stated(PORT), security),
        security,
        _sender(stated(SENDER)),
        _user(stated(USER)),
        _password(stated(PASSWORD_FILE)) if stated(USER) else "",
        _authority(stated(AUTHORITY)),
        _links(stated(LINKS)),
    )


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Callable[[EmailMessage], None]]:
    """A session with the mail server; what it yields sends one message. Raises: MailFailedError, there and in sending."""
    with _failures_told(mailbox):
        server = _connected(mailbox)
    try:

        def send(message: EmailMessage) -> None:
            with _failures_told(mailbox):
                server.send_message(message, from_addr=mailbox.sender)

        yield send
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def message_for(mailbox: Mailbox, name: str, address: str, subject: str, text: str, message_id: str) -> EmailMessage:
    """A message in plain text, with nothing to answer to. Raises: MailFailedError where the address is none."""
    message = EmailMessage()
    try:
        user, _, domain = address.rpartition("@")
        message["To"] = Address(" ".join(name.split()), user, domain)
        message["From"] = Address("Haetae", *_halves(mailbox.sender))
    except (ValueError, IndexError):
        raise MailFailedError(TEXTS.told("no_mail_address", stated=address[:80])) from None
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{message_id}@{_halves(mailbox.sender)[1]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


# --- parts --------------------------------------------------------------------------------------------------


def _connected(mailbox: Mailbox) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(mailbox.authority) if mailbox.authority else None)
    where = (mailbox.host, mailbox.port)
    server: smtplib.SMTP
    if mailbox.security is Security.TLS:
        server = smtplib.SMTP_SSL(*where, timeout=PATIENCE_SECONDS, context=context)
    else:
        server = smtplib.SMTP(*where, timeout=PATIENCE_SECONDS)
    try:
        if mailbox.security is Security.STARTTLS:
            server.starttls(context=context)
        if mailbox.user:
            server.login(mailbox.user, mailbox.password)
    except BaseException:
        server.close()
        raise
    return server


@contextmanager
def _failures_told(mailbox: Mailbox) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise MailFailedError(TEXTS.told("mail_user_refused", host=mailbox.host, code=error.smtp_code)) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailFailedError(TEXTS.told("mail_address_refused", host=mailbox.host)) from error
    except ssl.SSLError as error:
        raise MailFailedError(TEXTS.told("mail_untrusted", host=mailbox.host, why=_why(error))) from error
    except (smtplib.SMTPException, OSError) as error:
        why = _why(error)
        raise MailFailedError(TEXTS.told("mail_failed", host=mailbox.host, port=mailbox.port, why=why)) from error


def _why(error: Exception) -> str:
    text = getattr(error, "strerror", None) or getattr(error, "verify_message", None) or str(error)
    return " ".join(str(text).split())[:120] or type(error).__name__


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(text: str, security: Security) -> int:
    if not text:
        return _PORTS[security]
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise AssessmentError(TEXTS.told("no_mail_port", name=PORT, stated=text[:40]))
    return int(text)


def _sender(text: str) -> str:
    try:
        Address("Haetae", *_halves(text))
    except (ValueError, IndexError):
        raise AssessmentError(TEXTS.told("no_mail_sender", name=SENDER, stated=text[:80])) from None
    return text


def _halves(address: str) -> tuple[str, str]:
    """Raises: ValueError."""
    user, sign, domain = address.rpartition("@")
    if not (user and sign and domain):
        raise ValueError(address)
    return user, domain


def _user(text: str) -> str:
    if not text.isascii():
        raise AssessmentError(TEXTS.told("no_mail_user", name=USER))
    return text


def _password(text: str) -> str:
    file = Path(text).expanduser()
    try:
        return file.read_text("ascii").strip()  # which is all that the protocol's log-in can carry
    except (OSError, UnicodeDecodeError):
        raise AssessmentError(TEXTS.told("no_mail_password", name=PASSWORD_FILE, file=text[:200] or "-")) from None


def _authority(text: str) -> Path | None:
    if not text:
        return None
    file = Path(text).expanduser().resolve()
    if not file.is_file():
        raise AssessmentError(TEXTS.told("no_such_file", name=AUTHORITY, file=file))
    return file


def _links(text: str) -> str:
    if not text:
        return ""
    site = urlsplit(text)
    if site.scheme not in ("http", "https") or not site.netloc:
        raise AssessmentError(TEXTS.told("no_mail_links", name=LINKS, stated=text[:80]))
    return text.rstrip("/")
