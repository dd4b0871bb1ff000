"""Small sealed files for the register: a page without words, the record attached as in a report, a real seal.

A report that is laid out takes seconds; what the register asks stands in these as well.
"""

from __future__ import annotations

import hashlib
from io import BytesIO

from pyhanko.pdf_utils import embed, generic, writer
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.layout import BoxConstraints

from assessments import actions, editions
from assessments.model import Actor
from assessments.storage import evidence_files
from assessments.storage import writer as rows
from exports.record import record
from exports.record.record import Record
from exports.seal import pades
from tests import report_samples as samples
from tests.office import AT, PARK, Office


def record_of(office: Office, assessment_id: int, revision: int | None = None) -> Record:
    """The record of a revision as the screens make it."""
    assessment = office.read(assessment_id, revision)
    document_id = f"HT-{assessment.id:05d}-{assessment.revision}"
    return record.build(assessment, editions.for_assessment(assessment), at=AT, document_id=document_id)


def unsealed(made_from: Record, language: str = "ko") -> bytes:
    made, out = writer.PdfFileWriter(stream_xrefs=False), BytesIO()
    page = RawContent(b"", box=BoxConstraints(200, 200)).as_form_xobject()
    drawn = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200))),
            generic.pdf_name("/Contents"): made.add_object(page),
        }
    )
    made.insert_page(drawn)
    made.root["/Lang"] = generic.pdf_string(language)
    file = embed.EmbeddedFileObject.from_file_data(made, made_from.canonical, mime_type="application/json")
    embed.embed_file(made, embed.FileSpec("record.json", embedded_data=file))
    made.write(out)
    return out.getvalue()


def sealed(made_from: Record, language: str = "ko") -> bytes:
    return pades.seal(unsealed(made_from, language), samples.signer(), samples.SEALED_AT)


def keep(office: Office, assessment_id: int, made_from: Record, language: str = "ko", by: Actor = PARK) -> int:
    """Through the deed."""
    with office.database.transaction() as session:
        pdf = sealed(made_from, language)
        return actions.keep_report(session, assessment_id, pdf, made_from.sha256, by, AT, languages=(language,))


def registered(office: Office, assessment_id: int, pdf: bytes, record_sha256: str, redacts: str | None = None) -> int:
    """Any file in the register, past the deed: as an older program left it, or for what only asks the register."""
    with office.database.transaction() as session:
        file = rows.SealedFile(hashlib.sha256(pdf).hexdigest(), record_sha256, len(pdf), redacts)
        stored = evidence_files.keep(session.info, evidence_files.REPORTS, pdf, "pdf")
        assessment = office.read(assessment_id)
        return rows.add_sealed_report(session, assessment, stored, file, PARK.person, AT)
