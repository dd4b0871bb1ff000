"""What is supposed on a copy of an assessment: the choice of what to change, the changes in the address, what moved and why.

Nothing here is kept: the changes stand in the address and nowhere else, and every run derives from them anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from assessments.content import supposed as written
from assessments.content.supposed import SCALES
from assessments.derived import FloorHit, Range, Reason
from assessments.errors import InvalidAnswerError
from assessments.model import Answer, Assessment, Finding, Level
from assessments.rules import findings as deriving
from assessments.rules.results import Results
from assessments.rules.supposing import (
    AnswerChange,
    Change,
    GradingChange,
    MeasureChange,
    Moved,
    ProofChange,
    TargetReached,
    suppose,
)
from pages._frame import enum_names, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import fields, findings, impacts, supposed_charts
from questionnaires import conditions, named
from questionnaires.question_types import of_type
from questionnaires.schema import Question, Questionnaire

QUERY = "c"
"""Of the changes, in the address."""
_NOTHING = ""
_ARROW = " → "


# --- the address -----------------------------------------------------------------------------------------


def in_address(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[Change, ...]:
    """The changes that the address holds; what this assessment does not have is refused with a sentence, and all of it left out."""
    with shared.problems_shown():
        return written.read(st.query_params.get_all(QUERY), questionnaires, assessment)
    return ()


def address_of(assessment: Assessment, changes: Sequence[Change]) -> str:
    """Address of the screen with these changes."""
    query = [("assessment", str(assessment.id)), *((QUERY, written.to_text(change)) for change in changes)]
    return f"/whatif?{urlencode(query)}"


def _with(
    changes: Sequence[Change],
    more: Sequence[Change],
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
) -> tuple[Change, ...]:
    """All of them, without those that say what is so already; of two on the same thing the later one counts.

    Raises: InvalidAnswerError.
    """
    merged = {written.subject(change): change for change in changes}
    for change in more:
        merged.pop(written.subject(change), None)
        if suppose(assessment, [change]) != assessment:
            merged[written.subject(change)] = change
    return written.read([written.to_text(change) for change in merged.values()], questionnaires, assessment)


def link(
    label: str,
    more: Sequence[Change],
    changes: Sequence[Change],
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
) -> Markup:
    """Leads to the same screen with more supposed on top; nothing where that cannot be supposed together."""
    try:
        return markup.link(address_of(assessment, _with(changes, more, questionnaires, assessment)), label, "h-button")
    except InvalidAnswerError:
        return markup.NOTHING


# --- choosing --------------------------------------------------------------------------------------------


def choose(questionnaires: Mapping[str, Questionnaire], assessment: Assessment, changes: Sequence[Change]) -> None:
    """What to change, which of them, and to what; it is supposed at once."""
    kinds = _distinct(_kinds(questionnaires, assessment))
    supposed = suppose(assessment, changes)
    markup.show(markup.h2(_("Suppose something else")))
    with st.container(key="whatif-choice"):
        kind = st.selectbox(_("What to change"), list(kinds), format_func=kinds.__getitem__, key="whatif-kind")
        if kind is None:
            return
        things = _distinct(_things(kind, questionnaires, supposed))
        which = st.selectbox(
            _("Which"),
            list(things),
            index=None,
            format_func=things.__getitem__,
            key=f"whatif-{kind}",
            placeholder=_("Choose"),
        )
        if which is not None:
            _value(kind, which, questionnaires, assessment, supposed)


def _distinct(titles: Mapping[str, str]) -> dict[str, str]:
    """The titles, numbered where two are the same: a list is chosen from by its words."""
    distinct: dict[str, str] = {}
    for key, title in titles.items():
        same = sum(title in (other, other.rsplit(" (", 1)[0]) for other in distinct.values())
        distinct[key] = f"{title} ({same + 1})" if same else title
    return distinct


def _kinds(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> dict[str, str]:
    language = shared.language()
    kinds = {
        f"answer:{name}": _("Answer: {title}", title=questionnaires[name].title[language])
        for name in written.questionnaires_supposed(assessment)
        if name in questionnaires
    }
    if named.CLAIM in questionnaires:
        kinds["proof"] = _("Evidence for a part of the claim")
    if assessment.measures:
        kinds["measure"] = _("Status of a measure")
    if any(scenario.impacts for scenario in assessment.scenarios):
        kinds["grading"] = _("Impact with measures in place")
    return kinds


def _things(kind: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> dict[str, str]:
    language = shared.language()
    if kind.startswith("answer:"):
        name = kind.removeprefix("answer:")
        shown = conditions.visible(questionnaires[name], assessment.answers(name))
        return {
            question.id: question.text[language]
            for question in questionnaires[name].questions()
            if shown[question.id] is not False and not of_type(question).is_prose
        }
    if kind == "proof":
        claim = questionnaires[named.CLAIM].claim
        return {part.id: part.title[language] for part in claim.parts} if claim else {}
    if kind == "measure":
        return {measure.id: impacts.named_measure(assessment, measure.id) for measure in assessment.measures}
    return {
        f"{scenario.id}\t{impact.right}": impact_name(questionnaires, assessment, scenario.id, impact.right)
        for scenario in assessment.scenarios
        for impact in scenario.impacts
    }


def impact_name(questionnaires: Mapping[str, Questionnaire], assessment: Assessment, scenario: str, right: str) -> str:
    named_right = impacts.right_name(questionnaires.get(named.IMPACT), right)
    return f"{impacts.named_scenario(assessment, scenario)} · {named_right}"


def _value(
    kind: str, which: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment, supposed: Assessment
) -> None:
    add = partial(_added, kind, which, questionnaires, assessment)
    if kind.startswith("answer:"):
        question = questionnaires[kind.removeprefix("answer:")].question(which)
        now = assessment.answers(kind.removeprefix("answer:")).get(which)
        markup.show(markup.quiet(_("Now: {answer}", answer=_answer_text(question, now))))
        _answer_field(question, supposed.answers(kind.removeprefix("answer:")).get(which), add)
        return
    if kind == "proof":
        options = {named.YES: _("Evidence in force is attached"), named.NO: _("No evidence is attached")}
        is_proven = any(piece.part == which for piece in supposed.evidence)
        _pick(options, named.YES if is_proven else named.NO, f"whatif-v-{which}", add)
        return
    if kind == "measure":
        options = {"in_place": findings.word("measure_in_place"), "planned": findings.word("measure_planned")}
        is_in_place = next(measure.is_in_place for measure in supposed.measures if measure.id == which)
        _pick(options, "in_place" if is_in_place else "planned", f"whatif-v-{which}", add)
        markup.show(
            markup.quiet(_("No figure follows from a measure by itself: what it does to an impact people judge."))
        )
        return
    _grading(which, questionnaires, assessment, supposed)


def _pick(options: Mapping[str, str], now: str, key: str, add: partial[None], *more: str) -> None:
    st.selectbox(
        _("Supposed"),
        list(options),
        index=list(options).index(now) if now in options else None,
        format_func=options.__getitem__,
        key=f"{key}-{len(st.query_params.get_all(QUERY))}",
        on_change=add,
        args=(f"{key}-{len(st.query_params.get_all(QUERY))}", *more),
        placeholder=_("Choose"),
    )


def _answer_field(question: Question, now: Answer | None, add: partial[None]) -> None:
    """A field of Streamlit's own, since nothing that is entered here is worth keeping."""
    key = f"whatif-a-{question.id}-{len(st.query_params.get_all(QUERY))}"
    labels = _distinct({option.value: option.label[shared.language()] for option in question.options})
    kind = fields.spec(question, shared.language())["kind"]
    if kind == "choice":
        options = {**labels, _NOTHING: _("Not answered")}
        _pick(options, now if isinstance(now, str) else _NOTHING, f"whatif-a-{question.id}", add)
    elif kind == "choices":
        ticked = [value for value in labels if isinstance(now, tuple) and value in now]
        st.multiselect(
            _("Supposed"),
            list(labels),
            default=ticked,
            format_func=labels.__getitem__,
            key=key,
            on_change=add,
            args=(key,),
        )
    elif kind == "number":
        low, high = question.minimum, question.maximum
        value = now if isinstance(now, int) else None
        unit = f" ({question.unit[shared.language()]})" if question.unit else ""
        st.number_input(_("Supposed") + unit, low, high, value, 1, key=key, on_change=add, args=(key,))
    else:
        st.date_input(
            _("Supposed"), None if isinstance(now, str | int | tuple) else now, key=key, on_change=add, args=(key,)
        )


