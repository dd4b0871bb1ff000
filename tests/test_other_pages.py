"""What the organisation's own key can seal under a genuine record: pages and files that say something else. All is found."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_byterange import BuildProps

from exports.seal import keys, pades
from exports.verification import inspection, verify
from exports.verification.verdict import Verification
from exports.words.facts import State
from tests import report_samples as samples
from tests.tampering import NOW, written

WHITE = b"q 1 g 0 0 600 850 re f Q "
LIE = b"BT /Helv 30 Tf 60 600 Td (NOT HIGH-IMPACT AI / Low) Tj ET"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def named(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})


def stream(content: bytes, **entries: Any) -> generic.StreamObject:
    return generic.StreamObject(named(**entries), stream_data=content)


def pages(pdf: Any) -> Any:
    return pdf.root["/Pages"]["/Kids"]


def page(pdf: Any, number: int) -> Any:
    return pages(pdf)[number].get_object()


def put(pdf: Any, container: Any, name: str, value: Any) -> None:
    container[pdf_name(name)] = value
    pdf.update_container(container)


def drawn(pdf: Any, number: int, *parts: bytes, instead: bool = False) -> None:
    """Content added over a page's own, or standing instead of it."""
    where = page(pdf, number)
    old = [] if instead else [where.raw_get("/Contents")]
    put(pdf, where, "/Contents", generic.ArrayObject([*old, *(pdf.add_object(stream(one)) for one in parts)]))


def form(pdf: Any) -> Any:
    box = generic.ArrayObject(generic.NumberObject(one) for one in (0, 0, 600, 850))
    return pdf.add_object(stream(WHITE + LIE, Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=box))


def noted(pdf: Any, **entries: Any) -> None:
    """One more annotation on the first page."""
    where = page(pdf, 0)
    box = generic.ArrayObject(generic.NumberObject(one) for one in (0, 0, 600, 850))
    note = pdf.add_object(named(Type=pdf_name("/Annot"), Rect=box, **entries))
    put(pdf, where, "/Annots", generic.ArrayObject([note, *where.get("/Annots", [])]))


def file(pdf: Any, name: str = "record.json") -> Any:
    embedded = pdf.add_object(stream(b'{"outcome":"not_high_impact"}', Type=pdf_name("/EmbeddedFile")))
    text = generic.pdf_string(name)
    return pdf.add_object(named(Type=pdf_name("/Filespec"), F=text, UF=text, EF=named(F=embedded)))


def script() -> generic.DictionaryObject:
    return named(S=pdf_name("/JavaScript"), JS=generic.pdf_string("app.alert(1)"))


def attached(pdf: Any) -> Any:
    return pdf.root["/Names"]["/EmbeddedFiles"]


# --- what is sealed along with the record -------------------------------------------------------------------------------


def hidden_text(pdf: Any) -> None:
    """The genuine words are there for whoever searches; what is seen says something else."""
    where = page(pdf, 0)
    genuine = where["/Contents"].data
    drawn(pdf, 0, b"3 Tr " + genuine.replace(b"BT", b"BT 3 Tr"), WHITE + LIE, instead=True)


def covered_by_a_form(pdf: Any) -> None:
    where = page(pdf, 0)
    resources = where["/Resources"]
    forms = resources.get("/XObject", generic.DictionaryObject())
    forms[pdf_name("/Cover")] = form(pdf)
    put(pdf, resources, "/XObject", forms)
    drawn(pdf, 0, b"/Cover Do")


def stamped_over(pdf: Any) -> None:
    noted(pdf, Subtype=pdf_name("/Stamp"), AP=named(N=form(pdf)))


def fifth_covered(pdf: Any) -> None:
    drawn(pdf, 4, WHITE)


def third_emptied(pdf: Any) -> None:
    drawn(pdf, 2, b" ", instead=True)


def first_page_only(pdf: Any) -> None:
    tree = pdf.root["/Pages"]
    tree[pdf_name("/Count")] = generic.NumberObject(1)
    put(pdf, tree, "/Kids", generic.ArrayObject([pages(pdf).raw_get(0)]))


