"""Sealing as this installation is set up: seal, known_certificates. Key, certificate and settings lie in the home folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from exports import keyring, keys, seal_settings, sign
from exports.keys import Signer
from exports.sign import Seal
from questionnaires.schema import Text


def seal(pdf: bytes, home: Path, at: datetime | None = None, signer: Signer | None = None) -> Seal:
    """The report sealed by this installation's key at the level of its settings; the key is made at the first use.

    signer: the one of this folder, where it is loaded already.
    Raises: KeyFileError, SealRefusedError, InvalidFileError where seal.yaml is not what it should be.
    """
    settings = seal_settings.read(home)
    return sign.seal_as_set(pdf, signer or keys.load_or_create(home), settings, at)


def remark(made: Seal) -> Text | None:
    """What whoever sealed must know: a stamp was asked for, and the seal went without. None: nothing."""
    if not made.why_no_stamp:
        return None
    return Text(
        en=f"The report is sealed without a time stamp, as the settings allow: the server gave none ({made.why_no_stamp}).",
        ko=f"타임스탬프를 받지 못하여({made.why_no_stamp}) 설정이 허용하는 대로 타임스탬프 없이 봉인하였습니다.",
    )


def known_certificates(home: Path) -> list[bytes]:
    """What seals of this installation can be checked with, PEM: the present certificate and those before it."""
    return [one.public_bytes(Encoding.PEM) for one in keyring.known(home)]


def known_stampers(home: Path) -> list[bytes]:
    """What time stamps of this installation's seals can be checked with, PEM. Raises: InvalidFileError."""
    server = seal_settings.read(home).time_stamps
    return [one.public_bytes(Encoding.PEM) for one in server.certificates] if server else []
