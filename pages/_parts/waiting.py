"""What waits for somebody besides the next step of an assessment: sections given to them, and comments that name them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments import actions
from assessments.storage.entries import MentionEntry
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import lists

_EXCERPT = 160


def mentions(entries: Sequence[MentionEntry]) -> None:
    """Each leads to its comment; it is gone once it was answered, or looked at."""
    for entry in entries:
        with st.container(
            key=f"row-mention-{entry.seq}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            address = shared.address("comments", f"comment-{entry.seq}", assessment=entry.assessment_id, at=entry.place)
            who = entry.by.name if entry.by else _("erased")
            link = markup.link(address, _("{name} names you in a comment", name=who))
            words = entry.text or _("The words were erased.")
            text = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"
            facts = (
                lists.name_of(entry.system, shared.language()),
                _("Assessment {number}", number=entry.assessment_id),
                shared.moment(entry.at),
            )
            row = markup.paragraph(link, "h-row-name") + markup.free_text(text) + markup.quiet(" · ".join(facts))
            markup.show(markup.block(row, "h-row"))
            pressing.button(_("Seen"), f"mention-{entry.seq}-seen", _see, entry.assessment_id, entry.seq)


def _see(assessment_id: int, number: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.see_mention(session, assessment_id, number, actor, shared.now())
        pressing.tell(_("Marked as seen."))
