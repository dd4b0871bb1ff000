"""What a sealed report may be built of: deviations. Anything that this program never writes is named, whatever it would do.

The pages themselves are compared in `reprint`; here is what a page can hide or start: scripts, notes, further files,
further revisions, and what the seal brings along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

ATTACHMENTS = ("record.json", "committee.json", "document.json")
"""What is attached to a report, to a committee's document and to an official one."""
REVISIONS = 2
"""The report as it was printed, and the seal."""
_MOST_PAGES = 20_000

_CATALOG = {
    "/Type", "/Pages", "/Outlines", "/Lang", "/Names", "/StructTreeRoot", "/ViewerPreferences", "/MarkInfo",
    "/OutputIntents", "/AF", "/Metadata", "/AcroForm", "/Extensions", "/Version", "/Perms", "/DSS", "/PageLayout",
    "/PageMode",
}  # fmt: skip
_ADDED_TO_CATALOG = {"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version"}
_PAGE = {
    "/Type", "/Parent", "/MediaBox", "/TrimBox", "/BleedBox", "/Contents", "/Resources", "/Tabs", "/Annots",
    "/StructParents", "/Group",
}  # fmt: skip
_ADDED_TO_PAGE = {"/Annots"}
_LINK = {"/Type", "/Subtype", "/Rect", "/BS", "/Border", "/Dest", "/F", "/Contents", "/StructParent"}
_OUTLINE = {"/Title", "/Dest", "/Count", "/First", "/Last", "/Next", "/Prev", "/Parent"}
_WIDGET = {"/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"}
_SEAL = {
    "/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M", "/Reason", "/Prop_Build", "/Reference",
}  # fmt: skip
_FILE = {"/Type", "/F", "/UF", "/EF", "/Desc", "/AFRelationship"}
_DSS = {"/Type", "/Certs", "/CRLs", "/OCSPs"}


def deviations(reader: PdfFileReader) -> list[str]:
    """Names of deviations from a report printed and sealed by this program; their texts are in verification.yaml."""
    checks: dict[str, Callable[[PdfFileReader], bool]] = {
        "revisions": _has_two_revisions,
        "update": _adds_the_seal_only,
        "active": _starts_nothing,
        "notes": _has_no_notes,
        "attachments": _has_one_attachment,
        "seal": _is_bare_seal,
    }
    return [name for name, holds in checks.items() if not _holds(holds, reader)]


def _holds(check: Callable[[PdfFileReader], bool], reader: PdfFileReader) -> bool:
    try:
        return check(reader)
    except Exception:  # what cannot be followed is not as this program writes it
        return False


# --- revisions --------------------------------------------------------------------------------------------------------


def _has_two_revisions(reader: PdfFileReader) -> bool:
    return reader.total_revisions == REVISIONS


def _adds_the_seal_only(reader: PdfFileReader) -> bool:
    """The last revision adds a seal without area or appearance to the first page, and changes nothing else."""
    last = reader.total_revisions - 1
    before = reader.get_historical_resolver(last - 1)
    if before.root_ref != reader.root_ref or _raw(before.trailer_view, "/Info") != _raw(reader.trailer, "/Info"):
        return False
    added = set()
    for reference in reader.xrefs.explicit_refs_in_revision(last):
        try:
            was = before.get_object(reference)
        except PdfReadError:
            added.add(reference)
            continue
        after = reader.get_object(reference)  # type: ignore[no-untyped-call]
        if not _is_same_but_for_the_seal(was, after, is_catalog=reference == reader.root_ref):
            return False
    return added <= set(_of_the_seal(reader))


def _is_same_but_for_the_seal(was: Any, after: Any, *, is_catalog: bool) -> bool:
    if not isinstance(was, generic.DictionaryObject) or type(was) is not type(after):
        return False
    if isinstance(was, generic.StreamObject):
        return False
    is_page = not is_catalog and was.get("/Type") == "/Page"
    free = _ADDED_TO_CATALOG if is_catalog else _ADDED_TO_PAGE if is_page else set()
    names = (was.keys() | after.keys()) - free
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


def _of_the_seal(reader: PdfFileReader) -> Iterator[Any]:
    """References of what a seal consists of: form, field, signature, validation data, and the table of all that."""
    root = reader.root
    form, field = root["/AcroForm"], root["/AcroForm"]["/Fields"][0]
    held: list[tuple[Any, Any]] = [(root, "/AcroForm"), (form, "/Fields"), (form["/Fields"], 0), (field, "/V")]
    if "/DSS" in root:
        held.append((root, "/DSS"))
        for name in ("/Certs", "/CRLs", "/OCSPs"):
            if name in root["/DSS"]:
                listed = root["/DSS"][name]
                held += [(root["/DSS"], name), *((listed, at) for at in range(len(listed)))]
    for container, name in held:
        value = container.raw_get(name)
        if isinstance(value, generic.IndirectObject):
            yield value.reference
    for number, _ in enumerate(range(reader.total_revisions)):
        about = reader.xrefs.get_xref_container_info(number)
        if about.stream_ref is not None:
            yield about.stream_ref


