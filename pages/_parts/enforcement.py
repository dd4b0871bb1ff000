"""What the law provides where a duty is not met, as HTML: show_routes, show_adjustments, show_grace, show_unmet. All text escaped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from markupsafe import Markup

from assessments.rules import enforcement as rules
from assessments.rules.enforcement import AmountRange, Consequence, GracePhase
from pages._frame import markup, shared
from pages._parts import findings, questions
from questionnaires import wording
from questionnaires.enforcement import Adjustment, Enforcement, Fine

KINDS = {"fine_at_once": "bad", "order_first": "cannot", "no_fine": "plain"}


def show_routes(law: Enforcement) -> None:
    """Route by route: its steps in order, the duties on it and the amounts at its end."""
    every = rules.every_breach(law)
    for route in law.routes:
        on_it = [consequence for consequence in every if consequence.route.id == route.id]
        if on_it:
            _route(law, on_it)


def _route(law: Enforcement, on_it: Sequence[Consequence]) -> None:
    word, language = findings.word, shared.language()
    route = on_it[0].route
    markup.show(markup.h2(route.title[language], route.id) + markup.paragraph(route.text[language]))
    if on_it[0].steps:
        rows = [
            (
                f"{number}. {step.title[language]}",
                step.text[language],
                questions.source(law.sources[step.source], language, briefly=True),
            )
            for number, step in enumerate(on_it[0].steps, start=1)
        ]
        markup.show(markup.table((word("enforcement_steps"), word("sheet_text"), word("source")), rows))
    markup.show(
        markup.h3(word("enforcement_breaches")) + markup.items((_breach(law, each) for each in on_it), "h-reasons")
    )
    fines = dict.fromkeys(consequence.fine for consequence in on_it if consequence.fine)
    for fine in fines:
        markup.show(_amounts(law, fine))


def _breach(law: Enforcement, consequence: Consequence) -> Markup:
    word, language = findings.word, shared.language()
    breach = consequence.breach
    listed = word("enforcement_investigated" if breach.is_investigated else "enforcement_not_investigated")
    lines: list[Markup | str] = [markup.joined((markup.bold(breach.title[language]), markup.aside(listed)), " ")]
    if breach.note:
        lines.append(breach.note[language])
    if breach.doubt:
        cited = law.sources[breach.doubt.source]
        lines.append(
            markup.joined(
                (
                    markup.bold(word("enforcement_doubt") + ":"),
                    breach.doubt.text[language],
                    markup.aside(cited.title[language]),
                ),
                " ",
            )
        )
    return markup.lines(lines)


def _amounts(law: Enforcement, fine: Fine) -> Markup:
    word, language = findings.word, shared.language()
    rows = [
        (
            number_of(amount, language),
            *(wording.won(each)[language] for each in (amount.stated, amount.lowest, amount.highest)),
        )
        for amount in rules.amounts_of(law, fine)
    ]
    head = [word(f"enforcement_{name}") for name in ("number", "stated", "lowest", "highest")]
    cap = f"{word('enforcement_cap')}: {wording.won(fine.cap)[language]}"
    caption = f"{fine.title[language]} ({cap})"
    return markup.table(head, rows, caption=caption, kind="h-numbers") + markup.quiet(
        questions.source(law.sources[fine.source], language, briefly=True)
    )


def number_of(amount: AmountRange, language: str) -> str:
    """The first, the third and after; where there is one amount alone, each time."""
    if amount.number == 1 and amount.is_for_every_further:
        return findings.word("enforcement_each")
    key = "enforcement_nth_on" if amount.is_for_every_further else "enforcement_nth"
    return findings.word(key).format(number=amount.number)


def show_adjustments(law: Enforcement) -> None:
    """How breaches are counted, and on which grounds an amount is cut or raised."""
    language = shared.language()
    markup.show(markup.paragraph(law.repeated[language]))
    for name, adjustment in (("enforcement_cut", law.cut), ("enforcement_raised", law.raised)):
        markup.show(_adjustment(name, adjustment, language))


def _adjustment(name: str, adjustment: Adjustment, language: str) -> Markup:
    head = findings.word(name).format(percent=adjustment.at_most)
    grounds = markup.items((ground[language] for ground in adjustment.grounds), "h-reasons")
    return markup.h3(head) + grounds + markup.paragraph(adjustment.limit[language])


def show_grace(law: Enforcement, on: date) -> None:
    """Where the day lies in the announced period, with its exceptions and its uncertain end."""
    word, language, grace = findings.word, shared.language(), law.grace
    phase = rules.grace_on(grace, on)
    days = {"day": wording.day(on, language), "last": wording.day(rules.last_certain_day(grace), language)}
    sentence = word(f"grace_{phase}").format(**days)
    more = markup.joined(
        (
            markup.paragraph(grace.text[language]),
            markup.paragraph(grace.not_in_law[language]),
            markup.paragraph(grace.meanwhile[language]),
            markup.paragraph(word("grace_exceptions") + ":"),
            markup.items((exception[language] for exception in grace.exceptions), "h-reasons"),
            markup.quiet(questions.source(law.sources[grace.source], language)),
        )
    )
    markup.show(markup.h2(word("grace"), "grace"))
    markup.show(markup.notice("note" if phase is not GracePhase.OVER else "bad", sentence, more))


def show_unmet(law: Enforcement, unmet: Collection[str], on: date) -> None:
    """Beside the duties of an assessment: what the law provides for those that are not met; nothing where all are."""
    followed = rules.consequences(law, unmet)
    if not followed:
        return
    word, language = findings.word, shared.language()
    markup.show(markup.h2(word("s_enforcement"), "enforcement") + markup.paragraph(word("enforcement_intro")))
    markup.show(markup.paragraph(word("enforcement_unmet")))
    rows = [
        (
            markup.items((_breach(law, each) for each in alike), "h-reasons"),
            markup.lines(
                (
                    markup.tag(alike[0].route.title[language], KINDS[alike[0].route.id]),
                    " → ".join(step.title[language] for step in alike[0].steps),
                )
            ),
            markup.lines(_brief(amount, language) for amount in alike[0].amounts) or "–",
        )
        for alike in rules.by_route(followed)
    ]
    names = ("enforcement_breaches", "enforcement_steps", "enforcement_fine")
    markup.show(markup.table([word(name) for name in names], rows, kind="h-fines"))
    limits = (word("enforcement_brackets"), law.repeated[language], law.cut.limit[language], law.raised.limit[language])
    markup.show(markup.quiet(" ".join(limits)))
    days = {"day": wording.day(on, language), "last": wording.day(rules.last_certain_day(law.grace), language)}
    sentence = word(f"grace_{rules.grace_on(law.grace, on)}").format(**days)
    markup.show(markup.paragraph(f"{word('grace')}: {sentence} {law.grace.not_in_law[language]}"))
    markup.show(markup.paragraph(markup.link(shared.address("enforcement"), word("enforcement_open"))))


def _brief(amount: AmountRange, language: str) -> str:
    lowest, stated, highest = (wording.won(each)[language] for each in (amount.lowest, amount.stated, amount.highest))
    return f"{number_of(amount, language)}: {stated} ({lowest} – {highest})"
