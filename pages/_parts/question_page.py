"""One page of questions: each part of it is a fragment of its own, and an answer draws those anew that it changes.

What a part shows follows from its content alone, a frozen value. After an answer the whole page is read and judged again, every
content is compared with the one that was drawn last, and the parts whose content differs are drawn: the question itself, nearly
always; how far the page is; a question that applies now, or contradicts; what a colleague wrote meanwhile. Nothing stale stays.

The fragments lie side by side and never within one another (decision 151).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

import streamlit as st
from markupsafe import Markup
from streamlit.errors import StreamlitAPIException

from assessments import derivation, editions, viewing
from assessments.derived import Findings, PartFinding, SecondScale
from assessments.errors import AssessmentError
from assessments.model import Actor, Assessment, Person, Response, Role, Status
from assessments.rights import may
from assessments.rules import topics
from assessments.rules.carrying import Mark
from assessments.rules.findings import CLAIM
from assessments.rules.involvement import is_made
from assessments.storage.entries import EarlierAnswer
from pages._field.letter import Verdict
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import (
    carried,
    contradictions,
    discussion,
    earlier_answers,
    findings,
    giving,
    points,
    questions,
    second_scale,
    sections,
    together,
    way,
)
from pages._parts.carried import Taken
from questionnaires import conditions
from questionnaires.load import Edition
from questionnaires.problems import InvalidFileError
from questionnaires.schema import Question, Section
from questionnaires.wording import seoul_day

_STANDING, _ABOVE, _SCALE = "standing", "above", "scale"
_HEAD, _QUESTION, _END = "head-", "question-", "end-"
"""Beginnings of the names of parts; a section's or a question's id follows."""
_DRAWN = "page-of-questions"


@dataclass(frozen=True)
class _Page:
    """Which questions, and what the rest of the screen around them was drawn from."""

    assessment_id: int
    revision: int
    questionnaire: str
    first: int
    last: int
    """Places of the first and of the last section."""
    is_claimed: bool
    person: Person
    roles: frozenset[Role]
    status: Status

    @property
    def place(self) -> questions.Place:
        return questions.Place(self.assessment_id, self.revision, self.questionnaire)


@dataclass(frozen=True)
class _View:
    """All that the page is drawn from, as it was in one moment."""

    page: _Page
    actor: Actor
    assessment: Assessment
    pinned: dict[str, Edition]
    results: Findings
    beside: viewing.Beside

    @property
    def edition(self) -> Edition:
        return self.pinned[self.page.questionnaire]

    @property
    def sections(self) -> list[tuple[int, Section]]:
        """With their numbers."""
        every = self.edition.questionnaire.sections
        return [(place + 1, every[place]) for place in range(self.page.first, self.page.last + 1)]

    @property
    def questions(self) -> list[Question]:
        return [question for _number, section in self.sections for question in section.questions]

    @property
    def taken(self) -> Taken:
        return Taken(self.beside.marks, self.beside.is_reassessment)

    @property
    def is_editable(self) -> bool:
        return self.assessment.status.is_editable and may(self.actor, "record_response")


class _Part:
    """The content of a part. Equal contents look the same; `draw` knows nothing else, but for what a deed has to say."""

    def draw(self, by: _Deeds) -> None:
        """Nothing: there is nothing to be seen of it now."""


@dataclass(frozen=True)
class _Standing(_Part):
    """The results so far and how far this page is: alone, since it stays in sight while one reads on."""

    strip: Markup

    def draw(self, by: _Deeds) -> None:
        markup.show(self.strip)


@dataclass(frozen=True)
class _Above(_Part):
    """What is said of the page before its first question."""

    scale: Markup
    is_editable: bool

    def draw(self, by: _Deeds) -> None:
        if not self.is_editable:
            markup.show(
                markup.notice("note", _("This revision can be read here; it cannot be changed now, or not by you."))
            )
        markup.show(self.scale)


@dataclass(frozen=True)
class _Head(_Part):
    """A section's title, what is said of it, and what can be done with all of its questions at once."""

    page: _Page
    number: int
    section: Section
    is_alone: bool
    """It is the only one on its page, which has its title already."""
    beside: Markup
    is_reassessment: bool
    waiting: tuple[str, ...]
    """Places that are to be confirmed."""
    visible: tuple[Question, ...]
    unanswered: frozenset[str]
    is_editable: bool

    def draw(self, by: _Deeds) -> None:
        language, section = shared.language(), self.section
        if not self.is_alone:
            st.header(f"{self.number}. {shared.literal(section.title[language])}", anchor=way.anchor_of(section.id))
            if section.intro:
                markup.show(markup.paragraph(section.intro[language], "h-quiet"))
        if self.beside:
            markup.show(self.beside)
        taken = Taken(is_reassessment=self.is_reassessment)
        carried.in_section(self.page.questionnaire, section.id, self.waiting, taken, *by)
        if self.is_editable:
            together.offer(self.page.place, section.questions, self.visible, self.unanswered, by.then)


