"""How an assessment stands beside other frameworks: the matrix, the privacy commission's test, what an EU assessment may take over."""

from __future__ import annotations

from markupsafe import Markup

from assessments.rules.crosswalk import Evidence, WalkedCell, WalkedRow, dates_by, walk
from exports.words import signs
from pages._frame import frame, markup, screens, shared
from pages._parts import findings, gaps, questions
from questionnaires import wording
from questionnaires.crosswalk import ReadAs, crosswalk
from questionnaires.wording import SEOUL

KINDS = {
    Evidence.FOR: "good",
    Evidence.PARTLY_FOR: "cannot",
    Evidence.AGAINST: "bad",
    Evidence.MIXED: "cannot",
    Evidence.NONE: "plain",
}
MARKS = {ReadAs.TEXT: "", ReadAs.SECOND_HAND: "*", ReadAs.GENERAL: "**"}

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
results = shared.findings_of(assessment)
language, word = shared.language(), findings.word
questionnaires = {name: edition.questionnaire for name, edition in pinned.items()}
walked = walk(crosswalk(), questionnaires, assessment, results)
frameworks = walked.crosswalk.frameworks
sources = walked.crosswalk.sources


def _place(place: str) -> Markup | str:
    """A link to where it is answered; its name alone where no screen is its own."""
    is_whole = "." not in place
    name = word(f"place_{place}") if is_whole else gaps.name_of(place, pinned)
    address = gaps.place_of(place, assessment, pinned)
    if place == "supervision":
        address = shared.address("involvement", assessment=assessment.id)
    return markup.link(address, name) if address and name else name


def _matter(row: WalkedRow) -> Markup:
    """The row's title; what answers it, and what is remarked of its cells, is folded away so that the matrix stays one."""
    places = dict.fromkeys(place for cell in row.cells.values() for place in cell.places)
    links = [link for link in map(_place, places) if link]
    remarks = [
        markup.joined((markup.bold(cell.framework.short[language]), ": ", cell.cell.note[language]))
        for cell in row.cells.values()
        if cell.cell.note
    ]
    inner = markup.items(links, "h-reasons") + markup.items(remarks, "h-reasons")
    return markup.joined((markup.bold(row.row.title[language]), markup.folded(word("crosswalk_more"), inner)))


def _cell(cell: WalkedCell | None) -> Markup | str:
    if cell is None:
        return ""
    mark = MARKS[cell.read] if cell.read is not cell.framework.read else ""
    sign = signs.EVIDENCE[cell.evidence] if cell.evidence else signs.CELLS[cell.state]
    text = f"{sign} {cell.cell.ref_in(language)}{mark}"
    return markup.joined((text, " ", markup.tag(word("gap"), "open"))) if cell.is_gap else text


frame.head(assessment, pinned)
frame.heading(screens.title_of("crosswalk", language), word("crosswalk_intro"))
heads = [word("crosswalk_matter"), *(f"{each.short[language]}{MARKS[each.read]}" for each in frameworks)]
rows = [(_matter(row), *(_cell(row.cells.get(each.id)) for each in frameworks)) for row in walked.rows]
markup.show(markup.quiet(word("crosswalk_legend")))
markup.show(markup.table(heads, rows, kind="h-walk h-counts"))
if walked.gaps:
    markup.show(markup.h2(word("gap")))
    reasons = [(cell, reason) for cell in walked.gaps for reason in cell.missing]
    markup.show(
        markup.items(
            (markup.joined((cell.cell.ref_in(language), ": ", reason.text[language])) for cell, reason in reasons),
            "h-reasons",
        )
    )

test = next(each for each in frameworks if each.standing == "test")
markup.show(markup.h2(test.title[language], "test") + markup.paragraph(test.note[language]))
lines = []
for row in walked.criteria:
    cell = row.cells[test.id]
    parts = markup.lines(
        markup.joined((findings.finding_tag(part.finding), " ", _place(part.place)))
        for part in cell.answered
        if part.finding
    )
    evidence = cell.evidence or Evidence.NONE
    lines.append((row.row.title[language], markup.tag(word(f"evidence_{evidence}"), KINDS[evidence]), parts))
markup.show(markup.table((word("criterion"), word("claim_evidence"), word("claim_parts")), lines))

reuse = walked.crosswalk.reuse
into = walked.crosswalk.framework(reuse.into)
markup.show(markup.h2(word("reuse"), "reuse") + markup.paragraph(reuse.text[language]))
rows = [
    (row.row.title[language], row.cells[reuse.into].cell.ref_in(language), row.cells[reuse.from_].cell.ref_in(language))
    for row in walked.reusable
]
head = (word("crosswalk_matter"), into.short[language], walked.crosswalk.framework(reuse.from_).short[language])
markup.show(markup.table(head, rows, caption=word("reuse_rows")))
apart = [f"{row.row.title[language]} ({row.cells[reuse.into].cell.ref_in(language)})" for row in walked.apart]
markup.show(markup.h3(word("reuse_apart")) + markup.items(apart, "h-reasons"))
markup.show(markup.paragraph(reuse.note[language]) + markup.quiet(questions.source(sources[reuse.source], language)))

today = shared.now().astimezone(SEOUL).date()
markup.show(markup.h2(word("eu_dates")))
dates = [
    (
        wording.day(day.on, language),
        day.text[language],
        markup.tag(word("day_has_come" if has_come else "day_to_come"), "good" if has_come else "plain"),
    )
    for day, has_come in dates_by(walked.crosswalk, today)
]
markup.show(markup.table((word("eu_day"), word("crosswalk_applies"), word("status")), dates))
markup.show(
    markup.items(
        (
            markup.joined(
                (
                    missing.text[language],
                    markup.aside(f"{word('looked_for_on')} {wording.day(missing.looked_for_on, language)}"),
                ),
                " ",
            )
            for missing in walked.crosswalk.not_found
        ),
        "h-reasons",
    )
)
markup.show(markup.h2(word("crosswalk_frameworks")))
columns = [
    (
        each.title[language],
        word(f"standing_{each.standing}"),
        word(f"read_{each.read}"),
        questions.source(sources[each.source], language),
    )
    for each in frameworks
]
markup.show(
    markup.table((word("crosswalk_framework"), word("crosswalk_duty"), word("crosswalk_read"), word("source")), columns)
)
