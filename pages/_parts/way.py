"""The way through an assessment, in order: its pages of questions, scenarios and measures, the claim, the log, review. order, onward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules.findings import CLAIM, IMPACT
from assessments.rules.involvement import is_made
from assessments.rules.second_scale import is_left_out
from pages._frame import screens, shared
from pages._frame.shared import _
from pages._parts import places
from questionnaires import conditions, wording
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire

SECONDS_A_QUESTION = 60
QUESTIONS_A_PAGE = 20
"""Sections follow one another on a page until it asks so many questions."""


@dataclass(frozen=True)
class Stop:
    """A screen on the way."""

    name: str
    """`questionnaire.section` of the first section of a page, or the path of a screen."""
    title: str
    address: str


def pages(questionnaire: Questionnaire) -> tuple[range, ...]:
    """Its sections, by index, in pages of about `QUESTIONS_A_PAGE` questions."""
    made: list[range] = []
    first, count = 0, 0
    for place, section in enumerate(questionnaire.sections):
        count += len(section.questions)
        if count >= QUESTIONS_A_PAGE or place + 1 == len(questionnaire.sections):
            made.append(range(first, place + 1))
            first, count = place + 1, 0
    return tuple(made)


def page_of(questionnaire: Questionnaire, place: int) -> range:
    """The page on which a section stands."""
    return next(page for page in pages(questionnaire) if place in page)


def page_title(questionnaire: Questionnaire, page: range) -> str:
    """Title of the questionnaire, and which of its pages, where there are several."""
    title, every = questionnaire.title[shared.language()], pages(questionnaire)
    if len(every) == 1:
        return title
    return _("{title}: page {number} of {count}", title=title, number=every.index(page) + 1, count=len(every))


def order(assessment: Assessment, pinned: Mapping[str, Edition], here: str = "") -> tuple[Stop, ...]:
    """Every screen that something required may stand on, and review last.

    A second scale is among them once it was begun, and while somebody is there. here: name of the stop where somebody is.
    """
    stops: list[Stop] = []
    for edition in pinned.values():
        questionnaire = edition.questionnaire
        if is_left_out(questionnaire, assessment) and not here.startswith(f"{edition.id}."):
            continue
        for page in pages(questionnaire):
            section = questionnaire.sections[page.start].id
            stops.append(
                Stop(f"{edition.id}.{section}", page_title(questionnaire, page), place_of(assessment, edition, section))
            )
            if edition.id == CLAIM and not is_made(questionnaire, assessment.answers(CLAIM)):
                break
        if edition.id == IMPACT:
            stops.append(_screen(assessment, "impacts"))
        if edition.id == CLAIM and (assessment.log or is_made(questionnaire, assessment.answers(CLAIM))):
            stops.append(_screen(assessment, "log"))
    return (*stops, _screen(assessment, "review"))


def place_of(assessment: Assessment, edition: Edition, section: str) -> str:
    """Address of a section, on the page where it stands."""
    query = places.address_query(assessment, edition.id, section)
    return shared.address(places.screen_of(edition.id), anchor_of(section), **query)


def anchor_of(section: str) -> str:
    return f"section-{section}"


@dataclass(frozen=True)
class Remaining:
    """How far the required questions are answered."""

    answered: int
    open: int
    where: str
    """Place of the first that is open, in the order of the way. Empty: none is."""

    @property
    def per_cent(self) -> int:
        return 100 * self.answered // max(1, self.answered + self.open)

    @property
    def share(self) -> str:
        return wording.percent(self.per_cent)

    @property
    def seconds(self) -> int:
        """An estimate: a minute for each open question."""
        return self.open * SECONDS_A_QUESTION


def remaining(assessment: Assessment, pinned: Mapping[str, Edition], results: Findings) -> Remaining:
    """Counts what is surely asked; a question that may not apply does not count."""
    answered, waiting = 0, []
    open_places = {gap.where for gap in results.gaps if gap.is_required}
    for edition in pinned.values():
        answers = assessment.answers(edition.id)
        visibility = conditions.visible(edition.questionnaire, answers)
        for question in edition.questionnaire.questions():
            if question.required and visibility[question.id] is True and question.id in answers:
                answered += 1
            if f"{edition.id}.{question.id}" in open_places:
                waiting.append(f"{edition.id}.{question.id}")
    return Remaining(answered, len(waiting), waiting[0] if waiting else "")


def onward(assessment: Assessment, pinned: Mapping[str, Edition], here: str) -> None:
    """Links to the screens before and after this one. here: name of its stop."""
    stops = order(assessment, pinned, here)
    at = next((place for place, stop in enumerate(stops) if stop.name == here), None)
    if at is None:
        return
    back = stops[at - 1] if at else _screen(assessment, "assessment")
    onward = stops[at + 1] if at + 1 < len(stops) else None
    shared.draw("parts/onward.html.j2", back=back, onward=onward)


def _screen(assessment: Assessment, name: str) -> Stop:
    title = screens.title_of(name, shared.language())
    return Stop(name, title, shared.address(name, assessment=assessment.id))
