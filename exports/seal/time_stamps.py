"""Time stamps of an RFC 3161 server: HttpTimeStamper. Every answer is examined before a seal carries it."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from asyncio import to_thread
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import extract_ts_certs, set_tsp_headers
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from exports.seal import container
from exports.seal.settings import TimeStampServer
from questionnaires.wording import duration

MAX_BYTES = 2**20


class TimeStampError(Exception):
    """No time stamp that counts was to be had; the text says why."""


class _Answer(core.Sequence):  # type: ignore[misc]
    """As RFC 3161, 2.4.2 has it: a refusal comes without a token."""

    _fields: ClassVar[list[Any]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class HttpTimeStamper(TimeStamper):
    """Asks the server over HTTP. Raises: TimeStampError."""

    def __init__(self, server: TimeStampServer) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._server = server
        self._roots = [
            asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)) for certificate in server.certificates
        ]

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await to_thread(self._request, req.dump())

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            token = self._bared(token)
            await self._examine(token, message_digest)
        except TimeStampError:
            raise
        except OSError as error:  # the server's refusal, as pyHanko tells it
            raise TimeStampError(str(error)) from None
        except Exception as error:  # whatever a broken answer leads to
            raise TimeStampError(f"its answer cannot be read ({type(error).__name__})") from None
        return token

    def _request(self, request: bytes) -> tsp.TimeStampResp:
        http_request = urllib.request.Request(self._server.url, request, set_tsp_headers({}))  # noqa: S310 - http and https only, see seal_settings
        try:
            with urllib.request.urlopen(http_request, timeout=self._server.seconds) as answer:  # noqa: S310
                kind, content = answer.headers.get_content_type(), answer.read(MAX_BYTES + 1)
        except TimeoutError:
            raise TimeStampError(f"it did not answer within {duration(self._server.seconds).en}") from None
        except urllib.error.HTTPError as error:
            raise TimeStampError(f"it answered with HTTP status {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "reason", error)
            if isinstance(why, TimeoutError):
                raise TimeStampError(f"it did not answer within {duration(self._server.seconds).en}") from None
            raise TimeStampError(f"it cannot be reached ({getattr(why, 'strerror', None) or why})") from None
        if kind != "application/timestamp-reply" or len(content) > MAX_BYTES:
            raise TimeStampError(f"what it answered is no time stamp but {kind}, {len(content):,} bytes")
        status = _Answer.load(content)["status"]
        if status["status"].native not in ("granted", "granted_with_mods"):
            refusal = "; ".join(status["status_string"].native or ()) or status["status"].native
            raise TimeStampError(f"it refused: {refusal}")
        return tsp.TimeStampResp.load(content)

    def _bared(self, token: cms.ContentInfo) -> cms.ContentInfo:
        """Remove certificates the stamp does not need; a seal must not carry anything that no signature covers."""
        certificates = [
            cms.CertificateChoices("certificate", asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)))
            for certificate in container.needed(token, self._server.certificates)
        ]
        token["content"]["certificates"] = certificates
        bare = cms.ContentInfo.load(token.dump(), strict=True)
        if not container.is_plain_stamp(bare):
            raise TimeStampError(
                "the stamp that it sent carries more than a stamp, or is written in another way than DER"
            )
        return bare

    async def _examine(self, token: cms.ContentInfo, digest: bytes) -> None:
        """The stamp is over what was sent and signed as it should be, by whom the settings name."""
        signed = token["content"]
        own = list(extract_ts_certs(token, SimpleCertificateStore()))  # type: ignore[no-untyped-call]
        at = signed["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(trust_roots=self._roots or own, allow_fetching=False, moment=at)
        status = await validate_tst_signed_data(signed, context, lambda _algorithm: digest)
        if not status["intact"] or not status["valid"]:
            raise TimeStampError("the stamp that it sent is not over what was asked, or is damaged")
        dates = status["signing_cert"]["tbs_certificate"]["validity"]
        if not dates["not_before"].native <= at <= dates["not_after"].native:
            raise TimeStampError("the stamp that it sent was made outside its certificate's dates")
        if status["trust_problem_indic"] is not None:
            named = (
                "the certificates that the settings name" if self._roots else "its own certificate, which forbids it"
            )
            raise TimeStampError(f"the stamp that it sent is not confirmed by {named}")
