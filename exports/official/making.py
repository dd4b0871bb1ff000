"""Every kind of official document: MAKERS, made, missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from exports.official import notices, publication, request, rights_sheet
from exports.official.document import Document
from exports.official.material import Material
from questionnaires.confirmation import form
from questionnaires.disclosure import disclosure
from questionnaires.schema import Text
from questionnaires.texts import filled


class Maker(NamedTuple):
    make: Callable[[Material], Document]
    missing: Callable[[Material], tuple[str, ...]]


MAKERS: Mapping[str, Maker] = {
    "request": Maker(request.request, request.missing),
    "publication": Maker(publication.publication, publication.missing),
    "notices": Maker(notices.notices, notices.missing),
    "rights": Maker(rights_sheet.rights_sheet, rights_sheet.missing),
}


def made(kind: str, material: Material) -> Document:
    """Raises: KeyError."""
    return MAKERS[kind].make(material)


def missing(kind: str, material: Material) -> tuple[str, ...]:
    """Names of what is not filled in. Raises: KeyError."""
    return MAKERS[kind].missing(material)


def title(kind: str) -> Text:
    """Raises: KeyError."""
    words = disclosure()
    titles = {"publication": words.publication.title, "notices": words.notices.title, "rights": words.rights.title}
    if kind == "request":
        kinds = form().kinds
        return filled(form().title, boxes=next(iter(kinds.values())))
    return titles[kind]


def source(kind: str) -> Text:
    """What it rests on. Raises: KeyError."""
    words = disclosure()
    sources = {"publication": words.publication.source, "notices": words.notices.source, "rights": words.rights.source}
    return form().source if kind == "request" else sources[kind]
