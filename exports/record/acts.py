"""What people did on a revision, as a record carries it: marks on evidence, decision, sign-off; read and written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from assessments.model import (
    Assessment,
    Ballot,
    Committee,
    Condition,
    Decision,
    EvidenceMark,
    EvidenceReview,
    Json,
    Origin,
    Person,
    ReturnPoint,
    Ruling,
    SignOff,
    Statement,
    Vote,
)


def stamp(at: datetime) -> str:
    """An aware time as `2026-11-20T05:12:09Z`."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def time(text: str) -> datetime:
    """The aware UTC time that `stamp` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def decision(made: Decision) -> Json:
    return {
        "ruling": made.ruling.value,
        "reason": made.reason,
        "conditions": [condition.text for condition in made.conditions],
        **_terms(made.conditions),
        "by": person(made.by),
        **when(made.at, made.on),
        "content_sha256": made.content_sha256,
    }


def _terms(conditions: Sequence[Condition]) -> Json:
    """Who sees to each condition and by when; only where that was agreed, for it came later than the format."""
    terms = [
        {"owner": condition.owner, "due": condition.due.isoformat() if condition.due else None}
        for condition in conditions
    ]
    return {"condition_terms": terms} if any(term["owner"] or term["due"] for term in terms) else {}


def _read_conditions(data: Json) -> tuple[Condition, ...]:
    terms = {
        place: (term["owner"], _read_day(term["due"])) for place, term in enumerate(data.get("condition_terms", ()))
    }
    return tuple(Condition(text, *terms.get(place, ())) for place, text in enumerate(data["conditions"]))


def _read_day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def committee(assessment: Assessment) -> Json:
    """How the committee decided and who voted what; only of a decision recorded here since that is known."""
    settings, made = assessment.committee, assessment.decision
    if made is None or settings is None or assessment.origin is not Origin.RECORDED:
        return {}
    votes = [_vote(each, closes=each.by.id == made.by.id) for each in assessment.votes]
    return {"committee": {"quorum": settings.quorum, "chair_votes": settings.chair_votes, "votes": votes}}


def _vote(vote: Vote, *, closes: bool) -> Json:
    return {
        "by": person(vote.by),
        "ballot": vote.ballot.value,
        "reason": vote.reason,
        "at": stamp(vote.at),
        "as_chair": vote.as_chair,
        "closes": closes,
        "conditions": [condition.text for condition in vote.conditions],
        **_terms(vote.conditions),
        "points": [{"where": point.where, "text": point.text} for point in vote.points],
        "content_sha256": vote.content_sha256,
    }


def read_committee(data: Json | None) -> Committee | None:
    """None: the record does not tell of it."""
    return Committee(data["quorum"], data["chair_votes"]) if data else None


def read_votes(data: Json | None) -> tuple[Vote, ...]:
    return tuple(
        Vote(
            by=Person(**vote["by"]),
            ballot=Ballot(vote["ballot"]),
            reason=vote["reason"],
            at=time(vote["at"]),
            content_sha256=vote["content_sha256"],
            as_chair=vote["as_chair"],
            conditions=_read_conditions(vote),
            points=tuple(ReturnPoint(**point) for point in vote["points"]),
        )
        for vote in (data["votes"] if data else ())
    )


def reviews(assessment: Assessment) -> Json:
    """Marks on what the revision has; only where there are any, for they came later than the format."""
    there = {evidence.id for evidence in assessment.evidence}
    marks = [
        {
            "evidence": review.evidence,
            "mark": review.mark.value,
            "reason": review.reason,
            "by": person(review.by),
            "at": stamp(review.at),
        }
        for review in assessment.evidence_reviews
        if review.evidence in there
    ]
    return {"evidence_reviews": marks} if marks else {}


def read_review(data: Json) -> EvidenceReview:
    return EvidenceReview(
        data["evidence"], EvidenceMark(data["mark"]), Person(**data["by"]), time(data["at"]), data["reason"]
    )


def sign_off(signed_off: SignOff) -> Json:
    return {
        "by": person(signed_off.by),
        **when(signed_off.at, signed_off.on),
        "content_sha256": signed_off.content_sha256,
        **({"statements": [statement.value for statement in signed_off.statements]} if signed_off.statements else {}),
    }


def when(at: datetime | None, on: date | None) -> Json:
    """The time if known, otherwise the day; never an invented clock time."""
    if (at is None) == (on is None):
        raise ValueError("a record states either a time or a day")
    return {"at": stamp(at)} if at is not None else {"on": on.isoformat() if on else ""}


def _read_when(data: Json) -> dict[str, Any]:
    if ("at" in data) == ("on" in data):
        raise ValueError("a record states either a time or a day")
    return {"at": time(data["at"])} if "at" in data else {"at": None, "on": date.fromisoformat(data["on"])}


def person(human: Person) -> Json:
    """The position only where one is stated, for it came later than the format."""
    return {"id": human.id, "name": human.name, **({"position": human.position} if human.position else {})}


def read_decision(data: Any) -> Decision | None:
    if data is None:
        return None
    return Decision(
        ruling=Ruling(data["ruling"]),
        reason=data["reason"],
        by=Person(**data["by"]),
        **_read_when(data),
        content_sha256=data["content_sha256"],
        conditions=_read_conditions(data),
    )


def read_sign_off(data: Any) -> SignOff | None:
    if data is None:
        return None
    statements = tuple(map(Statement, data.get("statements", ())))
    return SignOff(
        by=Person(**data["by"]), **_read_when(data), content_sha256=data["content_sha256"], statements=statements
    )
