"""What the seal of a file shows, in words: seal_facts. Part of `verdict`; the words stand in verification.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from assessments.registration import Standing
from exports.record import record
from exports.verification.observations import Observations
from exports.words.facts import Fact, State, fact
from exports.words.labels import labels
from questionnaires.schema import Text

CLOCKS_DIFFER = timedelta(hours=24)
"""How far the clocks of two computers may be apart before the time of a seal is doubted."""


def seal_facts(observations: Observations) -> tuple[Fact, ...]:
    """In the order of a reader's questions."""
    certificate = observations.certificate or {}
    facts = [
        fact("intact", State.of(observations.is_intact)),
        fact("whole", State.of(observations.covers_whole_file)),
        fact("container", State.of(observations.is_container_plain)),
        fact("unchanged", State.of(observations.is_unchanged)),
        fact("certified", State.of(observations.is_certified)),
        fact("signer", State.NOTE, about=certificate["subject"]),
        fact("trusted", State.OPEN if observations.is_trusted is None else State.of(observations.is_trusted)),
        *_certificate_facts(observations),
        *_stamp_facts(observations),
        *_date_facts(observations),
        *_revocation_facts(observations),
    ]
    if certificate["is_self_made"]:
        facts.append(fact("self_made", State.NOTE))
    return (*facts, *_register_facts(observations))


def proven_at(observations: Observations) -> datetime | None:
    """The time before which the seal provably existed. None: no time stamp that can be relied on today."""
    stamp = observations.stamp
    if not stamp or not (stamp["is_sound"] and stamp["is_trusted"] and stamp["is_of_authority"]):
        return None
    if stamp["revoked_at"] or stamp["faults"]:
        return None
    return record.time(stamp["at"]) if observations.at <= record.time(stamp["until"]) else None


def _certificate_facts(observations: Observations) -> Iterator[Fact]:
    if observations.is_twin is not False:
        yield fact("twin", State.BAD)
    if observations.certificate_faults != []:
        yield fact("certificate", State.BAD, about=_named(observations.certificate_faults or ()))


def _named(faults: Sequence[str]) -> list[Text]:
    return [labels("verification.yaml")[f"fault_{fault}"] for fault in faults]


def _stamp_facts(observations: Observations) -> tuple[Fact, ...]:
    if observations.seal_level is None or observations.has_stamp is None:
        return (fact("stamp", State.BAD),)
    if observations.has_stamp == (observations.seal_level == "B-B"):
        return (fact("stamp", State.BAD, key="stamp_added" if observations.has_stamp else "stamp_stripped"),)
    if not observations.has_stamp:
        return ()
    stamp = observations.stamp
    if stamp is None or not stamp["is_sound"]:
        return (fact("stamp", State.BAD),)
    about = f"{stamp['subject']}, {stamp['at']}"
    if not stamp["is_of_authority"]:
        return (fact("stamp", State.BAD, key="stamp_own", about=about),)
    if stamp["faults"]:
        return (fact("stamp", State.BAD, key="stamp_weak", about=_named(stamp["faults"])),)
    if stamp["revoked_at"] and stamp["revoked_at"] <= stamp["at"]:
        return (fact("stamp", State.BAD, key="stamp_revoked", about=about),)
    if stamp["is_trusted"] is False:
        return (fact("stamp", State.BAD, key="stamp_other", about=about),)
    return (fact("stamp", State.OK if stamp["is_trusted"] else State.NOTE, about=about),)


def _date_facts(observations: Observations) -> tuple[Fact, ...]:
    certificate, sealed_at, proven = (
        observations.certificate or {},
        record.time(observations.sealed_at or ""),
        proven_at(observations),
    )
    start, end = record.time(certificate["from"]), record.time(certificate["until"])
    facts = [fact("in_date", State.of(start <= sealed_at <= end))]
    if observations.at < start:
        facts.append(fact("not_yet", State.BAD))
    if observations.at > end:
        facts.append(fact("expired", State.OK if proven is not None and proven <= end else State.OPEN))
    signed_off_at = record.earliest(observations.signed_off_at) if observations.signed_off_at else sealed_at
    fits = signed_off_at - CLOCKS_DIFFER <= sealed_at <= observations.at + CLOCKS_DIFFER
    if proven is not None:
        fits = fits and abs(proven - sealed_at) <= CLOCKS_DIFFER
    confirmed = State.OK if proven is not None else State.NOTE
    facts.append(fact("sealed_at", confirmed if fits else State.OPEN))
    if observations.last_act and record.time(observations.last_act) - CLOCKS_DIFFER > sealed_at:
        facts.append(fact("sealed_before", State.BAD, about=observations.last_act))
    return tuple(facts)


def _revocation_facts(observations: Observations) -> tuple[Fact, ...]:
    revocation = observations.revocation
    if revocation is None:
        return (fact("revocation", State.BAD),)
    if revocation["revoked_at"] is None:
        if revocation["is_known"]:
            return (fact("revocation", State.OK),)
        is_self_made = (observations.certificate or {})["is_self_made"]
        return () if is_self_made else (fact("revocation", State.NOTE),)
    revoked_at, proven = record.time(revocation["revoked_at"]), proven_at(observations)
    about = revocation["revoked_at"]
    if proven is not None and proven < revoked_at:
        return (fact("revocation", State.NOTE, key="revoked_later", about=about),)
    if proven is None and record.time(observations.sealed_at or "") < revoked_at:
        return (fact("revocation", State.OPEN, key="revoked_open", about=about),)
    return (fact("revocation", State.BAD, key="revoked_before", about=about),)


def _register_facts(observations: Observations) -> tuple[Fact, ...]:
    if observations.registration is None:
        return ()
    standing = observations.registration.standing
    state = State.OK if standing is Standing.REGISTERED else State.BAD
    if (
        standing is Standing.UNKNOWN and observations.origin == "stated"
    ):  # made on the command line, which keeps no register
        facts = [fact("register", State.NOTE)]
    else:
        facts = [fact("register", state, key=f"register_{standing}")]
    if observations.registration.is_superseded:
        facts.append(fact("superseded", State.NOTE))
    elif standing is Standing.REGISTERED and observations.committee is None and observations.official is None:
        facts.append(fact("superseded", State.OK))
    return tuple(facts)