def _grading(
    which: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment, supposed: Assessment
) -> None:
    scales = deriving.scales_of(questionnaires)
    scenario_id, right = which.split("\t")
    impact = next(
        impact
        for scenario in supposed.scenarios
        for impact in scenario.impacts
        if (scenario.id, impact.right) == (scenario_id, right)
    )
    if scales is None:
        return
    now = impact.in_place or impact.before
    add = partial(_added, "grading", which, questionnaires, assessment)
    for name in SCALES:
        labels = {label.value: label.label[shared.language()] for label in getattr(scales, name)}
        key = f"whatif-g-{scenario_id}-{name}-{len(st.query_params.get_all(QUERY))}"
        chosen = getattr(now, name)
        st.selectbox(
            findings.word(name),
            list(labels),
            index=list(labels).index(chosen) if chosen in labels else None,
            format_func=labels.__getitem__,
            key=key,
            on_change=add,
            args=(key, name),
            placeholder=_("not judged"),
        )
    if impact.target is not None and impact.in_place != impact.target:
        label, change = _("Suppose that its stated target is reached"), TargetReached(scenario_id, right)
        changes = written.read(st.query_params.get_all(QUERY), questionnaires, assessment)
        markup.show(markup.paragraph(link(label, [change], changes, questionnaires, assessment)))


