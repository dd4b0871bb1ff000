"""A part of a portfolio under another edition, at the other end of `own_process`: task. It only reads the database.

Contents that are equal in what a rule reads are derived once, and only what the other edition can change at all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from assessments import editions
from assessments.content.canonical import read_scenario
from assessments.decision_log import kept_log
from assessments.derived import Determination
from assessments.errors import AssessmentError
from assessments.model import Answer, Answers, Assessment, EditionRef, Evidence, Finding, Scenario
from assessments.own_process import tell
from assessments.rules import determination, duties, findings, rescore, scoring
from assessments.rules.agreement import AnsweredQuestionnaire
from assessments.rules.rescore import Basis
from assessments.storage import reader, rescoring
from assessments.storage.database import Database
from assessments.storage.rescoring import ANSWER, AT_ONCE, ENTRY, Place, Stored
from questionnaires import conditions, load, named
from questionnaires.problems import InvalidFileError
from questionnaires.question_types import from_json
from questionnaires.schema import Questionnaire

_ASIDE = (named.AREA, named.ROLE, named.IMPACT, named.CLAIM)
"""Questionnaires whose answers are read only where they are needed."""
MOST_REMEMBERED = 20_000
"""Results that are remembered of each kind."""
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
        self.derived = 0
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
        is_graded_alike = self._scales[0] == self._scales[1]
        self._is_of_levels = is_graded_alike and rescore.differ_in_levels_alone(old[domain], new[domain])
        self._gone = {name: rescore.gone_answers(old[name], new[name]) for name in self._changed}
        self._remembered: dict[str, dict[Any, Any]] = {}
        self._parsed: dict[str, dict[str, tuple[str, Answer | None]]] = {}

    def row(self, stored: Stored, whole: Callable[[int], Assessment]) -> Row:
        answers, touched = stored.answers, self._touched
        outcome = contested = level = residual = None
        lists, is_reviewed = (0, 0, 0), (True, True)
        if touched.determination:
            outcome, contested, is_reviewed = self._determinations(stored)
        if touched.score:
            key = (answers.get(self._domain, ""), stored.scenarios)
            level, residual = self._remember("score", key, lambda: self._scores(stored))
        if touched.questions:
            key_of_lists = tuple(answers.get(name, "") for name in self._changed)
            lists = self._remember("lists", key_of_lists, lambda: self._lists(stored))
        can_differ = touched.duties or is_reviewed[0] != is_reviewed[1]
        duties_otherwise = self._duties(stored, whole(stored.assessment_id)) if can_differ else 0
        return Row(stored.assessment_id, outcome, contested, level, residual, *lists, duties_otherwise)

    def _duties(self, stored: Stored, assessment: Assessment) -> int:
        self.derived += 1
        if not (self._touched.duties or self._touched.questions):
            determined = self._both_determined(stored, self._claims(stored))
            return len(rescore.duty_changes(*rescore.duties_of(self._old, assessment, determined)))
        left = rescore.still_possible(self._new, assessment)[0]
        before, after = findings.derive(self._old, assessment), findings.derive(self._new, left)
        return len(rescore.duty_changes(before.duties, after.duties))

    def _determinations(self, stored: Stored) -> _Determined:
        claim_key = (
            stored.answers.get(named.CLAIM, ""),
            stored.evidence,
            stored.judged_on,
            stored.log,
            stored.is_example,
        )
        claims = self._remember("claim", claim_key, lambda: self._claims(stored))
        key = (stored.answers.get(named.AREA, ""), stored.answers.get(self._domain, ""), claims)
        made: _Determined = self._remember("determination", key, lambda: self._determined(stored, claims))
        return made

    def _remember(self, kind: str, key: Any, make: Callable[[], Any]) -> Any:
        known = self._remembered.setdefault(kind, {})
        if key in known:
            return known[key]
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        made = known[key] = make()
        self.derived += 1
        return made

    # --- deriving ----------------------------------------------------------------------------------------------

    def _answers(self, stored: Stored, name: str) -> dict[str, Answer]:
        line, known = stored.answers.get(name), self._parsed.setdefault(name, {})
        answers: dict[str, Answer] = {}
        for entry in line.split(ENTRY) if line else ():
            pair = known.get(entry)
            if pair is None:
                pair = self._answer(name, entry)
                if len(entry) <= _SHORT and len(known) < MOST_REMEMBERED:
                    known[entry] = pair
            if pair[1] is not None:
                answers[pair[0]] = pair[1]
        return answers

    def _answer(self, name: str, entry: str) -> tuple[str, Answer | None]:
        question_id, _, written = entry.partition(ANSWER)
        return question_id, from_json(self._questions.get((name, question_id)), json.loads(written))

    def _both(self, stored: Stored, name: str) -> tuple[Answers, Answers]:
        """Under the old and under the new edition."""
        answers = self._answers(stored, name)
        if name not in self._changed:
            return answers, answers
        return answers, rescore.left_of(answers, self._gone[name])[0]

    def _claims(self, stored: Stored) -> tuple[Finding, Finding]:
        before, after = self._both(stored, named.CLAIM)
        evidence = tuple(
            Evidence(
                "", "", "", "", 0, "", part=part,
                on=date.fromisoformat(on) if on else None,
                expires_on=date.fromisoformat(until) if until else None,
            )
            for part, on, until in stored.evidence
        )  # fmt: skip
        log = kept_log.from_json(json.loads(stored.log)) if stored.log else None
        basis = Basis(evidence, stored.judged_on, log, stored.is_example)
        was = rescore.claim_of(self._old.get(named.CLAIM), before, basis)
        if not self._touched.claim:
            return was, was
        return was, rescore.claim_of(self._new.get(named.CLAIM), after, basis)

    def _determined(self, stored: Stored, claims: tuple[Finding, Finding]) -> _Determined:
        was, then = self._both_determined(stored, claims)
        return _Determined(
            (was.outcome.value, then.outcome.value),
            (was.contested, then.contested),
            (duties.is_reviewed(was), duties.is_reviewed(then)),
        )

    def _both_determined(self, stored: Stored, claims: tuple[Finding, Finding]) -> tuple[Determination, Determination]:
        """Under the old and under the new edition; once, where no route that differs can hold."""
        domain, area = self._both(stored, self._domain), self._both(stored, named.AREA)
        results: list[Determination] = []
        for place, questionnaires in enumerate((self._old, self._new)):
            area_questionnaire = questionnaires.get(named.AREA)
            before = AnsweredQuestionnaire(area_questionnaire, area[place]) if area_questionnaire else None
            answered = AnsweredQuestionnaire(questionnaires[self._domain], domain[place])
            if results and claims[0] is claims[1] and self._is_alike(answered, before, claims[place]):
                results.append(results[0])
                continue
            results.append(determination.determine(answered.questionnaire, answered.answers, claims[place], before))
        return results[0], results[1]

    def _is_alike(self, answered: AnsweredQuestionnaire, area: AnsweredQuestionnaire | None, claim: Finding) -> bool:
        """Whether no route that differs can hold."""
        return all(
            each is None or rescore.are_out_of_reach(ways, each.visible, each.answers, claim)
            for each, ways in ((answered, self._ways[self._domain]), (area, self._ways.get(named.AREA)))
        )

    def _scores(self, stored: Stored) -> tuple[tuple[str, str], tuple[int, int]]:
        domain = self._both(stored, self._domain)
        scenarios = _scenarios(stored.scenarios)
        traced = scoring.traced(self._old[self._domain], domain[0])
        was = scoring.score(self._old[self._domain], domain[0], scenarios, self._scales[0], traced)
        if self._is_of_levels:
            level = scoring.level_under(self._new[self._domain], domain[0], traced, was)
            return (was.level.value, level.value), (was.residual.high, was.residual.high)
        then = scoring.score(
            self._new[self._domain],
            domain[1],
            scenarios,
            self._scales[1],
            None if self._touched.points else traced,
        )
        return (was.level.value, then.level.value), (was.residual.high, then.residual.high)

    def _lists(self, stored: Stored) -> tuple[int, int, int]:
        """How many questions are new, how many answered ones are no longer asked, how many answers are no longer offered."""
        new = dropped = lost = 0
        for name in self._changed:
            answers = self._answers(stored, name)
            left, gone, unoffered = rescore.left_of(answers, self._gone[name])
            dropped, lost = dropped + len(gone), lost + len(unoffered)
            if set(self._new[name].question_ids) - self._known[name]:
                shown = conditions.visible(self._new[name], left)
                new += sum(
                    truth is not False and question not in self._known[name] for question, truth in shown.items()
                )
        return new, dropped, lost


@lru_cache(MOST_REMEMBERED)
def _scenarios(written: str) -> tuple[Scenario, ...]:
    """Each with its impacts alone, which the score follows from."""
    if not written:
        return ()
    return tuple(
        read_scenario({"id": str(place), "text": "", "impacts": impacts})
        for place, impacts in enumerate(json.loads(written))
    )
