"""Questions whose answers save themselves while they are written.

The database is the draft. The browser says what a field holds, upon which version and what was seen there; each run looks at
that itself, so that nothing hangs on whether a session lived through it, and the same words can come twice. If somebody else
wrote in the meantime, nothing typed is lost: both texts are shown and the reader chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.content.answers import MAX_CHARACTERS, check_answer, clean_text
from assessments.errors import AssessmentError, InvalidAnswerError, NotSavedError, StaleAssessmentError
from assessments.model import Actor, Answer, Response
from pages._field import component
from pages._field.letter import Letter, Verdict, Words
from pages._frame import database, enum_names, markup, refusals, shared
from pages._frame.shared import _
from pages._parts import fields, places
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.once import once_for_each
from questionnaires.schema import Question, Source, Text


@dataclass(frozen=True)
class Place:
    """Where an answer belongs; widget keys contain all of it, so that two assessments never share a field."""

    assessment_id: int
    revision: int
    questionnaire: str

    def key(self, question: str) -> str:
        return f"a{self.assessment_id}-{self.revision}-{self.questionnaire}-{question}"

    def token(self, question: str, actor: Actor) -> str:
        """Names what a browser holds for this person here."""
        return f"{actor.id}:{self.key(question)}"


def receive(place: Place, questions: Sequence[Question], actor: Actor) -> bool:
    """Save what the browser last said of these questions and no run has looked at yet. True: there was something."""
    saved = [_receive(place, question, actor) for question in questions]
    return any(saved)


def unsettled(place: Place, questions: Sequence[Question]) -> list[Question]:
    """Those on whose letter the last word is not spoken, of all that were looked at."""
    looked_at = verdicts()
    return [
        question
        for question in questions
        if (verdict := looked_at.get(place.key(question.id))) is not None and not verdict.is_final
    ]


def show(
    place: Place,
    edition: Edition,
    section: str,
    question: Question,
    number: str,
    response: Response | None,
    actor: Actor,
    *,
    maybe: bool,
    editable: bool,
    against: Callable[[], None],
    on_said: Callable[[], None],
    beside: Markup = markup.NOTHING,
) -> None:
    """One question with its field, its note and their saving status.

    maybe: an open answer decides whether it applies. against: draws what stands against the answer, right under it.
    on_said: is called when the browser said something, and lets `receive` look at it. beside: what people say about it.
    """
    language, key = shared.language(), place.key(question.id)
    stored = response or Response(question.id, None)
    with st.container(key=f"{key}-box"):
        st.subheader(f"{number} {shared.literal(question.text[language])}", anchor=question.id)
        hints = []
        if not question.required:
            hints.append(_("optional"))
        if maybe:
            hints.append(_("can wait: it may not apply, depending on an answer that is still open"))
        if question.id == st.query_params.get("question"):
            hints.append(_("you came here from the list of what is missing"))
        if hints:
            markup.show(markup.quiet(" · ".join(hints)))
        if editable:
            _field(place, edition, section, question, number, stored, actor, on_said)
        else:
            markup.show(reading(question, stored, language))
        against()
        markup.show(about(edition, question, language) + beside)


def _field(
    place: Place,
    edition: Edition,
    section: str,
    question: Question,
    number: str,
    stored: Response,
    actor: Actor,
    on_said: Callable[[], None],
) -> None:
    language, key = shared.language(), place.key(question.id)
    query = {"assessment": place.assessment_id, "questionnaire": edition.id, "section": section}
    verdict = verdicts().get(key)
    content = {
        "kind": "answer",
        "token": place.token(question.id, actor),
        "person": actor.id,
        "place": [place.assessment_id, place.revision, place.questionnaire, question.id],
        "path": shared.address(places.screen_of(edition.id), question.id, **query),
        "label": f"{number} {question.text[language]}",
        "field": fields.spec(question, language),
        "note": {"label": _("Note: why, and where it can be seen"), "limit": MAX_CHARACTERS},
        "value": words(question, stored).json,
        "base": stored.lock_version,
        "saved": saved(stored) if stored.at else "",
        "verdict": _verdict_json(verdict, question, stored) if verdict else None,
    }
    state = component.mount(key, content, on_letter_change=on_said)
    # of a session that has just begun no run knew the field before it was drawn
    if _is_new(state, verdict) and _receive(place, question, actor):
        st.rerun()


def verdicts() -> dict[str, Verdict]:
    """Key of a question → what became of the letter that was looked at last, in this session."""
    if "verdicts" not in st.session_state:
        st.session_state["verdicts"] = {}
    looked_at: dict[str, Verdict] = st.session_state["verdicts"]
    return looked_at


def words(question: Question, response: Response) -> Words:
    """A stored response as its field holds it."""
    return Words(fields.shown(question, response.answer), response.note)


def settle(place: Place, question: Question, letter: Letter, actor: Actor) -> Verdict:
    """Save a letter, unless somebody else wrote in the meantime; the same letter twice does no harm."""
    if letter.is_dropped:
        return Verdict(letter.nonce, "dropped")
    try:
        try:
            _record(place, _response(question, letter.words, letter.base), actor)
        except StaleAssessmentError:
            stored = _stored(place, question, actor)
            merged = _merged(question, letter, stored, actor)
            if merged is None:
                return Verdict(letter.nonce, "conflict")
            if (merged.answer, merged.note) != (stored.answer, stored.note):
                _record(place, merged, actor)
    except StaleAssessmentError:  # once more, between reading and writing
        return Verdict(letter.nonce, "conflict")
    except fields.CellsRefusedError as error:
        return Verdict(letter.nonce, "refused", error.text, error.cells)
    except NotSavedError as error:
        return Verdict(letter.nonce, "failed", error.text)
    except AssessmentError as error:
        refusals.note(error)
        return Verdict(letter.nonce, "refused", error.text)
    return Verdict(letter.nonce, "saved")


def answer_open(place: Place, answers: Mapping[str, Answer], actor: Actor) -> int:
    """Answers these questions; one that somebody answered meanwhile is left alone. How many were answered.

    Raises: AssessmentError.
    """
    count = 0
    with database.transaction() as session:
        stored = viewing.assessment(session, actor, place.assessment_id).responses.get(place.questionnaire, {})
        for question, value in answers.items():
            before = stored.get(question, Response(question, None))
            if before.answer is None:
                response = Response(question, value, note=before.note, lock_version=before.lock_version)
                actions.record_response(
                    session, place.assessment_id, place.questionnaire, response, actor, shared.now()
                )
                count += 1
    return count


def reading(question: Question, response: Response, language: str) -> Markup:
    """An answer for read-only display, with its note and when it was saved."""
    answer = fields.html_of(question, response.answer, language) or markup.quiet(_("Not provided"))
    if response.note:
        answer += markup.paragraph(enum_names.word("note", language), "h-quiet h-note") + markup.free_text(
            response.note
        )
    return answer + (markup.paragraph(saved(response), "h-saved") if response.at else "")


def about(edition: Edition, question: Question, language: str) -> Markup:
    """Why the question is asked, what evidence supports the answer, and the source."""
    drawn, place = _drawn(edition), (question.id, language)
    if place not in drawn:
        source_line = source(edition.questionnaire.sources[question.source], language)
        drawn[place] = markup.render("parts/why.html.j2", language, question=question, source=source_line)
    return drawn[place]


@once_for_each
def _drawn(_edition: Edition) -> dict[tuple[str, str], Markup]:
    """Question and language → what is said of it, which follows from the edition alone."""
    return {}


def source(cited: Source, language: str, *, briefly: bool = False) -> Markup:
    """Title, edition and location of a source; unless briefly, also its caveats."""
    day = wording.day(cited.edition, language)
    return markup.render("parts/source.html.j2", language, source=cited, day=day, briefly=briefly)


def reasoned(text: Text, cited: Source, language: str) -> Markup:
    """A reason with its source."""
    return markup.joined((text[language], markup.span(source(cited, language, briefly=True), "h-source")))


def _receive(place: Place, question: Question, actor: Actor) -> bool:
    """True: the browser said something new, which now has its verdict."""
    key = place.key(question.id)
    state = st.session_state.get(key)
    if not state:
        return False
    verdict = verdicts().get(key)
    letter = Letter.of(state.get("letter"))
    if letter is None or not _is_new(state, verdict):
        return False
    if letter.token != place.token(question.id, actor):
        return False
    judged = settle(place, question, letter, actor)
    verdicts()[key] = judged
    return judged != verdict


def _is_new(state: Mapping[str, Any], verdict: Verdict | None) -> bool:
    """Whether the browser said something on which the last word is not spoken yet."""
    letter = Letter.of(state.get("letter"))
    return letter is not None and not (verdict is not None and verdict.nonce == letter.nonce and verdict.is_final)


def _response(question: Question, content: Words, base: int) -> Response:
    return Response(question.id, fields.read(question, content.answer), note=content.note, lock_version=base)


def _record(place: Place, response: Response, actor: Actor) -> None:
    with database.transaction() as session:
        actions.record_response(session, place.assessment_id, place.questionnaire, response, actor, shared.now())


def _stored(place: Place, question: Question, actor: Actor) -> Response:
    with database.reading() as session:
        assessment = viewing.assessment(session, actor, place.assessment_id)
    return assessment.responses.get(place.questionnaire, {}).get(question.id) or Response(question.id, None)


def _merged(question: Question, letter: Letter, stored: Response, actor: Actor) -> Response | None:
    """Mine upon what is stored now. None: somebody else changed what I changed.

    Answer and note are told apart. A part that is stored as I saw it, or as I sent it, takes mine; one that I left as I saw it
    keeps what is stored. Words of my own that mine begin with are those of a moment ago: a server that died saved them without
    a word, or another tab of mine did, which took them up while this one was gone.
    """
    is_own = stored.by is not None and stored.by.id == actor.id
    mine = _comparable(question, letter.words)
    earlier = [_comparable(question, content) for content in (letter.seen, *letter.sent)]
    merged: list[Any] = []
    for part, (now, own) in enumerate(zip((stored.answer, stored.note), mine, strict=True)):
        if now == own or now in [content[part] for content in earlier]:
            merged.append(own)
        elif own == earlier[0][part]:
            merged.append(now)
        elif is_own and isinstance(now, str) and isinstance(own, str) and own.startswith(now):
            merged.append(own)
        else:
            return None
    answer, note = merged
    return Response(question.id, answer, note=note, lock_version=stored.lock_version)


def _comparable(question: Question, content: Words) -> tuple[Any, str]:
    """Answer and note as they would be stored; words that are no answer are like no other."""
    note = clean_text(content.note, "")
    try:
        value = fields.read(question, content.answer)
        return None if value is None else check_answer(question, value), note
    except InvalidAnswerError:
        return content, note


def _verdict_json(verdict: Verdict, question: Question, response: Response) -> dict[str, object]:
    """For the browser; in a conflict with what the other person saved."""
    language = shared.language()
    if verdict.kind != "conflict":
        return verdict.json(language)
    who = _(
        "{name} saved this at {time}:",
        name=response.by.name if response.by else "",
        time=shared.moment(response.at),
    )
    theirs = [fields.text_of(question, response.answer, language), response.note]
    return verdict.json(language) | {"who": who, "theirs": "\n\n".join(part for part in theirs if part)}


def saved(response: Response) -> str:
    """When and by whom it was saved, as a sentence."""
    time = wording.clock(response.at, shared.language()) if response.at else ""
    today = (
        response.at is not None
        and response.at.astimezone(wording.SEOUL).date() == shared.now().astimezone(wording.SEOUL).date()
    )
    name = response.by.name if response.by else ""
    return _("Saved at {time} by {name}", time=time if today else shared.moment(response.at), name=name)
