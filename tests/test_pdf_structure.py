"""PDF/A-3a and PDF/UA-1 by their own checkpoints, before and after sealing; no validator can be had.

Follows ISO 19005-3, 6.1 to 6.8, and the Matterhorn Protocol 1.02 where a machine can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests import report_samples as samples
from tests import test_time_stamps
from tests.pdf_objects import Name, Ref, Stream, objects, operators

GROUPING = {"Document", "Sect", "Div", "NonStruct"}
BLOCK = {"P", "H1", "H2", "H3", "H4", "Table", "Figure", "L"}
INLINE = {"Span", "Link", "NonStruct", "Figure"}
MAY_HOLD = {
    **dict.fromkeys(GROUPING, GROUPING - {"Document"} | BLOCK | INLINE | {"TOC"}),
    "TOC": {"TOCI"},
    "TOCI": {"Reference"},
    "Reference": INLINE,
    "L": {"LI"},
    "LI": {"Lbl", "LBody"},
    "Lbl": INLINE,
    "LBody": INLINE | BLOCK - {"H1", "H2", "H3", "H4"},
    **dict.fromkeys(("P", "H1", "H2", "H3", "H4", "Span", "Link", "Figure"), INLINE),
    "Table": {"THead", "TBody"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
    **dict.fromkeys(("TH", "TD"), INLINE | BLOCK - {"H1", "H2", "H3", "H4"}),
}
"""Kind of element → what may stand in it (ISO 32000-1, 14.8.4)."""
PAINTS = {"f", "f*", "F", "S", "s", "B", "B*", "b", "b*", "Tj", "TJ", "'", '"', "Do", "sh"}
FORBIDDEN_ACTIONS = {
    "Launch",
    "Sound",
    "Movie",
    "ResetForm",
    "ImportData",
    "JavaScript",
    "Hide",
    "SetOCGState",
    "GoToR",
}


class Pdf:
    """A file and what is looked up in it."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.all = objects(raw)
        (self.catalog,) = (one for one in self.all.values() if _is(one, "Catalog"))
        (self.tree,) = (one for one in self.all.values() if _is(one, "StructTreeRoot"))
        self.elements = {number: one for number, one in self.all.items() if _is(one, "StructElem")}
        self.pages = [self.at(one) for one in self.at(self.catalog["Pages"])["Kids"]]
        nums = self.at(self.tree["ParentTree"])["Nums"]
        self.parents: dict[int, Any] = dict(zip(nums[::2], nums[1::2], strict=True))

    def at(self, value: Any) -> Any:
        return self.all[value.number] if isinstance(value, Ref) else value

    def kinds(self, *names: str) -> Iterator[dict[str, Any]]:
        return (one for one in self.elements.values() if one["S"] in names)

    def dictionaries(self) -> Iterator[dict[str, Any]]:
        """Every dictionary of the file, also inside others and before streams."""
        waiting = [one.about if isinstance(one, Stream) else one for one in self.all.values()]
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                yield one
            waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()

    @property
    def trailer(self) -> dict[str, Any]:
        """Of the last revision."""
        return [one.about for one in self.all.values() if isinstance(one, Stream) and one.about.get("Type") == "XRef"][
            -1
        ]


def _is(one: Any, kind: str) -> bool:
    return isinstance(one, dict) and one.get("Type") == kind


@cache
def file(name: str) -> Pdf:
    made_by = {
        "unsealed": samples.rendered,
        "sealed": samples.sealed,
        "stamped": test_time_stamps.stamped,
        "long-term": test_time_stamps.long_term,
    }
    return Pdf(made_by[name]())


SLOW = [pytest.param(one, marks=pytest.mark.slow) for one in ("stamped", "long-term")]


@pytest.fixture(params=["unsealed", "sealed", *SLOW])
def made(request: pytest.FixtureRequest) -> Pdf:
    return file(request.param)


# --- the file as a whole (ISO 19005-3, 6.1) ---------------------------------------------------------------------------


@pytest.mark.first_in_check
def test_the_file_begins_and_ends_as_archives_ask(made: Pdf) -> None:
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", made.raw)
    assert made.raw.rstrip().endswith(b"%%EOF")
    first, last = made.trailer["ID"]
    assert first == file("unsealed").trailer["ID"][0]
    assert last
    assert "Encrypt" not in made.trailer


