"""WeasyPrint as this report needs it: Page, finish, and a tag tree that knows languages.

Half of what printing takes goes into generality that a page of our own has no use for. What is left out here changes
nothing on paper; tests compare.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint
from weasyprint.formatting_structure.boxes import PageBox
from weasyprint.pdf import tags

from exports import korean, shortcuts, tagging

_UA = (
    b'<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
    b"<dc:identifier>urn:haetae:record:%s</dc:identifier></rdf:Description>"
    b'<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    b'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289 to which the document is made</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
_APART = ("/Catalog", "/Pages", "/Page", "/Font", "/Filespec")
"""Types of what a verifier looks up: packed together with thousands of tags, each look-up would read through them."""
SURELY_ON_ONE_LINE = 38
"""Signs of 10 points, none wider than high: 134 mm, where the narrowest paragraph outside tables has 158."""
_LARGE = ("big", "name", "title-too", "house")
_VOID = re.compile(r"(<(?:meta|img|br)\b[^>]*?)/?>")
_LINE_ENDS = re.compile("[\u2028\u2029]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Page(weasyprint.HTML):  # type: ignore[misc]  # WeasyPrint brings no types
    """A page of our own templates: well-formed, so that expat reads it, and styled by its own sheet alone.

    The browser's sheet, which WeasyPrint puts first, would give each element six notes and markers that no report has.
    """

    def __init__(self, page: str, fetcher: weasyprint.urls.URLFetcher, base_url: str) -> None:
        """Raises: ElementTree.ParseError where a template is not well-formed."""
        self.base_url = base_url
        self.url_fetcher = fetcher
        self.media_type = "print"
        root = parsed(page)
        loosen(root)
        forget_unused_ids(root)
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        return []


def parsed(page: str) -> ElementTree.Element:
    """Of HTML whose text is escaped. What no XML may contain becomes U+FFFD, and any end of a line a plain one.

    WeasyPrint fails at a space before U+2028 or U+2029.
    """
    page = _LINE_ENDS.sub("\n", _NOT_XML.sub("\ufffd", page))
    return ElementTree.fromstring(_VOID.sub(r"\1/>", page))  # noqa: S314 - our own template


def loosen(element: ElementTree.Element) -> None:
    """Takes word joiners out where no line can end: from the first signs of paragraphs that have the page's width.

    Every joiner is a glyph to shape, to place and to write.
    """
    for child in element:
        if child.tag == "p" and child.get("class") not in _LARGE:
            child.text = _loosened(child.text or "")
        elif child.tag != "table":
            loosen(child)


def _loosened(text: str) -> str:
    seen = 0
    for at, sign in enumerate(text):
        seen += sign != korean.WORD_JOINER
        if seen > SURELY_ON_ONE_LINE:
            return text[:at].replace(korean.WORD_JOINER, "") + text[at:]
    return text.replace(korean.WORD_JOINER, "")


def forget_unused_ids(root: ElementTree.Element) -> None:
    """Of what no link leads to: an id of its own keeps an element from sharing its style with others."""
    used = {(one.get("href") or "")[1:] for one in root.iter("a")}
    for one in root.iter():
        if one.get("id") not in used:
            one.attrib.pop("id", None)


def finish(pdf: Any, record_sha256: str) -> None:
    """PDF/UA-1 beside PDF/A-3 in the metadata; each attachment listed once; everything ready to be written."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    xmp = b"".join(metadata.stream)
    end = b"</rdf:RDF>"
    if xmp.count(end) != 1:
        raise ValueError("the metadata has not the form that is completed here")
    metadata.stream = [xmp.replace(end, _UA % record_sha256.encode() + end)]
    metadata.compress = False
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    names = pdf.catalog["Names"]
    pdf.add_object(names)
    pdf.catalog["Names"] = names.reference  # a seal reads the catalog several times and writes it anew
    pdf.objects[:] = [one if one.free == "f" else _Written(one) for one in pdf.objects]


class _Written(pydyf.Object):  # type: ignore[misc]  # pydyf brings no types
    """An object in its final bytes: pydyf asks for them twice, to write and to make the file's identifier."""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self.number = made.number
        is_apart = isinstance(made, pydyf.Dictionary) and (made.get("Type") in _APART or "EmbeddedFiles" in made)
        self._is_compressible: bool = made.compressible and not is_apart
        self._data: bytes = made.data

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._is_compressible


_build_box_tree = tags._build_box_tree


class _Line(pydyf.Dictionary):  # type: ignore[misc]
    """What WeasyPrint wraps the words of one line in. It is left out: its place in the tree takes the words' number."""

    @property
    def reference(self) -> bytes:
        return b"%d" % self["K"][0]


class _Tree:
    """What the tag tree of one page needs of a PDF; WeasyPrint would write the list of all pages anew for every box."""

    def __init__(self, pdf: Any, page_height: float) -> None:
        self.page_references = pdf.page_references
        self.page_height: float = page_height
        self.holders: dict[int, bytes] = {}
        """Number of the words → the paragraph or cell that holds them."""
        self._add_object = pdf.add_object

    def add_object(self, made: Any) -> None:
        if made.get("S") == "/Span" and made["K"]:  # a span of ours has nothing in it yet
            self.holders[made["K"][0]] = made["P"]
            made.__class__ = _Line
        else:
            self._add_object(made)


def _with_language(box: Any, parent: Any, pdf: Any, page: int, words: dict[int, bytes], *rest: Any) -> Iterator[Any]:
    """WeasyPrint's tag tree, with the language of each passage and with links that are named by their words.

    Half as many elements: a paragraph holds the words of its lines itself.
    """
    if tagging.is_running(box):
        return
    if getattr(box, "link_annotation", None) and box.element is not None:
        said = "".join(box.element.itertext()).replace(korean.WORD_JOINER, "").split()
        box.link_annotation["Contents"] = pydyf.String(" ".join(said))
    language = None if box.element is None else (box.element.get("data-lang") or box.element.get("lang"))
    tree = pdf if isinstance(pdf, _Tree) else _Tree(pdf, box.margin_height())
    is_outer = isinstance(box, PageBox) or (box.element is not None and box.element_tag in ("html", "body"))
    for element in _build_box_tree(box, parent, tree, page, words, *rest):
        if language and element["S"] != "/Document":
            element["Lang"] = pydyf.String(language)
        if not is_outer:
            tagging.mend(box, element, tree.page_height)
        yield element
    if tree is not pdf:
        words.update(tree.holders)


class _Packing:
    """zlib as it packs by default: pydyf asks for the most it can do, which takes twice as long and saves 2 %."""

    @staticmethod
    def compressobj(level: int) -> Any:
        return zlib.compressobj()


def make_ready() -> None:
    """Puts our tag tree, our packing and the shorter ways in place of WeasyPrint's own."""
    tags._build_box_tree = _with_language
    tagging.draw_running_heads_apart()
    pydyf.zlib = _Packing
    shortcuts.take()