def _raw(container: Any, name: Any) -> bytes:
    """The raw entry, with references unresolved."""
    buffer = BytesIO()
    container.raw_get(name).write_to_stream(buffer, None)
    return buffer.getvalue()


# --- what could start or show something ---------------------------------------------------------------------------------


def _starts_nothing(reader: PdfFileReader) -> bool:
    """Neither the document, a page, a note nor an entry of the outline has an action; nothing is there that no report has."""
    root = reader.root
    if not root.keys() <= _CATALOG or not _names(root).keys() <= {"/EmbeddedFiles", "/Dests"}:
        return False
    if any(not page.keys() <= _PAGE for page in _pages(root["/Pages"])):
        return False
    return "/Outlines" not in root or all(entry.keys() <= _OUTLINE for entry in _outline(root["/Outlines"]))


def _has_no_notes(reader: PdfFileReader) -> bool:
    """Whether the only annotations are links within the report and, last on the first page, the seal."""
    for number, page in enumerate(_pages(reader.root["/Pages"])):
        notes = [note.get_object() for note in _entry(page, "/Annots", [])]
        if number == 0 and notes and _is_invisible(notes[-1]):
            notes.pop()
        for note in notes:
            if note.get("/Subtype") != "/Link" or "/Dest" not in note or not note.keys() <= _LINK:
                return False
    return True


def _pages(root: Any) -> Iterator[Any]:
    """All pages. Raises: ValueError if there are too many or a node occurs twice in the page tree."""
    seen: set[Any] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node["/Type"] == "/Page":
            yield node
            continue
        kids = node["/Kids"]
        held = [kids.raw_get(at).reference for at in range(len(kids))]
        if len(held) > _MOST_PAGES or not node.keys() <= {"/Type", "/Kids", "/Count", "/Parent"}:
            raise ValueError("the tree of pages is none of ours")
        if len(seen | set(held)) != len(seen) + len(held):
            raise ValueError("a part of the tree of pages stands in it twice")
        seen |= set(held)
        waiting += [kid.get_object() for kid in reversed(kids)]


def _outline(node: Any) -> Iterator[Any]:
    """The outline and every entry of it. Raises: ValueError where it runs in a circle."""
    seen: set[Any] = set()
    waiting = [(node, "/First")]
    yield node if "/Type" not in node else {name: node[name] for name in node if name != "/Type"}
    while waiting:
        holder, name = waiting.pop()
        if name not in holder:
            continue
        reference = holder.raw_get(name).reference
        if reference in seen:
            raise ValueError("the outline runs in a circle")
        seen.add(reference)
        entry = holder[name]
        yield entry
        waiting += [(entry, "/Next"), (entry, "/First")]


# --- attachments --------------------------------------------------------------------------------------------------------


def _has_one_attachment(reader: PdfFileReader) -> bool:
    """The record, listed once by name and once as belonging to the document, and no other file under another key."""
    root = reader.root
    tree = _names(root)["/EmbeddedFiles"]
    if set(tree) != {"/Names"} or len(tree["/Names"]) != 2 or tree["/Names"][0] not in ATTACHMENTS:
        return False
    file = tree["/Names"][1].get_object()
    is_plain = file.keys() <= _FILE and set(file["/EF"]) == {"/F"} and file["/F"] == file["/UF"] == tree["/Names"][0]
    listed = root["/AF"]
    return is_plain and len(listed) == 1 and _raw(listed, 0) == _raw(tree["/Names"], 1)


def _names(root: Any) -> Any:
    return _entry(root, "/Names", {})


def _entry(container: Any, name: str, default: Any) -> Any:
    """The entry's value with references resolved; `get` would return the reference."""
    return container[name] if name in container else default  # noqa: SIM401


# --- the seal ---------------------------------------------------------------------------------------------------------


def _is_bare_seal(reader: PdfFileReader) -> bool:
    """Form, field and signature hold what a seal of this program consists of, and nothing more."""
    root = reader.root
    form = root["/AcroForm"]
    fields = form["/Fields"]
    if set(form) != {"/Fields", "/SigFlags"} or len(fields) != 1 or not _is_invisible(fields[0]):
        return False
    seal = fields[0]["/V"]
    if not seal.keys() <= _SEAL or set(seal["/Prop_Build"]) != {"/App"}:
        return False
    if not seal["/Prop_Build"]["/App"].keys() <= {"/Name", "/REx"} or seal["/Filter"] != "/Adobe.PPKLite":
        return False
    (rule,) = seal["/Reference"]
    if set(rule) != {"/Type", "/TransformMethod", "/TransformParams"}:
        return False
    if not rule["/TransformParams"].keys() <= {"/Type", "/V", "/P"}:
        return False
    permits = root["/Perms"]
    is_permitted = set(permits) == {"/DocMDP"} and _raw(permits, "/DocMDP") == _raw(fields[0], "/V")
    return is_permitted and ("/DSS" not in root or root["/DSS"].keys() <= _DSS)


def _is_invisible(annotation: Any) -> bool:
    is_seal = annotation.get("/Subtype") == "/Widget" and annotation.get("/FT") == "/Sig"
    return is_seal and annotation.keys() <= _WIDGET and "/Rect" in annotation and not any(annotation["/Rect"])