def test_streams_are_inside_the_file_and_packed_in_an_allowed_way(made: Pdf) -> None:
    streams = [one.about for one in made.all.values() if isinstance(one, Stream)]
    assert {one.get("Filter") for one in streams} <= {None, "FlateDecode", "DCTDecode"}
    assert not any({"F", "FFilter", "FDecodeParms"} & set(one) for one in streams)


def test_nothing_acts_by_itself(made: Pdf) -> None:
    for one in made.dictionaries():
        assert not {"AA", "OpenAction", "JavaScript", "XFA", "NeedAppearances", "OCProperties"} & set(one)
        assert not (one.get("S") in FORBIDDEN_ACTIONS and "Type" not in one)


# --- colour, pictures, fonts (6.2) --------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.slow
def test_colours_are_those_of_the_named_profile(made: Pdf) -> None:
    (intent,) = made.catalog["OutputIntents"]
    profile = made.at(made.at(intent)["DestOutputProfile"])
    head = profile.data
    assert (head[12:16], head[16:20], profile.about["N"]) == (b"mntr", b"RGB ", 3)
    assert head[8] <= 4, "version of the profile"
    used = {operator for _, operator, _, _ in content(made)}
    assert not used & {"k", "K"}, "no colour of another kind"


@pytest.mark.first_in_check
@pytest.mark.slow
def test_every_sign_is_embedded_can_be_read_and_exists(made: Pdf) -> None:
    used: dict[int, set[int]] = {}
    for page, operator, operands, font in content(made):
        if operator in ("Tj", "TJ"):
            shown = [one for one in (operands[0] if operator == "TJ" else operands) if isinstance(one, bytes)]
            used.setdefault(made.at(made.at(page["Resources"])["Font"])[font].number, set()).update(
                int.from_bytes(one[at : at + 2], "big") for one in shown for at in range(0, len(one), 2)
            )
    for number, codes in used.items():
        font = made.all[number]
        inner = made.at(font["DescendantFonts"][0])
        table = made.at(font["ToUnicode"]).data.partition(b"endcodespacerange")[2]
        read = {int(one, 16): bytes.fromhex(to.decode()) for one, to in re.findall(rb"<(\w{4})> <(\w*)>", table)}
        assert 0 not in codes, "the sign for what a font has not"
        assert codes <= set(read)
        assert not {b"\x00\x00", b"\xfe\xff", b"\xff\xfe"} & set(read.values())
        assert "FontFile2" in made.at(inner["FontDescriptor"])
        assert inner["CIDToGIDMap"] == "Identity"
        assert re.match(r"[A-Z]{6}\+", font["BaseFont"])


def test_pictures_are_not_smoothed_and_transparency_has_its_colour_space(made: Pdf) -> None:
    for one in made.all.values():
        about = one.about if isinstance(one, Stream) else {}
        assert about.get("Interpolate") is not True
        if "Group" in about:
            assert made.at(about["Group"])["CS"][0] == "ICCBased"


# --- annotations (6.3, Matterhorn 28) -----------------------------------------------------------------------------------


def test_every_link_is_printed_named_and_part_of_the_tree(made: Pdf) -> None:
    links = [made.at(one) for page in made.pages for one in page.get("Annots", []) if made.at(one)["Subtype"] == "Link"]
    assert links
    for link in links:
        assert link["F"] & 4
        assert not link["F"] & 0b100011
        assert link["Contents"]
        element = made.at(made.parents[link["StructParent"]])
        assert element["S"] == "Link"
        held = [made.at(one) for one in element["K"] if isinstance(one, Ref)]
        assert any(made.at(one["Obj"]) is link for one in held if one["Type"] == "OBJR")
    assert all(page["Tabs"] == "S" for page in made.pages)
    assert len({one["StructParent"] for one in links}) == len(links) == len(list(made.kinds("Link")))


@pytest.mark.parametrize("name", ["sealed", *SLOW])
def test_the_seal_has_no_place_on_the_page_and_a_name(name: str) -> None:
    sealed = file(name)
    (form,) = [sealed.at(one) for one in sealed.at(sealed.catalog["AcroForm"])["Fields"]]
    assert form["Rect"] == [0, 0, 0, 0], "outside the page: neither an appearance nor a place in the tree is needed"
    assert form["F"] == 4 | 128
    assert form["TU"]
    assert "AcroForm" not in file("unsealed").catalog


