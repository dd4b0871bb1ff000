"""What /verify says in HTML: the form, a problem as a sentence, and what was found, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from exports.verification import about
from exports.words.facts import Fact, State, Verdict
from exports.words.labels import labels
from pages._frame import markup
from pages._frame.translation import translate
from questionnaires import wording

if TYPE_CHECKING:
    from exports.verification.verdict import Verification

MAX_MEGABYTES = 50
SIGNS = {State.OK: "✓", State.BAD: "✕", State.OPEN: "?", State.NOTE: "i"}
VERDICT_SIGNS = {Verdict.PASSED: "✓", Verdict.INDETERMINATE: "?", Verdict.FAILED: "✕"}
_BEGINS = {
    "readable": "file",
    "sealed": "file",
    "seals": "file",
    "signer": "seal",
    "record": "record",
    "frozen": "frozen",
}
"""Fact → the group that begins with it."""
_REGISTER = ("register", "superseded")


def title(language: str) -> str:
    return translate("Verify a report", language)


def problem(name: str, language: str, *, seconds: int) -> str:
    """A sentence with what to do."""
    say, time = translate, wording.duration(seconds)[language]
    return {
        "too_often": say("Too many files were sent in a short time. Try again in {time}.", language, time=time),
        "busy": say("Other files are being examined right now. Try again in {time}.", language, time=time),
        "too_large": say(
            "What you sent is too large: a report may have {size} MB, a certificate 64 KB. A report of Haetae is far smaller.",
            language,
            size=MAX_MEGABYTES,
        ),
        "too_slow": say("The file arrived too slowly. Try again with a better connection.", language),
        "no_form": say("No file came with the request. Send the report as the form's field “file”.", language),
        "no_file": say("Choose the report first, then verify.", language),
        "no_certificate": say(
            "The second file holds no certificate. Choose a PEM or DER file, or leave it out.", language
        ),
        "broken": say("Something went wrong here and was written to the server's log. Nothing was kept.", language),
    }[name]


def form(language: str, complaint: str = "") -> Markup:
    """The form, with a problem above it where there is one."""
    return markup.render(
        "server/verify.html.j2", language, title=title(language), complaint=complaint, size=MAX_MEGABYTES
    )


def result(verification: Verification, language: str, *, is_given: bool) -> Markup:
    """Verdict, what the file says it is, and every fact. is_given: compared with a certificate that the reader sent."""
    groups = [(_heading(name, language), facts) for name, facts in _grouped(verification.facts)]
    return markup.render(
        "server/verified.html.j2",
        language,
        title=title(language),
        verification=verification,
        sign=VERDICT_SIGNS[verification.verdict],
        is_given=is_given,
        says=labels("verification.yaml")["says"][language],
        about=about.rows(verification, language),
        groups=groups,
        signs=SIGNS,
        states={state: state_word(state, language) for state in State},
    )


def _grouped(facts: tuple[Fact, ...]) -> Iterator[tuple[str, list[Fact]]]:
    groups: dict[str, list[Fact]] = {"file": [], "seal": [], "record": [], "frozen": [], "register": []}
    current = "file"
    for fact in facts:
        current = _BEGINS.get(fact.id, current)
        groups["register" if fact.id in _REGISTER else current].append(fact)
    return ((name, some) for name, some in groups.items() if some)


def _heading(group: str, language: str) -> str:
    say = translate
    return {
        "file": say("Is the file unaltered?", language),
        "seal": say("Whose seal is it, and of when?", language),
        "record": say("Does it say what was assessed?", language),
        "frozen": say("Does it say what was frozen?", language),
        "register": say("What does this server's register say?", language),
    }[group]


def state_word(state: State, language: str) -> str:
    say = translate
    return {
        State.OK: say("shown", language),
        State.BAD: say("wrong", language),
        State.OPEN: say("cannot be shown", language),
        State.NOTE: say("note", language),
    }[state]
