"""The place of the seal, which no seal can cover: is_as_written, is_plain_stamp, needed, lowered.

What stands there must be what this program writes, to the byte.

Nothing that was sealed can be changed there; but versions, lists of algorithms, further certificates or another form of
the same signature would make another file of it, and hide something in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from exports.seal import certificates

STAMP = "signature_time_stamp_token"
_SIGNED = {"content_type", "message_digest", "signing_certificate_v2"}
_HASH = "sha256"


def is_as_written(container: bytes, *, is_strict: bool) -> bool:
    """container: the seal without the zeros behind it.

    is_strict: whether the sealing program writes ECDSA one way only and names under the seal every certificate in it.
    """
    try:
        return _reencoded(container, is_strict=is_strict) == container
    except Exception:  # whatever a container of another form leads to: it is not as this program writes it
        return False


def is_plain_stamp(token: Any) -> bool:
    """Whether a time stamp is such as a seal may carry."""
    try:
        _check_stamp(token)
    except Exception:  # whatever a token of another form leads to
        return False
    return True


def needed(token: Any, others: Sequence[x509.Certificate] = ()) -> list[x509.Certificate]:
    """The time stamp's own certificate and its issuers, from the stamp and others available. Raises: ValueError."""
    signed = token["content"]
    held = [
        x509.load_der_x509_certificate(certificate.chosen.dump())
        for certificate in signed["certificates"]
        if certificate.name == "certificate"
    ]
    (info,) = signed["signer_infos"]
    own = _signer(info, held)
    return [own, *certificates.in_order(own, (*held, *others))]


def lowered(signature: bytes, curve: ec.EllipticCurve) -> bytes:
    """Low-s form of an ECDSA signature: of (r, s) and (r, n − s), both valid, the one with the smaller s."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, curve.group_order - s))


def signer_of(signed: Any) -> x509.Certificate | None:
    """The certificate among those held that the only signature names. None: it is not among them."""
    try:
        (info,) = signed["signer_infos"]
        return _signer(info, _certificates(signed))
    except ValueError:
        return None


def _reencoded(container: bytes, *, is_strict: bool) -> bytes:
    """Re-encode the signature the way this program writes it. Raises: ValueError if it holds anything else."""
    signed_data = cms.ContentInfo.load(container, strict=True)["content"]
    (info,) = signed_data["signer_infos"]
    held = _certificates(signed_data)
    signer = _signer(info, held)
    last = _check_needed(signer, held)
    attributes = [cms.CMSAttribute.load(signed_attr.dump(), strict=True) for signed_attr in info["signed_attrs"]]
    if {attribute["type"].native for attribute in attributes} != _SIGNED or len(attributes) != len(_SIGNED):
        raise ValueError("other signed attributes")
    if is_strict and last != signer and last.issuer != last.subject and not _is_named(last, attributes):
        raise ValueError("a certificate that nothing vouches for")
    signature = info["signature"].native
    key = signer.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        signature = encode_dss_signature(*decode_dss_signature(signature))
        if is_strict and lowered(signature, key.curve) != signature:
            raise ValueError("the other form of the same signature")
    mechanism = f"{_HASH}_{'ecdsa' if isinstance(key, ec.EllipticCurvePublicKey) else 'rsa'}"
    subject = _asn1(signer)
    made: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": subject.issuer, "serial_number": subject.serial_number}
                )
            }
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": _HASH}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": mechanism}),
        "signed_attrs": cms.CMSAttributes(attributes),
        "signature": signature,
    }
    if info["unsigned_attrs"] is not core.VOID and info["unsigned_attrs"].native is not None:
        made["unsigned_attrs"] = cms.CMSAttributes([_stamp(info["unsigned_attrs"])])
    chosen = [cms.CertificateChoices(name="certificate", value=_asn1(certificate)) for certificate in held]
    signed = {
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms((made["digest_algorithm"],)),
        "encap_content_info": {"content_type": "data"},
        "certificates": chosen,
        "signer_infos": [cms.SignerInfo(made)],
    }
    whole = cms.ContentInfo({"content_type": cms.ContentType("signed_data"), "content": cms.SignedData(signed)})
    der: bytes = whole.dump()
    return der


def _stamp(beside: Any) -> Any:
    """The one time stamp beside the signature. Raises: ValueError where anything else is there, or in the stamp."""
    (only,) = beside
    (token,) = only["values"]
    if only["type"].native != STAMP:
        raise ValueError("something else than a time stamp")
    _check_stamp(token)
    return cms.CMSAttribute({"type": STAMP, "values": [token]})


def _check_stamp(token: Any) -> None:
    """Raises: ValueError if the stamp contains anything that its signature does not cover or that it does not need."""
    if token["content_type"].native != "signed_data":
        raise ValueError("something else than a time stamp")
    signed = token["content"]
    (info,) = signed["signer_infos"]
    held = _certificates(signed)
    signer = _signer(info, held)
    _check_needed(signer, held)
    by_number = info["sid"].name == "issuer_and_serial_number"
    (listed,) = signed["digest_algorithms"]
    is_plain = (
        signed["version"].native == "v3"
        and info["version"].native == ("v1" if by_number else "v3")
        and _is_same_algorithm(listed, info["digest_algorithm"])
        and _is_absent(signed["crls"])
        and _is_absent(info["unsigned_attrs"])
        and _has_plain_parameters(info["signature_algorithm"])
        and _is_der(token.dump())
    )
    if not is_plain:
        raise ValueError("more than a stamp in the stamp")


def _is_same_algorithm(first: Any, other: Any) -> bool:
    return first["algorithm"].native == other["algorithm"].native and all(map(_has_plain_parameters, (first, other)))


def _has_plain_parameters(algorithm: Any) -> bool:
    """None, NULL, or those of RSASSA-PSS, which the signature depends on."""
    parameters = algorithm["parameters"]
    is_null = isinstance(parameters, core.Null) and parameters.dump() == b"\x05\x00"
    return _is_absent(parameters) or is_null or algorithm["algorithm"].native == "rsassa_pss"


def _is_absent(value: Any) -> bool:
    return value is core.VOID or isinstance(value, core.Void)


def _is_der(token: bytes) -> bool:
    """Whether every length in it is given, and in the shortest form."""
    waiting = [token]
    while waiting:
        rest = waiting.pop()
        while rest:
            tag, content, rest = _element(rest)
            if tag & 0x20:
                waiting.append(content)
    return True


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, content and what follows. Raises: ValueError, IndexError."""
    tag, first = data[0], data[1]
    if tag & 0x1F == 0x1F:
        raise ValueError("a long tag")
    start, length = 2, first
    if first & 0x80:
        count = first & 0x7F
        start, length = 2 + count, int.from_bytes(data[2 : 2 + count], "big")
        if not count or length < 0x80 or data[2] == 0:
            raise ValueError("a length in another form")
    if start + length > len(data):
        raise ValueError("cut short")
    return tag, data[start : start + length], data[start + length :]


