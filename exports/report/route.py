"""The way through the routes as the report draws it: Step, steps, chart. Every route, and which one decided."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.derived import Findings
from assessments.model import Assessment, Outcome
from assessments.rules import determination
from assessments.rules.determination import AnsweredQuestionnaire
from exports.report.charts import FAINT, FILL, INK, LINE, SMALLEST, SOFT, WIDTH, drawing, text
from questionnaires.schema import Questionnaire, Text

NOT_MET, POSSIBLE, GOES_ON, DECIDES, NOT_REACHED = "not_met", "possible", "goes_on", "decides", "not_reached"
SET_ASIDE = "set_aside"
"""It holds first, but answers that contradict each other, or an area not examined, keep it from being the outcome."""
LEADING = (DECIDES, SET_ASIDE, POSSIBLE)
_ACROSS = 20
_GAP, _ROW, _LEFT = 27, 34, 100


@dataclass(frozen=True)
class Step:
    """One route of one questionnaire."""

    questionnaire: Questionnaire
    index: int
    """From 1, from the top."""
    state: str
    because: Text
    """Why it holds; of one that does not: what would have to be so."""
    source: str


def steps(findings: Findings, assessment: Assessment, questionnaires: Sequence[Questionnaire]) -> tuple[Step, ...]:
    """All routes of these questionnaires, walked in this order with the claim, as long as a route says `continue`."""
    route_steps: list[Step] = []
    goes_on = True
    for questionnaire in questionnaires:
        walked = _walk(questionnaire, assessment, findings) if goes_on else {}
        goes_on = GOES_ON in walked.values()
        for index, route in enumerate(questionnaire.routes, 1):
            state = walked.get(index, NOT_REACHED)
            is_met = state not in (NOT_MET, NOT_REACHED)
            words = route.because if is_met else route.condition or route.because
            route_steps.append(Step(questionnaire, index, state, words, route.source))
    return tuple(route_steps)


def _walk(questionnaire: Questionnaire, assessment: Assessment, findings: Findings) -> dict[int, str]:
    """Number of each route that was looked at → its state."""
    answers = AnsweredQuestionnaire(questionnaire, assessment.answers(questionnaire.id))
    walked = list(determination.walked(answers, findings.claim.whole))
    is_only_one = sum(truth is not False for _, truth in walked) == 1
    states = {}
    for index, (route, truth) in enumerate(walked, 1):
        if truth is False:
            states[index] = NOT_MET
        elif route.outcome == "continue":
            states[index] = GOES_ON
        else:
            is_outcome = route.outcome == findings.determination.with_claim.outcome
            states[index] = POSSIBLE if not is_only_one else DECIDES if is_outcome else SET_ASIDE
    return states


def chart(
    route_steps: Sequence[Step], outcome: Outcome, title: str, names: Mapping[str, str], states: Mapping[str, str]
) -> str:
    """SVG: a row of numbered rings for each questionnaire, the way through them to the outcome, a key below.

    names: questionnaire id → its title; states: state → its words.
    """
    parts: list[str] = []
    ways: list[str] = []
    ends: list[tuple[float, float]] = []
    y = 20.0
    for name in dict.fromkeys(step.questionnaire.id for step in route_steps):
        row = [step for step in route_steps if step.questionnaire.id == name]
        parts.append(text(0, y + 4, names[name], size=10, bold=True))
        below = y + _ROW * math.ceil(len(row) / _ACROSS)
        for start in range(0, len(row), _ACROSS):
            part = row[start : start + _ACROSS]
            last = _LEFT + _GAP * (len(part) - 1)
            parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{last}" y2="{y}" stroke="{LINE}" stroke-width="1.4"/>')
            parts += [_ring(_LEFT + _GAP * at, y, step) for at, step in enumerate(part)]
            ends += [(_LEFT + _GAP * at, y) for at, step in enumerate(part) if step.state in LEADING]
            ways += [_way(_LEFT + _GAP * at, y, below) for at, step in enumerate(part) if step.state == GOES_ON]
            y += _ROW
    for x, start_y in ends:
        ways.append(f'<path d="M{x} {start_y}V{y - 18}" fill="none" stroke="{INK}" stroke-width="1.4"/>')
        parts.append(f'<polygon points="{x - 5},{y - 20} {x + 5},{y - 20} {x},{y - 12}" fill="{INK}"/>')
    shade = {"high_impact": "#8c2f14", "not_high_impact": "#22603f"}.get(outcome.value, "#7a5200")
    parts.append(
        f'<rect x="{_LEFT - 10}" y="{y - 10}" width="{WIDTH - _LEFT}" height="26" fill="#fff" stroke="{shade}" stroke-width="1.6"/>'
    )
    parts.append(text(_LEFT, y + 7.5, title, size=12, fill=shade, bold=True))
    y += 38
    x = 0.0
    for state in dict.fromkeys(step.state for step in route_steps):
        parts.append(_mark(x + 8, y, state, 6))
        parts.append(text(x + 19, y + 4, states[state], size=SMALLEST, fill=FAINT))
        x += 128
    return drawing(WIDTH, round(y + 14), [*ways, *parts])


def _way(x: float, y: float, below: float) -> str:
    """From a ring down to the first one of the next questionnaire."""
    bend = below - _ROW / 2
    return f'<path d="M{x} {y}V{bend}H{_LEFT}V{below}" fill="none" stroke="{INK}" stroke-width="1.4"/>'


def _ring(x: float, y: float, step: Step) -> str:
    ink = "#fff" if step.state == DECIDES else FAINT if step.state in (NOT_MET, NOT_REACHED) else INK
    return _mark(x, y, step.state, 10.5) + text(x, y + 3.6, str(step.index), anchor="middle", size=SMALLEST, fill=ink)


def _mark(x: float, y: float, state: str, radius: float) -> str:
    look = {
        NOT_MET: f'fill="#fff" stroke="{FAINT}"',
        POSSIBLE: f'fill="#fff" stroke="{FILL}" stroke-width="2.4"',
        GOES_ON: f'fill="{SOFT}" stroke="{FILL}"',
        DECIDES: f'fill="{INK}" stroke="{INK}"',
        SET_ASIDE: f'fill="#fff" stroke="{INK}" stroke-dasharray="4 2" stroke-width="1.6"',
        NOT_REACHED: f'fill="#fff" stroke="{LINE}" stroke-dasharray="2 2"',
    }[state]
    return f'<circle cx="{x}" cy="{y}" r="{radius}" {look}/>'