def page_inserted(pdf: Any) -> None:
    tree, first = pdf.root["/Pages"], page(pdf, 0)
    box = first["/MediaBox"]
    more = named(Type=pdf_name("/Page"), Parent=pdf.root.raw_get("/Pages"), MediaBox=box, Resources=named())
    more[pdf_name("/Contents")] = pdf.add_object(stream(LIE))
    kids = [pages(pdf).raw_get(at) for at in range(len(pages(pdf)))]
    tree[pdf_name("/Count")] = generic.NumberObject(len(kids) + 1)
    put(pdf, tree, "/Kids", generic.ArrayObject([kids[0], pdf.add_object(more), *kids[1:]]))


def script_at_opening(pdf: Any) -> None:
    put(pdf, pdf.root, "/OpenAction", script())


def script_by_name(pdf: Any) -> None:
    listed = generic.ArrayObject([generic.pdf_string("a"), pdf.add_object(script())])
    put(pdf, pdf.root["/Names"], "/JavaScript", named(Names=listed))


def script_of_a_page(pdf: Any) -> None:
    put(pdf, page(pdf, 1), "/AA", named(O=script()))


def script_of_a_link(pdf: Any) -> None:
    link = next(one.get_object() for at in range(len(pages(pdf))) for one in page(pdf, at).get("/Annots", ()))
    put(pdf, link, "/A", script())


def script_of_the_outline(pdf: Any) -> None:
    put(pdf, pdf.root["/Outlines"]["/First"], "/A", script())


def second_record_in_a_child(pdf: Any) -> None:
    child = named(Names=generic.ArrayObject([generic.pdf_string("record.json"), file(pdf)]))
    put(pdf, attached(pdf), "/Kids", generic.ArrayObject([pdf.add_object(child)]))


def another_file_of_the_document(pdf: Any) -> None:
    own = pdf.root["/AF"].raw_get(0)
    put(pdf, pdf.root, "/AF", generic.ArrayObject([file(pdf), own]))


def another_file_under_the_other_name(pdf: Any) -> None:
    spec = attached(pdf)["/Names"][1].get_object()
    other = pdf.get_object(file(pdf).reference)
    put(pdf, spec["/EF"], "/UF", other["/EF"].raw_get("/F"))


def file_as_a_note(pdf: Any) -> None:
    noted(pdf, Subtype=pdf_name("/FileAttachment"), FS=file(pdf))


def note_on_the_page(pdf: Any) -> None:
    noted(pdf, Subtype=pdf_name("/FreeText"), Contents=generic.pdf_string("Low"), DA=generic.pdf_string("/Helv 30 Tf"))


BEFORE_SEALING = {
    hidden_text: "pages",
    covered_by_a_form: "pages",
    stamped_over: "structure",
    fifth_covered: "pages",
    third_emptied: "pages",
    first_page_only: "pages",
    page_inserted: "pages",
    script_at_opening: "structure",
    script_by_name: "structure",
    script_of_a_page: "structure",
    script_of_a_link: "structure",
    script_of_the_outline: "structure",
    second_record_in_a_child: "structure",
    another_file_of_the_document: "structure",
    another_file_under_the_other_name: "structure",
    file_as_a_note: "structure",
    note_on_the_page: "structure",
}
"""What is done to the printed report before it is sealed → the fact that tells."""


def widget_with_action(pdf: Any) -> None:
    put(pdf, pdf.root["/AcroForm"]["/Fields"][0], "/A", script())


def widget_with_further_actions(pdf: Any) -> None:
    put(pdf, pdf.root["/AcroForm"]["/Fields"][0], "/AA", named(E=script()))


def widget_with_appearance(pdf: Any) -> None:
    put(pdf, pdf.root["/AcroForm"]["/Fields"][0], "/AP", named(N=form(pdf)))


def form_with_entries(pdf: Any) -> None:
    put(pdf, pdf.root["/AcroForm"], "/XFA", generic.pdf_string("<xdp/>"))


def another_title(pdf: Any) -> None:
    pdf.set_info(named(Title=generic.pdf_string("Not high-impact AI")))


def title_changed_in_place(pdf: Any) -> None:
    put(pdf, pdf.trailer["/Info"], "/Title", generic.pdf_string("Not high-impact AI"))


def further_permissions(pdf: Any) -> None:
    put(pdf, pdf.root, "/Perms", named(UR3=pdf.add_object(named(Type=pdf_name("/Sig")))))


