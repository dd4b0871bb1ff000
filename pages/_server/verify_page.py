"""What /verify says in HTML: the form, a problem as a sentence, and what was found, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from exports.verification import about
from exports.words.facts import Fact, State, Verdict
from exports.words.labels import labels
from pages._frame.translation import translate

if TYPE_CHECKING:
    from exports.verification.verdict import Verification

MAX_MEGABYTES = 50
SIGNS = {State.OK: "✓", State.BAD: "✕", State.OPEN: "?", State.NOTE: "i"}
VERDICT_SIGNS = {Verdict.PASSED: "✓", Verdict.INDETERMINATE: "?", Verdict.FAILED: "✕"}
_BEGINS = {"readable": "file", "sealed": "file", "seals": "file", "signer": "seal", "record": "record"}
"""Fact → the group that begins with it."""
_REGISTER = ("register", "superseded")


def title(language: str) -> str:
    return translate("Verify a report", language)


def problem(name: str, language: str, *, seconds: int) -> str:
    """A sentence with what to do."""
    say = translate
    return {
        "too_often": say(
            "Too many files were sent in a short time. Try again in {seconds} seconds.", language, seconds=seconds
        ),
        "busy": say(
            "Other files are being examined right now. Try again in {seconds} seconds.", language, seconds=seconds
        ),
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


def form(language: str, complaint: str = "") -> str:
    """The form, with a problem above it where there is one."""
    say = translate
    alert = f'<p class="problem" role="alert"><strong>{escape(complaint)}</strong></p>' if complaint else ""
    lead = say(
        "Choose a report that was made with Haetae. It is examined on this server, and nothing of it is kept.", language
    )
    hint = say(
        "The operator's certificate, obtained from the operator itself and not together with the report. "
        "Without it, the seal is compared with this server's own certificates, present and former.",
        language,
    )
    return (
        f'<h1>{escape(title(language))}</h1><p class="quiet">{escape(lead)}</p>{alert}'
        '<form method="post" action="/verify" enctype="multipart/form-data" class="verify">'
        f'<p><label for="file">{escape(say("The report (PDF, at most {size} MB)", language, size=MAX_MEGABYTES))}</label>'
        '<input type="file" id="file" name="file" accept="application/pdf,.pdf" required></p>'
        f'<p><label for="certificate">{escape(say("Certificate (PEM or DER, optional)", language))}</label>'
        f'<span class="quiet" id="about-certificate">{escape(hint)}</span>'
        '<input type="file" id="certificate" name="certificate" accept=".pem,.crt,.cer,.der" '
        'aria-describedby="about-certificate"></p>'
        f'<button class="act">{escape(say("Verify", language))}</button></form>{_by_program(language)}'
    )


def found(one: Verification, language: str, *, is_given: bool) -> str:
    """Verdict, what the file says it is, and every fact. is_given: compared with a certificate that the reader sent."""
    say = translate
    verdict = one.verdict
    compared = (
        say("The seal was compared with the certificate that you sent.", language)
        if is_given
        else say("No certificate was sent; the seal was compared with this server's own.", language)
    )
    limits = say(
        "Verification shows whether the report is unaltered and follows from its answers. It does not say that the answers "
        "are true or that the law is met.",
        language,
    )
    groups = "".join(_group(name, facts, language) for name, facts in _grouped(one.facts))
    again = say("Verify another report", language)
    return (
        f"<h1>{escape(title(language))}</h1>"
        f'<section class="result verdict {verdict.value}" role="status"><h2><span class="sign" aria-hidden="true">'
        f"{VERDICT_SIGNS[verdict]}</span> {escape(one.verdict_text[language])}</h2>"
        f'<p>{escape(verdict.meaning[language])}</p><p class="quiet">{escape(compared)}</p></section>'
        f'{_about(one, language)}{groups}<p class="quiet">{escape(limits)}</p>'
        f'<p><a class="act" href="/verify">{escape(again)}</a></p>'
    )


def _about(one: Verification, language: str) -> str:
    """What the file says of itself, and whose seal it carries; a claim, not a finding."""
    body = ""
    for row in about.rows(one, language):
        value = f"<code>{escape(row.value)}</code>" if row.is_code else escape(row.value)
        body += f"<div><dt>{escape(row.name)}</dt><dd>{value}</dd></div>"
    return f'<h2>{escape(labels("verification.yaml")["says"][language])}</h2><dl class="about">{body}</dl>'


def _grouped(facts: tuple[Fact, ...]) -> Iterator[tuple[str, list[Fact]]]:
    groups: dict[str, list[Fact]] = {"file": [], "seal": [], "record": [], "register": []}
    current = "file"
    for one in facts:
        current = _BEGINS.get(one.id, current)
        groups["register" if one.id in _REGISTER else current].append(one)
    return ((name, some) for name, some in groups.items() if some)


def _group(name: str, facts: list[Fact], language: str) -> str:
    say = translate
    heading = {
        "file": say("Is the file unaltered?", language),
        "seal": say("Whose seal is it, and of when?", language),
        "record": say("Does it say what was assessed?", language),
        "register": say("What does this server's register say?", language),
    }[name]
    rows = "".join(
        f'<li class="{one.state.value}"><span class="sign" aria-hidden="true">{SIGNS[one.state]}</span>'
        f'<span class="state">{escape(_state(one.state, language))}</span><span>{escape(one.text[language])}</span></li>'
        for one in facts
    )
    return f'<h2>{escape(heading)}</h2><ul class="findings">{rows}</ul>'


def _state(state: State, language: str) -> str:
    say = translate
    return {
        State.OK: say("shown", language),
        State.BAD: say("wrong", language),
        State.OPEN: say("cannot be shown", language),
        State.NOTE: say("note", language),
    }[state]


def _by_program(language: str) -> str:
    say = translate
    text = say("The same as JSON, for programs:", language)
    command = "curl -F file=@report.pdf -F certificate=@certificate.pem …/verify"
    alone = say("Without this server: haetae verify, or pdfsig from the Poppler tools.", language)
    return (
        f"<details><summary>{escape(say('For programs, and without this server', language))}</summary>"
        f'<p class="quiet">{escape(text)}<br><code>{escape(command)}</code></p><p class="quiet">{escape(alone)}</p></details>'
    )
