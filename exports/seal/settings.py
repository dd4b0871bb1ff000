"""How this installation seals, beyond key and certificate: SealSettings; read. From `seal.yaml` in the home folder.

timestamp:
  url: https://tsa.example.org/    # an RFC 3161 server; every seal then carries its time stamp (B-T)
  certificates: [tsa.pem]          # what its stamps must be confirmed by; needed for B-LT
  seconds: 10                      # how long to wait for it
  without: refuse                  # no stamp to be had: refuse the seal, or allow one without (B-B), and say so
revocation: [issuer.crl, tsa.crl]  # CRLs and OCSP responses, PEM or DER; every seal then carries them (B-LT)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cryptography import x509
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from exports.record.appearance import SETTING_PROBLEMS
from exports.seal import certificates, revocation
from exports.seal.revocation import RevocationData
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.shape import refused
from questionnaires.strict_yaml import parse

FILE = "seal.yaml"
MAX_FILE_BYTES = 20 * 2**20


@dataclass(frozen=True)
class TimeStampServer:
    """A time-stamp server (TSA)."""

    url: str
    certificates: tuple[x509.Certificate, ...] = ()
    """What its stamps must be confirmed by. Empty: a stamp need only be sound in itself."""
    seconds: int = 10
    may_go_without: bool = False
    """Whether a seal is made without a stamp where none can be had. False: it is refused."""


@dataclass(frozen=True)
class SealSettings:
    """Nothing at all: a seal without time stamp (B-B)."""

    time_stamps: TimeStampServer | None = None
    revocation: RevocationData | None = None
    """What every seal carries of revocation lists and answers (B-LT)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _TimeStamp(_Strict):
    url: Annotated[AnyHttpUrl, Field(strict=False)]
    certificates: list[str] = []
    seconds: int = Field(default=10, ge=1, le=120)
    without: Literal["refuse", "allow"] = "refuse"


class _File(_Strict):
    timestamp: _TimeStamp | None = None
    revocation: list[str] = []

    @model_validator(mode="after")
    def _whole(self) -> _File:
        if self.revocation and not (self.timestamp and self.timestamp.certificates):
            message = "revocation needs a timestamp with certificates beside it"
            raise PydanticCustomError("revocation_alone", message)
        return self


def read(home: Path) -> SealSettings:
    """The settings; none where there is no file. Raises: InvalidFileError, with every problem found."""
    file = home / FILE
    if not file.is_file():
        return SealSettings()
    parsed = parse(file.read_bytes(), FILE)
    try:
        settings_file = _File.model_validate(parsed.data if parsed.data is not None else {})
    except ValidationError as error:
        raise refused(parsed, error, SETTING_PROBLEMS.text("seal")) from None
    problems: list[Problem] = []
    roots = [
        certificate
        for row, name in enumerate(settings_file.timestamp.certificates if settings_file.timestamp else ())
        for certificate in _certificates(home, name, parsed.line(("timestamp", "certificates", row)), problems)
    ]
    revoked = RevocationData()
    for row, name in enumerate(settings_file.revocation):
        revoked += _revocation(home, name, parsed.line(("revocation", row)), problems)
    if problems:
        raise InvalidFileError(problems)
    stamped = settings_file.timestamp
    server = stamped and TimeStampServer(
        str(stamped.url), tuple(roots), stamped.seconds, may_go_without=stamped.without == "allow"
    )
    return SealSettings(server or None, revoked if settings_file.revocation else None)


def _certificates(home: Path, name: str, line: int, problems: list[Problem]) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(certificates.as_pem(_content(home, name)).encode())
    except (OSError, ValueError) as error:
        problems.append(SETTING_PROBLEMS.problem(FILE, line, "certificates", name=name, why=_why(error)))
        return []


def _revocation(home: Path, name: str, line: int, problems: list[Problem]) -> RevocationData:
    try:
        return revocation.read(_content(home, name))
    except (OSError, ValueError) as error:
        problems.append(SETTING_PROBLEMS.problem(FILE, line, "revocation", name=name, why=_why(error)))
        return RevocationData()


def _content(home: Path, name: str) -> bytes:
    with (home / name).open("rb") as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ValueError(f"it is larger than {MAX_FILE_BYTES:,} bytes")
    return content


def _why(error: OSError | ValueError) -> str:
    return (error.strerror or "it cannot be read") if isinstance(error, OSError) else str(error)
