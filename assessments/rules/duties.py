"""What each duty comes to: find_duties. The rule of duties is data; nothing here knows an article, a role or a domain.

Strictest first: the worst of what is needed decides, and what is unclear never excuses. Owed is what the outcome and the roles make
owed; a contested or open role, and an outcome that is contested or cannot be determined, leave a duty that is not documented *contested*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from assessments.derived import (
    CoveredItem,
    Determination,
    DutyFinding,
    DutyState,
    Reason,
    RoleFinding,
    SupervisionItem,
    SupervisionState,
)
from assessments.model import Answer, Assessment
from assessments.rules import coverage, supervision
from assessments.rules.agreement import AnsweredQuestionnaire
from questionnaires import conditions, named
from questionnaires.conditions import Truth
from questionnaires.duty_schema import Because, Duties, Duty, DutyNeed, DutyRecord, Fact
from questionnaires.schema import Outcome, Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class Case:
    """Everything that duties are judged by."""

    questionnaires: Mapping[str, Questionnaire]
    assessment: Assessment
    role: RoleFinding | None
    """None: roles are not asked, so that every role counts as possible."""
    determination: Determination
    coverage: Sequence[CoveredItem]
    supervision: Sequence[SupervisionItem]
    on: date
    """The day judged."""


@dataclass(frozen=True)
class _Shown:
    """How far one need is met."""

    state: DutyState
    """documented, planned or gap."""
    places: tuple[str, ...] = ()


def find_duties(case: Case) -> tuple[DutyFinding, ...]:
    """Every duty of the pinned rule, in its order; none where no pinned questionnaire has one."""
    judging = [
        _Judging(case, questionnaire, questionnaire.duties)
        for questionnaire in case.questionnaires.values()
        if questionnaire.duties is not None
    ]
    return tuple(finding for rule in judging for finding in rule.findings())


def is_reviewed(determination: Determination) -> bool:
    """Whether no answer that decides is open, and none contradicts another; *cannot determine* is a result as well."""
    return not determination.deciding and not determination.is_contradicted


@dataclass(frozen=True)
class _Judging:
    case: Case
    stated_in: Questionnaire
    rule: Duties

    def findings(self) -> tuple[DutyFinding, ...]:
        by_duty: dict[str, DutyFinding] = {}
        for duty in self.rule.items:
            by_duty[duty.id] = self._judge(duty, by_duty.get(duty.under or ""))
        return tuple(by_duty.values())

    def _judge(self, duty: Duty, whole: DutyFinding | None) -> DutyFinding:
        """whole: what is found on the duty that this one details."""
        finding = DutyFinding(duty.id, DutyState.DOCUMENTED, duty.force, duty.source)
        owed, excuse = self._owed(duty)
        if owed is False:
            return replace(finding, state=DutyState.NOT_APPLICABLE, reasons=excuse)
        if duty.open_question is not None:
            return replace(finding, state=DutyState.OPEN_QUESTION, missing=(Reason(duty.to_do, duty.source),))
        finding = replace(finding, partly=self._partly(duty))
        for state, reasons in (
            (DutyState.INHERITED, self._inherited(duty)),
            (DutyState.DEEMED, self._deemed(duty)),
        ):
            if reasons:
                return replace(self._with_places(finding, duty), state=state, reasons=reasons)
        finding = self._unless_documented(duty, finding, owed, excuse)
        if finding.is_unmet and whole is not None and whole.state is DutyState.INHERITED:
            return replace(finding, state=whole.state, reasons=whole.reasons, missing=(), until=None, responsible="")
        if finding.is_unmet and whole is not None and whole.state is DutyState.DEEMED:
            whole_deemed = Reason(TEXTS["duty_whole_deemed"], whole.source)
            return replace(finding, reasons=(*finding.reasons, whole_deemed))
        return finding

    def _unless_documented(
        self, duty: Duty, finding: DutyFinding, owed: Truth, doubts: tuple[Reason, ...]
    ) -> DutyFinding:
        finding = self._with_places(finding, duty)
        needs = tuple(self._needs(duty))
        lacking = [(need, shown.state) for need, shown in needs if shown.state is not DutyState.DOCUMENTED]
        if needs and not lacking:
            return finding
        is_planned = bool(lacking) and all(state is DutyState.PLANNED for _, state in lacking)
        state, plan = DutyState.PLANNED if is_planned else DutyState.GAP, self._plan(duty)
        to_do = dict.fromkeys(need.missing or duty.to_do for need, _ in lacking) or (duty.to_do,)
        missing = [Reason(text, duty.source) for text in to_do]
        if not needs:
            missing.append(Reason(TEXTS["duty_not_asked"], duty.source))
        until, responsible = plan if plan is not None else (None, "")
        if plan is not None and state is DutyState.GAP:
            state = DutyState.PLANNED
        if state is DutyState.PLANNED and until is None:
            missing.append(Reason(TEXTS["duty_plan_without_day"], duty.source))
        if until is not None and until < self.case.on:
            state = DutyState.GAP
            missing.append(Reason(TEXTS.text("duty_plan_overdue", day=until), duty.source))
        if owed is None:
            state = DutyState.CONTESTED
        return replace(
            finding, state=state, reasons=doubts, missing=tuple(missing), until=until, responsible=responsible
        )

    # --- owed or not -------------------------------------------------------------------------------------

    def _owed(self, duty: Duty) -> tuple[Truth, tuple[Reason, ...]]:
        """Whether it is owed; with why not, or what makes it doubtful."""
        case = self.case
        if duty.domains and case.assessment.domain not in duty.domains:
            return False, (Reason(TEXTS["duty_other_domain"], duty.source),)
        if duty.from_day is not None and case.on < duty.from_day:
            return False, (Reason(TEXTS.text("duty_not_yet", day=duty.from_day), duty.source),)
        outcome = self._outcome(duty)
        if outcome is False:
            return False, (Reason(TEXTS["duty_other_outcome"], duty.source),)
        role = self._role(duty)
        if role is False:
            return False, (Reason(TEXTS["duty_other_role"], duty.source),)
        if self._all(duty.applies_if) is False and duty.applies_text is not None:
            return False, (Reason(duty.applies_text, duty.source),)
        for exemption in duty.exempt_if:
            if self._all(exemption.facts) is True:
                return False, (Reason(exemption.because, exemption.source),)
        doubts = [
            *((Reason(TEXTS["duty_outcome_open"], duty.source),) if outcome is None else ()),
            *((Reason(TEXTS["duty_role_open"], duty.source),) if role is None else ()),
            *(
                Reason(dispute.because, dispute.source)
                for dispute in duty.contested_if
                if self._all(dispute.facts) is not False
            ),
        ]
        return (None if doubts else True), tuple(doubts)

    def _outcome(self, duty: Duty) -> Truth:
        if not duty.outcomes:
            return True
        determined = self.case.determination
        truth: Truth = determined.outcome in duty.outcomes
        if not truth and (determined.contested or determined.outcome is Outcome.CANNOT_DETERMINE):
            truth = None
        return conditions.any_of((truth, *(self._holds(fact) for fact in duty.also_if)))

    def _role(self, duty: Duty) -> Truth:
        if not duty.owed_by:
            return True
        role = self.case.role
        if role is None:
            return None
        owing = set(duty.owed_by)
        if owing & (set(role.roles) - set(role.contested_roles)):
            return True
        return None if owing & {*role.roles, *role.possible} else False

    # --- performed by somebody or something else ---------------------------------------------------------

    def _inherited(self, duty: Duty) -> tuple[Reason, ...]:
        role = self.case.role
        held = set() if role is None else set(role.roles)
        return tuple(
            Reason(way.because, way.source)
            for way in duty.inherited_if
            if held & set(way.roles) and self._all(way.facts) is True
        )

    def _deemed(self, duty: Duty) -> tuple[Reason, ...]:
        return self._because(way for way in duty.deemed_if if way.extent is None)

    def _partly(self, duty: Duty) -> tuple[Reason, ...]:
        return tuple(
            Reason(way.extent, way.source)
            for way in duty.deemed_if
            if way.extent is not None and self._all(way.facts) is True
        )

    def _because(self, ways: Iterable[Because]) -> tuple[Reason, ...]:
        return tuple(Reason(way.because, way.source) for way in ways if self._all(way.facts) is True)

    # --- what shows it -----------------------------------------------------------------------------------

    def _needs(self, duty: Duty) -> Iterator[tuple[DutyNeed, _Shown]]:
        for need in duty.needs:
            shown = self._shown(need)
            if shown is not None:
                yield need, shown

    def _shown(self, need: DutyNeed) -> _Shown | None:
        """None: nobody is asked here; another edition may not have the question yet."""
        if any(self._holds(fact) is True for fact in need.unless):
            return None
        if need.record is not None:
            return self._recorded(need.record)
        answered = self._answered(need.in_)
        if answered is None:
            return None
        if need.when is not None and not answered.visible.keys() >= set(conditions.questions_named(need.when)):
            return None
        if need.when is not None:
            truth = conditions.holds(need.when, answered.visible, answered.answers)
            places = tuple(f"{answered.questionnaire.id}.{name}" for name in conditions.questions_named(need.when))
            return _Shown(DutyState.DOCUMENTED if truth is True else DutyState.GAP, places)
        question = next((each for each in answered.questionnaire.questions() if each.id == need.question), None)
        if question is None or answered.visible[question.id] is False:
            return None
        answer = answered.answers.get(question.id)
        return _Shown(
            _answer_state(need, answer, bool(question.options)), (f"{answered.questionnaire.id}.{question.id}",)
        )

    def _recorded(self, fact: DutyRecord) -> _Shown:
        case, operator = self.case, self.case.assessment.operator
        match fact:
            case DutyRecord.SUPERVISOR:
                named_and_reachable = bool(operator.supervisor_name and operator.supervisor_contact)
                return _Shown(_documented(named_and_reachable), (supervision.NAMED,))
            case DutyRecord.SUPERVISION:
                return self._supervised()
            case DutyRecord.REVIEWED:
                return _Shown(_documented(is_reviewed(case.determination)))
            case DutyRecord.ASSESSED:
                items = [item for item in case.coverage if item.matrix == named.DECREE]
                return _Shown(_documented(bool(items) and all(item.is_documented for item in items)))
            case DutyRecord.SCENARIOS:
                return _Shown(_documented(coverage.are_impacts_judged(case.assessment)))

    def _supervised(self) -> _Shown:
        musts = supervision.musts(self.case.questionnaires, self.case.role)
        lines = [item for item in self.case.supervision if item.id in musts]
        states = {item.state for item in lines}
        places = tuple(item.where for item in lines if item.where)
        if not lines or states - {SupervisionState.DOCUMENTED, SupervisionState.PLANNED}:
            return _Shown(DutyState.GAP, places)
        return _Shown(DutyState.PLANNED if SupervisionState.PLANNED in states else DutyState.DOCUMENTED, places)

    def _with_places(self, finding: DutyFinding, duty: Duty) -> DutyFinding:
        """With where it is shown, and the evidence attached there."""
        places = tuple(dict.fromkeys(place for _, shown in self._needs(duty) for place in shown.places))
        attached = tuple(evidence.id for evidence in self.case.assessment.evidence if evidence.question in places)
        return replace(finding, places=places, evidence=attached)

    def _plan(self, duty: Duty) -> tuple[date | None, str] | None:
        """The day and the person of the plan stated for the duty; the latest day of several. None: no plan."""
        rule = self.rule
        stated = self.case.assessment.answers(self.stated_in.id).get(rule.plans, ())
        rows = [row for row in _rows(stated) if row.get(rule.plan_duty) == duty.id]
        if not rows:
            return None
        days = [day for row in rows if isinstance(day := row.get(rule.plan_until), date)]
        people = [str(row[rule.plan_by]) for row in rows if row.get(rule.plan_by)]
        return (max(days) if days else None), ", ".join(dict.fromkeys(people))

    # --- facts -------------------------------------------------------------------------------------------

    def _all(self, facts: Sequence[Fact]) -> Truth:
        return conditions.all_of(self._holds(fact) for fact in facts)

    def _holds(self, fact: Fact) -> Truth:
        answered = self._answered(fact.in_)
        if answered is None or not answered.visible.keys() >= set(conditions.questions_named(fact.when)):
            return False
        return conditions.holds(fact.when, answered.visible, answered.answers)

    def _answered(self, questionnaire_id: str | None) -> AnsweredQuestionnaire | None:
        return self._answers.get(questionnaire_id or self.stated_in.id)

    @cached_property
    def _answers(self) -> Mapping[str, AnsweredQuestionnaire]:
        return {
            name: AnsweredQuestionnaire(questionnaire, self.case.assessment.answers(name))
            for name, questionnaire in self.case.questionnaires.items()
        }


def _documented(is_there: bool) -> DutyState:
    return DutyState.DOCUMENTED if is_there else DutyState.GAP


def _answer_state(need: DutyNeed, answer: Answer | None, has_options: bool) -> DutyState:
    """Unknown and unanswered are a gap, like no."""
    if not has_options:
        return _documented(not conditions.is_open(answer))
    chosen = set(answer) if isinstance(answer, tuple) else {answer}
    if need.includes:
        return _documented(set(need.includes) <= chosen)
    if chosen & set(need.documented_if):
        return DutyState.DOCUMENTED
    return DutyState.PLANNED if chosen & set(need.planned_if) else DutyState.GAP


def _rows(stated: Answer) -> Iterator[Mapping[str, Answer]]:
    if isinstance(stated, tuple):
        yield from (row for row in stated if isinstance(row, Mapping))
