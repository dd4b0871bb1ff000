"""The screens: SCREENS, each one a file in `pages`; OF_ASSESSMENT, OF_PORTFOLIO, OF_ADMINISTRATORS; SEAMLESS; title_of."""

from __future__ import annotations

from functools import cache

from pages._frame.translation import translate

SCREENS = (
    "home",
    "portfolio",
    "meetings",
    "meeting",
    "sample",
    "systems",
    "register",
    "system",
    "recourse",
    "request",
    "queue",
    "assessment",
    "answer",
    "impacts",
    "involvement",
    "duties",
    "log",
    "review",
    "crosswalk",
    "whatif",
    "decide",
    "followup",
    "documents",
    "comments",
    "revisions",
    "history",
    "editions",
    "law",
    "enforcement",
    "glossary",
    "guide",
    "people",
    "units",
    "settings",
)
"""Paths of the screens; home is also /."""
OF_ASSESSMENT = (
    "assessment",
    "answer",
    "impacts",
    "involvement",
    "duties",
    "review",
    "decide",
    "followup",
    "documents",
    "comments",
    "revisions",
    "history",
)
"""Screens that show one assessment; their address names it."""
OF_PORTFOLIO = ("portfolio", "meetings", "meeting", "sample")
OF_REGISTER = ("systems", "register", "system", "recourse", "request")
OF_ADMINISTRATORS = ("people", "units", "settings")

SEAMLESS = ("answer",)
"""Screens each of whose fields has a name that says what it belongs to, so that a link within the screen may stay in the page, too."""


@cache
def title_of(screen: str, language: str) -> str:
    say = translate
    return {
        "home": say("My tasks", language),
        "portfolio": say("Portfolio", language),
        "meetings": say("Meetings of the committee", language),
        "meeting": say("Meeting", language),
        "sample": say("Sample of decisions", language),
        "systems": say("Systems", language),
        "register": say("Register of AI systems", language),
        "system": say("AI system", language),
        "recourse": say("Requests of people concerned", language),
        "request": say("Request of a person concerned", language),
        "queue": say("Review queue", language),
        "assessment": say("Task list", language),
        "answer": say("Questions", language),
        "impacts": say("Scenarios and measures", language),
        "involvement": say("Human involvement", language),
        "duties": say("Duties", language),
        "log": say("Decision log", language),
        "review": say("Review", language),
        "crosswalk": say("Cross-walk to other frameworks", language),
        "whatif": say("What if", language),
        "decide": say("Decision", language),
        "comments": say("Comments", language),
        "followup": say("Follow-up", language),
        "documents": say("Official documents", language),
        "revisions": say("Revisions", language),
        "history": say("History", language),
        "editions": say("What another edition changes", language),
        "law": say("Open questions of law", language),
        "enforcement": say("Where a duty is not met", language),
        "glossary": say("Glossary", language),
        "guide": say("Guides", language),
        "people": say("People", language),
        "units": say("Units", language),
        "settings": say("Settings", language),
    }[screen]
