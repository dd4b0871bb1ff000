"""Whether an uploaded file may be kept as evidence, judged by its content: Upload, examine, clean_file_name, as_composed."""

from __future__ import annotations

import email
import email.errors
import email.policy
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import filetype
import olefile

from assessments import scanning
from assessments.content import pdf_words
from assessments.errors import EvidenceRefusedError
from assessments.own_process import OverLimitError, in_own_process
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MAX_BYTES = 20 * 1024 * 1024
MAX_BYTES_OF_ASSESSMENT = 200 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_NAME_CHARACTERS = 120
_MEBIBYTE = 1024 * 1024

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/x-hwp": ("hwp",),
    "application/hwp+zip": ("hwpx",),
    "image/heic": ("heic",),
    "message/rfc822": ("eml",),
    "text/csv": ("csv",),
    "text/plain": ("txt",),
}
"""Media type → permitted file extensions."""
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HWP_SIGNATURE = b"HWP Document File"
_HWP_HEADER, _HWP_FLAGS, _HWP_PASSWORD = 40, 36, 0b10
"""HWP header stream: bytes needed, offset of the flags, and the flag for password protection."""
_TEXT_ENCODINGS = ("utf-8-sig", "cp949")
"""Accepted encodings; Korean spreadsheet programs still write CP949."""
_RESERVED = re.compile(r'[<>:"|?*]')
_WINDOWS_NAMES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """A file to be attached, as received."""

    title: str
    file_name: str
    content: bytes
    part: str = ""
    """The part of the human-involvement claim it supports; empty: the assessment as a whole."""
    question: str = ""
    """The `questionnaire.question` it supports; empty: none in particular."""
    on: date | None = None
    """Day of the document. None: not stated."""
    expires_on: date | None = None
    """Last day on which it counts. None: it does not expire."""


def check_size(name: str, size: int) -> None:
    """Raises: EvidenceRefusedError if a file is larger than evidence may be."""
    if size > MAX_BYTES:
        limit = MAX_BYTES // _MEBIBYTE
        raise EvidenceRefusedError(TEXTS.told("file_too_large", name=name, size=size / _MEBIBYTE, limit=limit))


def examine(upload: Upload) -> str:
    """The media type, detected from the content and consistent with the extension. Raises: EvidenceRefusedError."""
    name = clean_file_name(upload.file_name)
    size = len(upload.content)
    if size == 0:
        raise EvidenceRefusedError(TEXTS.told("file_empty", name=name))
    check_size(name, size)
    media_type = _media_type(name, upload.content)
    extension = _extension(name)
    if media_type is None or extension not in EXTENSIONS[media_type]:
        accepted = ", ".join(ending for ones in EXTENSIONS.values() for ending in ones)
        raise EvidenceRefusedError(TEXTS.told("file_of_no_accepted_type", name=name, accepted=accepted))
    if media_type == "application/pdf":
        _check_pdf(name, upload.content)
    malware = scanning.malware_in(upload.content, name)
    if malware:
        raise EvidenceRefusedError(TEXTS.told("file_with_malware", name=name, malware=legible(malware)))
    return media_type


def as_composed(path: Path) -> Path:
    """The path under which a file exists, whether its name is stored in NFC or, as on a Mac, in NFD."""
    if path.exists() or not path.parent.is_dir():
        return path
    name = unicodedata.normalize("NFC", path.name)
    return next((beside for beside in path.parent.iterdir() if unicodedata.normalize("NFC", beside.name) == name), path)


