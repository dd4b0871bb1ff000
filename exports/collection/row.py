"""One verified file as a row of the table: row_of, trouble_row; to_json and from_json for the journal and the cluster.

The verdict comes first. A report that failed has its file, its verdict and why, and nothing of what it states: in a table a
value stands beside others that were shown, and nobody reads back to the first column before they count it. Of a report that
is indeterminate the values stand, and the column `values` says that they are what the report states.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from assessments.content.canonical import digest
from assessments.model import Json
from assessments.release import version
from exports.collection.columns import Kind, Row, Value, by_id, columns
from exports.record import record
from exports.verification.verdict import Verification
from exports.words.facts import Fact, State, Verdict
from exports.words.labels import labels
from questionnaires.legible import legible
from questionnaires.texts import texts_of
from questionnaires.vocabulary import Text
from questionnaires.wording import SEOUL

TEXTS = texts_of(__file__)

MOST = 1_000
"""Characters of a value out of a file."""
MOST_OF_REASON = 4_000
_MOST_OF_FACTS = 30_000
_MORE = "more"
_DAY = re.compile(r"[12]\d{3}-\d{2}-\d{2}")


def row_of(verification: Verification, data: Json | None, *, size: int, language: str) -> Row:
    """data: the record's, where one was read. language: of the report, as it states; empty where it does not."""
    reason_ko, reason_en = reason(verification.facts)
    row: Row = {
        "verdict": verification.verdict.value,
        "reason_ko": reason_ko or None,
        "reason_en": reason_en or None,
        "values": _nature(verification, data),
        "sha256": verification.file_sha256,
        "size": size,
        "kind": _kind(verification),
        **{f"facts_{name}": _count(verification.facts, state) for name, state in _COUNTED.items()},
        "pages": verification.pages.value if verification.pages else "not_compared",
        "trusted": {True: "yes", False: "no", None: "unknown"}[verification.is_trusted],
        "verified_at": verification.at.astimezone(UTC).replace(microsecond=0),
        "verified_by": f"Haetae {version()}",
        "facts": facts_text(verification.facts),
    }
    row |= _of_seal(verification)
    if verification.archive:
        row["copy_of"] = verification.archive["sha256"]
    if verification.committee or verification.official:
        row |= _of_frozen(verification)
    elif data is not None:
        row |= _of_record(verification, data, language)
    return _fitting(row)


def trouble_row(trouble: str, at: datetime, *, sha256: str | None = None, size: int | None = None) -> Row:
    """Of a file that was not examined at all. trouble: a key of texts.yaml."""
    text = TEXTS[trouble]
    row: Row = {
        "verdict": Verdict.FAILED.value,
        "reason_ko": text.ko,
        "reason_en": text.en,
        "values": "none",
        "kind": "unread",
        "sha256": sha256,
        "size": size,
        "verified_at": at.astimezone(UTC).replace(microsecond=0),
        "verified_by": f"Haetae {version()}",
    }
    return _fitting(row)


_COUNTED = {"shown": State.OK, "wrong": State.BAD, "open": State.OPEN, "noted": State.NOTE}


def _count(facts: Sequence[Fact], state: State) -> int:
    return sum(fact.state is state for fact in facts)


def reason(facts: Sequence[Fact]) -> tuple[str, str]:
    """Why it is not passed, in Korean and in English: what is wrong, else what could not be settled. Empty where it passed."""
    wrong = [fact for fact in facts if fact.state is State.BAD]
    decisive = wrong or [fact for fact in facts if fact.state is State.OPEN]
    ko, en = (legible(" ".join(fact.text[language] for fact in decisive), MOST_OF_REASON) for language in ("ko", "en"))
    return ko, en


def facts_text(facts: Sequence[Fact]) -> str:
    """Every fact as JSON: id and state, and both texts where they are not just the words for that.

    What would not fit into a cell is left out from the end, and that is said.
    """
    told_facts: list[list[str]] = []
    length = 2
    for fact in facts:
        told_facts.append([fact.id, fact.state.value])
        if fact.text != labels("verification.yaml").get(f"{fact.id}_{fact.state.value}"):
            told_facts[-1] += [legible(fact.text.ko, MOST), legible(fact.text.en, MOST)]
        length += len(json.dumps(told_facts[-1], ensure_ascii=False)) + 2
        if length > _MOST_OF_FACTS:
            told_facts[-1] = [_MORE, State.NOTE.value, "…", "…"]
            break
    return json.dumps(told_facts, ensure_ascii=False)


