"""Whether the steps that a record tells of fit together, as the program that writes records lets them: contradictions.

A seal only shows who vouches for a record. Whoever holds the key could seal one that nobody decided on, that the author
signed alone, or that leaves out the questionnaire that made the system high-impact; the file itself shows it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from assessments import editions
from assessments.model import Ballot, Json, Origin, Person, Ruling, Status
from assessments.rules import operators, voting
from exports.record import acts, record
from exports.record.redaction import MARKERS
from questionnaires.problems import InvalidFileError
from questionnaires.wording import SEOUL

_WHILE = {
    "signed_off": {Status.SIGNED_OFF, Status.SUPERSEDED},
    "decided": {Status.DECIDED, Status.REFUSED, Status.SUPERSEDED},
    "open": set(Status) - {Status.DECIDED, Status.REFUSED, Status.SIGNED_OFF},
}
"""How far it went → the statuses that a revision can have then."""
_CLOSER = "closer"
_YEARS_BEFORE_STATED = 5
"""What records were dated by before they told the release that made them: questionnaires stated no period yet."""


def contradictions(data: Json, folder: Path) -> list[str]:
    """Names of what does not fit, as verification.yaml words them; none where everything does.

    data: a record's, of the shape of a record. folder: the verifier's questionnaires.
    """
    return list(_contradictions(data, folder))


def _contradictions(data: Json, folder: Path) -> Iterator[str]:
    decision, sign_off = data["decision"], data["sign_off"]
    if not _has_all_questionnaires(data, folder):
        yield "questionnaires"
    if sign_off and not decision:
        yield "decision"
    if decision and not (_is_ruling_sound(decision) and _follows_votes(data)):
        yield "ruling"
    if not _is_in_order(data):
        yield "order"
    if decision and not (_are_named(data) and _are_apart(data)):
        yield "people"
    if not _is_status_sound(data):
        yield "status"
    if data["document"]["retention_until"] != _retention(data):
        yield "retention"
    if not _is_reassessed_after(data):
        yield "reassessment"
    if data["document"]["is_example"] != data["content"]["operator"]["is_example"]:
        yield "example"
    if data["engine"] != data["results"]["engine"]:
        yield "engine"


def _has_all_questionnaires(data: Json, folder: Path) -> bool:
    """Every one that an assessment in this domain answers; without the area's, for one, an area can go unasked."""
    attached = {questionnaire["id"] for questionnaire in data["questionnaires"]}
    return set(editions.decisive_in(data["content"]["domain"], folder)) <= attached


def _is_ruling_sound(decision: Json) -> bool:
    has_conditions = Ruling(decision["ruling"]) is Ruling.APPROVED_WITH_CONDITIONS
    has_terms = len(decision.get("condition_terms") or decision["conditions"]) == len(decision["conditions"])
    return has_conditions == bool(decision["conditions"]) and has_terms and bool(decision["reason"].strip())


def _follows_votes(data: Json) -> bool:
    """The ruling is what the votes come to, with the quorum met; whose they are may be withheld, how they are may not."""
    stated = data.get("committee")
    if not stated:
        return True
    if stated["quorum"] == 1 and not stated["votes"]:
        return True
    settings = acts.read_committee(stated)
    closing = [vote["closes"] for vote in stated["votes"]]
    votes = [
        replace(vote, by=Person(_CLOSER if closes else f"{place}", ""))
        for place, (vote, closes) in enumerate(zip(acts.read_votes(stated), closing, strict=True))
    ]
    decider = data["decision"]["by"]["id"]
    closers = {vote["by"]["id"] for vote in stated["votes"] if vote["closes"]} - {""}
    is_closed_once = closing.count(True) <= 1 and (not decider or closers <= {decider})
    if settings is None or not is_closed_once or voting.missing(votes, settings):
        return False
    result = voting.result(votes, settings, _CLOSER)
    return result is not None and result.value == data["decision"]["ruling"]


def _is_status_sound(data: Json) -> bool:
    how_far = "signed_off" if data["sign_off"] else "decided" if data["decision"] else "open"
    return Status(data["document"]["status"]) in _WHILE[how_far] and (data["decision"] is None) == (
        data["decision_origin"] is None
    )


