"""What every screen is framed by: style, the bar on top, the head of an open assessment, the foot."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from assessments.model import Actor, Assessment, Status
from pages._frame import labels, plain, screens, shared, translation
from pages._frame.shared import _
from questionnaires import load
from questionnaires.load import Edition

STYLE = Path(__file__).with_name("style.css")
FOLDER = Path(__file__).parents[1]


def drawn(language: str) -> list[st.Page]:
    """All screens; none shows more than its reader may see, and every deed is checked again where it is done."""
    return [
        st.Page(FOLDER / f"{name}.py", title=screens.title_of(name, language), url_path=name, default=name == "home")
        for name in screens.SCREENS
    ]


def style() -> None:
    st.html(STYLE)


def bar(actor: Actor) -> None:
    """Name, the screens that stand by themselves, language, who is here, the way out."""
    language = shared.language()
    other = next(one for one in translation.LANGUAGES if one != language)
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<a class="h-brand" href="/"><img src="{plain.MARK}" alt="" width="28" height="28">'
            f"<span>{escape(_('Haetae'))}</span></a>",
            width="content",
        )
        for name, label in (("home", _("My tasks")), ("systems", _("Systems"))):
            st.page_link(FOLDER / f"{name}.py", label=label)
        st.html(f'<a class="h-plain-link" href="/verify">{escape(_("Verify"))}</a>', width="content")
        st.html(
            f'<div class="h-who"><span>{escape(actor.name)}</span>'
            f'<a href="/leave">{escape(_("Sign out"))}</a>'
            f'<a lang="{other}" hreflang="{other}" href="/language/{other}">{plain.NAMES[other]}</a></div>',
            width="stretch",
        )


def heading(text: str, lead: str = "") -> None:
    """The one h1 of a screen, and the window's title with it."""
    st.set_page_config(page_title=f"{text} · Haetae")
    more = f'<p class="h-lead">{escape(lead)}</p>' if lead else ""
    st.html(f'<h1 class="h-title">{escape(text)}</h1>{more}')


def head(assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Which assessment this is and how it stands, with the way to its other screens."""
    language = shared.language()
    name = system_name(assessment, language)
    tags = [status_tag(assessment.status)]
    if assessment.operator.is_example:
        tags.append(shared.tag("예시 · Example", "example"))
    with st.container(key="head"):
        domain = pinned[assessment.domain].questionnaire.title[language]
        facts = " · ".join(
            (
                assessment.operator.name,
                domain,
                _("revision {number}", number=assessment.revision),
                _("assessment {number}", number=assessment.id),
            )
        )
        st.html(
            f'<div class="h-head"><p class="h-name">{escape(name)} {" ".join(tags)}</p><p>{escape(facts)}</p></div>'
        )
        with st.container(key="steps", horizontal=True, gap="small"):
            for screen in screens.OF_ASSESSMENT:
                st.page_link(
                    FOLDER / f"{screen}.py",
                    label=screens.title_of(screen, language),
                    query_params={"assessment": str(assessment.id)},
                )
    show_draft_editions(pinned)
    shared.show_news()


def show_drafts_in_use() -> None:
    """On screens of no one assessment: the questionnaires of this installation that are not released."""
    with shared.problems_shown():
        newest = {one.id: one for one in load.editions(load.FOLDER)}
        show_draft_editions(newest)


def show_draft_editions(pinned: Mapping[str, Edition]) -> None:
    """Says so where a questionnaire is not a released edition."""
    drafts = [
        f"{one.questionnaire.title[shared.language()]} {one.version}" for one in pinned.values() if not one.is_released
    ]
    if drafts:
        text = _("Draft edition, not released: {names}. Results may change before it is.", names=", ".join(drafts))
        st.html(
            f'<details class="h-draft"><summary class="h-tag h-draft-tag">{escape(_("Draft edition"))}</summary>'
            f"<p>{escape(text)}</p></details>"
        )


def system_name(assessment: Assessment, language: str) -> str:
    system = assessment.system
    return (system.name_en or system.name_ko) if language == "en" else (system.name_ko or system.name_en)


def status_text(status: Status | str) -> str:
    return labels.status(status, shared.language())


def status_tag(status: Status | str) -> str:
    kinds = {
        Status.DRAFT: "open",
        Status.RETURNED: "cannot",
        Status.SUBMITTED: "wait",
        Status.DECIDED: "wait",
        Status.SIGNED_OFF: "good",
    }
    return shared.tag(status_text(status), kinds.get(Status(status), ""))


def foot() -> None:
    text = _(
        "Haetae informs; it gives no legal advice. A determination is an argument with its sources, the risk score a "
        "figure of this tool's own method."
    )
    pages = {"law": _("Open questions of law"), "glossary": _("Glossary")}
    links = " · ".join(f'<a href="{escape(shared.address(name))}">{escape(title)}</a>' for name, title in pages.items())
    st.html(f'<footer class="h-foot">{escape(text)} {links}</footer>')
