"""Whether the pages of a sealed file are exactly what this program prints from its record: is_exactly.

The file must begin with those bytes, and the seal's own revision may touch nothing that a reader can see.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from exports.record import Record

_CATALOG_KEYS = {"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version"}
_PAGE_KEYS = {"/Annots"}
_LANGUAGES = ("ko", "en")


def is_exactly(reader: PdfFileReader, pdf: bytes, attached: Record) -> bool:
    """False also where another version of the program, or of its fonts, printed the same record otherwise."""
    return _touches_nothing_seen(reader) and any(pdf.startswith(printed) for printed in _prints(reader, attached))


def _prints(reader: PdfFileReader, attached: Record) -> Iterator[bytes]:
    """In the language that leads in the file, first with the other one beside it."""
    from exports import document  # WeasyPrint takes a second to load and is needed here only

    lead = str(reader.root["/Lang"])
    if lead in _LANGUAGES:
        other = next(language for language in _LANGUAGES if language != lead)
        yield document.make(attached, (lead, other))
        yield document.make(attached, (lead,))


def _touches_nothing_seen(reader: PdfFileReader) -> bool:
    """The second revision adds a seal without area or appearance to the first page, and changes nothing else."""
    if reader.total_revisions != 2:
        return False
    before = reader.get_historical_resolver(0)
    if before.root_ref.idnum != reader.root_ref.idnum:
        return False
    for reference in reader.xrefs.explicit_refs_in_revision(1):
        try:
            was = before.get_object(reference)
        except PdfReadError:
            continue  # new: drawn only where something old points to it, and that is looked at below
        after = reader.get_object(reference)  # type: ignore[no-untyped-call]
        if not _is_same_but_for_the_seal(was, after, is_catalog=reference == reader.root_ref):
            return False
    form = reader.root["/AcroForm"]
    fields = form["/Fields"]
    return set(form) == {"/Fields", "/SigFlags"} and len(fields) == 1 and _is_invisible(fields[0])


def _is_same_but_for_the_seal(was: Any, after: Any, *, is_catalog: bool) -> bool:
    if not isinstance(was, generic.DictionaryObject) or type(was) is not type(after):
        return False
    is_page = not is_catalog and was.get("/Type") == "/Page"
    names = (was.keys() | after.keys()) - (_CATALOG_KEYS if is_catalog else _PAGE_KEYS if is_page else set())
    if any(name not in was or name not in after or _raw(was, name) != _raw(after, name) for name in names):
        return False
    return not is_page or _is_one_more(was, after)


def _is_one_more(was: generic.DictionaryObject, after: generic.DictionaryObject) -> bool:
    """The page has its old annotations and one more, which is the seal."""
    old, new = (
        [_raw(page["/Annots"], at) for at in range(len(page["/Annots"]))] if "/Annots" in page else []
        for page in (was, after)
    )
    return new[:-1] == old and _is_invisible(after["/Annots"][-1])


def _raw(container: Any, name: Any) -> bytes:
    """The entry as it stands in the file, references unresolved."""
    written = BytesIO()
    container.raw_get(name).write_to_stream(written, None)
    return written.getvalue()


def _is_invisible(annotation: generic.DictionaryObject) -> bool:
    is_seal = annotation.get("/Subtype") == "/Widget" and annotation.get("/FT") == "/Sig"
    return is_seal and "/AP" not in annotation and "/Rect" in annotation and not any(annotation["/Rect"])
