"""What would bring the level down, and which answers the results hang on: way_down, hinges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from assessments.model import Assessment
from assessments.rules import findings as findings_rules
from assessments.rules.fewest import MOST_TRIED, WayDown, fewest
from assessments.rules.scoring import score
from assessments.rules.sensitivity import Hinge
from assessments.rules.sensitivity import hinges as find_hinges
from assessments.rules.supposing import AnswerChange, Change, suppose
from pages._frame import enum_names, markup, shared
from pages._frame.shared import _, many
from pages._parts import fields, findings, supposed_charts, supposing
from questionnaires.schema import Questionnaire

MOST_IN_PICTURE = 14
_SHORT = 34
"""Characters of a question beside the picture."""


def way_down(questionnaires: Mapping[str, Questionnaire], assessment: Assessment, changes: Sequence[Change]) -> None:
    """The fewest of the stated measures that take the level one down, of what is stored; or why none does."""
    if questionnaires[assessment.domain].method is None:
        return
    language = shared.language()
    way = fewest(questionnaires, assessment)
    markup.show(markup.h2(_("What brings the level down")))
    text = _(
        "Of what is stated here: measures that are answered as planned, and targets of impacts. The smallest set is "
        "searched for among all of them; nothing is invented."
    )
    markup.show(markup.quiet(text))
    now = enum_names.level(way.level, language)
    if way.goal is None:
        markup.show(markup.notice("good", _("The level is {level} and cannot go any lower.", level=now)))
        return
    goal = enum_names.level(way.goal, language)
    if way.steps is not None:
        count = len(way.steps)
        sentence = many(
            "From {level} to {then} it takes {count} step; none of the others does it alone.",
            "From {level} to {then} it takes {count} steps; fewer are not enough.",
            count,
            level=now,
            then=enum_names.level(way.then, language),
        )
        steps = markup.items(supposing.named_change(step, questionnaires, assessment) for step in way.steps)
        markup.show(markup.card(markup.paragraph(sentence) + steps, "h-good-edge"))
        link = supposing.link(_("Suppose these steps"), way.steps, changes, questionnaires, assessment)
        markup.show(markup.paragraph(link))
        return
    if not way.is_complete:
        text = _(
            "All {count} stated steps together bring it down to {level}. Which of them are enough was not searched to the "
            "end: after {tried} sets it is known that it takes more than {ruled_out}.",
            count=len(way.stated),
            level=enum_names.level(way.then, language),
            tried=f"{MOST_TRIED:,}",
            ruled_out=way.ruled_out,
        )
        markup.show(markup.notice("note", text))
        link = supposing.link(_("Suppose all of them"), way.stated, changes, questionnaires, assessment)
        markup.show(markup.paragraph(link))
        return
    holding = _holding(way, questionnaires, assessment)
    if way.stated:
        text = many(
            "None of the measures stated here does it: with the {count} step that is stated the level stays above {goal}.",
            "None of the measures stated here does it: even with all {count} steps that are stated the level stays above {goal}.",
            len(way.stated),
            goal=goal,
        )
    else:
        text = _(
            "None of the measures stated here does it: no measure is answered as planned, and no target is stated."
        )
    markup.show(markup.notice("note", text, markup.paragraph(_("What holds it up:")) + markup.items(holding)))


def _holding(way: WayDown, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> list[Markup]:
    """Each term that stays above the goal, with the answers or impacts of which it comes."""
    then = suppose(assessment, way.stated)
    domain, language = questionnaires[assessment.domain], shared.language()
    risk = score(domain, then.answers(domain.id), then.scenarios, findings_rules.scales_of(questionnaires))
    goal = way.goal.rank if way.goal else 0
    reasons = {
        "floors": [hit.reason.text[language] for hit in risk.floors if hit.level.rank > goal],
        "impacts": [
            supposing.impact_name(questionnaires, assessment, grade.scenario, grade.right)
            for grade in risk.impacts
            if grade.in_place.rank > goal
        ],
    }
    return [
        markup.lines((findings.word(f"term_{name}"), *map(markup.aside, reasons.get(name, ())))) for name in way.holding
    ]


def hinges(questionnaires: Mapping[str, Questionnaire], assessment: Assessment, judged_on: date) -> None:
    """Every answer that alone can change outcome, claim or level, as picture and table; open and contested ones are marked."""
    intro = _(
        "Each of these answers alone changes the determination, the claim or the level, all others staying as they are. Of "
        "numbers and days those were tried at which a rule may turn."
    )
    markup.show(markup.quiet(intro))
    listed = find_hinges(questionnaires, assessment, judged_on=judged_on)
    if not listed:
        markup.show(markup.empty(_("No single answer changes anything.")))
        return
    ordered = sorted(listed, key=lambda hinge: (not hinge.is_open, not hinge.is_contested))
    pictured = [hinge for hinge in ordered if hinge.moves_outcome or hinge.moves_level]
    if pictured:
        rows = [(_short(_text(hinge, questionnaires)), hinge) for hinge in pictured[:MOST_IN_PICTURE]]
        supposed_charts.hinges(rows, f"whatif-hinges-{assessment.id}")
        if len(pictured) > MOST_IN_PICTURE:
            markup.show(markup.quiet(_("The first {count}; the table has all.", count=MOST_IN_PICTURE)))
    of_claim = [hinge for hinge in ordered if hinge not in pictured]
    if pictured:
        markup.show(_table(pictured, questionnaires, assessment))
    if of_claim:
        count = len(of_claim)
        title = many("{count} answer that moves the claim alone", "{count} answers that move the claim alone", count)
        markup.show(markup.folded(title, _table(of_claim, questionnaires, assessment), is_open=not pictured))


def _table(listed: Sequence[Hinge], questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> Markup:
    rows = [(_marked(hinge, questionnaires), _then(hinge, questionnaires, assessment)) for hinge in listed]
    return markup.table((findings.word("question"), _("With another answer")), rows)


def _then(hinge: Hinge, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> Markup:
    """Answers that lead elsewhere, each an address that supposes it, and where to."""
    question = questionnaires[hinge.questionnaire].question(hinge.question)
    entries = []
    for answer, then in hinge.others:
        change = AnswerChange(hinge.questionnaire, hinge.question, answer)
        text = fields.text_of(question, answer, shared.language()).replace("\n", ", ").replace("· ", "")
        link = markup.link(supposing.address_of(assessment, [change]), text)
        entries.append(markup.lines((link, supposing.differing(hinge.now, then, as_line=True))))
    return markup.lines(entries)


def _text(hinge: Hinge, questionnaires: Mapping[str, Questionnaire]) -> str:
    return questionnaires[hinge.questionnaire].question(hinge.question).text[shared.language()]


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def _marked(hinge: Hinge, questionnaires: Mapping[str, Questionnaire]) -> str:
    tags = [
        markup.tag(text, kind)
        for text, kind, is_so in (
            (findings.word("open"), "open", hinge.is_open),
            (_("contested"), "cannot", hinge.is_contested),
        )
        if is_so
    ]
    return (
        markup.lines((_text(hinge, questionnaires), markup.joined(tags, " "))) if tags else _text(hinge, questionnaires)
    )
