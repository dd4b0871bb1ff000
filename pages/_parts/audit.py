"""Verifying everything that was kept, for whoever may: the button, how far it is, what was compared and what is wrong."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.keeping import auditing
from assessments.keeping.auditing import Audit
from assessments.model import Actor
from assessments.storage import database
from pages._frame import shared
from pages._frame.shared import _

MOST_SHOWN = 50


def offer(actor: Actor) -> None:
    """Of the whole installation, not of one assessment: the chain is one."""
    if not auditing.may_audit(actor):
        return
    text = _(
        "Verifies the whole installation: the chain of events, the checkpoints in sealed reports, evidence files, sealed "
        "reports and what was submitted. It takes about half a minute for a million events."
    )
    with st.expander(_("Verify everything that was kept"), icon=":material/fact_check:", key="audit"):
        st.html(f'<p class="h-quiet">{escape(text)}</p>')
        if st.button(_("Verify now"), key="audit-go"):
            with shared.problems_shown():
                _show(_audited())


def _audited() -> Audit:
    from exports.record import attached

    progress = st.progress(0.0, _("Comparing …"))
    with database.reading() as session:
        made = auditing.audit(session, attached.checkpoint_of, lambda share: progress.progress(share, _("Comparing …")))
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
    head = ""
    if made.head:
        told = _("Checkpoint to note elsewhere: {number}, {at}", number=made.head.seq, at=shared.moment(made.head.at))
        head = f"<p>{escape(told)}<br><code>{escape(made.head.hash)}</code></p>"
    more = f"<p>{escape(compared)}</p>{head}"
    if made.is_intact:
        st.html(shared.notice("good", _("Intact: everything is what was kept."), more))
        return
    language = shared.language()
    rows = "".join(f"<li>{escape(one.sentence(language))}</li>" for one in made.findings[:MOST_SHOWN])
    left = len(made.findings) - MOST_SHOWN
    rest = f"<p>{escape(_('And {number} more.', number=left))}</p>" if left > 0 else ""
    text = _(
        "Not intact. Keep database and files as they are and tell whoever runs this server: the newest backup that verifies "
        "is to be restored."
    )
    st.html(shared.notice("bad", text, f"<ul>{rows}</ul>{rest}{more}"))
