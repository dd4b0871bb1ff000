"""What a decision log shows: at a glance, what would change it, the pictures each with its table, the rows."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.judging.measuring import seconds
from assessments.decision_log.kept_log import KeptLog
from assessments.derived import Findings, LogContribution, Reason
from assessments.model import Assessment, Finding
from assessments.rules import way_out
from assessments.rules.findings import CLAIM
from pages._frame import shared, translation
from pages._frame.shared import _, tag
from pages._log import charts, patterns, tables
from pages._parts import findings, questions
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire, Source

_ORDER = (Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED)


def show(assessment: Assessment, log: KeptLog, found: Findings, pinned: Mapping[str, Edition]) -> None:
    """Everything, the most pressing first."""
    questionnaire = pinned[CLAIM].questionnaire
    figures(assessment, log)
    if found.claim.whole is Finding.ABSENT:
        text = _("No claim is made in this assessment, so the log changes nothing in the determination.")
        st.html(shared.notice("note", text))
    glance(found, questionnaire)
    ways(assessment, found, pinned)
    pictures(assessment, log)
    rows(log)


def figures(assessment: Assessment, log: KeptLog) -> None:
    """File, period, and the numbers that are asked for first, the claimed ones beside the counted."""
    one, language = log.analysis, shared.language()
    source = one.source
    if source.is_made:
        text = _(
            "This log is made for demonstration. It shows nothing about any operator and supports nothing outside examples."
        )
        st.html(shared.notice("note", text))
    if log.withdrawn:
        day, why = translation.day(log.withdrawn.on, language), log.withdrawn.reason
        text = _(
            "This log was withdrawn on {day}: {reason} What it shows against the claim stays.", day=day, reason=why
        )
        st.html(shared.notice("note", text))
    used = _(
        "{used} of {total} ({share}%)",
        used=f"{source.used:,}",
        total=f"{source.total:,}",
        share=f"{100 * source.used_share:.2f}",
    )
    cells = [
        (_("period"), escape(f"{one.whole.first} – {one.whole.last}" if one.whole.first else "–")),
        (_("rows used"), escape(used)),
        (_("departures from the AI"), tables.share(one.whole.divergence)),
    ]
    if one.whole.times:
        median = one.whole.times.quantile(50)
        reach = f"{seconds(median.low)[language]} – {seconds(median.high)[language]}"
        shown = f'<b>{escape(seconds(median.seconds)[language])}</b> <span class="h-quiet">({escape(reach)})</span>'
        cells.append((_("median review time"), shown))
        claimed = read_claimed(assessment.answers(CLAIM))
        for title, minutes in ((_("claimed time"), claimed.minutes), (_("own minimum"), claimed.floor_minutes)):
            cells.append((title, escape(_("{minutes} min", minutes=minutes) if minutes else _("not stated"))))
    cells.append((_("without a person"), tables.share(one.automatic)))
    inner = "".join(
        f"<div><dt>{escape(name[:1].upper() + name[1:])}</dt><dd>{value}</dd></div>" for name, value in cells
    )
    size = f"{source.size / 1e6:.1f} MB" if source.size > 1e6 else f"{source.size / 1e3:.1f} kB"
    kept = _("The file itself is kept.") if log.is_raw_kept else _("The file itself is not kept.")
    st.html(
        f'<section><dl class="h-figures h-log">{inner}</dl><p class="h-quiet">{escape(source.name)} ({size}) · '
        f'SHA-256 <code title="{escape(source.sha256)}">{escape(source.sha256[:16])}…</code> · {escape(kept)}</p></section>'
    )


def glance(found: Findings, questionnaire: Questionnaire) -> None:
    """The parts that the log speaks about, by what it says of them."""
    st.html(f"<h2>{escape(_('What the log says, part by part'))}</h2>")
    language = shared.language()
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    ordered = sorted(found.log, key=lambda one: _ORDER.index(one.finding))
    st.html(
        '<div class="h-glance">'
        + "".join(_card(one, titles.get(one.part, one.part), questionnaire) for one in ordered)
        + "</div>"
    )


def _card(one: LogContribution, title: str, questionnaire: Questionnaire) -> str:
    kind = findings.FINDING_KINDS[one.finding]
    since = tag(_("since {day}", day=one.since), "bad") if one.since else ""
    return (
        f'<section class="h-card h-{kind}-edge"><h3>{escape(title)}</h3>'
        f'<p class="h-tags">{findings.finding_tag(one.finding)}{since}</p>'
        f"{_reasons(one.reasons, questionnaire)}</section>"
    )


def _reasons(reasons: tuple[Reason, ...], questionnaire: Questionnaire) -> str:
    sources, language = questionnaire.sources, shared.language()
    rows = "".join(f"<li>{_reasoned(one, sources.get(one.source), language)}</li>" for one in reasons)
    return f'<ul class="h-reasons">{rows}</ul>' if rows else ""


def _reasoned(one: Reason, source: Source | None, language: str) -> str:
    return questions.reasoned(one.text, source, language) if source else escape(one.text[language])


def ways(assessment: Assessment, found: Findings, pinned: Mapping[str, Edition]) -> None:
    """For each part that is not supported what is needed, and the determination then."""
    language = shared.language()
    out = way_out.of(found, {name: one.questionnaire for name, one in pinned.items()}, assessment)
    if out is None:
        return
    questionnaire = pinned[CLAIM].questionnaire
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    table = tables.table(
        (findings.word("part"), findings.word("finding"), _("what is needed")),
        [
            (
                escape(titles.get(step.part, step.part)),
                findings.finding_tag(step.finding),
                _reasons(step.to_do, questionnaire),
            )
            for step in out.steps
        ],
    )
    then = findings.outcome_tags(out.determination_then)
    text = _("If all of it were done, the claim would be supported and the determination would be:")
    st.html(f"<h2>{escape(_('What would change it'))}</h2><p>{escape(text)} {then}</p>")
    count = sum(len(step.to_do) for step in out.steps)
    with st.expander(shared.many("{count} thing is needed", "{count} things are needed", count), key="log-ways"):
        st.html(table)


def pictures(assessment: Assessment, log: KeptLog) -> None:
    """Each picture with its table below it, folded."""
    one, claimed = log.analysis, read_claimed(assessment.answers(CLAIM))
    st.html(f"<h2>{escape(_('Figures'))}</h2>")
    _picture(
        "divergence",
        _("Departures from the AI over time"),
        charts.divergence(one, log.triggers),
        tables.months(one),
    )
    _picture(
        "times",
        _("Review time: share of decisions that took less"),
        charts.review_times(one, claimed.minutes, claimed.floor_minutes),
        tables.times(one, claimed.floor_minutes),
    )
    _picture("funnel", _("Reviewers: departures against number of cases"), charts.funnel(one), tables.people(one))
    _picture("flow", _("From AI output to final decision"), charts.flow(one), tables.flows(one))
    for disparity in one.disparities:
        title = _("Favourable outcomes by {group}", group=one.source.columns.get(disparity.group, disparity.group))
        name = f"selection-{disparity.group}"
        _picture(name, title, charts.selection(disparity), tables.selection(disparity))
    if not one.favourable:
        text = _("Selection rates need to know which outcomes are good for the person; name them when the log is read.")
        st.html(shared.notice("note", text))
    with st.expander(_("More tables"), key="log-more"):
        _more(log)


def _picture(name: str, title: str, figure: object, table: str) -> None:
    if figure is None:
        return
    with st.container(key=f"log-{name}", gap="small"):
        st.html(f"<h3>{escape(title)}</h3>")
        charts.show(figure, key=f"chart-{name}")
        with st.expander(_("The same figures as a table"), key=f"log-{name}-table"):
            st.html(table)


def _more(log: KeptLog) -> None:
    one = log.analysis
    heads = {"output": _("AI output"), "stage": _("stage")}
    for table in one.breakdowns:
        if table.by != "month":
            group = table.by.removeprefix("group:")
            head = heads.get(table.by) or one.source.columns.get(group, group)
            st.html(f"<h4>{escape(head)}</h4>{tables.rates(table, head)}")
    if one.reasons:
        rows = [
            (escape(name), tables.share(rate))
            for name, rate in (
                (_("without a reason"), one.reasons.empty),
                (_("without a reason, where people depart"), one.reasons.empty_departing),
                (_("without a reason, where people follow"), one.reasons.empty_following),
                (_("most common reason, of those given"), one.reasons.most_common),
            )
        ]
        st.html(f"<h4>{escape(_('Reasons'))}</h4>{tables.table((_('figure'), _('share')), rows)}")
    if one.workload:
        load = one.workload
        text = _(
            "{mean} cases per reviewer and day on average, {most} at most ({days} days of work).",
            mean=f"{load.mean:.1f}",
            most=f"{load.cases(100):,}",
            days=f"{load.reviewer_days:,}",
        )
        st.html(f"<h4>{escape(_('Load'))}</h4><p>{escape(text)}</p>")

    patterns.show(one)


def rows(log: KeptLog) -> None:
    """How the file was read and which rows are not counted."""
    source = log.analysis.source
    st.html(f"<h2>{escape(_('Rows and columns'))}</h2>")
    label = shared.many("{count} row is not counted", "{count} rows are not counted", source.set_aside)
    with st.expander(label, key="log-bad"):
        st.html(tables.bad_rows(log.analysis))
    with st.expander(_("Which column was taken for what"), key="log-columns"):
        st.html(tables.columns(log.analysis))
