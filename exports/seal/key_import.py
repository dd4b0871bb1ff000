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

CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
MIN_RSA_BITS, MAX_RSA_BITS = 3072, 4096
_USABLE = "ECDSA P-256, P-384, P-521, RSA 3072–4096"


def read(content: bytes, passphrase: bytes | None, more: Sequence[bytes], at: datetime) -> Signer:
    """Key, certificate and who issued it, from PKCS#12 or PEM.

    more: further files with certificates (PEM or DER), where they are not in the first. at: now.
    Raises: KeyFileError, with what is wrong and what to do.
    """
    key, found = _opened(content, passphrase)
    for text in more:
        try:
            found += x509.load_pem_x509_certificates(certificates.as_pem(text).encode())
        except ValueError as error:
            raise KeyFileError(
                f"One of the files given with --certificate cannot be used: {error}. Give PEM or DER.",
                "--certificate로 준 파일에서 인증서를 읽을 수 없습니다. PEM이나 DER 파일을 주십시오.",
            ) from None
    usable = _usable(key)
    own = next((one for one in found if one.public_key() == usable.public_key()), None)
    if own is None:
        raise KeyFileError(
            f"None of the {len(found)} certificates in it belongs to the key. Give the certificate that was issued for "
            "this key: --certificate FILE.",
            f"인증서 {len(found)}개 중 이 키의 것이 없습니다. 이 키에 발급된 인증서를 주십시오: --certificate FILE",
        )
    _check(own, at)
    return Signer(usable, own, certificates.in_order(own, found))


def _opened(content: bytes, passphrase: bytes | None) -> tuple[object, list[x509.Certificate]]:
    try:
        return key_file.opened(content, passphrase)
    except UnsupportedAlgorithm:
        raise _unreadable("its key or its encryption is of a kind that is not known here") from None
    except (ValueError, TypeError):
        raise KeyFileError(
            "The file cannot be opened: it is no PKCS#12 and no PEM file with a private key, or the passphrase is wrong.",
            "파일을 열 수 없습니다. 개인키가 든 PKCS#12나 PEM 파일이 아니거나 암호가 틀렸습니다.",
        ) from None


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
            f"The certificate counts from {start:%Y-%m-%d} to {end:%Y-%m-%d}, not today ({at:%Y-%m-%d}). Have a new one "
            "issued, or check the clock of this computer.",
            f"인증서의 유효기간은 {start:%Y-%m-%d}부터 {end:%Y-%m-%d}까지로, 오늘({at:%Y-%m-%d})은 유효하지 않습니다. 새로 "
            "발급받거나 컴퓨터의 시계를 확인하십시오.",
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
        raise KeyFileError(
            "The certificate is not for signing documents: its key usage lacks content commitment (non-repudiation). "
            "Have one issued for signing.",
            "문서 서명용 인증서가 아닙니다. 키 용도에 부인방지(content commitment)가 없습니다. 서명용 인증서를 발급받으십시오.",
        )


def _unreadable(why: str) -> KeyFileError:
    return KeyFileError(
        f"The key cannot seal: {why}. Use one of {_USABLE}.",
        f"봉인에 쓸 수 없는 키입니다({why}). 사용할 수 있는 키: {_USABLE}",
    )