def _added(
    kind: str,
    which: str,
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
    key: str,
    scale: str = "",
) -> None:
    """What was chosen goes into the address."""
    change = _chosen(kind, which, st.session_state.get(key), scale)
    if change is None:
        return
    with pressing.problems_kept():
        before = written.read(st.query_params.get_all(QUERY), questionnaires, assessment)
        changes = _with(before, [change], questionnaires, assessment)
        st.query_params[QUERY] = [written.to_text(each) for each in changes]


def _chosen(kind: str, which: str, value: Any, scale: str) -> Change | None:
    """None: nothing is chosen."""
    if kind.startswith("answer:"):
        answer = tuple(value) if isinstance(value, list) else value
        return AnswerChange(kind.removeprefix("answer:"), which, None if answer in (None, "", ()) else answer)
    if value is None:
        return None
    if kind == "proof":
        return ProofChange(which, value == named.YES)
    if kind == "measure":
        return MeasureChange(which, value == "in_place")
    scenario, right = which.split("\t")
    return GradingChange(scenario, right, scale, value)


# --- what is supposed --------------------------------------------------------------------------------------


def named_change(change: Change, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> Markup:
    """The change in words: what, and from what to what."""
    language, word = shared.language(), findings.word
    match change:
        case AnswerChange():
            question = questionnaires[change.questionnaire].question(change.question)
            before = assessment.answers(change.questionnaire).get(change.question)
            texts = _answer_text(question, before), _answer_text(question, change.answer)
            return markup.lines((question.text[language], markup.aside(_ARROW.join(texts))))
        case ProofChange():
            claim = questionnaires[named.CLAIM].claim
            title = next((part.title[language] for part in claim.parts if part.id == change.part), "") if claim else ""
            text = _("evidence in force is attached") if change.is_proven else _("no evidence is attached")
            return markup.lines((title, markup.aside(text)))
        case MeasureChange():
            texts = word("measure_planned"), word("measure_in_place")
            name = impacts.named_measure(assessment, change.measure)
            return markup.lines((name, markup.aside(_ARROW.join(texts if change.is_in_place else texts[::-1]))))
        case GradingChange():
            scales = deriving.scales_of(questionnaires)
            label = impacts.label(getattr(scales, change.scale), change.value) if scales else change.value
            name = impact_name(questionnaires, assessment, change.scenario, change.right)
            return markup.lines((name, markup.aside(f"{word(change.scale)}{_ARROW}{label}")))
        case TargetReached():
            name = impact_name(questionnaires, assessment, change.scenario, change.right)
            return markup.lines((name, markup.aside(_target_text(assessment, change.scenario))))


def _target_text(assessment: Assessment, scenario_id: str) -> str:
    """Which planned measures of the scenario its target counts on."""
    planned = [m for m in assessment.measures if scenario_id in m.scenarios and not m.is_in_place]
    if not planned:
        return _("the stated target is reached")
    names = ", ".join(impacts.named_measure(assessment, measure.id) for measure in planned)
    return _("the stated target is reached, with what is planned: {measures}", measures=names)


def _answer_text(question: Question, answer: Answer | None) -> str:
    text = fields.text_of(question, answer, shared.language())
    return ", ".join(line.removeprefix("· ") for line in text.split("\n")) or _("not answered")


def listed(
    moves: Moved, changes: Sequence[Change], questionnaires: Mapping[str, Questionnaire], assessment: Assessment
) -> None:
    """Each change with what it does by itself and what would be without it; and the way back."""
    markup.show(markup.h2(_("What is supposed")))
    now, then = _results(moves), _results(moves, after=True)
    rows = [
        (
            markup.joined((f"{place}. ", named_change(cause.change, questionnaires, assessment))),
            differing(now, cause.alone),
            differing(then, cause.without),
        )
        for place, cause in enumerate(moves.causes, 1)
    ]
    markup.show(markup.table((_("Change"), _("Alone it gives"), _("Without it there would be")), rows))
    back = [
        markup.link(
            address_of(assessment, [other for other in changes if other is not change]),
            _("Take {number} back", number=place),
            "h-button",
        )
        for place, change in enumerate(changes, 1)
        if len(changes) > 1
    ]
    every = markup.link(address_of(assessment, ()), _("Take all back"), "h-button")
    markup.show(markup.block(markup.joined((*back, every), " "), "h-buttons"))


def _results(moves: Moved, *, after: bool = False) -> Results:
    derived = moves.after if after else moves.before
    with_claim, risk = derived.determination.with_claim, derived.risk
    return Results(with_claim.outcome, with_claim.contested, derived.claim.whole, risk.level, risk.residual.high)


def _result_words(results: Results) -> tuple[str, ...]:
    language = shared.language()
    outcome = enum_names.outcome(results.outcome, language) + (f" ({_('contested')})" if results.contested else "")
    return (
        outcome,
        f"{findings.word('claim')}: {enum_names.finding(results.claim, language)}",
        f"{findings.word('risk_level')}: {enum_names.level(results.level, language)}",
        f"{findings.word('residual_score')}: {results.residual}",
    )


def differing(beside: Results, results: Results, *, as_line: bool = False) -> Markup:
    """What of the results is otherwise, in words."""
    pairs = zip(_result_words(results), _result_words(beside), strict=True)
    words = [text for text, other in pairs if text != other]
    if not words:
        return markup.aside(_("the same"))
    return markup.aside(_ARROW.strip() + " " + " · ".join(words)) if as_line else markup.lines(words)


# --- what moved --------------------------------------------------------------------------------------------


def compared(moves: Moved, *, is_changed: bool) -> None:
    """The results now and, where something is supposed, as they would be, side by side."""
    word, before, after = findings.word, moves.before, moves.after
    pairs = (
        (
            word("determination"),
            findings.outcome_tags(before.determination.with_claim),
            findings.outcome_tags(after.determination.with_claim),
        ),
        (
            word("without_claim"),
            findings.outcome_tags(before.determination.without_claim),
            findings.outcome_tags(after.determination.without_claim),
        ),
        (word("claim"), findings.claim_tag(before), findings.claim_tag(after)),
        (word("risk_level"), _level(before.risk.level), _level(after.risk.level)),
        (word("residual_score"), *_figures(before.risk.residual, after.risk.residual)),
        (word("inherent_score"), *_figures(before.risk.inherent, after.risk.inherent)),
    )
    if not is_changed:
        markup.show(markup.table((_("Result"), _("Now")), [(title, old) for title, old, _new in pairs]))
        return
    rows = [(title, old, new if old != new else markup.aside(_("the same"))) for title, old, new in pairs]
    markup.show(markup.table((_("Result"), _("Now"), _("Supposed")), rows))


def _figures(before: Range, after: Range) -> tuple[Markup, Markup]:
    return markup.short(findings.figure(before)), markup.short(findings.figure(after))


def trace(moves: Moved, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> None:
    """What moved the results: routes, parts of the claim, factors, dimensions, minimum levels, impacts, questions."""
    markup.show(markup.h2(_("What moved it")))
    if not moves.is_any:
        markup.show(markup.paragraph(_("Neither the determination nor the claim, the score or the level moves.")))
    domain = questionnaires[assessment.domain]
    _routes(moves, questionnaires)
    _parts(moves, questionnaires)
    if moves.dimensions and domain.method is not None:
        markup.show(markup.h3(_("Residual risk by dimension")))
        supposed_charts.dimensions(moves, domain.method, f"whatif-dimensions-{assessment.id}")
        titles = {dimension.id: dimension.title[shared.language()] for dimension in domain.method.dimensions}
        rows = [
            (titles.get(old.dimension, old.dimension), findings.figure(old.residual), findings.figure(new.residual))
            for old, new in zip(moves.before.risk.dimensions, moves.after.risk.dimensions, strict=True)
        ]
        markup.show(markup.table((findings.word("dimension"), _("Now"), _("Supposed")), rows, kind="h-numbers"))
    _points(moves, domain)
    _levels(moves, questionnaires, assessment)
    _questions(moves, questionnaires)


def _routes(moves: Moved, questionnaires: Mapping[str, Questionnaire]) -> None:
    if not moves.routes:
        return
    language = shared.language()
    truths = {True: _("decides"), None: _("may decide"), False: _("does not decide")}
    rows = [
        (
            f"{questionnaires[shift.questionnaire].title[language]} {shift.place}",
            markup.lines(
                (
                    shift.because[language],
                    *(
                        markup.aside(_("by the answer to: {question}", question=text))
                        for text in _texts(questionnaires[shift.questionnaire], shift.questions)
                    ),
                )
            ),
            truths[shift.before] + _ARROW + truths[shift.after],
        )
        for shift in moves.routes
    ]
    markup.show(markup.h3(_("Routes to the outcome")))
    markup.show(markup.table((_("Route"), _("What it says"), _("Now and supposed")), rows))


def _texts(questionnaire: Questionnaire, questions: Sequence[str]) -> list[str]:
    return [questionnaire.question(question).text[shared.language()] for question in questions]


def _parts(moves: Moved, questionnaires: Mapping[str, Questionnaire]) -> None:
    if not moves.parts or named.CLAIM not in questionnaires:
        return
    claim, language = questionnaires[named.CLAIM].claim, shared.language()
    titles = {part.id: part.title[language] for part in claim.parts} if claim else {}
    after = {part.part: part for part in moves.after.claim.parts}

    def tag(finding: Finding | None) -> Markup:
        return findings.finding_tag(finding) if finding else markup.aside("–")

    def why(part: str) -> Markup:
        finding = after.get(part)
        reasons: tuple[Reason, ...] = (*finding.reasons, *finding.missing) if finding else ()
        return (
            markup.lines(dict.fromkeys(reason.text[language] for reason in reasons)) if reasons else markup.aside("–")
        )

    rows = [
        (titles.get(shift.part, shift.part), tag(shift.before), tag(shift.after), why(shift.part))
        for shift in moves.parts
    ]
    markup.show(markup.h3(_("Parts of the claim")))
    markup.show(markup.table((findings.word("part"), _("Now"), _("Supposed"), _("Why then")), rows))


def _points(moves: Moved, domain: Questionnaire) -> None:
    if not moves.points:
        return
    titles = (
        {dimension.id: dimension.title[shared.language()] for dimension in domain.method.dimensions}
        if domain.method
        else {}
    )

    def points(low: int, high: int) -> str:
        return str(low) if low == high else f"{low}–{high}"

    rows = [
        (
            domain.question(new.question).text[shared.language()],
            f"{titles.get(new.dimension, new.dimension)} · {findings.word(f'kind_{new.kind}')}",
            points(old.low, old.high),
            points(new.low, new.high),
            str(new.maximum),
        )
        for old, new in moves.points
    ]
    markup.show(markup.h3(_("Factors of the score, in points")))
    heads = (findings.word("question"), findings.word("dimension"), _("Now"), _("Supposed"), findings.word("maximum"))
    markup.show(markup.table(heads, rows, kind="h-numbers"))


def _levels(moves: Moved, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> None:
    word = findings.word
    rows: list[tuple[str, Markup, Markup]] = [
        (word(f"term_{shift.name}"), _level(shift.before), _level(shift.after)) for shift in moves.terms
    ]
    for old, new in moves.floors:
        hit = new or old
        if hit is not None:
            rows.append((f"{word('floor')}: {hit.reason.text[shared.language()]}", _floor(old), _floor(new)))
    for shift in moves.impacts:
        scenario, right = shift.name.split("\t")
        name = impact_name(questionnaires, assessment, scenario, right)
        rows.append((name, _level(shift.before), _level(shift.after)))
    if rows:
        markup.show(markup.h3(word("level_terms")))
        markup.show(markup.table((_("What"), _("Now"), _("Supposed")), rows))


def _level(level: Level | None) -> Markup:
    return markup.tag(enum_names.level(level, shared.language()), f"level-{level}") if level else markup.aside("–")


def _floor(hit: FloorHit | None) -> Markup:
    if hit is None:
        return markup.aside("–")
    certainty = findings.word("certain" if hit.is_certain else "possible")
    return markup.joined((_level(hit.level), markup.aside(certainty)), " ")


def _questions(moves: Moved, questionnaires: Mapping[str, Questionnaire]) -> None:
    for title, places in (
        (_("Questions that would be asked"), moves.shown),
        (_("Questions that would fall away"), moves.hidden),
    ):
        if places:
            texts = [
                _texts(questionnaires[name], [question])[0]
                for name, question in (place.split(".", 1) for place in places)
            ]
            markup.show(markup.folded(f"{title} ({len(texts)})", markup.items(texts)))
