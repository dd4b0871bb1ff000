"""How an assessment stands beside other frameworks: walk. Only the duty in Korea has gaps, and those come from its coverage matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assessments.derived import Findings, Reason, SupervisionState
from assessments.model import Assessment
from assessments.rules.coverage import record_facts
from questionnaires import conditions, named
from questionnaires.crosswalk import Answering, AppliesFrom, Cell, Crosswalk, CrosswalkRow, Framework, ReadAs
from questionnaires.schema import CoverageItem, CoverageNeed, Questionnaire
from questionnaires.vocabulary import Finding


class CellState(StrEnum):
    """How far the assessment answers what a cell asks."""

    ANSWERED = "answered"
    PARTLY = "partly"
    NOT_ANSWERED = "not_answered"
    NOT_ASKED = "not_asked"
    """The pinned editions do not ask it."""


class Evidence(StrEnum):
    """What the claim's parts say on one criterion of the test of automated decisions; nothing is decided by it."""

    FOR = "for"
    """All speak for a person's involvement."""
    PARTLY_FOR = "partly_for"
    """Some do, the others are open."""
    AGAINST = "against"
    """Some speak against it, none for it."""
    MIXED = "mixed"
    """Some speak for it, some against it."""
    NONE = "none"
    """All are open, set aside, or no claim is made."""


@dataclass(frozen=True)
class Answered:
    """One thing of the assessment that can answer a cell, and whether it does."""

    answering: Answering
    is_there: bool | None
    """None: the pinned editions do not ask it."""
    place: str
    """`questionnaire.question`, `scenarios`, `measures`, `claim.part`, `supervision`, `decision` or `method`."""
    finding: Finding | None = None
    """Of a part of the claim."""


