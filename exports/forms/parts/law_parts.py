"""The sources, what no text settles, and what the document is not: parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from exports.forms.parts.teller import Teller
from exports.forms.tables import Part, Table, columns

_LIMITS = ("not_advice", "not_confirmation", "not_verdict", "not_score")


def parts(teller: Teller) -> Iterator[Part]:
    label, text, law = teller.label, teller.text, teller.report.law
    sources = Table(
        label("s_sources"),
        columns(
            *(label(key) for key in ("sheet_number", "source", "kind", "edition", "read_on")),
            label("promulgated"),
            teller.word("address"),
            label("sheet_note"),
        ),
        tuple(
            (
                cited.number,
                text(cited.source.title),
                label(f"source_kind_{group.kind}"),
                group.edition,
                group.read_on,
                _promulgated(teller, group.url, group.edition),
                group.url or None,
                text(cited.source.note) or None,
            )
            for group in teller.report.source_groups
            for cited in group.sources
        ),
    )
    yield from teller.part(
        label("s_sources"), sources, sentences=(label("sources_intro"), label("sheet_sources_numbered"))
    )
    opened = Table(
        label("s_open"),
        columns(teller.word("matter"), label("kind"), label("sheet_text"), label("source"), label("looked_for_on")),
        tuple(
            (text(each.title), label(f"open_{each.kind}"), text(each.text), text(each.source), each.looked_for_on)
            for each in law.open
        ),
    )
    files = Table(
        label("official_files"),
        columns(
            label("document"),
            label("edition"),
            label("pages_unit").strip(),
            label("sheet_sha256"),
            label("copy_read"),
            label("sheet_note"),
        ),
        tuple(
            (text(file.title), file.edition, file.pages, file.fingerprint, file.copy_begins, text(file.note))
            for file in law.files
        ),
    )
    yield from teller.part(label("s_open"), opened, files, sentences=(label("open_intro"), text(law.files_told_by)))
    yield from teller.part(label("s_not"), sentences=(label(key) for key in _LIMITS))


def _promulgated(teller: Teller, url: str, edition: date) -> str | None:
    law = teller.report.law.promulgated_at(url, edition)
    return ", ".join(teller.text(name) for name in (law.name, law.number) if name) if law else None
