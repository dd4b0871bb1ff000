"""Sealing with this installation's key and settings, from the home folder: prepare, seal, is_own, known_certificates.

There is one way to the organisation's seal: the record is signed off, the clock is not before it, it names the
certificate, and what comes out passes the examination that everybody else will make.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from assessments.errors import SealRefusedError
from assessments.model import Json
from exports.committee.document import Document
from exports.official import document as official
from exports.record import record
from exports.record.record import NamedSeal, Record
from exports.seal import certificates, keyring, keys, pades
from exports.seal import settings as seal_settings
from exports.seal.keys import Signer
from exports.seal.pades import Seal
from exports.seal.settings import SealSettings
from exports.verification import inspection, verify
from exports.verification.seal_inspection import Trust
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from questionnaires import load
from questionnaires.legible import legible
from questionnaires.schema import Text
from questionnaires.texts import joined, texts_of

TEXTS = texts_of(__file__)


def prepare(of: Record, home: Path, at: datetime | None = None, signer: Signer | None = None) -> Record:
    """The record as it is to be printed and sealed: it names this installation's certificate. The key is created on first use.

    signer: the one of this folder, where it is loaded already.
    Raises: KeyFileError; SealRefusedError where the record is a draft or dated ahead; InvalidFileError where seal.yaml is
    not what it should be.
    """
    check_may_seal(of, at or datetime.now(UTC))
    seal_settings.read(home)  # no key is made for what these would refuse
    signer = signer or keys.load_or_create(home, at, organisation=record.organisation(of))
    return of.name_seal(named(signer))


def named(signer: Signer) -> NamedSeal:
    """The certificate as a record names it."""
    organisation = legible(certificates.organisation(signer.certificate))
    return NamedSeal(certificates.common_name(signer.certificate), signer.fingerprint, organisation)


def seal(pdf: bytes, of: Record, home: Path, at: datetime | None = None, signer: Signer | None = None) -> Seal:
    """Seal the report of a prepared record with this installation's key and settings.

    signer: the one of this folder, where it is loaded already.
    Raises: KeyFileError; SealRefusedError where the record is a draft or dated ahead, where it does not name the certificate
    that seals, or where the sealed file would not verify; InvalidFileError where seal.yaml is not what it should be.
    """
    check_may_seal(of, at or datetime.now(UTC))
    if of.seal is None:
        raise SealRefusedError(TEXTS.told("names_no_seal"))
    settings = seal_settings.read(home)
    signer = signer or keys.load_or_create(home, at, organisation=record.organisation(of))
    if of.seal != named(signer):
        raise SealRefusedError(TEXTS.told("names_another_seal", named=of.seal.fingerprint, present=signer.fingerprint))
    return _sealed(pdf, of.sha256, settings, signer, home, at)


def seal_committee(pdf: bytes, of: Document, home: Path, at: datetime | None = None) -> Seal:
    """Seal a committee's paper or minutes with this installation's key and settings; the key is created on first use.

    Raises: KeyFileError; SealRefusedError where it is dated ahead, or the sealed file would not verify; InvalidFileError.
    """
    _check_not_ahead(of.made_at, at)
    settings, signer = seal_settings.read(home), keys.load_or_create(home, at)
    return _sealed(pdf, of.sha256, settings, signer, home, at, pades.OF_COMMITTEE)


def seal_official(pdf: bytes, of: official.Document, home: Path, at: datetime | None = None) -> Seal:
    """Seal an official document with this installation's key and settings; the key is created on first use.

    Raises: KeyFileError; SealRefusedError where it is a draft or dated ahead, or the sealed file would not verify; InvalidFileError.
    """
    check_may_seal_official(of)
    _check_not_ahead(of.made_at, at)
    settings = seal_settings.read(home)
    organisation = "" if of.frozen.is_example else of.frozen.operator
    signer = keys.load_or_create(home, at, organisation=organisation)
    return _sealed(pdf, of.sha256, settings, signer, home, at, pades.OFFICIAL)


def check_may_seal_official(of: official.Document) -> None:
    """Called before it is printed. Raises: SealRefusedError where it is a draft, or something is not filled in."""
    if of.frozen.is_draft:
        raise SealRefusedError(TEXTS.told("only_signed_off"))
    if of.frozen.missing:
        raise SealRefusedError(TEXTS.told("not_filled_in", names=", ".join(of.frozen.missing)))


def _check_not_ahead(made_at: datetime, at: datetime | None) -> None:
    """Raises: SealRefusedError."""
    if made_at > (at or datetime.now(UTC)):
        part = TEXTS.text("part_document")
        stated, when = record.stamp(made_at), record.stamp(at or datetime.now(UTC))
        raise SealRefusedError(TEXTS.told("clock_behind", when=when, part=part, stated=stated))


def _sealed(
    pdf: bytes,
    sha256: str,
    settings: SealSettings,
    signer: Signer,
    home: Path,
    at: datetime | None,
    reason: str = pades.REASON,
) -> Seal:
    """sha256: of what is attached. Raises: KeyFileError; SealRefusedError where the sealed file would not verify."""
    at = (at or datetime.now(UTC)).replace(microsecond=0)  # not before: a certificate made just now counts from now
    made = pades.seal_as_set(pdf, signer, settings, at, reason)
    verification = _examined(made.pdf, [signer.certificate.public_bytes(Encoding.PEM)], home, at)
    wrong = [fact.text for fact in verification.facts if fact.state is State.BAD]
    if wrong or verification.record_sha256 != sha256:
        why = joined(*wrong) if wrong else TEXTS.text("another_record")
        raise SealRefusedError(TEXTS.told("would_not_verify", why=why))
    return made


def check_may_seal(of: Record, at: datetime) -> None:
    """Raises: SealRefusedError if the record is not signed off or a part of it is dated after `at`."""
    if of.is_draft:
        raise SealRefusedError(TEXTS.told("only_signed_off"))
    for part in ("decision", "sign_off", "document", "history_checkpoint"):
        stated: Json | None = of.data.get(part)
        if stated and record.earliest(record.when_text(stated)) > at:
            part_title = TEXTS.text(f"part_{part}")
            raise SealRefusedError(
                TEXTS.told("clock_behind", when=record.stamp(at), part=part_title, stated=record.when_text(stated))
            )


def is_own(pdf: bytes, home: Path, at: datetime) -> bool:
    """Whether this is a complete, unaltered report sealed by a present or former key of this installation.

    A seal whose certificate ended since is one too. Raises: InvalidFileError where seal.yaml is not what it should be.
    """
    known = known_certificates(home)
    if not known:
        return False
    stampers = known_stampers(home)
    verification = verify.verify(pdf, known, at=at, stampers=stampers, folder=load.FOLDER, is_reprinting=False)
    return verification.verdict is not Verdict.FAILED and verification.is_trusted is True


def check_own(pdf: bytes, home: Path, at: datetime) -> None:
    """Check the original before its redacted copy is sealed. Raises: SealRefusedError."""
    if not is_own(pdf, home, at):
        raise not_own()


def not_own() -> SealRefusedError:
    return SealRefusedError(TEXTS.told("full_report_not_own"))


def _examined(pdf: bytes, trusted: list[bytes], home: Path, at: datetime) -> Verification:
    """Verify in this process, since the file was just made here; does not reprint the pages."""
    seen = inspection.examine(pdf, Trust(trusted, known_stampers(home) or trusted), load.FOLDER)
    return verify.conclude(seen, pdf, at=at)


def remark(made: Seal) -> Text | None:
    """A note for the sealer that a configured time stamp could not be obtained. None: nothing to note."""
    if not made.why_no_stamp:
        return None
    return TEXTS.text("sealed_without_stamp", why=made.why_no_stamp)


def known_certificates(home: Path) -> list[bytes]:
    """PEM certificates that verify seals of this installation: the present one and former ones."""
    return [certificate.public_bytes(Encoding.PEM) for certificate in keyring.known(home)]


def known_stampers(home: Path) -> list[bytes]:
    """PEM certificates that verify the time stamps of this installation's seals. Raises: InvalidFileError."""
    server = seal_settings.read(home).time_stamps
    return [certificate.public_bytes(Encoding.PEM) for certificate in server.certificates] if server else []