@dataclass(frozen=True)
class _Asked(_Part):
    """A question with its answer."""

    page: _Page
    section: str
    question: Question
    number: str
    edition: Edition
    response: Response | None
    verdict: Verdict | None
    is_surely_asked: bool
    is_editable: bool
    mark: Mark | None
    is_reassessment: bool
    earlier: EarlierAnswer | None
    against: tuple[Markup, ...]
    """What the committee asked for."""
    contradictions: tuple[Markup, ...]
    beside: Markup
    today: date
    """An answer of today says at what time it was saved, an older one on what day."""

    def draw(self, by: _Deeds) -> None:
        questions.show(
            self.page.place,
            self.edition,
            self.section,
            self.question,
            self.number,
            self.response,
            by.actor,
            maybe=not self.is_surely_asked,
            editable=self.is_editable,
            against=partial(self._below, by),
            on_said=by.then,
            beside=self.beside,
        )

    def _below(self, by: _Deeds) -> None:
        """Under the field: how it stands to the revision before, what the committee asked for, an earlier answer that can be
        taken, what stands against this one."""
        where = f"{self.page.questionnaire}.{self.question.id}"
        marks = {where: self.mark} if self.mark is not None else {}
        carried.beside(where, Taken(marks, self.is_reassessment), *by)
        for notice in self.against:
            markup.show(notice)
        earlier_answers.offer(self.page.place, self.question, self.response, self.earlier, by.then)
        for notice in self.contradictions:
            markup.show(notice)


@dataclass(frozen=True)
class _End(_Part):
    """Below a section of the claim: the finding on that part."""

    finding: PartFinding
    edition: Edition

    def draw(self, by: _Deeds) -> None:
        findings.claim_part(self.finding, self.edition.questionnaire)


@dataclass(frozen=True)
class _Scale(_Part):
    """Below the questions of somebody else's scale: the whole of it."""

    rated: SecondScale | None
    edition: Edition

    def draw(self, by: _Deeds) -> None:
        second_scale.show(self.rated, {self.edition.id: self.edition}, stands=False)


class _Deeds(NamedTuple):
    """What buttons within a part need."""

    assessment: Assessment
    actor: Actor
    then: Callable[[], None]


@dataclass
class _Drawn:
    """What is in front of the reader. A plain object in the state of the session."""

    page: _Page
    questions: Sequence[Question]
    contents: dict[str, _Part] = field(default_factory=dict)
    """Name of a part → what it was drawn from last."""
    news: object = None
    """What was said of the last deed then."""
    view: _View | None = None
    """Of the run that is under way."""
    waiting: dict[str, _Part] = field(default_factory=dict)
    """Parts that it has yet to draw."""


