"""What is missing, as an error summary that leads to each place; and what such a place is called: show, place_of, name_of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from assessments.derived import Findings, Gap
from assessments.model import Assessment, Finding
from assessments.rules import topics
from assessments.rules.findings import CLAIM, DUTIES, IMPACT
from pages._frame import markup, screens, shared
from pages._frame.shared import _
from pages._parts import findings, places
from questionnaires import conditions
from questionnaires.load import Edition

OPERATOR = {"operator.supervisor_name": "supervisor", "operator.supervisor_contact": "contact"}
"""Place in the organisation's data → its label."""
FEW = 10
"""So many gaps are listed one by one; more are gathered by section."""


def show(results: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """An error summary: what submission waits for, then what is only shown; each leads to its place."""
    listed = [gap for gap in results.gaps if not gap.check]  # consistency checks are shown pair by pair
    required = [gap for gap in listed if gap.is_required]
    others = [gap for gap in listed if not gap.is_required and _applies(gap, results, assessment, pinned)]
    if required:
        shared.draw("parts/to_do.html.j2", gaps=_listed(required, assessment, pinned))
    if others:
        head = shared.many(
            "{count} further gap, which submission does not wait for",
            "{count} further gaps, which submission does not wait for",
            len(others),
        )
        inner = _listed(others, assessment, pinned)
        markup.show(markup.folded(head, markup.block(inner)))
    if not results.gaps:
        markup.show(markup.paragraph(findings.word("no_gaps")))


def _applies(gap: Gap, results: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> bool:
    """Whether it is surely missing: what belongs to a claim that nobody makes, or hangs on an open answer, may not be asked."""
    head, _dot, name = gap.where.partition(".")
    if head in (CLAIM, "claim") and results.claim.whole is Finding.ABSENT:
        return False
    if head not in pinned or name in assessment.answers(head):
        return True
    return conditions.visible(pinned[head].questionnaire, assessment.answers(head)).get(name) is not None


def _listed(gaps: Sequence[Gap], assessment: Assessment, pinned: Mapping[str, Edition]) -> Markup:
    """A few gaps as they are, many of them by section, so that the summary stays one."""
    if len(gaps) <= FEW:
        return markup.items(_gap(gap, assessment, pinned) for gap in gaps)
    sections: dict[str, list[Gap]] = {}
    for gap in gaps:
        sections.setdefault(section_of(gap.where, pinned), []).append(gap)
    return markup.joined(
        markup.folded(
            f"{title or _('Other')} ({len(inside)})",
            markup.items((_gap(gap, assessment, pinned) for gap in inside), "h-reasons"),
        )
        for title, inside in sections.items()
    )


def section_of(where: str, pinned: Mapping[str, Edition]) -> str:
    """The title of the section in which something is missing; empty where it lies in none."""
    head, _dot, name = where.partition(".")
    sections = pinned[head].questionnaire.sections if head in pinned else ()
    return next(
        (section.title[shared.language()] for section in sections if name in {inner.id for inner in section.questions}),
        "",
    )


def _gap(gap: Gap, assessment: Assessment, pinned: Mapping[str, Edition]) -> str:
    text = gap.text[shared.language()]
    link = place_of(gap.where, assessment, pinned)
    where = name_of(gap.where, pinned)
    inner = markup.link(link, text) if link else text
    return markup.joined((inner, markup.span(where, "h-source"))) if where else inner


def place_of(where: str, assessment: Assessment, pinned: Mapping[str, Edition]) -> str:
    """The address of the place where something is missing; empty where there is no screen for it."""
    named = topics.section_of(where)
    if named is not None:
        query = places.address_query(assessment, *named)
        return shared.address(places.screen_of(named[0]), f"section-{named[1]}", **query)
    if where == topics.WHOLE:
        return shared.address("assessment", assessment=assessment.id)
    head, _dot, name = where.partition(".")
    if head == "operator":
        return shared.address("systems", operator=assessment.operator.id, correct=1)
    if head == "claim":
        return shared.address("involvement", assessment=assessment.id, section=name)
    if head == "log":
        return shared.address("log", assessment=assessment.id)
    if head in ("scenarios", "measures"):
        return shared.address("impacts", assessment=assessment.id)
    if head == "duty":
        return shared.address("duties", name, assessment=assessment.id)
    if head == "coverage":
        return shared.address("review", anchor="coverage", assessment=assessment.id)
    if head in pinned:
        for section in pinned[head].questionnaire.sections:
            if name in {question.id for question in section.questions}:
                query = places.address_query(assessment, head, section.id) | {"question": name}
                return shared.address(places.screen_of(head), name, **query)
    return ""


def name_of(where: str, pinned: Mapping[str, Edition]) -> str:
    """Display name of the place; empty if there is none."""
    language = shared.language()
    named = topics.section_of(where)
    if named is not None:
        return _section_name(*named, pinned)
    if where == topics.WHOLE:
        return _("The assessment as a whole")
    head, _dot, name = where.partition(".")
    if head == "claim" and CLAIM in pinned:
        rules = pinned[CLAIM].questionnaire.claim
        return next((part.title[language] for part in rules.parts if part.id == name), "") if rules else ""
    if head == "coverage" and IMPACT in pinned:
        matrix, _dot, item = name.partition(".")
        matrices = (
            coverage_matrix for coverage_matrix in pinned[IMPACT].questionnaire.coverage if coverage_matrix.id == matrix
        )
        return next(
            (row.title[language] for coverage_matrix in matrices for row in coverage_matrix.items if row.item == item),
            "",
        )
    if head == "duty" and DUTIES in pinned:
        rule = pinned[DUTIES].questionnaire.duties
        return next((duty.title[language] for duty in rule.items if duty.id == name), "") if rule else ""
    if head == "evidence":
        return findings.word("s_evidence")
    if head in ("log", "scenarios", "measures"):
        return screens.title_of("log" if head == "log" else "impacts", language)
    if where in OPERATOR:
        return findings.word(OPERATOR[where])
    if head in pinned:
        try:
            return pinned[head].questionnaire.question(name).text[language]
        except KeyError:
            return ""
    return ""


def _section_name(questionnaire: str, section: str, pinned: Mapping[str, Edition]) -> str:
    """With its number and the title of its questionnaire."""
    language = shared.language()
    if questionnaire not in pinned:
        return ""
    whole = pinned[questionnaire].questionnaire
    numbered = enumerate(whole.sections, start=1)
    name = next((f"{number}. {part.title[language]}" for number, part in numbered if part.id == section), "")
    return f"{whole.title[language]} · {name}" if name else ""
