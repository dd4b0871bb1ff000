"""The report's page and file as WeasyPrint is given them, through its public interface: page, finish.

The tag tree, which has no public interface, is completed in `tagging`.
"""

from __future__ import annotations

import re
import zlib
from typing import Any
from xml.etree import ElementTree

import pydyf
import weasyprint

from exports.printing import archive, lettering, listing
from exports.words import korean

_IDENTIFIER = (
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
    b"<dc:identifier>%s</dc:identifier></rdf:Description>"
)
_UA = (
    b'<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>'
    + _IDENTIFIER
    + b'<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
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
SURELY_ON_ONE_LINE = 38
"""Signs of 10 points, none wider than high: 134 mm, where the narrowest paragraph outside tables has 158."""
END = "end"
"""Id of what stands last in a report."""
CLOSER = (2.0, 4.0)
"""How much closer lines are set, one after the other, as long as the last page would be nearly empty: times its part of the
whole. Once would do if a report were lines and nothing else."""
_MOST_CLOSER = 0.12
_NEARLY_EMPTY = 1 / 3
"""Of the height of the last page."""
_LINE_HEIGHT = re.compile(r"(line-height: |pt/)(\d\.\d+)")
_LARGE = ("big", "name", "title-too", "house")
_VOID = re.compile(r"(<(?:meta|img|br)\b[^>]*?)/?>")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NOT_XML = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def page(text: str, fetcher: weasyprint.urls.URLFetcher, base_url: str) -> weasyprint.HTML:
    """A page of our own templates, which are well-formed. Raises: ElementTree.ParseError where one is not."""
    root = parsed(text)
    loosen(root)
    forget_unused_ids(root)
    listing.name_lists(root)
    say_languages_of_links(root)
    lettering.complete(root)
    html = ElementTree.tostring(root, encoding="unicode", method="html")
    return weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)


def parsed(page: str) -> ElementTree.Element:
    """Parse HTML with escaped text. Characters invalid in XML become U+FFFD; every line ending becomes a newline.

    WeasyPrint fails at a space before U+2028 or U+2029.
    """
    page = _NOT_XML.sub("\ufffd", _LINE_ENDS.sub("\n", page))
    return ElementTree.fromstring(_VOID.sub(r"\1/>", page))  # noqa: S314 - our own template


def loosen(element: ElementTree.Element) -> None:
    """Takes word joiners out where no line can end: from the first characters of paragraphs that have the page's width.

    Every joiner is a glyph to shape, to place and to write.
    """
    for child in element:
        if child.tag == "p" and child.get("class") not in _LARGE:
            child.text = _loosened(child.text or "")
        elif child.tag != "table":
            loosen(child)


def _loosened(text: str) -> str:
    seen = 0
    for at, character in enumerate(text):
        seen += character != korean.WORD_JOINER
        if seen > SURELY_ON_ONE_LINE:
            return text[:at].replace(korean.WORD_JOINER, "") + text[at:]
    return text.replace(korean.WORD_JOINER, "")


def forget_unused_ids(root: ElementTree.Element) -> None:
    """Of what no link leads to: an id of its own keeps an element from sharing its style with others."""
    used = {END, *((element.get("href") or "")[1:] for element in root.iter("a"))}
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)


def overhang(laid_out: weasyprint.Document) -> float:
    """Which part of a report stands on its last page, where that ends in its upper third; otherwise 0."""
    last = laid_out.pages[-1]
    _, end = last.anchors.get(END, (0, last.height))[:2]
    if len(laid_out.pages) < 2 or end >= _NEARLY_EMPTY * last.height:
        return 0.0
    return float(end / last.height / len(laid_out.pages))


def closer(css: str, share: float) -> str:
    """The style sheet with every line height less by so much of itself."""
    less = 1 - min(share, _MOST_CLOSER)
    return _LINE_HEIGHT.sub(lambda height: f"{height[1]}{float(height[2]) * less:.4f}", css)


def say_languages_of_links(root: ElementTree.Element) -> None:
    """A link whose words are all in another language says so itself: a passage inside would become a second link (7.18.5)."""
    for link in root.iter("a"):
        inside = list(link)
        if len(inside) == 1 and inside[0].tag == "span" and not (link.text or inside[0].tail) and not len(inside[0]):
            (passage,) = inside
            link.text = passage.text
            link.attrib.update({name: value for name, value in passage.attrib.items() if name == "data-lang"})
            link.remove(passage)


def finish(pdf: Any, identifier: str) -> None:
    """PDF/UA-1 beside PDF/A-3 in the metadata; each attachment listed once; streams packed.

    Of an archive copy, which has no attachment: the identifier alone, no transparency, and fonts as PDF 1.4 knows them.
    """
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    xmp = b"".join(metadata.stream)
    end = b"</rdf:RDF>"
    if xmp.count(end) != 1:
        raise ValueError("the metadata has not the form that is completed here")
    is_archive = "AF" not in pdf.catalog
    more = (_IDENTIFIER if is_archive else _UA) % identifier.encode()
    metadata.stream = [xmp.replace(end, more + end)]
    metadata.compress = False
    if is_archive:
        archive.without_groups(pdf)
        archive.bare_outlines(pdf)
    else:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for pdf_object in pdf.objects:
        if isinstance(pdf_object, pydyf.Stream) and pdf_object.compress:
            _pack(pdf_object)


def _pack(stream: pydyf.Stream) -> None:
    """Once, and as zlib packs by default.

    Else each stream is packed when it is written and again when the file's identifier is made, both times at the level
    that takes twice as long and saves 2 %.
    """
    parts = [part.data if isinstance(part, pydyf.Object) else part for part in stream.stream]
    content = b"\n".join(part.encode("ascii") if isinstance(part, str) else part for part in parts)
    stream.stream = [zlib.compress(content)]
    stream.extra["Filter"] = "/FlateDecode"
    stream.compress = False
