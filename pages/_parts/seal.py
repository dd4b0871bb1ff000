"""The decision as it stands, sealing the report after the sign-off, and the register of sealed report."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from assessments import viewing
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.storage.entries import SealedReport
from exports.printing import pdf
from pages._frame import database, enum_names, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import conditions, confirming, findings
from pages._server import reports as report
from questionnaires.schema import Text

RULING_KINDS = {"approved": "good", "approved_with_conditions": "cannot", "rejected": "bad"}


def decision(assessment: Assessment) -> None:
    """Who ruled what and why, and who signed it off."""
    ruling, word, language = assessment.decision, findings.word, shared.language()
    if ruling is None:
        return
    rows = [
        (word("ruling"), markup.tag(enum_names.ruling(ruling.ruling, language), RULING_KINDS[ruling.ruling])),
        (word("decision_reason"), markup.free_text(ruling.reason)),
        (
            word("conditions"),
            conditions.listed(ruling.conditions) if ruling.conditions else "",
        ),
        (word("authors"), "; ".join(author.with_position for author in assessment.authors)),
        (word("decided_by"), f"{ruling.by.with_position} · {shared.moment(ruling.at)}"),
    ]
    if ruling and assessment.committee and assessment.committee.quorum == 1 and not assessment.votes:
        rows.append((word("committee"), word("committee_of_one")))
    if assessment.sign_off:
        rows.append(
            (word("signed_off_by"), f"{assessment.sign_off.by.with_position} · {shared.moment(assessment.sign_off.at)}")
        )
    if assessment.sign_off and assessment.sign_off.statements:
        lines = [word(f"statement_{statement}") for statement in assessment.sign_off.statements]
        rows.append((word("statements"), markup.items(lines)))
    definitions = markup.definitions(((name, value) for name, value in rows if value), "h-answers h-tight")
    markup.show(markup.h2(word("s_decision"), "decision") + definitions)


def seal_where_due(assessment: Assessment, actor: Actor) -> None:
    """Seals right after the sign-off, or when asked; says what happens while it does."""
    with database.reading() as session:
        known = viewing.sealed_reports(session, actor, assessment.id or 0)
    is_sealed = any(
        sealed_report.revision == assessment.revision and sealed_report.redacts is None for sealed_report in known
    )
    due = f"seal-{assessment.id}-{assessment.revision}"
    language = pressing.remembered(f"{due}-now")
    if is_sealed or not may(actor, "keep_report") or not can_seal(actor):
        if language and is_sealed:  # by the first of two presses
            pressing.remember(f"{due}-now", None)
            pressing.tell(_("The report is sealed and registered."))
        return
    if language is not None:
        is_sealed = _seal(lambda tell: report.seal(assessment.id or 0, actor, languages_of(language), tell))
        pressing.remember(f"{due}-now", None)  # only now: whoever presses twice interrupts this, and it begins anew
    if not is_sealed:
        markup.show(markup.notice("note", _("The report of this revision is not sealed yet.")))
        language_choice(f"{due}-language")
        pressing.button(_("Seal the report"), due, want_seal, due, f"{due}-language", type="primary")


def want_seal(due: str, choice: str) -> None:
    """The report is sealed as soon as the screen is drawn. due: which; choice: key of its languages."""
    if not confirming.is_asked_first():
        language = st.session_state.get(choice, pdf.DEFAULT_LANGUAGE)
        pressing.remember(f"{due}-now", language, lasts=True)  # who leaves meanwhile finds it going on


def redacted_where_asked(assessment: Assessment, actor: Actor) -> None:
    """Offers the redacted copy of the sealed report, where values are marked and there is none yet."""
    with database.reading() as session:
        known = [
            sealed_report
            for sealed_report in viewing.sealed_reports(session, actor, assessment.id or 0)
            if sealed_report.revision == assessment.revision
        ]
    is_due = any(sealed_report.redacts is None for sealed_report in known) and not any(
        sealed_report.redacts for sealed_report in known
    )
    if not (assessment.withheld and is_due and may(actor, "keep_report") and can_seal(actor)):
        return
    due = f"redact-{assessment.id}-{assessment.revision}"
    language = pressing.remembered(f"{due}-now")
    if language is not None:
        is_made = _seal(lambda tell: report.seal_redacted(assessment.id or 0, actor, languages_of(language), tell))
        pressing.remember(f"{due}-now", None)
        if is_made:
            return
    text = _("For those who may not see everything: the same report without the values that are marked.")
    markup.show(markup.quiet(text))
    language_choice(f"{due}-language")
    pressing.button(_("Make the redacted copy"), due, want_seal, due, f"{due}-language")


def language_choice(key: str) -> str:
    """One of pdf.REPORT_LANGUAGES for a report, as its reader chooses."""
    labels = {
        "ko": _("Korean"),
        "en": _("English"),
        "both": _("Korean and English, the language of this screen first"),
    }
    choices = list(pdf.REPORT_LANGUAGES)
    return st.radio(
        _("Language of the report"),
        choices,
        index=choices.index(pdf.DEFAULT_LANGUAGE),
        format_func=labels.__getitem__,
        key=key,
        horizontal=True,
    )


def languages_of(choice: str) -> tuple[str, ...]:
    """Of both, that of the screen leads."""
    return pdf.languages(choice, shared.language())


def can_seal(actor: Actor) -> bool:
    """Says what there is to say about the dates of the sealing certificate. False: it cannot seal today."""
    standing = report.key_standing(actor)
    if standing and standing.warning:
        markup.show(markup.notice("bad", standing.warning[shared.language()]))
    return standing is None or standing.can_seal


def _seal(work: Callable[[Callable[[str], None]], Text | None]) -> bool:
    """Seal the report, showing progress and notes. False: it could not be sealed, and why stands on the screen."""
    afar = st.toast(_("Making the report …"), duration="infinite")

    def tell(text: str) -> None:
        markup.show(markup.paragraph(text))
        afar.toast(text, duration="infinite")

    with st.status(_("Making the report …"), expanded=True) as progress, shared.problems_shown():
        remark = work(tell)
        if remark:
            markup.show(markup.notice("note", remark[shared.language()]))
        label = _("The report is sealed and registered.")
        progress.update(label=label, state="complete", expanded=remark is not None)
        afar.toast(label)
        return True
    label = _("The report could not be sealed.")
    progress.update(label=label, state="error")
    afar.toast(label, duration="long")
    return False


def reports(assessment: Assessment, actor: Actor) -> None:
    """Sealed reports of all revisions, with what is needed to verify them."""
    with database.reading() as session:
        known = viewing.sealed_reports(session, actor, assessment.id or 0)
    if not known:
        return
    rows = [
        (
            _link(assessment, sealed_report),
            f"{sealed_report.by.name} · {shared.moment(sealed_report.at)}",
            markup.code(sealed_report.file_sha256),
            other_forms(assessment, sealed_report),
        )
        for sealed_report in known
    ]
    heads = (findings.word("document"), _("Sealed by"), "SHA-256", _("Other forms of it"))
    markup.show(markup.h2(_("Sealed reports")) + markup.table(heads, rows) + _to_verify_with(assessment))


def _to_verify_with(assessment: Assessment) -> Markup:
    """The certificate, its fingerprint, and how to pass it on to verifiers."""
    link = markup.link(f"/files/report/{assessment.id}/certificate.pem", _("Certificate to verify with"))
    fingerprint = report.fingerprint()
    digest = markup.joined((" · SHA-256 ", markup.code(fingerprint))) if fingerprint else ""
    note = _("Give certificate and fingerprint to whoever verifies, by another way than the report.")
    return markup.paragraph(markup.joined((link, digest))) + markup.quiet(note)


def other_forms(assessment: Assessment, sealed: SealedReport | None = None) -> Markup:
    """The record in the forms that other programs read; of a sealed report, the very one that was sealed."""
    below, which = f"/files/report/{assessment.id}", f"?{_which(sealed)}" if sealed else ""
    forms = [(_("JSON (record)"), "record.json"), (_("Workbook (XLSX)"), "as/xlsx"), (_("Markdown"), "as/markdown")]
    if sealed:
        forms.append((_("Archive copy (PDF/A-1b)"), "archive.pdf"))
    links = markup.joined((markup.link(f"{below}/{path}{which}", name) for name, path in forms), " · ")
    return links if sealed else markup.paragraph(markup.joined((_("The same record as:"), " ", links)))


def _which(sealed_report: SealedReport) -> str:
    """The part of an address that names a sealed report."""
    return f"revision={sealed_report.revision}&file={sealed_report.id}" + (
        "&copy=redacted" if sealed_report.redacts else ""
    )


def _link(assessment: Assessment, sealed_report: SealedReport) -> Markup:
    address = f"/files/report/{assessment.id}/sealed.pdf?{_which(sealed_report)}"
    if sealed_report.redacts:
        label = _("Redacted copy of revision {number}", number=sealed_report.revision)
    else:
        label = _("Sealed report of revision {number}", number=sealed_report.revision)
    return markup.link(address, label)
