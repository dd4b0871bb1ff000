"""What a committee's votes come to: counted, missing, result, conditions, points. Pure.

The majority of the votes cast decides. Whoever is recused is not counted; whoever abstains is, for the quorum and among the votes
of which an approval needs the majority, as a committee counts that decides by the majority of those present.
Approvals with and without conditions count together for the approval; it is without conditions only where those without any are
a majority by themselves. At a tie the vote of the chair who closes decides; a tie without it is no majority. What is not approved
is rejected or returned, whichever has more votes; where both have as many, as the chair voted, else returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from assessments.model import Ballot, Committee, Condition, ReturnPoint, Vote

APPROVALS = frozenset({Ballot.APPROVE, Ballot.APPROVE_WITH_CONDITIONS})


class Result(StrEnum):
    """What a committee that closes its vote does."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"
    RETURNED = "returned"


def counted(votes: Sequence[Vote], committee: Committee) -> tuple[Vote, ...]:
    """Votes that count, also for the quorum: nobody's who is recused, nor a chair's who votes at a tie only."""
    return tuple(
        vote for vote in votes if vote.ballot is not Ballot.RECUSED and (committee.chair_votes or not vote.as_chair)
    )


def missing(votes: Sequence[Vote], committee: Committee) -> int:
    """How many votes the quorum still lacks."""
    return max(0, committee.quorum - len(counted(votes, committee)))


def result(votes: Sequence[Vote], committee: Committee, closer: str) -> Result | None:
    """closer: id of the chair who closes. None: nobody voted."""
    cast = counted(votes, committee)
    if not cast:
        return None
    own = _ballot_of(closer, votes)
    ballots = [vote.ballot for vote in cast]
    approving, plain = sum(ballot in APPROVALS for ballot in ballots), ballots.count(Ballot.APPROVE)
    if _is_majority(approving, len(cast), own in APPROVALS):
        is_plain = _is_majority(plain, len(cast), own is Ballot.APPROVE)
        return Result.APPROVED if is_plain else Result.APPROVED_WITH_CONDITIONS
    rejecting, returning = ballots.count(Ballot.REJECT), ballots.count(Ballot.RETURN)
    if rejecting == returning:
        return Result.REJECTED if own is Ballot.REJECT else Result.RETURNED
    return Result.REJECTED if rejecting > returning else Result.RETURNED


def conditions(votes: Sequence[Vote], committee: Committee, closer: str) -> tuple[Condition, ...]:
    """Of all who approve with conditions, each once, in the order of the votes."""
    return tuple(dict.fromkeys(condition for vote in _heard(votes, committee, closer) for condition in vote.conditions))


def points(votes: Sequence[Vote], committee: Committee, closer: str) -> tuple[ReturnPoint, ...]:
    """Of all who return, one for each place."""
    texts: dict[str, list[str]] = {}
    for vote in _heard(votes, committee, closer):
        for point in vote.points:
            texts.setdefault(point.where, []).append(point.text)
    return tuple(ReturnPoint(where, "\n".join(dict.fromkeys(parts))) for where, parts in texts.items())


def _heard(votes: Sequence[Vote], committee: Committee, closer: str) -> tuple[Vote, ...]:
    """Votes that count, and the chair's, which can have decided a tie."""
    cast = counted(votes, committee)
    return tuple(vote for vote in votes if vote in cast or (vote.by.id == closer and vote.ballot is not Ballot.RECUSED))


def _ballot_of(closer: str, votes: Sequence[Vote]) -> Ballot | None:
    return next((vote.ballot for vote in votes if vote.by.id == closer), None)


def _is_majority(number: int, cast: int, chair_agrees: bool) -> bool:
    return 2 * number > cast or (2 * number == cast and chair_agrees)
