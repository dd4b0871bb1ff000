"""A random sample of the decisions of a quarter, which anybody can draw again by its seed; its address names it whole."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from assessments import viewing
from assessments.viewing import Quarter, Sample
from pages._frame import database, enum_names, frame, markup, screens, shared
from pages._frame.shared import _, many
from pages._parts import choosing, lists
from pages._parts.choosing import Filter
from pages._server import portfolio_tables
from questionnaires.wording import seoul_day

SIZES = ("10", "25", "50", "100")
USUAL_SIZE = "25"
MOST_OF_SEED = 60

actor = shared.acting()
language = shared.language()
frame.heading(
    screens.title_of("sample", language),
    _("Decisions of a quarter, drawn at random from all that you may read, whatever became of them later."),
)


def _show(sample: Sample) -> None:
    count = markup.span(f"{len(sample.drawn):,}", "h-count")
    markup.show(markup.h2(markup.joined((_("Drawn"), " ", count))))
    of = many(
        "Of {count} decision in this quarter, in the order in which they were drawn.",
        "Of {count} decisions in this quarter, in the order in which they were drawn.",
        sample.total,
    )
    markup.show(markup.paragraph(of))
    if not sample.drawn:
        markup.show(markup.empty(_("Nothing was decided in this quarter.")))
        return
    rows = [
        (
            markup.link(
                shared.address("revisions", assessment=entry.assessment, read=entry.revision),
                lists.name_of(entry.system, language),
            ),
            _("{number}, revision {revision}", number=entry.assessment, revision=entry.revision),
            enum_names.ruling(entry.ruling, language),
            shared.moment(entry.decided_at),
            entry.decided_by or _("erased"),
            enum_names.status(entry.status, language),
        )
        for entry in sample.drawn
    ]
    head = (_("System"), _("Assessment"), _("Decision"), _("Decided on"), _("Decided by"), _("Status"))
    markup.show(markup.table(head, rows))


with shared.problems_shown():
    quarters = portfolio_tables.titles("decided", language, seoul_day(shared.now()))
    sizes = {size: size for size in SIZES if size != USUAL_SIZE}
    filters = {
        "period": Filter(_("Quarter"), quarters, _("Choose")),
        "size": Filter(_("How many"), sizes, USUAL_SIZE),
    }
    values = choosing.chosen("sample", filters)
    seed = st.text_input(_("Seed"), key="seed", max_chars=MOST_OF_SEED, bind="query-params").strip()
    markup.show(
        markup.quiet(
            _(
                "Any word or number, such as one that you roll once the quarter is over: nobody can foresee what is drawn. Whoever "
                "reads the same units draws the same with it."
            )
        )
    )
    quarter = Quarter.read(values["period"])
    if quarter is None or not seed:
        markup.show(markup.empty(_("Choose a quarter and state a seed.")))
    else:
        last = quarter.after.begins - timedelta(days=1)
        with database.reading() as session:
            sample = viewing.sample(session, actor, quarter.begins, last, seed, int(values["size"] or USUAL_SIZE))
        _show(sample)
        how = _(
            "Each decision is given the SHA-256 of the seed, the number of its assessment and its revision, in UTF-8 with colons "
            "between them, here {text}. Those with the smallest values are drawn, in that order.",
            text=f"{seed}:12:1",
        )
        markup.show(markup.folded(_("How it is drawn"), markup.paragraph(how)))