def show(assessment_id: int, questionnaire_id: str, first: int, last: int, *, claimed: bool) -> None:
    """The sections of one page, from the first to the last, with the results so far above them.

    claimed: whether a claim was made when the screen was drawn; once that changes, what comes next and evidence change, too.
    """
    view, actor = None, shared.current_actor()
    where = (assessment_id, questionnaire_id, first, last)
    with shared.problems_shown():
        view = _read(actor, *where)
        if questions.receive(view.page.place, view.questions, view.actor):
            view = _read(actor, *where)
    if view is None:
        st.stop()
    if view.page.is_claimed is not claimed:
        st.rerun()
    drawn = _Drawn(view.page, view.questions, news=pressing.said_last(), view=view, waiting=_contents(view))
    st.session_state[_DRAWN] = drawn
    with st.container(key="questions"):
        for name in tuple(drawn.waiting):
            st.fragment(key=_key(name))(_part)(name, view.page)


def _part(name: str, page: _Page) -> None:
    """One part of the page."""
    drawn = _drawn(page)
    if drawn.view is None or name not in drawn.waiting:  # neither a letter nor a button led to this run
        changed = _renew(drawn, drawn.questions)
        if changed is None or changed - {name}:
            st.rerun()
    view, content = drawn.view, drawn.waiting.pop(name, None) or drawn.contents.get(name)
    if view is None or content is None:
        st.rerun()
    if not drawn.waiting:
        drawn.view = None
    content.draw(_Deeds(view.assessment, view.actor, partial(_redraw, page, name)))
    drawn.contents[name] = content


def _redraw(page: _Page, own: str) -> None:
    """At the end of a callback: the parts that look otherwise now are drawn. own: the one that is drawn anyway."""
    drawn = _drawn(page)
    waiting = questions.unsettled(page.place, drawn.questions)
    spoken = [question for question in drawn.questions if _QUESTION + question.id == own]
    changed = _renew(drawn, [*spoken, *(question for question in waiting if question not in spoken)])
    if changed is None:
        st.rerun()
    elif changed - {own}:
        try:
            st.rerun([_key(name) for name in changed])
        except StreamlitAPIException:  # a run that was broken off has not drawn all of them yet
            st.rerun()


def _renew(drawn: _Drawn, spoken: Sequence[Question]) -> frozenset[str] | None:
    """Saves what the browser said of these questions and reads the page again. Names of the parts that look otherwise now.

    None: all of the screen is to be drawn anew, because what surrounds the questions changed, or cannot be read any more.
    """
    drawn.view, drawn.waiting = None, {}
    page, actor = drawn.page, shared.current_actor()
    try:
        questions.receive(page.place, spoken, actor)
        view = _read(actor, page.assessment_id, page.questionnaire, page.first, page.last)
    except (AssessmentError, InvalidFileError):
        return None
    if view.page != page:
        return None
    if (news := pressing.said_last()) != drawn.news:
        drawn.news, drawn.contents = news, {}
    drawn.view = view
    drawn.waiting = {name: content for name, content in _contents(view).items() if content != drawn.contents.get(name)}
    return frozenset(drawn.waiting)


def _drawn(page: _Page) -> _Drawn:
    """What is in front of the reader; if that is another page than the one that speaks, the whole screen is drawn anew."""
    drawn = st.session_state.get(_DRAWN)
    if not isinstance(drawn, _Drawn) or drawn.page != page:
        st.rerun()
    return drawn


def _key(name: str) -> str:
    return f"part-{name}"


# --- content -----------------------------------------------------------------------------------------------------


def _read(actor: Actor, assessment_id: int, questionnaire_id: str, first: int, last: int) -> _View:
    """Raises: NotFoundError, QuestionnaireChangedError; InvalidFileError."""
    with database.reading() as session:
        actor, assessment = viewing.open_assessment(session, actor, assessment_id)
        pinned = editions.for_assessment(assessment)
        questionnaire, answers = pinned[questionnaire_id].questionnaire, assessment.answers(questionnaire_id)
        on_page = (
            question.id for section in questionnaire.sections[first : last + 1] for question in section.questions
        )
        is_editable = assessment.status.is_editable and may(actor, "record_response")
        unanswered = [question for question in on_page if is_editable and question not in answers]
        beside = viewing.beside_questions(session, actor, assessment, questionnaire_id, unanswered)
    page = _Page(
        assessment_id,
        assessment.revision,
        questionnaire_id,
        first,
        last,
        questionnaire_id == CLAIM and is_made(questionnaire, assessment.answers(CLAIM)),
        actor.person,
        actor.roles,
        assessment.status,
    )
    return _View(page, actor, assessment, pinned, derivation.of(assessment, shared.now()), beside)