def facts_of(row: Row) -> list[tuple[str, State, Text]]:
    """The facts as `facts_text` wrote them. Raises: ValueError, KeyError or TypeError where the cell holds something else."""
    raw = json.loads(str(row.get("facts") or "[]"))
    if not isinstance(raw, list):
        raise ValueError("the column of facts holds no list")
    return [_fact_of(*map(str, cell)) for cell in raw]


def _fact_of(name: str, state: str, *texts: str) -> tuple[str, State, Text]:
    if not texts:
        return name, State(state), labels("verification.yaml")[f"{name}_{state}"]
    ko, en = texts
    return name, State(state), Text(ko=ko, en=en)


def _nature(verification: Verification, data: Json | None) -> str:
    if verification.verdict is Verdict.FAILED or not (data or verification.committee or verification.official):
        return "none"
    return "shown" if verification.verdict is Verdict.PASSED else "stated"


def _kind(verification: Verification) -> str:
    if not verification.is_readable:
        return "unread"
    for name in ("archive", "committee", "official"):
        if getattr(verification, name) is not None:
            return name
    if not verification.is_ours or not verification.has_record:
        return "other"
    return "redacted" if verification.redacts else "report"


def _of_seal(verification: Verification) -> Row:
    certificate = verification.certificate
    if certificate is None:
        return {}
    by = verification.trusted_by or {}
    return {
        "seal_name": certificate["name"] or certificate["subject"],
        "seal_organisation": certificate["organisation"] or None,
        "seal_fingerprint": certificate["fingerprint"],
        "sealed_at": record.time(verification.sealed_at) if verification.sealed_at else None,
        "seal_level": verification.seal_level,
        "trusted_name": by.get("name"),
        "trusted_fingerprint": by.get("fingerprint"),
    }


def _of_frozen(verification: Verification) -> Row:
    committee, official = verification.committee, verification.official
    row: Row = {"record_sha256": verification.record_sha256, "is_example": verification.is_example}
    if official:
        row |= {
            "operator": official["operator"],
            "system_ko": official["system"],
            "document_id": official["document_id"],
            "revision": official["revision"],
            "content_sha256": official["content_sha256"],
        }
    elif committee:
        row |= {"document_id": committee["title"]}
    return row


def _of_record(verification: Verification, data: Json, language: str) -> Row:
    document, content, results = data["document"], data["content"], data["results"]
    risk, determination, decision = results["risk"], results["determination"], data["decision"]
    pinned = {questionnaire["id"]: questionnaire["version"] for questionnaire in data["questionnaires"]}
    return {
        "operator": content["operator"]["name"],
        "registration_number": content["operator"]["registration_number"],
        "system_ko": content["system"]["name_ko"],
        "system_en": content["system"]["name_en"],
        "system_version": content["system"]["version"],
        "domain": content["domain"],
        "edition": pinned.get(content["domain"]),
        "editions": ", ".join(f"{name} {number}" for name, number in sorted(pinned.items())),
        "document_id": document["id"],
        "revision": document["revision"],
        "outcome": determination["outcome"],
        "is_contested": determination["contested"],
        "outcome_without_claim": determination["without_claim"]["outcome"],
        "level": risk["level"],
        "is_provisional": risk["provisional"],
        **{f"{name}_{end}": risk[name][end] for name in ("inherent", "residual") for end in ("low", "high")},
        "is_claimed": results["claim"] is not None,
        "claim": results["claim"]["whole"] if results["claim"] else None,
        **_of_log(content.get("log")),
        "ruling": decision["ruling"] if decision else None,
        "conditions": len(decision["conditions"]) if decision else None,
        "decided_on": _day_of(decision),
        "signed_off_on": _day_of(data["sign_off"]),
        "people": len(set(_people(data))),
        "decision_origin": data["decision_origin"],
        "is_example": verification.is_example,
        "language": language or None,
        "retention_until": _day(document["retention_until"]),
        "record_sha256": verification.record_sha256,
        "content_sha256": data["content_sha256"],
        "answers_sha256": digest({name: content.get(name) for name in ("domain", "editions", "answers", "log")}),
        "made_by": f"Haetae {data['version']}" if data.get("version") else None,
    }