def something_hidden(pdf: Any) -> None:
    pdf.add_object(stream(b"something that nothing points to"))


def page_turned(pdf: Any) -> None:
    put(pdf, page(pdf, 0), "/Rotate", generic.NumberObject(180))


WITH_THE_SEAL = (
    widget_with_action,
    widget_with_further_actions,
    widget_with_appearance,
    form_with_entries,
    another_title,
    title_changed_in_place,
    further_permissions,
    something_hidden,
    page_turned,
)
"""What the revision that seals brings along."""


@cache
def unpacked() -> PdfFileReader:
    """The printed report with every object on its own, by MuPDF: pyHanko looks for each packed one through all of them, which takes
    ten seconds. What was read of it once is copied from there."""
    with TemporaryDirectory() as folder:
        packed, plain = Path(folder, "packed.pdf"), Path(folder, "plain.pdf")
        packed.write_bytes(samples.rendered())
        subprocess.run(["mutool", "clean", "-z", packed, plain], check=True)
        # MuPDF numbers a free object past the most
        return PdfFileReader(BytesIO(plain.read_bytes()), strict=False)


def rewritten(change: Callable[[Any], None]) -> bytes:
    """The printed report written anew as one revision, with the change in it."""
    pdf = writer.copy_into_new_writer(unpacked())
    pdf._update_meta = lambda: None  # whoever hides something does not sign it with the name of the library
    change(pdf)
    return written(pdf)


def updated(change: Callable[[Any], None]) -> bytes:
    """The printed report with the change behind it, as an update."""
    pdf = pades._UnchangedMetadata(BytesIO(samples.rendered()))
    change(pdf)
    return written(pdf)


def sealed_along(change: Callable[[Any], None]) -> bytes:
    """The change is in the very revision that seals."""
    about = signers.PdfSignatureMetadata(
        field_name=pades.FIELD,
        reason=pades.REASON,
        app_build_props=BuildProps("Haetae", "PAdES BB"),
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    pdf = pades._UnchangedMetadata(BytesIO(samples.rendered()))
    fields.append_signature_field(pdf, fields.SigFieldSpec(pades.FIELD, readable_field_name=pades.REASON))
    change(pdf)
    out = BytesIO()
    pades._AtTime(about, pades._pades_signer(samples.signer()), samples.SEALED_AT).sign_pdf(pdf, output=out)
    return out.getvalue()


def by_default(raw: bytes, known: Path) -> Verification:
    """As `verify` does where nothing else is asked, without its own processes."""
    seen = inspection.examine(raw, [keys.certificate_pem(samples.signer())], known)
    found = verify.conclude(seen, raw, at=NOW)
    return replace(found, pages=samples.compared(raw, seen)) if found.is_to_be_reprinted else found


def bad(found: Verification) -> set[str]:
    return {one.id for one in found.facts if one.state is State.BAD}


@pytest.mark.slow
def test_nothing_is_found_where_nothing_was_added(known: Path) -> None:
    assert not bad(by_default(sealed_along(lambda _: None), known))
    assert not bad(by_default(samples.sealed(), known))


QUICK = (covered_by_a_form, second_record_in_a_child)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [pytest.param(one, id=one.__name__, marks=() if one in QUICK else pytest.mark.slow) for one in BEFORE_SEALING],
)
def test_what_was_sealed_under_a_genuine_record_is_found(change: Callable[[Any], None], known: Path) -> None:
    found = by_default(pades.seal(rewritten(change), samples.signer(), samples.SEALED_AT), known)
    assert bad(found) == {BEFORE_SEALING[change]}


@pytest.mark.slow
@pytest.mark.parametrize("change", [fifth_covered, file_as_a_note], ids=lambda one: one.__name__)
def test_an_update_before_the_seal_is_found_whatever_it_does(change: Callable[[Any], None], known: Path) -> None:
    assert bad(by_default(pades.seal(updated(change), samples.signer(), samples.SEALED_AT), known)) == {"structure"}


@pytest.mark.slow
@pytest.mark.parametrize("change", WITH_THE_SEAL, ids=lambda one: one.__name__)
def test_what_the_seal_brought_along_is_found(change: Callable[[Any], None], known: Path) -> None:
    found = bad(by_default(sealed_along(change), known))
    assert "structure" in found
    assert found <= {"structure", "certified", "stated"}
