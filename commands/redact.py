"""`haetae redact`: a copy of a report without what is marked as trade secret or personal."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assessments.home import home
from commands import _acting
from commands._output import Exit, ReportLanguage, complain, errors_told, write_all
from commands._signer import settle

if TYPE_CHECKING:
    from assessments.model import Actor
    from assessments.storage.entries import SealedReport
    from exports.record.record import Record
    from exports.seal.pades import Seal


def redact(
    file: Annotated[Path, typer.Argument(help="A full report (PDF) or its record.json.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the copy as PDF and its record as JSON.")],
    language: Annotated[ReportLanguage, typer.Option(help="Of the copy.")] = ReportLanguage.BOTH,
    acting: Annotated[
        str, typer.Option("--as", help="Who registers the copy of a registered report; see `haetae user list`.")
    ] = "",
) -> None:
    """Leave out every marked value, of pages and attachment. Sealed where FILE is a report that was sealed here."""
    from exports.issuing import sealing
    from exports.printing import pdf
    from exports.record import attached, record, redaction
    from exports.seal import keys

    with errors_told(language.value):
        now, content = datetime.now(UTC), file.read_bytes()
        full = attached.read_file(content)
        questionnaires = record.questionnaires_of(full)
        is_own = content[:5] == b"%PDF-" and sealing.is_own(content, home(), now)
        made = redaction.redact(full, questionnaires, is_draft=not is_own)
        registered = _registered(content) if is_own else None
        actor = _actor(acting) if registered else None
        for path, where in redaction.also_at(full, questionnaires):
            complain(
                f"What is left out of {path} also stands in {where}, which is not marked. Mark it too if it must go."
            )
        if not made.is_draft:
            settle(home(), now, record.organisation(made))
            made = sealing.prepare(made, home(), now)
        pages, languages = pdf.render(made, pdf.REPORT_LANGUAGES[language]), pdf.REPORT_LANGUAGES[language]
        files = {f"{Path(made.file_name).stem}.json": made.canonical, made.file_name: pages}
        if not made.is_draft:
            sealed = sealing.seal(pages, made, home(), now)
            files |= {made.file_name: sealed.pdf, "certificate.pem": (home() / keys.CERTIFICATE_FILE).read_bytes()}
            if remark := sealing.remark(sealed):
                complain(remark.en)
            if registered and actor:
                _register(registered, sealed, made, languages, actor, now)
        write_all(out, files)
    marks = len(made.data["content"]["withheld"])
    complain(f"{out}: {', '.join(files)}; {marks} values of record {full.sha256} are left out.")
    if made.is_draft:
        complain(
            "The copy is a draft and not sealed: the file given is no report that this installation sealed and that is whole."
        )
    elif registered is None:
        complain("The copy is sealed. It is in no register, for the report that it was made from is in none.")


def _registered(content: bytes) -> SealedReport | None:
    """None: the report is not registered here, or there is no register."""
    from assessments.storage import database, reader

    if not database.current().is_there:
        return None
    with database.reading() as session:
        if not reader.has_register(session):
            return None
        return reader.find_sealed(session, hashlib.sha256(content).hexdigest())


def _actor(acting: str) -> Actor:
    if not acting:
        complain(
            "This report is registered here, and so is its copy. Say who registers it: --as ID; `haetae user list` shows who "
            "is there."
        )
        raise typer.Exit(Exit.INPUT)
    return _acting.acting(acting)


def _register(
    full: SealedReport, sealed: Seal, made: Record, languages: tuple[str, ...], actor: Actor, now: datetime
) -> None:
    from assessments import actions
    from assessments.storage import database

    with database.transaction() as session:
        actions.keep_report(
            session,
            full.assessment_id,
            sealed.pdf,
            made.sha256,
            actor,
            now,
            languages=languages,
            certificate_sha256=sealed.certificate,
            seal_level=sealed.level.value,
        )