def _of_log(log: Json | None) -> Row:
    if not log:
        return {}
    analysis = log["analysis"]
    whole = analysis["whole"]
    rate = whole["divergence"]
    return {
        "log_n": rate["n"],
        "log_departures": rate["count"] / rate["n"] if rate["n"] else None,
        "log_departures_low": float(rate["low"]) if rate["n"] else None,
        "log_departures_high": float(rate["high"]) if rate["n"] else None,
        "log_last_day": _day(whole["last"]),
        "is_log_withdrawn": bool(log.get("withdrawn")),
        "log_sha256": analysis["source"]["sha256"],
        "log_figures_sha256": digest([whole["first"], whole["last"], rate["count"], rate["n"]]),
    }


def _people(data: Json) -> Iterator[str]:
    """Everybody named: who wrote, voted, decided and signed off. By id where the tool gave one."""
    acts = [data[name]["by"] for name in ("decision", "sign_off") if data[name]]
    votes = [vote["by"] for vote in (data.get("committee") or {"votes": ()})["votes"]]
    for person in (*data.get("authors", ()), *acts, *votes):
        yield person["id"] or "".join(unicodedata.normalize("NFKC", person["name"]).casefold().split())


def _day_of(act: Json | None) -> date | None:
    return record.earliest(record.when_text(act)).astimezone(SEOUL).date() if act else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and _DAY.fullmatch(text) else None


# --- what may stand in a cell -----------------------------------------------------------------------------------------


def _fitting(row: Row) -> Row:
    """Every column, in its order; texts of other people legible and cut, and nothing stated by a report that failed."""
    is_failed = row["verdict"] == Verdict.FAILED.value
    cells: Row = {}
    for column in columns():
        value = row.get(column.id)
        if is_failed and not column.stands_always:
            value = None
        if isinstance(value, str) and column.id not in ("facts", "reason_ko", "reason_en"):
            value = legible(value, MOST) or None
        cells[column.id] = value or None if isinstance(value, str) else value
    return cells


def identity(row: Row) -> str:
    """Of which system it is and under whose key, whatever its revision. Empty: the row names no system."""
    if not row["seal_fingerprint"] or not row["revision"] or row["kind"] not in ("report", "redacted"):
        return ""
    named = [row[name] or "" for name in ("operator", "registration_number", "system_ko", "system_en", "domain")]
    plain = "\n".join("".join(unicodedata.normalize("NFKC", str(part)).casefold().split()) for part in named)
    return hashlib.sha256(plain.encode()).hexdigest()


# --- as JSON ----------------------------------------------------------------------------------------------------------


def to_json(row: Row) -> Json:
    return {
        name: value.isoformat() if isinstance(value, date) else value  # a moment is a day, too
        for name, value in row.items()
        if value is not None
    }


def from_json(data: Any) -> Row:
    """Raises: ValueError where it is no row, whoever sent it."""
    if not isinstance(data, dict) or not data.keys() <= by_id().keys():
        raise ValueError("this is no row of a verified report")
    return {column.id: read_value(column.kind, data.get(column.id)) for column in columns()}


def read_value(kind: Kind, value: Any) -> Value:
    """Raises: ValueError where the value is not of that kind."""
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match kind:
        case Kind.TEXT if isinstance(value, str):
            return value
        case Kind.FLAG if isinstance(value, bool):
            return value
        case Kind.NUMBER if is_number and int(value) == value:
            return int(value)
        case Kind.SHARE if is_number:
            return float(value)
        case Kind.DAY if isinstance(value, str):
            return date.fromisoformat(value)
        case Kind.MOMENT if isinstance(value, str):
            at = datetime.fromisoformat(value)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        case _:
            raise ValueError(f"a value is no {kind.value}")
