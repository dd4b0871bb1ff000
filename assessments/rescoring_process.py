"""A part of a portfolio under another edition, at the other end of `own_process`: task. It only reads the database.

Contents that are equal in what a rule reads are derived once, and only what the other edition can change at all.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from assessments import editions
from assessments.content.canonical import read_scenario
from assessments.decision_log import kept_log
from assessments.derived import Determination, FloorHit, ImpactGrade, PointTrace
from assessments.errors import AssessmentError
from assessments.model import Answer, Answers, Assessment, EditionRef, Finding, Scenario
from assessments.own_process import tell
from assessments.rules import determination, duties, findings, impacts, rescore, scoring
from assessments.rules.agreement import AnsweredOneByOne, AnsweredQuestionnaire
from assessments.rules.exact import Sums
from assessments.rules.remembered import Left, Noted, Reading, Remembered, Together
from assessments.rules.rescore import Basis
from assessments.storage import reader, rescoring
from assessments.storage.database import Database
from assessments.storage.rescoring import AT_ONCE, Place, Stored
from questionnaires import conditions, load, named
from questionnaires.problems import InvalidFileError
from questionnaires.question_types import from_json
from questionnaires.schema import ASSESSMENT_DAY, Questionnaire

_ASIDE = (named.AREA, named.ROLE, named.IMPACT, named.CLAIM)
"""Questionnaires whose answers are read only where they are needed."""
MOST_REMEMBERED = 100_000
"""Results that are remembered of each kind."""
MOST_TOGETHER = 20_000
"""The same of all points of a dimension together: where hardly two are equal, more would only take room."""
_SHORT = 100
"""Characters of a stored answer that is remembered parsed."""


class Row(NamedTuple):
    """One assessment that another edition changes. None: the edition cannot change that of anything."""

    assessment_id: int
    outcome: tuple[str, str] | None
    contested: tuple[bool, bool] | None
    level: tuple[str, str] | None
    residual: tuple[int, int] | None
    new_questions: int
    dropped_questions: int
    lost_answers: int
    duties: int = 0
    """How many are found otherwise, where the edition can change that at the same outcome."""


def prepare() -> None:
    """Nothing more than the imports."""


def task(payload: bytes) -> bytes:
    """One request as JSON; gives what changes as JSON. Raises: AssessmentError."""
    request = json.loads(payload)
    load.FOLDER = Path(request["folder"])
    opened = Database(request["database"])
    try:
        with opened.reading() as session:
            places = [Place(*place) for place in request["places"]]
            new = tried(request["editions"])
            made = rescored(
                lambda some, but: rescoring.contents(session, some, but),
                places,
                new,
                tell,
                lambda assessment_id: reader.get_assessment(session, assessment_id),
            )
    finally:
        opened.engine.dispose()
    return json.dumps(made).encode()


def tried(named_editions: Sequence[tuple[str, str]]) -> dict[str, Questionnaire]:
    """Editions by id. named_editions: id and version. Raises: UnknownEditionError, InvalidFileError."""
    return {name: load.edition(name, version, load.FOLDER).questionnaire for name, version in named_editions}


def rescored(
    read: Callable[[Sequence[int], Collection[str]], Iterator[Stored]],
    places: Sequence[Place],
    new: Mapping[str, Questionnaire],
    heard: Callable[[float], object],
    whole: Callable[[int], Assessment],
) -> dict[str, Any]:
    """What changes, counted and one by one. read: gets ids of revisions and questionnaires to leave out; new: by id; heard: is
    told the share that is done; whole: reads all of an assessment, which duties alone need."""
    work = _Work(new, whole)
    but = {*_ASIDE} - {*new}
    for begin in range(0, len(places), AT_ONCE):
        numbers = [place.revision_id for place in places[begin : begin + AT_ONCE]]
        some = list(read(numbers, but))
        if needed := work.needed(some) & but:
            but -= needed
            some = list(read(numbers, but))
        for stored in some:
            work.add(stored)
        heard(min(1.0, (begin + AT_ONCE) / len(places)))
    return work.as_json()


@dataclass
class _Work:
    new: Mapping[str, Questionnaire]
    whole: Callable[[int], Assessment]
    groups: dict[tuple[str, str], _Group | None] = field(default_factory=dict)
    counted: int = 0
    apart: int = 0
    """Whose pinned files are gone or changed."""
    derived: int = 0
    levels: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: list[Row] = field(default_factory=list)

    def needed(self, some: Sequence[Stored]) -> frozenset[str]:
        """Questionnaires beside the domain's whose answers these have to be read with."""
        groups = [group for stored in some if (group := self._group(stored)) is not None]
        return frozenset(name for group in groups for name in group.needed)

    def _group(self, stored: Stored) -> _Group | None:
        key = (stored.domain, stored.editions)
        if key not in self.groups:
            self.groups[key] = _group(stored, self.new)
        return self.groups[key]

    def add(self, stored: Stored) -> None:
        group = self._group(stored)
        if group is None:
            self.apart += 1
            return
        if not group.is_asked:
            return
        self.counted += 1
        row = group.row(stored, self.whole)
        if row.level:
            self.levels[row.level] += 1
        if row.outcome and row.contested:
            before, after = zip(row.outcome, row.contested, strict=True)
            self.outcomes[_verdict(*before), _verdict(*after)] += 1
        if _is_changed(row):
            self.rows.append(row)

    def as_json(self) -> dict[str, Any]:
        return {
            "counted": self.counted,
            "apart": self.apart,
            "derived": sum(group.derived for group in self.groups.values() if group),
            "levels": [[*pair, count] for pair, count in self.levels.items()],
            "outcomes": [[*pair, count] for pair, count in self.outcomes.items()],
            "rows": self.rows,
        }


