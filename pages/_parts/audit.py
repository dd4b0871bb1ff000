"""Verifying everything that was kept, for whoever may: the button, how far it is, what was compared and what is wrong."""

from __future__ import annotations

import streamlit as st

from assessments import viewing
from assessments.keeping import auditing
from assessments.keeping.auditing import Audit
from assessments.storage import database
from pages._frame import markup, shared
from pages._frame.shared import _

MOST_SHOWN = 50


def offer() -> None:
    """Of the whole installation, not of one assessment: the chain is one."""
    if not _may_audit():
        return
    text = _(
        "Verifies the whole installation: the chain of events, the checkpoints in sealed reports, evidence files, sealed "
        "reports and what was submitted. It takes about half a minute for a million events."
    )
    with st.expander(_("Verify everything that was kept"), icon=":material/fact_check:", key="audit"):
        markup.show(markup.quiet(text))
        if st.button(_("Verify now"), key="audit-go"):
            with shared.problems_shown():
                _show(_audited())


def _may_audit() -> bool:
    actor = shared.current_actor()
    with database.reading() as session:
        return viewing.may_audit(session, actor)


def _audited() -> Audit:
    from exports.record import attached

    progress = st.progress(0.0, _("Comparing …"))

    def tell(share: float) -> None:
        progress.progress(share, _("Comparing …"))

    with database.reading() as session:
        made = auditing.audit(session, attached.checkpoint_of, tell)
    progress.empty()
    return made


def _show(made: Audit) -> None:
    compared = _(
        "Compared: {events} events, {checkpoints} checkpoints, {evidence} evidence files, {reports} sealed reports, "
        "{revisions} submitted revisions. Values erased: {erased}.",
        events=f"{made.events:,}",
        checkpoints=f"{made.checkpoints:,}",
        evidence=f"{made.evidence:,}",
        reports=f"{made.reports:,}",
        revisions=f"{made.revisions:,}",
        erased=f"{made.erased:,}",
    )
    head = markup.NOTHING
    if made.head:
        checkpoint = _(
            "Checkpoint to note elsewhere: {number}, {at}", number=made.head.seq, at=shared.moment(made.head.at)
        )
        head = markup.paragraph(markup.lines((checkpoint, markup.code(made.head.hash))))
    more = markup.paragraph(compared) + head
    if made.is_intact:
        markup.show(markup.notice("good", _("Intact: everything is what was kept."), more))
        return
    language = shared.language()
    listed = markup.items(finding.sentence(language) for finding in made.findings[:MOST_SHOWN])
    left = len(made.findings) - MOST_SHOWN
    rest = markup.paragraph(_("And {count} more.", count=left)) if left > 0 else ""
    text = _(
        "Not intact. Keep database and files as they are and tell whoever runs this server: the newest backup that verifies "
        "is to be restored."
    )
    markup.show(markup.notice("bad", text, markup.joined((listed, rest, more))))