# --- times --------------------------------------------------------------------------------------------------------


def last_act(data: Json) -> datetime | None:
    """The earliest moment at which everything that the record tells of can have been done. None: nothing was."""
    return max((_span(part)[0] for part in _dated(data)), default=None)


def _is_in_order(data: Json) -> bool:
    """Decision, sign-off, document; a day counts as any moment of it."""
    spans = [_span(part) for part in _dated(data)]
    return all(before[0] <= after[1] for before, after in pairwise(spans))


def _dated(data: Json) -> list[Json]:
    return [part for part in (data["decision"], data["sign_off"], data["document"]) if part]


def _span(part: Json) -> tuple[datetime, datetime]:
    """The first and the last moment that a time, or a day in Seoul, can mean."""
    if part.get("at"):
        at = record.time(part["at"])
        return at, at
    first = datetime.combine(date.fromisoformat(part["on"]), time(), SEOUL)
    return first, first + timedelta(days=1)


def _retention(data: Json) -> str | None:
    """Check against the record's own questionnaire on roles; an unreadable one is reported elsewhere."""
    if not data["sign_off"]:
        return None
    try:
        years = operators.keep_years(record.questionnaires_of(record.Record(data)))
    except (InvalidFileError, KeyError):
        return None
    if years is None and "version" not in data:
        years = _YEARS_BEFORE_STATED
    signed_on = _span(data["sign_off"])[0].astimezone(SEOUL).date()
    return record.retention_until(signed_on, years).isoformat() if years else None


def _is_reassessed_after(data: Json) -> bool:
    """A day of reassessment follows from an approval and lies after it; the seal holds what it is."""
    stated, decision = data["document"].get("reassess_on"), data["decision"]
    if not stated:
        return True
    if not decision or decision["ruling"] == Ruling.REJECTED.value:
        return False
    return date.fromisoformat(stated) > _span(decision)[0].astimezone(SEOUL).date()


# --- people -------------------------------------------------------------------------------------------------------


def _are_named(data: Json) -> bool:
    """Whoever wrote, decided and signed has a name; records of before, which name no release, do not say who wrote."""
    done = [data[name] for name in ("decision", "sign_off") if data[name]]
    people = [*data.get("authors", ()), *(act["by"] for act in done), *(vote["by"] for vote in _votes(data))]
    has_author = bool(data.get("authors")) or "version" not in data
    is_recorded = data["decision_origin"] == Origin.RECORDED.value
    return has_author and all(_is_named(person, is_recorded=is_recorded) for person in people)


def _is_named(person: Json, *, is_recorded: bool) -> bool:
    """Whoever did something in the tool has an id there too; both are left out together."""
    if not is_recorded or person["name"] in MARKERS.values():
        return bool(person["name"].strip())
    return bool(person["name"].strip() and person["id"].strip())


def _are_apart(data: Json) -> bool:
    """Authors neither decide nor sign; where three people are kept apart, decider and signing officer differ too."""
    is_recorded = data["decision_origin"] == Origin.RECORDED.value
    authors = {_who(author, is_recorded=is_recorded) for author in data.get("authors", ())} - {""}
    decider = _who(data["decision"]["by"], is_recorded=is_recorded)
    signer = _who(data["sign_off"]["by"], is_recorded=is_recorded) if data["sign_off"] else ""
    voters = {_who(vote["by"], is_recorded=is_recorded) for vote in _votes(data) if vote["ballot"] != Ballot.RECUSED}
    if authors & ({decider, signer} | voters):
        return False
    is_apart = not signer or signer not in {decider, *voters}
    return is_apart or data["content"]["operator"]["separation"] < 3


def _votes(data: Json) -> list[Json]:
    stated = data.get("committee")
    return list(stated["votes"]) if stated else []


def _who(person: Json, *, is_recorded: bool) -> str:
    """Identity of a person: the id assigned by the tool, otherwise the name. Empty: withheld or not stated."""
    if is_recorded:
        return str(person["id"])
    name = "".join(unicodedata.normalize("NFKC", person["name"]).casefold().split())
    return "" if person["name"] in MARKERS.values() else name
