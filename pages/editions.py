"""What another edition of a questionnaire would change in all assessments that somebody may read. Nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from assessments import viewing
from assessments.model import Level, Outcome
from assessments.rescoring import IN_FORCE, OPEN, Rescored, Run
from assessments.rescoring_process import Row
from jobs import rescoring
from pages._frame import database, enum_names, frame, markup, pressing, screens, shared
from pages._frame.shared import _, many
from pages._parts import edition_charts
from pages._parts import lists as _lists
from questionnaires import load, wording
from questionnaires.load import Edition

PER_PAGE = 25
_RUN, _OF, _PAGE = "edition-run", "edition-run-of", "from"
_CONTESTED = "+contested"

actor = shared.acting()
language = shared.language()


def _title(edition: Edition) -> str:
    from_day = wording.day(edition.questionnaire.in_force_from, language)
    title = f"{edition.questionnaire.title[language]} {edition.version}"
    if edition.released_on is None:
        return _("{edition}, in force from {day}, draft edition", edition=title, day=from_day)
    released = wording.day(edition.released_on, language)
    return _("{edition}, in force from {day}, released on {released}", edition=title, day=from_day, released=released)


def _chosen(editions: Mapping[str, Edition]) -> tuple[Edition | None, bool]:
    """The edition to try, and whether what is signed off is tried, too; both stand in the address."""
    named = st.query_params.get("edition", "")
    names = [*editions]
    with st.container(key="edition-choice"):
        name = st.selectbox(
            _("Edition to try"),
            names,
            index=names.index(named) if named in editions else None,
            format_func=lambda key: _title(editions[key]),
            placeholder=_("Choose"),
            key="edition-name",
        )
        words = {"open": _("open ones: drafts, returned, submitted"), "all": _("also decided and signed off")}
        scope = st.selectbox(
            _("Assessments to try it on"),
            [*words],
            index=1 if st.query_params.get("scope") == "all" else 0,
            format_func=words.__getitem__,
            key="edition-scope",
        )
    if name is None:
        return None, False
    st.query_params["edition"], st.query_params["scope"] = name, str(scope)
    return editions[name], scope == "all"


def _run() -> Run | rescoring.RunElsewhere | None:
    run: Run | rescoring.RunElsewhere | None = st.session_state.get(_RUN)
    return run


def _begin(edition: Edition, *of: object) -> None:
    with pressing.problems_kept():
        person = shared.current_actor()
        with database.reading() as session:
            units = viewing.readable_units(session, person)
        before = _run()
        if before is not None:
            before.stop()
        run = rescoring.begin([(edition.id, edition.version)], (*OPEN, *IN_FORCE) if "all" in of else OPEN, units)
        st.session_state[_RUN], st.session_state[_OF] = run, of
        st.query_params.pop(_PAGE, None)


def _stop() -> None:
    run = _run()
    if run is not None:
        run.stop()


@st.fragment(run_every=0.5)
def _progress() -> None:
    """Until it is done; then the screen is drawn anew."""
    run = _run()
    if run is None or not run.is_running:
        st.rerun()
        return
    st.progress(run.share, text=_("Trying it on every assessment: {share}", share=wording.share(round(run.share, 2))))
    st.button(_("Stop"), key="edition-stop", on_click=_stop)


def _outcome(key: str) -> str:
    outcome = enum_names.outcome(key.removesuffix(_CONTESTED), language)
    return f"{outcome} ({_('contested')})" if key.endswith(_CONTESTED) else outcome


def _short(key: str) -> str:
    """An outcome in the few words that fit beside a picture."""
    names = {
        Outcome.HIGH_IMPACT: _("high-impact"),
        Outcome.NOT_HIGH_IMPACT: _("not high-impact"),
        Outcome.CANNOT_DETERMINE: _("cannot determine"),
    }
    name = names[Outcome(key.removesuffix(_CONTESTED))]
    return f"{name} ({_('contested')})" if key.endswith(_CONTESTED) else name


def _level(key: str) -> str:
    return enum_names.level(key, language)


def _result(result: Rescored, edition: Edition) -> None:
    changed = len(result.rows)
    if not result.counted:
        markup.show(markup.empty(_("None of these assessments asks this questionnaire.")))
        return
    sentence = many(
        "{changed} of {count} assessment would change with this edition.",
        "{changed} of {count} assessments would change with this edition.",
        result.counted,
        changed=f"{changed:,}",
    )
    markup.show(markup.notice("note", sentence))
    if result.apart:
        text = many(
            "{count} assessment is left out: the questionnaires that it pins are gone or were changed.",
            "{count} assessments are left out: the questionnaires that they pin are gone or were changed.",
            result.apart,
        )
        markup.show(markup.notice("bad", text))
    _moves(_("Risk level, before and after"), result.levels, [level.value for level in Level], "levels")
    outcomes = [key for outcome in Outcome for key in (outcome.value, outcome.value + _CONTESTED)]
    _moves(_("Determination, before and after"), result.outcomes, outcomes, "outcomes")
    if changed:
        _rows(result.rows)


def _moves(title: str, counts: Counter[tuple[str, str]], order: Sequence[str], key: str) -> None:
    """Before × after, as a picture and as a table; a sentence where the edition cannot change it."""
    word = _level if key == "levels" else _outcome
    markup.show(markup.h2(title))
    if not counts:
        markup.show(markup.quiet(_("This edition changes nothing that it follows from.")))
        return
    present = [value for value in order if any(value in pair for pair in counts)]
    titles = {value: word(value) for value in present}
    short = {value: _level(value) if key == "levels" else _short(value) for value in present}
    edition_charts.moves(list(short.items()), counts, f"edition-{key}")
    rows = [
        (
            titles[before],
            *(f"{counts[before, after]:,}" if counts[before, after] else "–" for after in present),
            f"{sum(counts[before, after] for after in present):,}",
        )
        for before in present
    ]
    sums = [f"{sum(counts[before, after] for before in present):,}" for after in present]
    rows.append((_("All"), *sums, f"{counts.total():,}"))
    heads = (_("Before, after"), *(titles[after] for after in present), _("All"))
    markup.show(markup.table(heads, rows, kind="h-counts"))


def _rows(rows: Sequence[Row]) -> None:
    """A page of those that change, as far as they may still be read."""
    markup.show(
        markup.h2(markup.joined((_("Assessments that would change"), " ", markup.span(f"{len(rows):,}", "h-count"))))
    )
    begin = min(shared.whole(st.query_params.get(_PAGE, "")), max(0, len(rows) - 1))
    page = rows[begin : begin + PER_PAGE]
    with database.reading() as session:
        summaries = {
            entry.id: entry for entry in viewing.summaries(session, actor, [row.assessment_id for row in page])
        }
    lines = []
    for row in page:
        summary = summaries.get(row.assessment_id)
        if summary is None:
            continue
        name = _lists.name_of(summary.system, language)
        link = markup.link(shared.address("review", assessment=row.assessment_id), name)
        facts = " · ".join((summary.operator_name, _("assessment {number}", number=row.assessment_id)))
        lines.append(
            (markup.lines((link, markup.aside(facts))), markup.lines(_changes(row)), frame.status_tag(summary.status))
        )
    markup.show(markup.table((_("System"), _("What would change"), _("Status")), lines))
    _pages(begin, len(page), len(rows))


def _changes(row: Row) -> list[str]:
    texts = []
    if row.outcome and row.contested:
        before, after = (
            _outcome(outcome + _CONTESTED if contested else outcome)
            for outcome, contested in zip(row.outcome, row.contested, strict=True)
        )
        texts += [f"{before} → {after}"] if before != after else []
    if row.level and row.level[0] != row.level[1]:
        levels = " → ".join(map(_level, row.level))
        texts.append(_("Level: {levels}", levels=levels))
    for text, count in (
        (_("duties found otherwise: {count}", count=row.duties), row.duties),
        (_("new questions: {count}", count=row.new_questions), row.new_questions),
        (_("answered questions no longer asked: {count}", count=row.dropped_questions), row.dropped_questions),
        (_("answers no longer offered: {count}", count=row.lost_answers), row.lost_answers),
    ):
        texts += [text] if count else []
    return texts


def _pages(begin: int, shown: int, total: int) -> None:
    if total <= PER_PAGE:
        return
    text = _("{first}–{last} of {total}", first=f"{begin + 1:,}", last=f"{begin + shown:,}", total=f"{total:,}")
    number = st.selectbox(
        _("Page"),
        list(range(-(-total // PER_PAGE))),
        index=begin // PER_PAGE,
        format_func=lambda page: f"{page + 1:,}",
        key="edition-page",
        width=168,
    )
    markup.show(markup.quiet(text))
    if number is not None and number != begin // PER_PAGE:
        st.query_params[_PAGE] = str(number * PER_PAGE)
        st.rerun()


frame.heading(screens.title_of("editions", language))
pressing.at_top()
lead = _(
    "An edition is tried on the newest revision of every assessment that you may read: which outcomes, levels and questions would "
    "be otherwise. Nothing is stored, and no assessment takes another edition by it."
)
markup.show(markup.paragraph(lead))
with shared.problems_shown():
    listed = {f"{edition.id}-{edition.version}": edition for edition in load.editions(load.FOLDER)}
    tried, with_signed = _chosen(listed)
    if tried is not None:
        of = (tried.id, tried.version, tried.sha256, "all" if with_signed else "open")
        run = _run() if st.session_state.get(_OF) == of else None
        if run is not None and run.is_running:
            _progress()
        else:
            st.button(_("Try it"), key="edition-try", on_click=_begin, args=(tried, *of), type="primary")
        if run is not None and run.problem is not None:
            markup.show(markup.notice("bad", run.problem[language]))
        elif run is not None and run.result is not None:
            _result(run.result, tried)
        elif run is not None and run.is_stopped:
            markup.show(markup.notice("note", _("It was stopped. Nothing was changed.")))
