"""What a decision log shows: at a glance, what would change it, the pictures each with its table, the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

from assessments.decision_log.judging.claimed import Claimed, read_claimed
from assessments.decision_log.kept_log import KeptLog
from assessments.derived import Findings, LogContribution, Reason
from assessments.model import Assessment, Finding
from assessments.rules import way_out
from assessments.rules.findings import CLAIM
from exports.report.log_pictures import TITLES, Pictures, group_name, marks, shown_disparities
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._log import charts, patterns, tables
from pages._parts import findings, questions
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire, Source
from questionnaires.wording import duration

_ORDER = (Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED)


def show(assessment: Assessment, log: KeptLog, results: Findings, pinned: Mapping[str, Edition]) -> None:
    """Everything, the most pressing first."""
    questionnaire = pinned[CLAIM].questionnaire
    figures(assessment, log)
    if results.claim.whole is Finding.ABSENT:
        text = _("No claim is made in this assessment, so the log changes nothing in the determination.")
        markup.show(markup.notice("note", text))
    glance(results, questionnaire)
    ways(assessment, results, pinned)
    pictures(assessment, log)
    rows(log)


def figures(assessment: Assessment, log: KeptLog) -> None:
    """File, period, and the numbers that are asked for first, the claimed ones beside the counted."""
    analysis, language = log.analysis, shared.language()
    source = analysis.source
    if source.is_made:
        text = _(
            "This log is made for demonstration. It shows nothing about any operator and supports nothing outside examples."
        )
        markup.show(markup.notice("note", text))
    if log.withdrawn:
        day, why = wording.day(log.withdrawn.on, language), log.withdrawn.reason
        text = _(
            "This log was withdrawn on {day}: {reason} What it shows against the claim stays.", day=day, reason=why
        )
        markup.show(markup.notice("note", text))
    used = _(
        "{used} of {total} ({share})",
        used=f"{source.used:,}",
        total=f"{source.total:,}",
        share=wording.share(source.used_share),
    )
    cells = [
        (_("period"), wording.period(analysis.whole.first, analysis.whole.last, language) or "–"),
        (_("rows used"), used),
        (_("departures from the AI"), tables.share(analysis.whole.divergence)),
    ]
    if analysis.whole.times:
        median = analysis.whole.times.quantile(50)
        reach = wording.duration_between(median.low, median.high)[language]
        shown = markup.measured(duration(median.seconds)[language], reach)
        cells.append((_("median review time"), shown))
        claimed = read_claimed(assessment.answers(CLAIM))
        for title, minutes in ((_("claimed time"), claimed.minutes), (_("own minimum"), claimed.floor_minutes)):
            cells.append((title, (duration(60 * minutes)[shared.language()] if minutes else _("not stated"))))
    cells.append((_("without a person"), tables.share(analysis.automatic)))
    size = f"{source.size / 1e6:.1f} MB" if source.size > 1e6 else f"{source.size / 1e3:.1f} kB"
    place, digest = f"{source.name} ({size})", source.sha256
    raw_file = _("The file itself is kept.") if log.is_raw_kept else _("The file itself is not kept.")
    if source.origin is not None:
        origin = source.origin
        place, digest = f"{origin.where} · {origin.table} · {origin.engine}", origin.statements_sha256
        on = wording.moment(origin.at, language)
        raw_file = _(
            "Counted inside the engine on {moment}; the digest is of the statements, for there is no file.", moment=on
        )
    shared.draw("log/figures.html.j2", cells=cells, place=place, digest=digest, kept=raw_file)


def glance(results: Findings, questionnaire: Questionnaire) -> None:
    """The parts that the log speaks about, by what it says of them."""
    markup.show(markup.h2(_("What the log says, part by part")))
    language = shared.language()
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    ordered = sorted(results.log, key=lambda contribution: _ORDER.index(contribution.finding))
    cards = (
        _card(contribution, titles.get(contribution.part, contribution.part), questionnaire) for contribution in ordered
    )
    markup.show(markup.block(markup.joined(cards), "h-glance"))


def _card(contribution: LogContribution, title: str, questionnaire: Questionnaire) -> Markup:
    kind = findings.FINDING_KINDS[contribution.finding]
    since = (
        markup.tag(_("since {day}", day=wording.day(contribution.since, shared.language())), "bad")
        if contribution.since
        else markup.NOTHING
    )
    return markup.card(
        (
            markup.h3(title)
            + markup.tags(findings.finding_tag(contribution.finding), since)
            + _reasons(contribution.reasons, questionnaire)
        ),
        f"h-{kind}-edge",
    )


def _reasons(reasons: tuple[Reason, ...], questionnaire: Questionnaire) -> Markup:
    sources, language = questionnaire.sources, shared.language()
    return markup.items((_reasoned(reason, sources.get(reason.source), language) for reason in reasons), "h-reasons")


def _reasoned(reason: Reason, source: Source | None, language: str) -> str:
    return questions.reasoned(reason.text, source, language) if source else reason.text[language]


def ways(assessment: Assessment, results: Findings, pinned: Mapping[str, Edition]) -> None:
    """For each part that is not supported what is needed, and the determination then."""
    language = shared.language()
    out = way_out.way_out_of(results, {name: edition.questionnaire for name, edition in pinned.items()}, assessment)
    if out is None:
        return
    questionnaire = pinned[CLAIM].questionnaire
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    table = tables.table(
        (findings.word("part"), findings.word("finding"), _("what is needed")),
        [
            (
                titles.get(step.part, step.part),
                findings.finding_tag(step.finding),
                _reasons(step.to_do, questionnaire),
            )
            for step in out.steps
        ],
    )
    then = findings.outcome_tags(out.determination_then)
    now = results.determination.with_claim
    if (out.determination_then.outcome, out.determination_then.contested) == (now.outcome, now.contested):
        text = _("If all of it were done, the claim would be supported; the determination would stay as it is now:")
    else:
        text = _("If all of it were done, the claim would be supported and the determination would be:")
    markup.show(markup.h2(_("What would change it")) + markup.paragraph(markup.joined((text, " ", then))))
    count = sum(len(step.to_do) for step in out.steps)
    with st.expander(shared.many("{count} thing is needed", "{count} things are needed", count), key="log-ways"):
        markup.show(table)


def pictures(assessment: Assessment, log: KeptLog) -> None:
    """Each picture with its table below it, folded, and the words of the report for whoever hears it."""
    analysis, claimed = log.analysis, read_claimed(assessment.answers(CLAIM))
    read = _read_out(log, claimed)
    markup.show(markup.h2(_("Figures")))
    _picture(
        "divergence",
        _("Departures from the AI over time"),
        charts.divergence(analysis, log.triggers),
        tables.months(analysis),
        read["log-time"],
    )
    _picture(
        "times",
        _("Review time: share of decisions that took less"),
        charts.review_times(analysis, claimed.minutes, claimed.floor_minutes),
        tables.times(analysis, claimed.floor_minutes),
        read["log-review"],
    )
    title = _("Reviewers: departures against number of cases")
    _picture("funnel", title, charts.funnel(analysis), tables.people(analysis), read["log-funnel"])
    title = _("From AI output to final decision")
    _picture("flow", title, charts.flow(analysis), tables.flows(analysis), read["log-flow"])
    for disparity in analysis.disparities:
        title = _("Favourable outcomes: {group}", group=group_name(analysis, disparity, shared.language()))
        words = read[f"selection-{disparity.group}"] or title
        name = f"selection-{disparity.group}"
        _picture(name, title, charts.selection(disparity), tables.selection(disparity), words)
    if not analysis.favourable:
        text = _("Selection rates need to know which outcomes are good for the person; name them when the log is read.")
        markup.show(markup.notice("note", text))
    with st.expander(_("More tables"), key="log-more"):
        _more(log)


def _read_out(log: KeptLog, claimed: Claimed) -> Mapping[str, str]:
    """Picture → what is said in its place, as in the report; empty where that has no such picture."""
    analysis = log.analysis
    titles = {name: findings.word(key) for name, key in TITLES.items()}
    drawn = dict(Pictures(analysis, shared.language(), titles).of(tuple(marks(claimed))))
    read = defaultdict(str, {name: picture.words for name, picture in drawn.items()})
    for at, disparity in enumerate(shown_disparities(analysis)):
        read[f"selection-{disparity.group}"] = read[f"log-group-{at}"]
    return read


def _picture(name: str, title: str, figure: go.Figure | None, table: Markup, words: str) -> None:
    if figure is None:
        return
    with st.container(key=f"log-{name}", gap="small"):
        markup.show(markup.h3(title))
        charts.show(figure, key=f"chart-{name}", words=words or title)
        with st.expander(_("The same figures as a table"), key=f"log-{name}-table"):
            markup.show(table)


def _more(log: KeptLog) -> None:
    analysis = log.analysis
    heads = {"output": _("AI output"), "stage": _("stage")}
    for table in analysis.breakdowns:
        if table.by != "month":
            group = table.by.removeprefix("group:")
            head = heads.get(table.by) or analysis.source.columns.get(group, group)
            markup.show(markup.h4(head) + tables.rates(table, head))
    if analysis.reasons:
        rows = [
            (name, tables.share(rate))
            for name, rate in (
                (_("without a reason"), analysis.reasons.empty),
                (_("without a reason, where people depart"), analysis.reasons.empty_departing),
                (_("without a reason, where people follow"), analysis.reasons.empty_following),
                (_("most common reason, of those given"), analysis.reasons.most_common),
            )
        ]
        markup.show(markup.h4(_("Reasons")) + tables.table((_("figure"), _("share")), rows))
    if analysis.workload:
        load = analysis.workload
        text = _(
            "{mean} cases per reviewer and day on average, {most} at most ({days} days of work).",
            mean=f"{load.mean:.1f}",
            most=f"{load.cases(100):,}",
            days=f"{load.reviewer_days:,}",
        )
        markup.show(markup.h4(_("Load")) + markup.paragraph(text))

    patterns.show(analysis)


def rows(log: KeptLog) -> None:
    """How the file was read and which rows are not counted."""
    source = log.analysis.source
    markup.show(markup.h2(_("Rows and columns")))
    label = shared.many("{count} row is not counted", "{count} rows are not counted", source.set_aside)
    with st.expander(label, key="log-bad"):
        markup.show(tables.bad_rows(log.analysis))
    with st.expander(_("Which column was taken for what"), key="log-columns"):
        markup.show(tables.columns(log.analysis))