def _verdict(outcome: str, contested: bool) -> str:
    return f"{outcome}+contested" if contested else outcome


def _is_changed(row: Row) -> bool:
    pairs = (row.outcome, row.contested, row.level)
    return any(pair is not None and pair[0] != pair[1] for pair in pairs) or bool(
        row.new_questions or row.dropped_questions or row.lost_answers or row.duties
    )


def _group(stored: Stored, new: Mapping[str, Questionnaire]) -> _Group | None:
    """None: what is pinned cannot be read any more."""
    refs = [EditionRef(*line.split(" ")) for line in stored.editions.splitlines()]
    try:
        old = {name: edition.questionnaire for name, edition in editions.of_pinned(refs).items()}
    except (AssessmentError, InvalidFileError):
        return None
    replaced = {name: questionnaire for name, questionnaire in new.items() if name in old}
    return _Group(old, {**old, **replaced}, stored.domain, is_asked=bool(replaced)) if stored.domain in old else None


class _Determined(NamedTuple):
    """Before and after."""

    outcome: tuple[str, str]
    contested: tuple[bool, bool]
    is_reviewed: tuple[bool, bool]
    """Whether nothing that decides is open; a duty hangs on it."""


class _Stated(dict[str, dict[str, str]]):
    """Questionnaire → question → answer as it is stored, each questionnaire taken apart when it is asked for."""

    def __init__(self, stored: Stored) -> None:
        super().__init__()
        self._stored = stored
        self[ASSESSMENT_DAY] = {ASSESSMENT_DAY: stored.judged_on.isoformat()}

    def __missing__(self, name: str) -> dict[str, str]:
        line = self._stored.answers.get(name)
        answers: dict[str, str] = json.loads(line) if line else {}
        self[name] = answers
        return answers


