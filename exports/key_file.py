"""The bytes of a key file: pack. PKCS#12 whose encryption and whose integrity check are both slow to guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from asn1crypto import algos
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

_BLOCK = 64
_FOR_MAC = 3


def pack(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    passphrase: bytes,
    rounds: int,
) -> bytes:
    """Key, certificate and who issued it, encrypted with AES-256; a guess of the passphrase costs `rounds` hashes either way."""
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase)
    )
    packed = pkcs12.serialize_key_and_certificates(b"haetae", key, certificate, chain or None, encryption)
    return _with_slow_check(packed, passphrase, rounds)


def _with_slow_check(packed: bytes, passphrase: bytes, rounds: int) -> bytes:
    """The library's integrity check takes 2,048 rounds, whatever the encryption takes, and could be guessed instead."""
    file = asn1_pkcs12.Pfx.load(packed)
    salt = secrets.token_bytes(16)
    content = file["auth_safe"]["content"].native
    digest = hmac.digest(_derived(passphrase, salt, rounds), content, "sha256")
    mac = algos.DigestInfo({"digest_algorithm": {"algorithm": "sha256"}, "digest": digest})
    file["mac_data"] = asn1_pkcs12.MacData({"mac": mac, "mac_salt": salt, "iterations": rounds})
    return bytes(file.dump(force=True))


def _derived(passphrase: bytes, salt: bytes, rounds: int) -> bytes:
    """The key of the integrity check. Source: RFC 7292, appendix B.2, for one block of SHA-256."""
    written = passphrase.decode().encode("utf-16-be") + b"\0\0"
    derived = bytes([_FOR_MAC]) * _BLOCK + _filled(salt) + _filled(written)
    for _ in range(rounds):
        derived = hashlib.sha256(derived).digest()
    return derived


def _filled(text: bytes) -> bytes:
    """The text over and over, to a whole number of blocks."""
    length = -(-len(text) // _BLOCK) * _BLOCK
    return (text * (length // len(text) + 1))[:length]