# --- metadata (6.6) -----------------------------------------------------------------------------------------------------


def test_both_kinds_of_metadata_say_the_same(made: Pdf) -> None:
    stream = made.at(made.catalog["Metadata"])
    assert "Filter" not in stream.about, "to be found by programs that only look for it"
    xmp = re.sub(r"<rdf:(?:Alt|Seq|li)[^>]*>|</rdf:(?:Alt|Seq|li)>", "", stream.data.decode())
    info = {key: _text(value) for key, value in made.at(made.trailer["Info"]).items()}
    for key, tag in {"Title": "dc:title", "Author": "dc:creator", "Subject": "dc:description", "Keywords": "pdf:Keywords",
                     "Creator": "xmp:CreatorTool"}.items():  # fmt: skip
        assert f"<{tag}>{info[key]}</{tag}>" in xmp, key
    assert f'pdf:Producer="{info["Producer"]}"' in xmp
    for key, tag in {"CreationDate": "xmp:CreateDate", "ModDate": "xmp:ModifyDate"}.items():
        year, month, day, *time = re.findall(r"\d\d", info[key][4:])
        assert f"<{tag}>20{year}-{month}-{day}T{':'.join(time)}Z</{tag}>" in xmp, key
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp


def _text(value: bytes) -> str:
    return value[2:].decode("utf-16-be") if value.startswith(b"\xfe\xff") else value.decode("latin-1")


# --- the tree (6.7, Matterhorn 01, 09, 13 to 15) -----------------------------------------------------------------------


def test_what_stands_in_what_is_allowed(made: Pdf) -> None:
    found = {
        (one["S"], made.at(kid)["S"])
        for one in made.elements.values()
        for kid in one["K"]
        if isinstance(kid, Ref) and made.at(kid)["Type"] == "StructElem"
    }
    assert {(outer, inner) for outer, inner in found if inner not in MAY_HOLD[outer]} == set()
    assert "RoleMap" not in made.tree, "all kinds are standard ones"


def test_the_contents_are_a_list_whose_entries_lead_to_headings(made: Pdf) -> None:
    (contents,) = (one for one in made.elements.values() if one["S"] == "TOC")
    entries = [made.at(one) for one in contents["K"]]
    assert len(entries) >= 10
    for entry in entries:
        (reference,) = map(made.at, entry["K"])
        kinds = [made.at(one)["S"] for one in reference["K"]]
        assert (entry["S"], reference["S"], kinds[0]) == ("TOCI", "Reference", "Link")


def test_items_are_in_lists_with_their_labels_apart(made: Pdf) -> None:
    lists = [one for one in made.elements.values() if one["S"] == "L"]
    assert len(lists) >= 5 and max(len(one["K"]) for one in lists) >= 2
    for one in lists:
        for item in map(made.at, one["K"]):
            kinds = [made.at(kid)["S"] for kid in item["K"]]
            assert kinds in (["LBody"], ["Lbl", "LBody"])
            has_label = kinds[0] == "Lbl"
            assert not has_label or made.at(one["A"])["ListNumbering"] in ("Decimal", "LowerAlpha", "Square", "None")
            assert made.at(item["K"][-1])["K"], "a body says something"
            assert all(made.at(kid)["P"] == Ref(_number(made, item)) for kid in item["K"])
    assert any(made.at(one["K"][0])["S"] == "Lbl" for one in made.elements.values() if one["S"] == "LI")
    assert "Continued" not in {one["S"] for one in made.elements.values()}


def _number(made: Pdf, element: Any) -> int:
    return next(number for number, one in made.elements.items() if one is element)


def test_every_element_hangs_in_the_tree(made: Pdf) -> None:
    (root,) = made.tree["K"]
    seen, waiting = set(), [root.number]
    while waiting:
        number = waiting.pop()
        seen.add(number)
        for kid in made.elements[number]["K"]:
            if isinstance(kid, Ref) and kid.number in made.elements:
                assert made.elements[kid.number]["P"].number == number
                waiting.append(kid.number)
    assert seen == set(made.elements)


