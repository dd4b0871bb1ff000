"""A small certificate authority and a real time-stamp server on this machine, for tests of the seal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import cms, tsp
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from exports.seal.keys import Signer
from exports.seal.settings import TimeStampServer
from tests import report_samples as samples

START = samples.AT - timedelta(days=30)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: Any
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def issued(
    common: str,
    by: Holder | None = None,
    *,
    key: Any = None,
    is_authority: bool = False,
    stamps: bool = False,
    answers: bool = False,
    start: datetime = START,
    lifetime: timedelta = YEAR,
    may_commit: bool = True,
) -> Holder:
    """A certificate, issued by somebody or by itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(not is_authority, may_commit, False, False, False, is_authority, is_authority, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(by.certificate.subject if by else name(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lifetime)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if answers:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    return Holder(key, made.sign(by.key if by else key, hashes.SHA256()))


@cache
def root() -> Holder:
    return issued("Test root", is_authority=True, lifetime=30 * YEAR)


@cache
def organisation() -> Signer:
    """A sealing key whose certificate the authority issued."""
    made = issued("Daon HR", root(), lifetime=3 * YEAR)
    return Signer(made.key, made.certificate, (root().certificate,))


TWINS = ("name", "number", "key name")


def twin(of: x509.Certificate, *same: str) -> Signer:
    """Somebody else's key under a certificate that looks like this one: the same TWINS, or all of them."""
    key, same = ec.generate_private_key(ec.SECP256R1()), same or TWINS
    named = of.subject if {"name", "number"} & set(same) else name("Somebody")
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(of.serial_number if "number" in same else x509.random_serial_number())
        .not_valid_before(of.not_valid_before_utc)
        .not_valid_after(of.not_valid_after_utc)
    )
    for extension in of.extensions:
        if "key name" in same or not isinstance(extension.value, x509.SubjectKeyIdentifier):
            made = made.add_extension(extension.value, extension.critical)
    return Signer(key, made.sign(key, hashes.SHA256()))


@cache
def stamp_authority() -> Holder:
    """Its key is RSA, for pyHanko's stamper for tests knows no other."""
    key = rsa.generate_private_key(65537, 2048)
    return issued("Test time stamps", root(), key=key, stamps=True, lifetime=20 * YEAR)


def revocation_list(
    *revoked: tuple[x509.Certificate, datetime],
    by: Holder | None = None,
    at: datetime = samples.AT,
    lifetime: timedelta = timedelta(days=30),
) -> bytes:
    issuer = by or root()
    made = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    made = made.last_update(at).next_update(at + lifetime)
    for certificate, on in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(on).build()
        made = made.add_revoked_certificate(entry)
    return made.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def revocation_answer(
    about: x509.Certificate,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    *,
    by: Holder | None = None,
    revoked_at: datetime | None = None,
    at: datetime = samples.AT,
) -> bytes:
    responder = by or root()
    made = ocsp.OCSPResponseBuilder().add_response(
        cert=about,
        issuer=root().certificate,
        algorithm=hashes.SHA256(),
        cert_status=status,
        this_update=at,
        next_update=at + timedelta(days=7),
        revocation_time=revoked_at,
        revocation_reason=None,
    )
    made = made.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    return made.certificates([responder.certificate]).sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)


# --- the server -------------------------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.headers["Content-Type"])
        status, kind, answer = self.server.answer(request)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_given: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, at: datetime, holder: Holder, fault: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        key = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        certificate = asn1_x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))
        self.stamper = DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(key), fixed_dt=at)
        self.fault = fault
        self.asked: list[str] = []

    def answer(self, request: bytes) -> tuple[int, str, bytes]:
        """Status, content type and content; a fault where one is wanted."""
        if self.fault == "silent":
            time.sleep(1.5)
        asked = tsp.TimeStampReq.load(request)
        if self.fault == "other":
            asked["message_imprint"]["hashed_message"] = b"\0" * 32
        if self.fault == "refuse":
            status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["not today"]})
            bare = status.dump()
            return 200, "application/timestamp-reply", b"\x30" + bytes([len(bare)]) + bare
        granted = self._with_more(self.stamper.request_tsa_response(asked)).dump(force=True)
        if self.fault == "damaged":
            granted = granted[:-20] + bytes(20)
        return {
            "busy": (503, "text/plain", b"busy"),
            "page": (200, "text/html", b"<p>hello"),
            "garbage": (200, "application/timestamp-reply", b"\x30\x03\x02\x01\x00"),
        }.get(self.fault, (200, "application/timestamp-reply", granted))

    def _with_more(self, granted: tsp.TimeStampResp) -> tsp.TimeStampResp:
        """What a stamp does not need, in places that its signature does not cover."""
        signed = granted["time_stamp_token"]["content"]
        if self.fault == "crowded":
            more = [
                cms.CertificateChoices("certificate", asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)))
                for one in (organisation().certificate, issued("Somebody", root()).certificate)
            ]
            signed["certificates"] = [*more, *signed["certificates"]]
        if self.fault == "lists":
            signed["crls"] = cms.RevocationInfoChoices([])
        return granted


@contextmanager
def stamping(
    at: datetime = samples.SEALED_AT, holder: Holder | None = None, fault: str = "", **more: Any
) -> Iterator[TimeStampServer]:
    """A time-stamp server on loopback, with the settings that ask it."""
    server = _Server(at, holder or stamp_authority(), fault)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield TimeStampServer(f"http://127.0.0.1:{server.server_port}/", **more)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