def _certificates(signed: Any) -> list[x509.Certificate]:
    """Raises: ValueError where there is anything else, or one of them twice."""
    if any(certificate.name != "certificate" for certificate in signed["certificates"]):
        raise ValueError("something else than a certificate")
    held = [x509.load_der_x509_certificate(certificate.chosen.dump()) for certificate in signed["certificates"]]
    if len({certificates.fingerprint(certificate) for certificate in held}) != len(held):
        raise ValueError("a certificate twice")
    return held


def _signer(info: Any, held: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate that the signature names, exactly as it is named there. Raises: ValueError."""
    named = info["sid"].chosen
    for certificate in held:
        subject = _asn1(certificate)
        if info["sid"].name == "issuer_and_serial_number":
            is_named = (
                named["issuer"].dump() == subject.issuer.dump()
                and named["serial_number"].native == certificate.serial_number
            )
        else:
            is_named = named.native == subject.key_identifier
        if is_named:
            return certificate
    raise ValueError("the certificate of the seal is missing")


def _is_named(certificate: x509.Certificate, attributes: Sequence[Any]) -> bool:
    """Whether the seal names the certificate by its digest under its own signature."""
    (named,) = (
        attribute["values"][0] for attribute in attributes if attribute["type"].native == "signing_certificate_v2"
    )
    digests = [
        digest["cert_hash"].native for digest in named["certs"] if digest["hash_algorithm"]["algorithm"].native == _HASH
    ]
    return certificate.fingerprint(hashes.SHA256()) in digests


def _check_needed(signer: x509.Certificate, held: Sequence[x509.Certificate]) -> x509.Certificate:
    """Every certificate issued another one up to the signer's, and whole. Gives the last. Raises: ValueError."""
    chain = certificates.in_order(signer, held)
    if len(chain) + 1 != len(held):
        raise ValueError("a certificate that is not needed")
    for certificate in (signer, *chain):
        if certificate.issuer == certificate.subject:
            try:
                certificate.verify_directly_issued_by(certificate)
            except (InvalidSignature, TypeError):
                raise ValueError("a damaged certificate") from None
    return (signer, *chain)[-1]


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