@pytest.mark.first_in_check
@pytest.mark.slow
def test_everything_painted_is_part_of_the_tree_or_an_artifact(made: Pdf) -> None:
    for page in made.pages:
        held = made.parents[page["StructParents"]]
        numbers, outside = [], 0
        for marks, operator in marked(made, page):
            if operator == "BDC" and "MCID" in marks[-1]:
                numbers.append(marks[-1]["MCID"])
                assert not any("MCID" in one or one["tag"] == "Artifact" for one in marks[:-1])
            outside += operator in PAINTS and not marks
        assert not outside
        assert numbers == list(range(len(held)))
        for number, reference in enumerate(held):
            assert number in made.elements[reference.number]["K"]


@pytest.mark.first_in_check
@pytest.mark.slow
def test_running_heads_are_artifacts_of_pagination(made: Pdf) -> None:
    for at, page in enumerate(made.pages):
        kinds = [
            one[-1].get("Subtype")
            for one, operator in marked(made, page)
            if operator == "BDC" and one[-1]["tag"] == "Artifact"
        ]
        assert set(kinds) <= {"Header"} if at == 0 else set(kinds) == {"Header", "Footer"}


def test_headers_say_their_direction_and_cells_their_headers(made: Pdf) -> None:
    tables = {number: one for number, one in made.elements.items() if one["S"] == "Table"}
    for number in tables:
        cells = [cell for row in _rows(made, number) for cell in row]
        named = {one["ID"] for one in cells if one["S"] == "TH"}
        assert all(one["A"]["Scope"] in ("Row", "Column") for one in cells if one["S"] == "TH")
        for cell in (one for one in cells if one["S"] == "TD"):
            assert set(cell["A"].get("Headers", [])) <= named
            assert "Headers" not in cell["A"] or cell["A"]["Headers"]
        assert named, "a table has headers"


def test_of_two_headers_in_a_row_a_cell_has_the_one_before_it(made: Pdf) -> None:
    row = next(row for number in made.elements if made.elements[number]["S"] == "Table" for row in _rows(made, number)
               if [one["S"] for one in row] == ["TH", "TD"] * 2)  # fmt: skip
    assert [one["A"]["Headers"] for one in row[1::2]] == [[one["ID"]] for one in row[::2]]


def _rows(made: Pdf, number: int) -> Iterator[list[dict[str, Any]]]:
    for kid in made.elements[number]["K"]:
        if made.elements[kid.number]["S"] == "TR":
            yield [made.elements[cell.number] for cell in made.elements[kid.number]["K"]]
        else:
            yield from _rows(made, kid.number)


def test_pictures_say_what_they_show_and_where_they_stand(made: Pdf) -> None:
    for one in made.kinds("Figure"):
        assert _text(one["Alt"])
        left, bottom, right, top = one["A"]["BBox"]
        _, _, width, height = made.at(one["Pg"])["MediaBox"]
        assert 0 <= left < right <= width
        assert 0 <= bottom < top <= height


def test_the_code_stands_at_the_foot_of_the_first_page_and_its_place_says_so() -> None:
    first = next(file("unsealed").kinds("Figure"))
    left, bottom, right, top = first["A"]["BBox"]
    assert top < file("unsealed").pages[0]["MediaBox"][3] / 2, "counted from below, in points"
    assert right - left == pytest.approx(top - bottom, abs=0.01)


# --- reading the pages ---------------------------------------------------------------------------------------------------


def content(made: Pdf) -> Iterator[tuple[dict[str, Any], str, list[Any], str]]:
    """Page, operator, operands and the font in use."""
    for page in made.pages:
        font = ""
        for operator, operands in operators(made.at(page["Contents"]).data):
            font = operands[0] if operator == "Tf" else font
            yield page, operator, operands, font


def marked(made: Pdf, page: dict[str, Any]) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """Every operator with the marks that it stands in, outermost first."""
    marks: list[dict[str, Any]] = []
    for operator, operands in operators(made.at(page["Contents"]).data):
        if operator in ("BMC", "BDC"):
            marks.append({"tag": operands[0], **(operands[1] if operator == "BDC" else {})})
        yield marks, operator
        if operator == "EMC":
            marks.pop()
    assert not marks


def test_names_are_read_as_names() -> None:
    """So that the tests above compare what they seem to compare."""
    assert isinstance(file("unsealed").catalog["Type"], Name)
