"""The frame of every screen: style, top bar, header of the open assessment, footer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from assessments import viewing
from assessments.model import Actor, Assessment, Role, Status
from pages._frame import database, enum_names, markup, plain, pressing, screens, shared, translation
from pages._frame.shared import _
from questionnaires import load
from questionnaires.load import Edition

STYLE = Path(__file__).with_name("style.css")
FOLDER = Path(__file__).parents[1]
LASTING = ("act", "actor", "drafts", "made", "unsaved", "unsaved-verdicts", "edition-run", "edition-run-of")
"""What a session knows on every screen: what its reader did last and entered where, and a rescoring that goes on meanwhile."""
_PART_OF = {"log": "involvement", "whatif": "review", "crosswalk": "review"}
"""Screens without a place of their own in the head of an assessment → the one that they belong to."""


def all_screens(language: str) -> list[st.Page]:
    """All screens, for Streamlit's navigation. Each shows only what its reader may see; every action is checked again when it is done."""
    return [
        st.Page(FOLDER / f"{name}.py", title=screens.title_of(name, language), url_path=name, default=name == "home")
        for name in screens.SCREENS
    ]


def style() -> None:
    st.html(STYLE)


def bar(actor: Actor, screen: str) -> None:
    """Top bar: name, screens not tied to an assessment, language, signed-in person, sign-out.

    Plain links, as everywhere around the screens; the shell follows them without loading the page anew.

    screen: path of the screen that is shown.
    """
    language = shared.language()
    st.session_state["screen"] = screen or "home"
    st.session_state["named"] = ""
    other = next(choice for choice in translation.LANGUAGES if choice != language)
    links = [
        ("/", _("My tasks"), screen in ("", "home")),
        (shared.address("portfolio"), _("Portfolio"), screen in screens.OF_PORTFOLIO),
        (shared.address("systems"), _("Systems"), screen in screens.OF_REGISTER),
        ("/verify", _("Verify"), False),
    ]
    if Role.ADMINISTRATOR in actor.roles:
        links.append((shared.address("people"), _("Administration"), screen in screens.OF_ADMINISTRATORS))
    shared.draw(
        "frame/bar.html.j2", mark=plain.MARK, links=links, name=actor.name, other=other, other_name=plain.NAMES[other]
    )
    _show_made()


def _show_made() -> None:
    """Of a home whose data was made up, on every screen; looked up once a session, for it never becomes anything else."""
    if "made" not in st.session_state:
        with shared.problems_shown(), database.reading() as session:
            st.session_state["made"] = viewing.made(session)
    if st.session_state.get("made") is not None:
        text = _("All data here was made up to measure and to show. It says nothing about anybody.")
        markup.show(markup.notice("note", text))


def follow(screen: str) -> None:
    """Goes to the screen that the last deed leads to. screen: the path of the one that was asked for; empty: home.

    A session goes from screen to screen, and begins each as if it had just been loaded: what one noted for itself would stand on
    another, or there again after a while.
    """
    name = screen or "home"
    if st.session_state.get("screen", name) != name:
        for key in set(st.session_state) - set(LASTING):
            del st.session_state[key]
        pressing.leave()
    if due := pressing.due(name, st.query_params.to_dict()):
        st.switch_page(FOLDER / f"{due[0]}.py", query_params=due[1])
    of = (st.query_params.get(part, "") for part in ("assessment", "meeting", "questionnaire", "section"))
    pressing.forget_elsewhere(" ".join((name, *of)))


def heading(text: str, lead: str = "") -> None:
    """The screen's only h1, which also sets the window title: of several assessments in several windows, each says which.

    It says of which screen it is, so that a browser on its way to another one knows whether it has come.
    """
    named = st.session_state.get("named", "")
    st.set_page_config(page_title=" · ".join(part for part in (text, named, "Haetae") if part))
    screen = st.session_state.get("screen", "")
    path = shared.address("" if screen == "home" else screen) if screen else ""
    shared.draw("frame/title.html.j2", text=text, lead=lead, path=path)


def head(assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Header of an assessment: name, status, and links to its other screens."""
    language = shared.language()
    name = system_name(assessment, language)
    st.session_state["named"] = f"{name} ({assessment.id})"
    tags = [status_tag(assessment.status)]
    if assessment.operator.is_example:
        tags.append(markup.tag(enum_names.word("mark_example", language), "example"))
    facts = (
        assessment.operator.name,
        pinned[assessment.domain].questionnaire.title[language],
        _("revision {number}", number=assessment.revision),
        _("assessment {number}", number=assessment.id),
    )
    here = _PART_OF.get(st.session_state["screen"], st.session_state["screen"])
    steps = [
        (shared.address(screen, assessment=assessment.id), screens.title_of(screen, language), screen == here)
        for screen in screens.OF_ASSESSMENT
    ]
    shared.draw(
        "frame/head.html.j2",
        home=screens.title_of("home", language),
        own=shared.address("assessment", assessment=assessment.id),
        name=name,
        tags=markup.joined(tags, " "),
        drafts=_draft_editions(pinned),
        facts=facts,
        steps=steps,
    )
    pressing.at_top()


def show_drafts_in_use() -> None:
    """On screens not tied to an assessment: lists the unreleased questionnaires of this installation."""
    with shared.problems_shown():
        newest = {edition.id: edition for edition in load.editions(load.FOLDER)}
        markup.show(_draft_editions(newest))


def _draft_editions(pinned: Mapping[str, Edition]) -> Markup:
    """A word that opens to the questionnaires which are no released editions; nothing if all are."""
    drafts = [
        f"{edition.questionnaire.title[shared.language()]} {edition.version}"
        for edition in pinned.values()
        if not edition.is_released
    ]
    return shared.render("frame/draft.html.j2", drafts=drafts) if drafts else markup.NOTHING


def system_name(assessment: Assessment, language: str) -> str:
    system = assessment.system
    return (system.name_en or system.name_ko) if language == "en" else (system.name_ko or system.name_en)


def status_text(status: Status | str) -> str:
    return enum_names.status(status, shared.language())


def status_tag(status: Status | str) -> Markup:
    kinds = {
        Status.DRAFT: "open",
        Status.RETURNED: "cannot",
        Status.SUBMITTED: "wait",
        Status.DECIDED: "wait",
        Status.SIGNED_OFF: "good",
        Status.REFUSED: "bad",
    }
    return markup.tag(status_text(status), kinds.get(Status(status), ""))


def foot() -> None:
    names = ("guide", "editions", "law", "enforcement", "glossary")
    pages = [(shared.address(name), screens.title_of(name, shared.language())) for name in names]
    shared.draw("frame/foot.html.j2", pages=pages)
    pressing.left_over()