def clean_file_name(name: str) -> str:
    """A file name safe on every system and in an HTTP header: no folder, no invisible characters, short, never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    cleaned = "".join(
        character
        for character in last
        if unicodedata.category(character)[0] != "C" and unicodedata.category(character) not in ("Zl", "Zp")
    )
    cleaned = _RESERVED.sub("_", cleaned).lstrip(" ").rstrip(" .")
    stem, dot, extension = cleaned.rpartition(".")
    if not dot:
        stem, extension = cleaned, ""
    stem = stem.strip(" .")[: MAX_NAME_CHARACTERS - len(extension[:10]) - 1] or "evidence"
    cleaned = f"{stem}.{extension[:10]}" if extension else stem
    return f"_{cleaned}" if _WINDOWS_NAMES.fullmatch(cleaned) else cleaned


def _media_type(name: str, content: bytes) -> str | None:
    """None: none of the accepted types."""
    if content.startswith(b"PK"):
        return _office_type(name, content)
    if content.startswith(olefile.MAGIC):
        return _compound_type(name, content)
    guessed = filetype.guess_mime(content)
    if guessed in EXTENSIONS:
        return str(guessed)
    if guessed is None and _is_text(content):
        if _extension(name) == "eml":
            return "message/rfc822" if _is_mail(content) else None
        return "text/csv" if _extension(name) == "csv" else "text/plain"
    return None


def _office_type(name: str, content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise EvidenceRefusedError(
                    TEXTS.told("unpacked_too_large", name=name, most=MAX_UNPACKED_BYTES // _MEBIBYTE)
                )
            names = {entry.filename for entry in entries}
            if "mimetype" in names:
                return _hwpx_type(name, packed)
            if any(member.lower().endswith("vbaproject.bin") for member in names):
                raise EvidenceRefusedError(TEXTS.told("macros", name=name))
            media_type = next((kind for part, kind in _OFFICE.items() if part in names), None)
            if media_type is None or "[Content_Types].xml" not in names or packed.testzip() is not None:
                return None
            return media_type
    except EvidenceRefusedError:
        raise
    except Exception as error:  # a broken archive makes zipfile fail in a dozen ways
        raise EvidenceRefusedError(TEXTS.told("cannot_be_unpacked", name=name)) from error


def _hwpx_type(name: str, packed: zipfile.ZipFile) -> str | None:
    """The type of a Hancom HWPX file, which states it in its entry `mimetype`."""
    if packed.getinfo("mimetype").file_size > 100 or packed.read("mimetype").strip() != b"application/hwp+zip":
        return None
    entries = packed.namelist()
    if "META-INF/manifest.xml" in entries and b"encryption-data" in packed.read("META-INF/manifest.xml"):
        raise _protected(name)
    return "application/hwp+zip" if "version.xml" in entries and packed.testzip() is None else None


def _compound_type(name: str, content: bytes) -> str | None:
    """HWP 5, by the signature in its header stream; encrypted Office files use the same container format."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            if compound.exists("EncryptedPackage"):
                raise _protected(name)
            if not compound.exists("FileHeader"):
                return None
            header = compound.openstream("FileHeader").read(_HWP_HEADER)
    except EvidenceRefusedError:
        raise
    except Exception as error:  # a broken container fails in many ways
        raise EvidenceRefusedError(TEXTS.told("file_damaged", name=name)) from error
    if not header.startswith(_HWP_SIGNATURE) or len(header) < _HWP_HEADER:
        return None
    if header[_HWP_FLAGS] & _HWP_PASSWORD:
        raise _protected(name)
    return "application/x-hwp"


def _is_mail(content: bytes) -> bool:
    """Whether the content is an e-mail message: a valid header with sender and date."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    return bool(message["From"] and message["Date"]) and not any(
        isinstance(message_defect, email.errors.MissingHeaderBodySeparatorDefect) for message_defect in message.defects
    )


def _check_pdf(name: str, content: bytes) -> None:
    """Checks that a PDF opens without a password and is not blank; parsed in a separate process, being untrusted.

    Raises: EvidenceRefusedError.
    """
    try:
        state = _pdf_state(content)
    except OverLimitError as error:
        raise EvidenceRefusedError(TEXTS.told("pdf_not_in_time", name=name)) from error
    if state == pdf_words.PROTECTED:
        raise _protected(name)
    if state == pdf_words.EMPTY:
        raise EvidenceRefusedError(TEXTS.told("pages_empty", name=name))
    if state != pdf_words.READABLE:
        raise EvidenceRefusedError(TEXTS.told("pdf_damaged", name=name))


_known_pdf: dict[str, bytes] = {}
"""Cache: SHA-256 → state of the PDF."""
_MOST_KNOWN = 1_000


def look_at_pdfs(contents: Iterable[bytes]) -> None:
    """Examines all PDFs among the contents in one process, to warm the cache of `examine`; an overrun is left to `examine`."""
    new = {
        hashlib.sha256(content).hexdigest(): content
        for content in contents
        if b"%PDF-" in content[:1024] and len(content) <= MAX_BYTES
    }
    new = {digest: part for digest, part in new.items() if digest not in _known_pdf}
    if not new:
        return
    try:
        states = in_own_process("evidence", _pdf_payload(new.values()))
    except OverLimitError:  # one of them took what all have; each has its own limits then
        return
    if len(_known_pdf) + len(new) > _MOST_KNOWN:
        _known_pdf.clear()
    _known_pdf.update(zip(new, states.split(b"\n"), strict=True))


def _pdf_state(content: bytes) -> bytes:
    """Raises: OverLimitError, which says as much of a busy machine as of the file, so it is looked at anew the next time."""
    digest = hashlib.sha256(content).hexdigest()
    if digest not in _known_pdf:
        state = in_own_process("evidence", _pdf_payload([content]))
        if len(_known_pdf) >= _MOST_KNOWN:
            _known_pdf.clear()
        _known_pdf[digest] = state
    return _known_pdf[digest]


def _pdf_payload(contents: Collection[bytes]) -> bytes:
    return b"\n".join((json.dumps([len(content) for content in contents]).encode(), b"".join(contents)))


def _protected(name: str) -> EvidenceRefusedError:
    return EvidenceRefusedError(TEXTS.told("password_protected", name=name))


def _is_text(content: bytes) -> bool:
    for encoding in _TEXT_ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f" for character in text)
    return False


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
