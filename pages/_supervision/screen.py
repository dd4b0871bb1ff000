"""What a supervisor sees: verdicts, filters that stand in the address, pictures with their tables, the list, and one report."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from assessments.storage.searching import MOST_CHARACTERS
from exports.collection.across import NAMES as FINDINGS
from exports.collection.columns import Row, Value, by_id, columns
from exports.collection.row import facts_of
from exports.collection.run import TEXTS as FOUND
from exports.words.facts import State, Verdict
from pages._frame import frame, markup, shared
from pages._frame.shared import _, many
from pages._parts import choosing, portfolio_charts
from pages._server import verify_page
from pages._server.portfolio_tables import Count, Counts
from pages._supervision import table
from pages._supervision.table import FILTERS, SEARCH, Entry, Supervised
from questionnaires import wording
from questionnaires.wording import SEOUL

REPORT = "report"
PLACE = "supervised"
ON_A_PAGE = 50
MOST_OPERATORS = 3_000
_NOTICES = {"passed": "good", "failed": "bad", "indeterminate": "note"}
_LEFT_OUT = frozenset(
    {"verdict", "reason_ko", "reason_en", "values", "path", "facts", "findings", "supersedes", "superseded_by"}
)
"""Columns that stand elsewhere on the page of a report."""


def show(supervised: Supervised) -> None:
    number = shared.whole(st.query_params.get(REPORT, ""))
    if 0 < number <= len(supervised.entries):
        _report(supervised, supervised.entries[number - 1])
        return
    frame.heading(
        _("Verified reports"),
        _(
            "Every report of the table {name}, as it was verified. A figure opens the list behind it.",
            name=supervised.name,
        ),
    )
    if not supervised.entries:
        markup.show(markup.empty(_("The table holds no report.")))
        return
    chosen = _filters(supervised)
    entries = supervised.chosen(chosen)
    _verdicts(entries, chosen)
    if entries:
        for name in table.TABLES:
            _counted(table.counts(name, entries, shared.language()), chosen)
    _found(supervised, entries, chosen)
    _list(entries, chosen)


def query(chosen: Mapping[str, str], **more: object) -> dict[str, str]:
    """What the address says, without what it leaves open."""
    return {name: str(value) for name, value in {**chosen, **more}.items() if value}


def _address(chosen: Mapping[str, str], *, anchor: str = "", **more: object) -> str:
    return shared.address("", anchor=anchor, **query(chosen, **more))


# --- filters ----------------------------------------------------------------------------------------------------------


def _filters(supervised: Supervised) -> dict[str, str]:
    language = shared.language()
    offered = {
        name: choosing.Filter(
            table.label(name, language),
            {value: table.title(name, value, language) for value in supervised.values[name][:MOST_OPERATORS]},
        )
        for name in FILTERS
        if len(supervised.values[name]) > 1 or st.query_params.get(name) or name == "finding"
    }
    chosen = choosing.chosen(PLACE, {name: each for name, each in offered.items() if each.options})
    words = st.text_input(
        _("Search"),
        key=SEARCH,
        type="search",
        placeholder=_("File, operator, system or digest"),
        max_chars=MOST_CHARACTERS,
        on_change=_first_page,
        bind="query-params",
    )
    return {**dict.fromkeys(FILTERS, ""), **chosen, SEARCH: words or ""}


def _first_page() -> None:
    st.query_params.pop(choosing.FROM, None)


def _choose(picked: Mapping[str, str]) -> None:
    """What a mark of a picture asks for, into the address and the fields above."""
    for name, value in picked.items():
        st.session_state[f"{PLACE}-{name}"] = value
        st.query_params[name] = value
    _first_page()


# --- what they come to ------------------------------------------------------------------------------------------------


def _verdicts(entries: Sequence[Entry], chosen: Mapping[str, str]) -> None:
    language = shared.language()
    verdicts = Counter(entry.text("verdict") for entry in entries)
    parts: list[Markup | str] = [
        markup.bold(many("{number} report", "{number} reports", len(entries), number=f"{len(entries):,}"))
    ]
    for verdict in Verdict:
        words = table.title("verdict", verdict.value, language)
        link = markup.link(_address(chosen, anchor="list", verdict=verdict.value), f"{verdicts[verdict.value]:,}")
        parts.append(markup.joined((words, " ", link if verdicts[verdict.value] else "0")))
    markup.show(markup.paragraph(markup.joined(parts, " · ")))
    if any(chosen.values()):
        named = [
            f"{table.label(name, language)}: {table.title(name, chosen[name], language)}"
            for name in FILTERS
            if chosen.get(name)
        ]
        named += [f"“{chosen[SEARCH]}”"] if chosen.get(SEARCH) else []
        every = markup.link("/", _("Show all"))
        text = _("Only these are counted and listed: {what}.", what=" · ".join(named))
        markup.show(markup.notice("note", text, markup.paragraph(every)))
    if verdicts[Verdict.FAILED.value]:
        text = _("What a report that failed states is left out of pictures and lists: nobody is to rely on it.")
        markup.show(markup.quiet(text))
    if any(entry.row["values"] == "stated" for entry in entries):
        text = _("What an indeterminate report states is counted as it states it; it was not shown.")
        markup.show(markup.quiet(text))


def _counted(counts: Counts, chosen: Mapping[str, str]) -> None:
    if not counts.rows:
        return
    markup.show(markup.h2(counts.title))
    portfolio_charts.stacked(counts, f"picture-{counts.name}", _choose)
    rows = [
        (row.title if row.key else markup.bold(row.title), *(_figure(count, chosen) for count in row.counts))
        for row in counts.rows
    ]
    markup.show(markup.table(counts.head, rows, kind="h-counts") + _downloads(counts.name, chosen))


def _figure(count: Count, chosen: Mapping[str, str]) -> Markup | str:
    if not count.number:
        return "0"
    return markup.link(_address(chosen, anchor="list", **count.asked), f"{count.number:,}")


def _downloads(name: str, chosen: Mapping[str, str]) -> Markup:
    asked_for = urlencode(query(chosen))
    links = (
        markup.link(f"/files/{name}.{ending}" + (f"?{asked_for}" if asked_for else ""), ending.upper())
        for ending in ("csv", "xlsx")
    )
    return markup.paragraph(markup.joined((_("The table as a file"), ": ", markup.joined(links, " · "))), "h-quiet")


def _found(supervised: Supervised, entries: Sequence[Entry], chosen: Mapping[str, str]) -> None:
    """What was found across the set, by kind: how many reports each concerns."""
    language = shared.language()
    markup.show(markup.h2(_("Found across the set"), id="found"))
    concerned = Counter(finding for entry in entries for finding in entry.findings)
    if not concerned:
        markup.show(markup.empty(_("Nothing was found across these reports.")))
        return
    groups = Counter(str(row["finding"]) for row in supervised.findings)
    head = (_("Finding"), _("Reports"), _("Why it matters"))
    rows = [
        (
            FOUND[kind][language],
            markup.link(_address(chosen, anchor="list", finding=kind), f"{concerned[kind]:,}"),
            FOUND[f"{kind}_why"][language],
        )
        for kind in FINDINGS
        if concerned[kind]
    ]
    markup.show(markup.table(head, rows))
    total = many("{count} finding in the whole table.", "{count} findings in the whole table.", groups.total())
    markup.show(markup.quiet(total) + _downloads("findings", chosen))


# --- the list ---------------------------------------------------------------------------------------------------------


def _list(entries: Sequence[Entry], chosen: Mapping[str, str]) -> None:
    language = shared.language()
    title = markup.joined((_("Reports"), " ", markup.span(f"{len(entries):,}", "h-count")))
    markup.show(markup.h2(title, id="list"))
    if not entries:
        markup.show(markup.empty(_("No report is like that.")))
        return
    first = min(shared.whole(st.query_params.get(choosing.FROM, "")), len(entries) - 1) // ON_A_PAGE * ON_A_PAGE
    shown = entries[first : first + ON_A_PAGE]
    head = (
        *(by_id()[name].title[language] for name in ("path", "verdict", "operator")),
        _("System"),
        *(by_id()[name].title[language] for name in ("outcome", "level", "claim")),
        _("Sealed on"),
    )
    rows = [_line(entry, chosen, language) for entry in shown]
    markup.show(markup.table(head, rows, kind="h-reports"))
    _pages(len(entries), first, chosen)
    markup.show(_downloads("reports", chosen))


def _line(entry: Entry, chosen: Mapping[str, str], language: str) -> tuple[Markup | str, ...]:
    at = entry.row["sealed_at"]
    outcome = entry.facet("outcome")
    return (
        markup.link(_address(chosen, report=entry.number), entry.text("path")),
        _tag(entry, language),
        entry.text("operator") or "–",
        _system(entry, language) or "–",
        "–" if outcome == table.ABSENT else table.title("outcome", outcome, language),
        _words(entry, "level", language) or "–",
        _words(entry, "claim", language) or "–",
        markup.short(wording.day(at.astimezone(SEOUL).date(), language)) if isinstance(at, datetime) else "–",
    )


def _tag(entry: Entry, language: str) -> Markup:
    kinds = {"passed": "good", "failed": "bad", "indeterminate": "cannot"}
    sign = verify_page.VERDICT_SIGNS[Verdict(entry.text("verdict"))]
    words = table.title("verdict", entry.text("verdict"), language)
    return markup.tag(f"{sign} {words}", kinds[entry.text("verdict")])


def _system(entry: Entry, language: str) -> str:
    names = (entry.text("system_ko"), entry.text("system_en"))
    return next(filter(None, names if language == "ko" else reversed(names)), "")


def _words(entry: Entry, name: str, language: str) -> str:
    return table.title(name, entry.text(name), language) if entry.text(name) else ""


def _pages(total: int, first: int, chosen: Mapping[str, str]) -> None:
    if total <= ON_A_PAGE:
        return
    last = min(first + ON_A_PAGE, total)
    text = _("{first}–{last} of {total}", first=f"{first + 1:,}", last=f"{last:,}", total=f"{total:,}")
    parts: list[Markup | str] = [text]
    if first:
        before = {choosing.FROM: first - ON_A_PAGE} if first > ON_A_PAGE else {}
        parts.insert(0, markup.link(_address(chosen, anchor="list", **before), _("Previous")))
    if last < total:
        parts.append(markup.link(_address(chosen, anchor="list", **{choosing.FROM: last}), _("Next")))
    markup.show(markup.paragraph(markup.joined(parts, " · "), "h-range"))


# --- one report -------------------------------------------------------------------------------------------------------


def _report(supervised: Supervised, entry: Entry) -> None:
    language = shared.language()
    frame.heading(_("Verification of a report"), entry.text("path"))
    chosen = {name: st.query_params.get(name, "") for name in (*FILTERS, SEARCH)}
    markup.show(markup.paragraph(markup.link(_address(chosen, anchor="list"), _("Back to the list"))))
    verdict = Verdict(entry.text("verdict"))
    reason = entry.text(f"reason_{language}")
    meaning = markup.paragraph(verdict.meaning[language])
    text = verdict.text[language] + (f": {reason}" if reason else "")
    markup.show(markup.notice(_NOTICES[verdict.value], text, meaning))
    if entry.row["values"] == "none":
        markup.show(markup.quiet(_("What it states is not shown, for it was not shown to be a genuine report.")))
    _others(supervised, entry, chosen)
    markup.show(markup.h2(_("What was examined")))
    _facts(entry.row, language)
    if entry.row["values"] == "stated":
        markup.show(markup.h2(_("What the report states, which was not shown")))
    else:
        markup.show(markup.h2(_("What the table holds")))
    markup.show(markup.definitions(_values(entry.row, language), "h-answers h-tight"))
    markup.show(markup.h2(_("Verify it again")))
    markup.show(markup.paragraph(_("In the folder that was verified, with the certificate that you trust:")))
    command = f"haetae verify {shlex.quote(entry.text('path'))} --trust CERTIFICATE.pem"
    markup.show(markup.paragraph(markup.code(command)))


def _others(supervised: Supervised, entry: Entry, chosen: Mapping[str, str]) -> None:
    """The findings that concern this report, with the other reports of each."""
    language, path = shared.language(), entry.text("path")
    numbers = {other.text("path"): other.number for other in supervised.entries} if entry.findings else {}
    for name, words in (("supersedes", _("Supersedes")), ("superseded_by", _("Superseded by"))):
        if other := entry.text(name):
            link = _to(other, numbers, chosen)
            markup.show(markup.paragraph(markup.joined((words, ": ", link))))
    concerned = [row for row in supervised.findings if path in str(row.get("files") or "").split(" | ")]
    if not concerned:
        return
    markup.show(markup.h2(_("Found across the set")))
    for row in concerned:
        kind = str(row["finding"])
        if kind not in FINDINGS:
            continue
        files = [_to(name, numbers, chosen) for name in str(row["files"]).split(" | ") if name != path]
        beside = markup.paragraph(markup.joined(files, " · "))
        text = f"{FOUND[kind][language]}. {FOUND[f'{kind}_why'][language]}"
        markup.show(markup.notice("note", text, beside))


def _to(path: str, numbers: Mapping[str, int], chosen: Mapping[str, str]) -> Markup | str:
    return markup.link(_address(chosen, report=numbers[path]), path) if path in numbers else path


def _facts(row: Row, language: str) -> None:
    try:
        facts = facts_of(row)
    except (ValueError, KeyError, TypeError):  # a table that somebody changed
        facts = []
    if not facts:
        markup.show(markup.empty(_("Nothing of the file was examined.")))
        return
    words = {state: verify_page.state_word(state, language) for state in State}
    cells = [(f"{verify_page.SIGNS[state]} {words[state]}", text[language]) for _name, state, text in facts]
    markup.show(markup.table((_("Result"), _("What")), cells))


def _values(row: Row, language: str) -> list[tuple[str, str]]:
    return [
        (
            column.title[language],
            table.title("domain", str(row[column.id]), language)
            if column.id == "domain"
            else _reading(column.reading(row[column.id], language), language),
        )
        for column in columns()
        if column.id not in _LEFT_OUT and row.get(column.id) is not None
    ]


def _reading(value: Value, language: str) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case float():
            return wording.share(value)
        case int():
            return f"{value:,}"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        case date():
            return wording.day(value, language)
        case _:
            return str(value)
