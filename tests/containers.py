"""Hands on the place where a seal itself stands, which no seal can cover: container, refilled, and what to fill it with."""

from __future__ import annotations

import re

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


def gap(pdf: bytes) -> tuple[int, int]:
    """Where the container begins and ends, its angle brackets included."""
    _, first, second, _ = (int(one) for one in RANGE.findall(pdf)[-1])
    return first, second


def container(pdf: bytes) -> cms.ContentInfo:
    start, end = gap(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))


def refilled(pdf: bytes, made: cms.ContentInfo) -> bytes:
    """The file with another container, padded to the room that there is."""
    start, end = gap(pdf)
    filled = made.dump(force=True).hex().upper().encode()
    room = end - start - 2
    assert len(filled) <= room
    return pdf[:start] + b"<" + filled.ljust(room, b"0") + b">" + pdf[end:]


def with_stamp_of(pdf: bytes, other: bytes | None) -> bytes:
    """The time stamp of another seal instead of its own. None: no stamp at all."""
    made = container(pdf)
    (info,) = made["content"]["signer_infos"]
    kept = {name: info[name] for name in info._field_map if name != "unsigned_attrs" and info[name] is not core.VOID}
    if other is not None:
        kept["unsigned_attrs"] = container(other)["content"]["signer_infos"][0]["unsigned_attrs"]
    made["content"]["signer_infos"] = [cms.SignerInfo(kept)]
    return refilled(pdf, made)


def with_further_certificate(pdf: bytes, certificate: x509.Certificate) -> bytes:
    """A certificate that the seal does not need, in room that it does not use."""
    made = container(pdf)
    added = cms.CertificateChoices("certificate", asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)))
    made["content"]["certificates"] = [*made["content"]["certificates"], added]
    return refilled(pdf, made)
