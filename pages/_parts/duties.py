"""Duties on screens: each with its state, its text and what is to be done, the what is to be done first: summary, show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from assessments.derived import DutyFinding, DutyState, Findings
from assessments.model import Assessment
from assessments.rules.findings import DUTIES
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import findings, gaps, places
from questionnaires import wording
from questionnaires.duty_schema import Duty
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire

_KINDS = {
    DutyState.DOCUMENTED: "good",
    DutyState.INHERITED: "good",
    DutyState.DEEMED: "good",
    DutyState.PLANNED: "cannot",
    DutyState.CONTESTED: "cannot",
    DutyState.GAP: "bad",
    DutyState.OPEN_QUESTION: "open",
    DutyState.NOT_APPLICABLE: "plain",
}
"""State → the colour of its tag."""
_ORDER = (
    DutyState.GAP,
    DutyState.CONTESTED,
    DutyState.PLANNED,
    DutyState.OPEN_QUESTION,
    DutyState.INHERITED,
    DutyState.DEEMED,
    DutyState.DOCUMENTED,
    DutyState.NOT_APPLICABLE,
)
_FOLDED = (DutyState.DOCUMENTED, DutyState.NOT_APPLICABLE)


def summary(pinned: Mapping[str, Edition]) -> str:
    rule = pinned[DUTIES].questionnaire.duties if DUTIES in pinned else None
    return rule.summary[shared.language()] if rule else ""


def show(results: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Counts, then group by group; what is not owed is folded. An assessment begun before there was a rule says so."""
    questionnaire = pinned[DUTIES].questionnaire if DUTIES in pinned else None
    if questionnaire is None or questionnaire.duties is None:
        text = _("This assessment was begun with editions that had no rule of duties. Its next revision will have one.")
        markup.show(markup.notice("note", text))
        return
    _counts(results)
    answer = shared.address(places.screen_of(DUTIES), **places.address_query(assessment, DUTIES))
    markup.show(markup.paragraph(markup.link(answer, _("Answer what no other questionnaire asks"))))
    by_duty = {finding.duty: finding for finding in results.duties}
    for group in questionnaire.duties.groups:
        inside = [(duty, by_duty[duty.id]) for duty in questionnaire.duties.items if duty.group == group.id]
        inside.sort(key=lambda both: _ORDER.index(both[1].state))
        _group(group.title[shared.language()], inside, assessment, pinned)


def _counts(results: Findings) -> None:
    counted = Counter(finding.state for finding in results.duties)
    tags = [markup.tag(f"{_word(state)} {counted[state]}", _KINDS[state]) for state in _ORDER if counted[state]]
    markup.show(markup.tags(*tags))


def _group(
    title: str, inside: list[tuple[Duty, DutyFinding]], assessment: Assessment, pinned: Mapping[str, Edition]
) -> None:
    by_fold = {state: [both for both in inside if both[1].state is state] for state in _FOLDED}
    markup.show(markup.h2(title))
    for duty, finding in inside:
        if finding.state not in _FOLDED:
            markup.show(_card(duty, finding, assessment, pinned))
    if documented := by_fold[DutyState.DOCUMENTED]:
        head = shared.many("{count} duty that is documented", "{count} duties that are documented", len(documented))
        cards = [_card(duty, finding, assessment, pinned) for duty, finding in documented]
        markup.show(markup.folded(head, markup.joined(cards)))
    if others := by_fold[DutyState.NOT_APPLICABLE]:
        rows = markup.items((_not_owed(duty, finding) for duty, finding in others), "h-reasons")
        head = shared.many("{count} duty that is not owed", "{count} duties that are not owed", len(others))
        markup.show(markup.folded(head, rows))


def _card(duty: Duty, finding: DutyFinding, assessment: Assessment, pinned: Mapping[str, Edition]) -> Markup:
    language, questionnaire = shared.language(), pinned[DUTIES].questionnaire
    return shared.render(
        "parts/duty.html.j2",
        duty=duty,
        state=markup.tag(_word(finding.state), _KINDS[finding.state]),
        force=findings.word(f"force_{duty.force}"),
        source=_source(duty.source, questionnaire, pinned),
        reasons=tuple(dict.fromkeys(reason.text[language] for reason in finding.reasons)),
        missing=tuple(dict.fromkeys(reason.text[language] for reason in finding.missing)),
        partly=[reason.text[language] for reason in finding.partly] if finding.is_unmet else [],
        until=wording.day(finding.until, language) if finding.until else "",
        responsible=finding.responsible,
        places=_places(finding.places, assessment, pinned),
        evidence=_attached(len(finding.evidence)),
    )


def _attached(count: int) -> str:
    return shared.many("{count} file attached", "{count} files attached", count) if count else ""


def _not_owed(duty: Duty, finding: DutyFinding) -> str:
    language = shared.language()
    why = " ".join(reason.text[language] for reason in finding.reasons)
    return f"{duty.title[language]}: {why}"


def _places(places_of_it: Iterable[str], assessment: Assessment, pinned: Mapping[str, Edition]) -> list[Markup]:
    """Where it is answered, as links."""
    named = ((gaps.place_of(where, assessment, pinned), gaps.name_of(where, pinned)) for where in places_of_it)
    return [markup.link(address, name) for address, name in named if address and name]


def _source(source_id: str, questionnaire: Questionnaire, pinned: Mapping[str, Edition]) -> str:
    sources = {name: source for edition in pinned.values() for name, source in edition.questionnaire.sources.items()}
    return (questionnaire.sources.get(source_id) or sources[source_id]).title[shared.language()]


def _word(state: DutyState) -> str:
    return findings.word(f"duty_{state}")
