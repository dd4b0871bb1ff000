"""Whether an uploaded file may be kept as evidence, judged by its content: Upload, examine, clean_file_name, as_composed."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import filetype

from assessments.errors import EvidenceRefusedError

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
    "text/csv": ("csv",),
    "text/plain": ("txt",),
}
"""Media type → file extensions that it may have."""
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TEXT_ENCODINGS = ("utf-8-sig", "cp949")
"""Korean spreadsheet programs still write CP949."""
_RESERVED = re.compile(r'[<>:"|?*]')
_WINDOWS_NAMES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """A file that somebody wants to attach, as it arrived."""

    title: str
    file_name: str
    content: bytes
    part: str = ""
    """The part of the human-involvement claim that it is for; empty: the assessment as a whole."""
    question: str = ""
    """`questionnaire.question` that it is for; empty: none in particular."""
    on: date | None = None
    """Day of the document. None: not stated."""
    expires_on: date | None = None
    """Last day on which it counts. None: it does not expire."""


def examine(upload: Upload) -> str:
    """The media type, told by the content and in agreement with the extension. Raises: EvidenceRefusedError."""
    name = clean_file_name(upload.file_name)
    size = len(upload.content)
    if size == 0:
        raise _refused(name, "it is empty. Choose another file", "빈 파일입니다. 다른 파일을 고르십시오")
    if size > MAX_BYTES:
        limit = MAX_BYTES // _MEBIBYTE
        raise _refused(
            name,
            f"it has {size / _MEBIBYTE:.1f} MB; at most {limit} MB fit. Split it or make it smaller",
            f"크기가 {size / _MEBIBYTE:.1f} MB입니다. 최대 {limit} MB까지 올릴 수 있습니다. 나누거나 줄이십시오",
        )
    media_type = _media_type(name, upload.content)
    extension = _extension(name)
    if media_type is None or extension not in EXTENSIONS[media_type]:
        accepted = ", ".join(one for ones in EXTENSIONS.values() for one in ones)
        raise _refused(
            name,
            f"its content is not what a file of one of the accepted types holds. Accepted are {accepted}; "
            "name and content must agree",
            f"내용이 허용된 형식이 아니거나 확장자와 다릅니다. 허용 형식: {accepted}",
        )
    return media_type


def as_composed(path: Path) -> Path:
    """The file of this name, whether the disk spells its syllables whole or, as a Mac does, letter by letter."""
    if path.exists() or not path.parent.is_dir():
        return path
    name = unicodedata.normalize("NFC", path.name)
    return next((one for one in path.parent.iterdir() if unicodedata.normalize("NFC", one.name) == name), path)


def clean_file_name(name: str) -> str:
    """A name that is harmless on every system and in a header: no folder, no invisible sign, short, never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        sign for sign in last if unicodedata.category(sign)[0] != "C" and unicodedata.category(sign) not in ("Zl", "Zp")
    )
    kept = _RESERVED.sub("_", kept).lstrip(" ").rstrip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot:
        stem, extension = kept, ""
    stem = stem.strip(" .")[: MAX_NAME_CHARACTERS - len(extension[:10]) - 1] or "evidence"
    kept = f"{stem}.{extension[:10]}" if extension else stem
    return f"_{kept}" if _WINDOWS_NAMES.fullmatch(kept) else kept


def _media_type(name: str, content: bytes) -> str | None:
    """None: none of the accepted types."""
    if content.startswith(b"PK"):
        return _office_type(name, content)
    guessed = filetype.guess_mime(content)
    if guessed in EXTENSIONS:
        return str(guessed)
    if guessed is None and _is_text(content):
        return "text/csv" if _extension(name) == "csv" else "text/plain"
    return None


def _office_type(name: str, content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise _refused(
                    name,
                    f"unpacked it would have more than {MAX_UNPACKED_BYTES // _MEBIBYTE} MB or too many parts. "
                    "Make it smaller",
                    f"압축을 풀면 {MAX_UNPACKED_BYTES // _MEBIBYTE} MB를 넘거나 항목이 너무 많습니다. 줄이십시오",
                )
            names = {entry.filename for entry in entries}
            if any(one.lower().endswith("vbaproject.bin") for one in names):
                raise _refused(
                    name, "it holds macros. Save it without macros", "매크로가 들어 있습니다. 매크로 없이 저장하십시오"
                )
            found = next((kind for part, kind in _OFFICE.items() if part in names), None)
            if found is None or "[Content_Types].xml" not in names or packed.testzip() is not None:
                return None
            return found
    except EvidenceRefusedError:
        raise
    except Exception as error:  # a broken archive makes zipfile fail in a dozen ways
        raise _refused(
            name, "it cannot be unpacked. Save it again", "압축을 풀 수 없습니다. 다시 저장하십시오"
        ) from error


def _is_text(content: bytes) -> bool:
    for encoding in _TEXT_ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in text)
    return False


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _refused(name: str, en: str, ko: str) -> EvidenceRefusedError:
    return EvidenceRefusedError(f"{name} was not attached: {en}.", f"{name} 파일을 첨부하지 못했습니다. {ko}.")