@dataclass(frozen=True)
class WalkedCell:
    """One cell with what answers it."""

    framework: Framework
    cell: Cell
    read: ReadAs
    answered: tuple[Answered, ...]
    matrix_item: CoverageItem | None = None
    """Of the duty: its item in the pinned edition. None: the edition does not have it, or it is no duty."""
    missing: tuple[Reason, ...] = ()
    """Of the duty: what closes the gap."""

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is answered or to be answered, each place once."""
        of_item = [place for need in (self.matrix_item.needs if self.matrix_item else ()) for place in _places(need)]
        return tuple(dict.fromkeys((*(answered.place for answered in self.answered), *of_item)))

    @property
    def state(self) -> CellState:
        if self.framework.is_duty:
            return self._state_of_item()
        facts = [answered.is_there for answered in self.answered if answered.is_there is not None]
        if self.answered and not facts:
            return CellState.NOT_ASKED
        if not any(facts):
            return CellState.NOT_ANSWERED
        is_whole = all(facts) and len(facts) == len(self.answered) and not self.cell.only_partly
        return CellState.ANSWERED if is_whole else CellState.PARTLY

    def _state_of_item(self) -> CellState:
        if self.matrix_item is None:
            return CellState.NOT_ASKED
        if not self.missing:
            return CellState.ANSWERED
        return CellState.PARTLY if len(self.missing) < len(self.matrix_item.needs) else CellState.NOT_ANSWERED

    @property
    def is_gap(self) -> bool:
        """Only what is a duty in Korea can be one."""
        return self.framework.is_duty and bool(self.missing)

    @property
    def evidence(self) -> Evidence | None:
        """None: the framework is no test that the claim is evidence for."""
        if self.framework.standing != "test":
            return None
        findings = {answered.finding for answered in self.answered if answered.finding is not Finding.NOT_APPLICABLE}
        speaks_for, against = Finding.SUPPORTED in findings, Finding.CONTRADICTED in findings
        if speaks_for and against:
            return Evidence.MIXED
        if against:
            return Evidence.AGAINST
        if not speaks_for:
            return Evidence.NONE
        return Evidence.FOR if findings == {Finding.SUPPORTED} else Evidence.PARTLY_FOR


@dataclass(frozen=True)
class WalkedRow:
    row: CrosswalkRow
    cells: Mapping[str, WalkedCell]
    """By framework; those that do not have the matter are left out."""


@dataclass(frozen=True)
class Walk:
    """The whole matrix for one assessment."""

    crosswalk: Crosswalk
    rows: tuple[WalkedRow, ...]

    @property
    def gaps(self) -> tuple[WalkedCell, ...]:
        return tuple(cell for row in self.rows for cell in row.cells.values() if cell.is_gap)

    @property
    def criteria(self) -> tuple[WalkedRow, ...]:
        """Rows of the test of automated decisions."""
        return tuple(row for row in self.rows if any(cell.framework.standing == "test" for cell in row.cells.values()))

    @property
    def matters(self) -> tuple[WalkedRow, ...]:
        """All other rows."""
        return tuple(row for row in self.rows if row not in self.criteria)

    @property
    def reusable(self) -> tuple[WalkedRow, ...]:
        """Rows whose part of the one assessment the other one may take over."""
        return tuple(row for row in self.rows if row.row.id in self.crosswalk.reuse.rows)

    @property
    def apart(self) -> tuple[WalkedRow, ...]:
        """Rows that the other assessment asks and for which there is nothing to take over."""
        return tuple(row for row in self.rows if row.row.id in self.crosswalk.reuse.apart)


def walk(
    crosswalk: Crosswalk, questionnaires: Mapping[str, Questionnaire], assessment: Assessment, results: Findings
) -> Walk:
    """Every row, with what of the assessment answers each cell.

    questionnaires: by id, the pinned editions. results: derived from the same content.
    """
    answered = {
        answering.id: _answered(answering, questionnaires, assessment, results) for answering in crosswalk.answering
    }
    return Walk(
        crosswalk,
        tuple(
            WalkedRow(
                row,
                {
                    name: _walked(crosswalk, row.cells[name], name, answered, questionnaires, results)
                    for name in _in_order(crosswalk, row)
                },
            )
            for row in crosswalk.rows
        ),
    )


def dates_by(crosswalk: Crosswalk, on: date) -> tuple[tuple[AppliesFrom, bool], ...]:
    """The days of other law in their order, each with whether it has come by this day."""
    return tuple((day, day.on <= on) for day in sorted(crosswalk.dates, key=lambda day: day.on))


def _in_order(crosswalk: Crosswalk, row: CrosswalkRow) -> list[str]:
    return [framework.id for framework in crosswalk.frameworks if framework.id in row.cells]


def _walked(
    crosswalk: Crosswalk,
    cell: Cell,
    framework_id: str,
    answered: Mapping[str, Answered],
    questionnaires: Mapping[str, Questionnaire],
    results: Findings,
) -> WalkedCell:
    framework = crosswalk.framework(framework_id)
    read = crosswalk.read_as(framework_id, cell)
    if not framework.is_duty:
        return WalkedCell(framework, cell, read, tuple(answered[part] for part in cell.by))
    impact = questionnaires.get(named.IMPACT)
    items = [
        item
        for matrix in (impact.coverage if impact else ())
        for item in matrix.items
        if (matrix.id, item.item) == (framework.matrix, cell.item)
    ]
    missing = tuple(
        reason
        for covered in results.coverage
        if (covered.matrix, covered.item) == (framework.matrix, cell.item)
        for reason in covered.missing
    )
    return WalkedCell(framework, cell, read, (), items[0] if items else None, missing)


def _answered(
    answering: Answering, questionnaires: Mapping[str, Questionnaire], assessment: Assessment, results: Findings
) -> Answered:
    if answering.questions:
        return _of_questions(answering, questionnaires, assessment)
    if answering.claim:
        part = next((part for part in results.claim.parts if part.part == answering.claim), None)
        is_there = part is not None and part.finding is Finding.SUPPORTED
        return Answered(answering, is_there, f"claim.{answering.claim}", part.finding if part else Finding.ABSENT)
    if answering.record:
        return _of_record(answering, answering.record, questionnaires, assessment)
    lines = [item for item in results.supervision if item.state is not SupervisionState.NOT_ASKED]
    is_there = all(item.state is not SupervisionState.OPEN for item in lines)
    return Answered(answering, is_there if lines else None, "supervision")


def _of_questions(
    answering: Answering, questionnaires: Mapping[str, Questionnaire], assessment: Assessment
) -> Answered:
    """Answered if one of its questions is; the place is that question, else the first that is shown."""
    places = [(name, *name.split(".", 1)) for name in answering.questions]
    known = [
        (name, questionnaires[questionnaire], question)
        for name, questionnaire, question in places
        if questionnaire in questionnaires and question in questionnaires[questionnaire].question_ids
    ]
    if not known:
        return Answered(answering, None, answering.questions[0])
    shown = []
    for name, questionnaire, question in known:
        answers = assessment.answers(questionnaire.id)
        visibility = conditions.visible(questionnaire, answers)[question]
        if visibility is True and not conditions.is_open(answers.get(question)):
            return Answered(answering, True, name)
        if visibility is not False:
            shown.append(name)
    return Answered(answering, False, shown[0] if shown else known[0][0])


def _of_record(
    answering: Answering, fact: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment
) -> Answered:
    impact = questionnaires.get(named.IMPACT)
    if impact is None:
        return Answered(answering, None, _place_of(fact))
    facts = {
        **record_facts(impact, assessment, questionnaires[assessment.domain]),
        "measures": bool(assessment.measures),
        "decision": assessment.decision is not None,
    }
    return Answered(answering, facts[fact], _place_of(fact))


def _places(need: CoverageNeed) -> Iterator[str]:
    if need.record:
        yield _place_of(need.record)
    if need.when is not None:
        yield from (f"{named.IMPACT}.{question}" for question in conditions.questions_named(need.when))


def _place_of(fact: str) -> str:
    """Measures, the method and the decision have places of their own; all other facts are told of scenarios."""
    if fact.startswith("measures"):
        return "measures"
    return fact if fact in ("method", "decision") else "scenarios"
