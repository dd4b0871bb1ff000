"""A key that somebody else issued a certificate for: read → Signer. What others could not verify is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assessments.errors import KeyFileError
from exports.seal import certificates, key_file
from exports.seal.keys import PrivateKey, Signer
from questionnaires.texts import texts_of
from questionnaires.wording import day_text, seoul_day

TEXTS = texts_of(__file__)
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
MIN_RSA_BITS, MAX_RSA_BITS = 3072, 4096
_USABLE = "ECDSA P-256, P-384, P-521, RSA 3072–4096"


def read(content: bytes, passphrase: bytes | None, more: Sequence[bytes], at: datetime) -> Signer:
    """Key, certificate and who issued it, from PKCS#12 or PEM.

    more: further files with certificates (PEM or DER), where they are not in the first. at: now.
    Raises: KeyFileError, with what is wrong and what to do.
    """
    key, candidates = _opened(content, passphrase)
    for text in more:
        try:
            candidates += x509.load_pem_x509_certificates(certificates.as_pem(text).encode())
        except ValueError as error:
            raise KeyFileError(TEXTS.told("certificate_unusable", why=error)) from None
    usable = _usable(key)
    own = next((certificate for certificate in candidates if certificate.public_key() == usable.public_key()), None)
    if own is None:
        raise KeyFileError(TEXTS.told("none_for_the_key", count=len(candidates)))
    _check(own, at)
    return Signer(usable, own, certificates.in_order(own, candidates))


def _opened(content: bytes, passphrase: bytes | None) -> tuple[object, list[x509.Certificate]]:
    try:
        return key_file.opened(content, passphrase)
    except UnsupportedAlgorithm:
        raise _unreadable("its key or its encryption is of a kind that is not known here") from None
    except (ValueError, TypeError):
        raise KeyFileError(TEXTS.told("key_file_unopened")) from None


def _usable(key: object) -> PrivateKey:
    """Raises: KeyFileError where pdfsig and other readers could not verify what the key signs."""
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, CURVES):
        return key
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < MIN_RSA_BITS:
            raise _unreadable(f"an RSA key of {key.key_size} bits is too short")
        if key.key_size <= MAX_RSA_BITS:
            return key
        raise _unreadable(f"an RSA key of {key.key_size} bits is longer than other readers of PDF take")
    if key is None:
        raise _unreadable("there is no private key in it")
    kind = f"ECDSA {key.curve.name}" if isinstance(key, ec.EllipticCurvePrivateKey) else type(key).__name__
    raise _unreadable(
        f"pdfsig and other readers of PDF cannot verify {kind.removesuffix('PrivateKey').strip('_')} signatures"
    )


def _check(certificate: x509.Certificate, at: datetime) -> None:
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= at <= end:
        raise KeyFileError(
            TEXTS.told(
                "not_in_force",
                start=day_text(seoul_day(start)),
                end=day_text(seoul_day(end)),
                at=day_text(seoul_day(at)),
            )
        )
    hash_ = certificate.signature_hash_algorithm
    if hash_ is None or hash_.name in ("md5", "sha1"):
        raise _unreadable(
            f"its certificate is signed with {hash_.name if hash_ else 'an unknown hash'}, which counts for nothing"
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.content_commitment:
        raise KeyFileError(TEXTS.told("not_for_signing"))


def _unreadable(why: str) -> KeyFileError:
    return KeyFileError(TEXTS.told("key_unusable", why=why, usable=_USABLE))