def _contents(view: _View) -> dict[str, _Part]:
    """Name → content, in the order of the page; of each page always the same names."""
    questionnaire, answers = view.edition.questionnaire, view.assessment.answers(view.edition.id)
    visibility = conditions.visible(questionnaire, answers)
    contents: dict[str, _Part] = {
        _STANDING: _standing(view, visibility),
        _ABOVE: _Above(second_scale.standing(questionnaire, view.results), view.is_editable),
    }
    verdicts = questions.verdicts()
    talk = discussion.of_threads(view.beside.threads, view.assessment, view.actor)
    for number, section in view.sections:
        visible = tuple(question for question in section.questions if visibility[question.id] is not False)
        contents[_HEAD + section.id] = _head(view, number, section, visible, talk) if visible else _Part()
        for place, question in enumerate(section.questions, 1):
            contents[_QUESTION + question.id] = (
                _asked(
                    view,
                    section,
                    question,
                    f"{number}.{place}",
                    talk,
                    verdicts.get(view.page.place.key(question.id)),
                    is_surely_asked=visibility[question.id] is True,
                )
                if question in visible
                else _Part()
            )
        if view.edition.id == CLAIM:
            finding = next((part for part in view.results.claim.parts if part.part == section.id), None)
            contents[_END + section.id] = _End(finding, view.edition) if finding and visible else _Part()
    if questionnaire.scale is not None:
        contents[_SCALE] = _Scale(view.results.second_scale, view.edition)
    return contents


def _standing(view: _View, visibility: Mapping[str, conditions.Truth]) -> _Part:
    states = (
        sections.progress(view.assessment, view.edition, section, view.results, visibility)
        for _number, section in view.sections
    )
    whole = sum(states, sections.NO_PROGRESS)
    return _Standing(findings.strip(view.results, sections.progress_tag(whole)))


def _head(view: _View, number: int, section: Section, visible: tuple[Question, ...], talk: discussion.Talk) -> _Part:
    name, language = topics.of_section(view.edition.id, section.id), shared.language()
    on_section = discussion.beside(name, section.title[language], talk, _("Comment on this section"))
    return _Head(
        view.page,
        number,
        section,
        len(view.sections) == 1,
        giving.beside(view.beside.given.get(name), view.assessment, view.actor) + on_section,
        view.beside.is_reassessment,
        carried.waiting_in((f"{view.edition.id}.{question.id}" for question in visible), view.taken),
        visible,
        together.unanswered(visible, view.assessment.answers(view.edition.id)) if view.is_editable else frozenset(),
        view.is_editable,
    )


def _asked(
    view: _View,
    section: Section,
    question: Question,
    number: str,
    talk: discussion.Talk,
    verdict: Verdict | None,
    *,
    is_surely_asked: bool,
) -> _Part:
    where = f"{view.edition.id}.{question.id}"
    return _Asked(
        view.page,
        section.id,
        question,
        number,
        view.edition,
        view.assessment.responses.get(view.edition.id, {}).get(question.id),
        verdict,
        is_surely_asked,
        view.is_editable,
        view.beside.marks.get(where),
        view.beside.is_reassessment,
        view.beside.earlier.get(question.id),
        points.notices(where, view.beside.points, view.assessment),
        contradictions.notices(where, view.results, view.assessment, view.pinned),
        discussion.beside(where, question.text[shared.language()], talk),
        seoul_day(shared.now()),
    )
