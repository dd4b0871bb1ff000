"""How answers stand to the revision before: new, changed, unchanged, to be confirmed; confirmed one by one or a section at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.rules import carrying
from assessments.rules.carrying import Mark
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import gaps, points
from questionnaires.load import Edition

AT_FIRST = 10
"""Places to be confirmed that the review names before the rest is folded."""


@dataclass(frozen=True)
class Taken:
    """What a revision took over from the one before."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    is_reassessment: bool = False
    """Whether what stands as before is to be confirmed."""


NOTHING_TAKEN = Taken()


def of(assessment: Assessment, actor: Actor) -> Taken:
    if assessment.revision == 1:
        return NOTHING_TAKEN
    with database.reading() as session:
        return Taken(viewing.marks(session, actor, assessment), viewing.is_reassessment(session, actor, assessment))


def open_places(assessment: Assessment, pinned: Mapping[str, Edition], taken: Taken) -> tuple[str, ...]:
    """What still has to be confirmed before it can be submitted."""
    if not taken.is_reassessment:
        return ()
    questionnaires = {name: edition.questionnaire for name, edition in pinned.items()}
    return carrying.to_confirm(taken.marks, questionnaires, assessment)


def tag(mark: Mark) -> Markup:
    text, kind = {
        Mark.NEW: (_("new"), "good"),
        Mark.CHANGED: (_("changed"), "cannot"),
        Mark.UNCHANGED: (_("unchanged"), "plain"),
        Mark.TO_CONFIRM: (_("to be confirmed"), "open"),
    }[mark]
    return markup.tag(text, kind)


def beside(
    where: str, taken: Taken, assessment: Assessment, actor: Actor, then: Callable[[], None] | None = None
) -> None:
    """At a question or a list: how it stands to the revision before, and where it is to be confirmed a button.

    then: as of a button of `pressing`.
    """
    mark = taken.marks.get(where)
    if mark is None or (mark is Mark.UNCHANGED and not taken.is_reassessment):
        return
    name = where.replace(".", "-")
    key = f"still-{assessment.id}-{assessment.revision}-{name}"
    with st.container(key=f"{key}-box", horizontal=True, vertical_alignment="center", gap="small"):
        text = markup.aside(_("Against the revision before:"))
        markup.show(markup.joined((text, " ", tag(mark))), width="content")
        if mark is Mark.TO_CONFIRM and _may_confirm(assessment, actor):
            pressing.button(_("It still holds"), key, _confirm, assessment.id, (where,), then=then)
        else:
            pressing.news(key)


def waiting_in(places: Iterable[str], taken: Taken) -> tuple[str, ...]:
    """Those of the places that are to be confirmed."""
    return tuple(where for where in places if taken.is_reassessment and taken.marks.get(where) is Mark.TO_CONFIRM)


def in_section(
    name: str,
    section: str,
    waiting: tuple[str, ...],
    taken: Taken,
    assessment: Assessment,
    actor: Actor,
    then: Callable[[], None] | None = None,
) -> None:
    """At the head of a section: all that is to be confirmed there, at once. then: as of a button of `pressing`."""
    if not taken.is_reassessment:
        return
    key = f"still-{assessment.id}-{assessment.revision}-all-{name}-{section}"
    with st.container(key=f"{key}-box", horizontal=True, vertical_alignment="center", gap="small"):
        if not waiting or not _may_confirm(assessment, actor):
            pressing.news(key)  # its button is gone, and only this part is drawn anew
            return
        count = len(waiting)
        text = shared.many(
            "{count} answer was taken over and is to be confirmed or changed.",
            "{count} answers were taken over and are to be confirmed or changed.",
            count,
        )
        markup.show(markup.quiet(text), width="content")
        label = shared.many("Confirm {count} answer of this section", "Confirm all {count} of this section", count)
        pressing.button(label, key, _confirm, assessment.id, waiting, then=then)


def listed(assessment: Assessment, pinned: Mapping[str, Edition], taken: Taken, actor: Actor) -> None:
    """On the review: how many of each, and what waits to be confirmed."""
    if not taken.marks or not assessment.status.is_editable:
        return
    counts = Counter(taken.marks.values())
    waiting = open_places(assessment, pinned, taken)
    counts[Mark.TO_CONFIRM] = len(waiting)
    tags = [markup.joined((tag(mark), f" {counts[mark]}")) for mark in Mark if counts[mark]]
    markup.show(markup.h2(_("Against the revision before"), id="carried") + markup.tags(*tags))
    if not waiting:
        if taken.is_reassessment:
            markup.show(markup.notice("good", _("All that was taken over is confirmed or changed.")))
        return
    text = _("What was taken over counts only once somebody has confirmed that it still holds.")
    markup.show(markup.paragraph(text))
    for where in waiting:
        if where in carrying.LISTS:
            _list_line(where, assessment, pinned, taken, actor)
    lines = [_link(where, assessment, pinned) for where in waiting if where not in carrying.LISTS]
    first, rest = markup.items(lines[:AT_FIRST]), lines[AT_FIRST:]
    if rest:
        first += markup.folded(_("{count} more", count=len(rest)), markup.items(rest))
    markup.show(markup.block(first, "h-places"))


def _list_line(where: str, assessment: Assessment, pinned: Mapping[str, Edition], taken: Taken, actor: Actor) -> None:
    """A list that is confirmed as a whole, with the way to it."""
    with st.container(key=f"line-{assessment.id}-{where}", gap=None):
        markup.show(markup.paragraph(_link(where, assessment, pinned)))
        beside(where, taken, assessment, actor)


def _link(where: str, assessment: Assessment, pinned: Mapping[str, Edition]) -> Markup:
    name, address = points.name_of(where, pinned), gaps.place_of(where, assessment, pinned)
    return markup.link(address, name) if address else markup.joined((name,))


def _may_confirm(assessment: Assessment, actor: Actor) -> bool:
    return assessment.status.is_editable and may(actor, "confirm")


def _confirm(assessment_id: int, places: Sequence[str]) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            count = actions.confirm(session, assessment_id, places, actor, shared.now())
        pressing.tell(shared.many("{count} thing confirmed", "{count} things confirmed", count))
