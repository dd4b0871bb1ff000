"""The committee's votes as the report lists them: rows, VoteRow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.model import Ballot, Ruling, Vote
from assessments.rules.voting import APPROVALS
from exports.report.reading import Reading

_PLACES = {"scenarios": "s_scenarios", "measures": "s_measures", "evidence": "s_evidence", "log": "log"}


@dataclass(frozen=True)
class VoteRow:
    """One member's vote."""

    vote: Vote
    points: tuple[tuple[str, str], ...]
    """Of a vote for a return: where, in the leading language, and what has to change there."""
    closes: bool
    """Of the chair who closed the vote."""
    is_minority: bool
    """Against what was decided: neither recused nor abstained, nor for it."""


def rows(report: Reading) -> Iterator[VoteRow]:
    """In the order of the votes; none where a committee of one decided, or where the record does not tell of any."""
    decision, data = report.assessment.decision, report.data.get("committee")
    if decision is None or not data:
        return
    for vote, vote_data in zip(report.assessment.votes, data["votes"], strict=True):
        points = tuple((_place(report, point.where), point.text) for point in vote.points)
        yield VoteRow(vote, points, vote_data["closes"], _is_minority(vote.ballot, decision.ruling))


def _place(report: Reading, where: str) -> str:
    """A question by its number, a section by its name; what nothing is known of stays as it is."""
    questionnaire, _, name = where.partition(".")
    for answered in report.answered_questionnaires:
        for question in answered.questions():
            if (answered.questionnaire.id, question.question.id) == (questionnaire, name):
                return f"{question.number} {question.heading[report.first]}"
    return report.t(_PLACES[where])[report.first] if where in _PLACES else where


def _is_minority(ballot: Ballot, ruling: Ruling) -> bool:
    if ballot in (Ballot.RECUSED, Ballot.ABSTAIN):
        return False
    return ballot is not Ballot.REJECT if ruling is Ruling.REJECTED else ballot not in APPROVALS
