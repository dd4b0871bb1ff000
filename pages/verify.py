"""Whether a sealed report can be relied on: upload it, read the facts and the verdict that follows from them."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments import register
from assessments.home import home
from exports import sealing
from exports.facts import State, Verdict
from exports.verify import verify
from pages import _frame, _shared
from pages._shared import _

VERDICT_KINDS = {Verdict.PASSED: "good", Verdict.INDETERMINATE: "cannot", Verdict.FAILED: "bad"}
STATES = {State.OK: ("✓", "good"), State.BAD: ("✕", "bad"), State.OPEN: ("?", "cannot"), State.NOTE: ("i", "plain")}


actor = _shared.current_actor()
language = _shared.language()
_frame.heading(
    _frame.title_of("verify", language),
    _("Everything is examined on this computer; nothing is sent anywhere and nothing is kept."),
)
with st.form("verify"):
    file = st.file_uploader(_("The report (PDF)"), type=["pdf"], key="verify-file")
    whose = {
        "none": _("No certificate: the seal is examined, but nobody vouches for whose it is"),
        "own": _("The certificates of this installation, present and former"),
        "given": _("A certificate that I got from the organisation"),
    }
    trust = st.radio(
        _("Compare the seal with"), list(whose), index=1, format_func=whose.__getitem__, key="verify-trust"
    )
    given = st.file_uploader(_("That certificate (PEM or DER), if you got one"), key="verify-certificate")
    asked = st.form_submit_button(_("Verify"), type="primary", key="verify-go")

if asked and file is None:
    st.html(_shared.notice("bad", _("Choose a file first.")))
elif asked and trust == "given" and given is None:
    st.html(_shared.notice("bad", _("Choose the certificate first.")))
elif asked:
    with _shared.problems_shown(), st.spinner(_("The report is examined …")):
        is_own = trust == "own"
        trusted = {"none": [], "own": sealing.known_certificates(home()) if is_own else []}.get(trust)
        stampers = sealing.known_stampers(home()) if is_own else []
        try:
            found = verify(
                file.getvalue(),
                [given.getvalue()] if trusted is None else trusted,
                at=_shared.now(),
                register=register.look_up if is_own else None,
                stampers=stampers,
            )
        except ValueError:
            found = None
    if found is None:
        st.html(_shared.notice("bad", _("The second file holds no certificate.")))
    else:
        kind = VERDICT_KINDS[found.verdict]
        st.html(
            f'<section class="h-card h-{kind}-edge" role="status"><p class="h-tags">'
            f"{_shared.tag(found.verdict.text[language], kind)}</p>"
            f'<p class="h-quiet">SHA-256 <code>{escape(found.file_sha256)}</code></p></section>'
        )
        rows = "".join(
            f'<li class="h-fact h-{STATES[one.state][1]}"><span class="h-sign" aria-hidden="true">{STATES[one.state][0]}</span>'
            f"<span>{escape(one.text[language])}</span></li>"
            for one in found.facts
        )
        st.html(f'<ul class="h-facts">{rows}</ul>')