class _Group:
    """All revisions that pin the same editions."""

    def __init__(
        self,
        old: Mapping[str, Questionnaire],
        new: Mapping[str, Questionnaire],
        domain: str,
        *,
        is_asked: bool,
    ) -> None:
        self.is_asked = is_asked
        self._old, self._new, self._domain = old, new, domain
        self._touched = rescore.touched(old, new, domain)
        self._scales = findings.scales_of(old), findings.scales_of(new)
        self._changed = [name for name in old if old[name] is not new[name]]
        self._known = {name: frozenset(questionnaire.question_ids) for name, questionnaire in old.items()}
        self._questions = {
            (name, question.id): question
            for name, questionnaire in old.items()
            for question in questionnaire.questions()
        }
        self.needed = frozenset({named.AREA, named.CLAIM} if self._touched.determination and is_asked else ())
        self._ways = {
            name: rescore.changed_ways(old[name], new[name]) if name in self._changed else ()
            for name in (domain, named.AREA)
            if name in old
        }
        self._gone = {name: rescore.gone_answers(old[name], new[name]) for name in self._changed}
        self._others = 0
        self._remembered: dict[str, dict[Any, Any]] = {}
        self._claims_of = Remembered[tuple[Finding, Finding]](MOST_REMEMBERED)
        self._determined_of = Remembered[_Determined](MOST_REMEMBERED)
        self._sums_of = [_sums_of(of[domain]) for of in (old, new) if self._touched.score]
        self._floors_of = Remembered[tuple[tuple[FloorHit, ...], ...]](MOST_REMEMBERED)
        self._graded_by = ("impacts", "impacts" if self._scales[0] == self._scales[1] else "impacts then")
        self._is_figured_alike = self._touched.score and scoring.are_figured_alike(old[domain], new[domain])
        self._parsed: defaultdict[str, dict[tuple[str, str], Answer | None]] = defaultdict(dict)

    @property
    def derived(self) -> int:
        """How often a rule was asked."""
        sums = sum(together.made for of in self._sums_of for together in of.values())
        return self._others + self._claims_of.made + self._determined_of.made + sums + self._floors_of.made

    def row(self, stored: Stored, whole: Callable[[int], Assessment]) -> Row:
        touched, stated = self._touched, _Stated(stored)
        outcome = contested = level = residual = None
        lists, is_reviewed = (0, 0, 0), (True, True)
        if touched.determination:
            outcome, contested, is_reviewed = self._determinations(stored, stated)
        if touched.score:
            level, residual = self._scores(stored, stated)
        if touched.questions:
            key_of_lists = tuple(stored.answers.get(name, "") for name in self._changed)
            lists = self._remember("lists", key_of_lists, lambda: self._lists(stated))
        is_same_outcome = outcome is None or outcome[0] == outcome[1]
        can_differ = touched.duties or (is_same_outcome and is_reviewed[0] != is_reviewed[1])
        duties_otherwise = self._duties(stored, stated, whole(stored.assessment_id)) if can_differ else 0
        return Row(stored.assessment_id, outcome, contested, level, residual, *lists, duties_otherwise)

    def _duties(self, stored: Stored, stated: _Stated, assessment: Assessment) -> int:
        self._others += 1
        if not (self._touched.duties or self._touched.questions):
            determined = self._both_determined(stated, self._claims(stored, stated), [])
            return len(rescore.duty_changes(*rescore.duties_of(self._old, assessment, determined)))
        left = rescore.still_possible(self._new, assessment)[0]
        before, after = findings.derive(self._old, assessment), findings.derive(self._new, left)
        return len(rescore.duty_changes(before.duties, after.duties))

    def _determinations(self, stored: Stored, stated: _Stated) -> _Determined:
        claims = self._claims(stored, stated)
        return self._determined_of.of(claims, stated, lambda noted: self._determined(stated, claims, noted))

    def _remember(self, kind: str, key: Any, make: Callable[[], Any]) -> Any:
        known = self._remembered.setdefault(kind, {})
        if key in known:
            return known[key]
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        made = known[key] = make()
        self._others += 1
        return made

    # --- deriving ----------------------------------------------------------------------------------------------

    def _answers(self, stated: _Stated, name: str) -> dict[str, Answer]:
        known = self._parsed[name]
        answers: dict[str, Answer] = {}
        for pair in stated[name].items():
            answer = known[pair] if pair in known else self._answer(name, *pair)
            if answer is not None:
                answers[pair[0]] = answer
        return answers

    def _answer(self, name: str, question_id: str, written: str) -> Answer | None:
        """Read once, where it is short."""
        known = self._parsed[name]
        if (question_id, written) in known:
            return known[question_id, written]
        answer = from_json(self._questions.get((name, question_id)), json.loads(written))
        if len(written) <= _SHORT and len(known) < MOST_REMEMBERED:
            known[question_id, written] = answer
        return answer

    def _both(self, stated: _Stated, name: str) -> tuple[Answers, Answers]:
        """Under the old and under the new edition."""
        answers = self._answers(stated, name)
        if name not in self._changed:
            return answers, answers
        return answers, rescore.left_of(answers, self._gone[name])[0]

    def _both_read(self, stated: _Stated, name: str, noted: Noted, on: date | None = None) -> tuple[Answers, Answers]:
        """The same, each noted that is got."""
        answers = Reading(name, stated[name], partial(self._answer, name), noted, on)
        return answers, Left(answers, self._gone[name]) if name in self._changed else answers

    def _claims(self, stored: Stored, stated: _Stated) -> tuple[Finding, Finding]:
        on = stored.judged_on
        proven = frozenset(part for part, since, until in stored.evidence if _is_in_force(since, until, on))
        if not stored.log:
            basis = Basis(proven, on, is_example=stored.is_example)

            def made(noted: Noted) -> tuple[Finding, Finding]:
                return self._both_claims(self._both_read(stated, named.CLAIM, noted, on), basis)

            return self._claims_of.of(proven, stated, made)
        key = (stored.answers.get(named.CLAIM, ""), proven, on, stored.log, stored.is_example)
        claims: tuple[Finding, Finding] = self._remember(
            "claim", key, lambda: self._logged_claims(stored, stated, proven)
        )
        return claims

    def _logged_claims(self, stored: Stored, stated: _Stated, proven: frozenset[str]) -> tuple[Finding, Finding]:
        log = kept_log.from_json(json.loads(stored.log))
        basis = Basis(proven, stored.judged_on, log, stored.is_example)
        return self._both_claims(self._both(stated, named.CLAIM), basis)

    def _both_claims(self, answers: tuple[Answers, Answers], basis: Basis) -> tuple[Finding, Finding]:
        was = rescore.claim_of(self._old.get(named.CLAIM), answers[0], basis)
        return was, rescore.claim_of(self._new.get(named.CLAIM), answers[1], basis) if self._touched.claim else was

    def _determined(self, stated: _Stated, claims: tuple[Finding, Finding], noted: Noted) -> _Determined:
        was, then = self._both_determined(stated, claims, noted)
        return _Determined(
            (was.outcome.value, then.outcome.value),
            (was.contested, then.contested),
            (duties.is_reviewed(was), duties.is_reviewed(then)),
        )

    def _both_determined(
        self, stated: _Stated, claims: tuple[Finding, Finding], noted: Noted
    ) -> tuple[Determination, Determination]:
        """Under the old and under the new edition; once, where no route that differs can hold."""
        domain, area = (self._both_read(stated, name, noted) for name in (self._domain, named.AREA))
        results: list[Determination] = []
        for place, questionnaires in enumerate((self._old, self._new)):
            area_questionnaire = questionnaires.get(named.AREA)
            before = AnsweredOneByOne(area_questionnaire, area[place]) if area_questionnaire else None
            answered = AnsweredOneByOne(questionnaires[self._domain], domain[place])
            if results and claims[0] is claims[1] and self._is_alike(answered, before, claims[place]):
                results.append(results[0])
                continue
            results.append(determination.determined(answered, claims[place], before))
        return results[0], results[1]

    def _is_alike(self, answered: AnsweredQuestionnaire, area: AnsweredQuestionnaire | None, claim: Finding) -> bool:
        """Whether no route that differs can hold."""
        return all(
            each is None or rescore.are_out_of_reach(ways, each.visible, each.answers, claim)
            for each, ways in ((answered, self._ways[self._domain]), (area, self._ways.get(named.AREA)))
        )

    def _scores(self, stored: Stored, stated: _Stated) -> tuple[tuple[str, str], tuple[int, int]]:
        was_sums = self._sums(stated, 0)
        then_sums = self._sums(stated, 1) if self._touched.points else was_sums
        old, new = self._old[self._domain], self._new[self._domain]
        figures = scoring.figures_of(old, was_sums)
        is_alike = then_sums is was_sums and self._is_figured_alike
        then_figures = figures if is_alike else scoring.figures_of(new, then_sums)
        floors = self._floors_of.of(None, stated, lambda noted: self._both_floors(stated, noted))
        was = scoring.level_of(old, figures, floors[0], self._grades(stored, 0))
        then = scoring.level_of(new, then_figures, floors[1], self._grades(stored, 1))
        return (was[0].value, then[0].value), (was[1].high, then[1].high)

    def _both_floors(self, stated: _Stated, noted: Noted) -> tuple[tuple[FloorHit, ...], ...]:
        answers = self._both_read(stated, self._domain, noted)
        return tuple(
            scoring.floors_of(of[self._domain], own) for of, own in zip((self._old, self._new), answers, strict=True)
        )

    def _sums(self, stated: _Stated, place: int) -> dict[str, Sums]:
        """place: 0 under the old edition, 1 under the new one."""

        def read(noted: Noted) -> Answers:
            return self._both_read(stated, self._domain, noted)[place]

        return {dimension: together.of(stated, read) for dimension, together in self._sums_of[place].items()}

    def _grades(self, stored: Stored, place: int) -> tuple[ImpactGrade, ...]:
        scales = self._scales[place]
        if scales is None:
            return ()
        made = lambda: impacts.grades(_scenarios(stored.scenarios), scales)  # noqa: E731
        grades: tuple[ImpactGrade, ...] = self._remember(self._graded_by[place], stored.scenarios, made)
        return grades

    def _lists(self, stated: _Stated) -> tuple[int, int, int]:
        """How many questions are new, how many answered ones are no longer asked, how many answers are no longer offered."""
        new = dropped = lost = 0
        for name in self._changed:
            answers = self._answers(stated, name)
            left, gone, unoffered = rescore.left_of(answers, self._gone[name])
            dropped, lost = dropped + len(gone), lost + len(unoffered)
            if set(self._new[name].question_ids) - self._known[name]:
                shown = conditions.visible(self._new[name], left)
                new += sum(
                    truth is not False and question not in self._known[name] for question, truth in shown.items()
                )
        return new, dropped, lost


def _sums_of(questionnaire: Questionnaire) -> dict[str, Together[PointTrace, Sums]]:
    """By dimension, in the method's order. None of it is known yet."""
    dimensions = questionnaire.method.dimensions if questionnaire.method else ()
    questions = {
        each.id: [question.id for question in questionnaire.scored_questions if question.dimension == each.id]
        for each in dimensions
    }
    return {
        dimension: Together[PointTrace, Sums](
            questionnaire.id,
            [partial(scoring.row_of, questionnaire, question) for question in scored],
            partial(scoring.sums_of, dimension),
            MOST_TOGETHER,
        )
        for dimension, scored in questions.items()
    }


def _is_in_force(since: str | None, until: str | None, on: date) -> bool:
    """As `involvement.counts_on` says of a piece of evidence."""
    day = on.isoformat()
    return (since is None or since <= day) and (until is None or day <= until)


@lru_cache(MOST_REMEMBERED)
def _scenarios(written: str) -> tuple[Scenario, ...]:
    """Each with its impacts alone, which the score follows from."""
    if not written:
        return ()
    return tuple(
        read_scenario({"id": str(place), "text": "", "impacts": impacts})
        for place, impacts in enumerate(json.loads(written))
    )
