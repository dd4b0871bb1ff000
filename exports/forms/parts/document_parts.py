"""What the document is, of which system and operator, who did what, and on what it rests: parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assessments.details import details
from assessments.model import Person
from exports.forms.parts.teller import Teller, one_or_span
from exports.forms.tables import Cell, Part, Table, columns
from exports.record import record

_TONGUES = {"_ko": "in_korean", "_en": "in_english"}


def first(teller: Teller) -> Iterator[Part]:
    """What a reader wants to know first."""
    yield from teller.part(
        teller.label("sheet_summary"),
        teller.facts(teller.label("sheet_summary"), _summary(teller)),
        sentences=_marks(teller),
    )
    described = teller.facts(teller.label("s_system"), _described(teller))
    yield from teller.part(teller.label("s_system"), described)


def decision(teller: Teller) -> Iterator[Part]:
    """Who decided what, with the votes and the conditions."""
    title = teller.label("s_decision")
    sentences = (
        "" if teller.assessment.decision else teller.label("no_decision"),
        "" if teller.assessment.sign_off else teller.label("no_sign_off"),
    )
    yield from teller.part(
        title,
        teller.facts(title, _decision(teller)),
        Table(
            teller.label("conditions"),
            columns(*(teller.label(key) for key in ("sheet_number", "conditions", "owner", "due"))),
            tuple(_conditions(teller)),
        ),
        Table(
            teller.label("statements"),
            columns(teller.label("sheet_number"), teller.label("statements")),
            tuple(_statements(teller)),
        ),
        Table(
            teller.word("people"),
            columns(
                *(teller.label(key) for key in ("act", "who", "position")),
                teller.word("account"),
                *(teller.label(key) for key in ("when", "on_content")),
            ),
            tuple(_people(teller)),
        ),
        Table(
            teller.label("votes"),
            columns(
                *(
                    teller.label(key)
                    for key in ("member", "ballot", "vote_reason", "when", "as_chair", "closed_by_chair")
                ),
                *(teller.label(key) for key in ("minority", "on_content")),
            ),
            tuple(_votes(teller)),
        ),
        Table(
            teller.word("conditions_voted"),
            columns(*(teller.label(key) for key in ("member", "sheet_number", "conditions", "owner", "due"))),
            tuple(_voted_conditions(teller)),
        ),
        Table(
            teller.word("points_of_return"),
            columns(teller.label("member"), teller.label("sheet_where"), teller.label("sheet_text")),
            tuple(_points(teller)),
        ),
        sentences=sentences,
    )


def basis(teller: Teller) -> Iterator[Part]:
    """What was left out, which editions were used, and the digests by which all of it is known."""
    report = teller.report
    withheld = Table(
        teller.label("withheld"),
        columns(
            *(teller.label(key) for key in ("withheld_place", "kind", "part_reasons")),
            teller.key(),
            teller.label("sheet_sha256"),
        ),
        tuple(_withheld(teller)),
    )
    yield from teller.part(teller.label("withheld"), withheld)
    editions = Table(
        teller.label("editions"),
        columns(
            *(teller.label(key) for key in ("sheet_id", "version", "editions", "released", "sheet_sha256")),
        ),
        tuple(
            (
                edition["id"],
                edition["version"],
                teller.text(report.pinned[edition["id"]].title),
                edition["is_released"],
                edition["sha256"],
            )
            for edition in report.data["questionnaires"]
        ),
    )
    digests = teller.facts(teller.label("digests"), _digests(teller))
    note = teller.label("seal_note") if report.record.seal else ""
    yield from teller.part(teller.label("digests"), digests, editions, sentences=(note,))


def _marks(teller: Teller) -> Iterator[str]:
    report = teller.report
    if report.record.redacts:
        yield teller.label("redacted_explained")
    if report.record.is_draft:
        yield teller.label("draft_copy_explained" if report.record.is_draft_copy else "draft_explained")
    if report.record.is_example:
        yield teller.label("example_explained")


def _summary(teller: Teller) -> Iterator[tuple[str, Cell]]:
    report, label = teller.report, teller.label
    data, assessment, risk = report.data, teller.assessment, teller.findings.risk
    stated = data["document"]
    yield label("document_id"), stated["id"]
    yield label("revision"), stated["revision"]
    yield label("status"), label(f"status_{stated['status']}")
    yield teller.word("is_draft"), report.record.is_draft
    yield teller.word("is_example"), report.record.is_example
    yield label("issued_at"), teller.when(report.record)
    yield label("assessed_on"), assessment.on
    yield teller.word("judged_on"), report.record.judged_on
    yield label("retention_until"), _day(stated["retention_until"])
    yield label("reassess_on"), _day(stated.get("reassess_on"))
    yield label("system"), " / ".join(filter(None, (assessment.system.name_ko, assessment.system.name_en)))
    yield label("version"), assessment.system.version
    yield label("operator"), assessment.operator.name
    yield label("domain"), teller.text(report.domain.title)
    yield label("determination"), teller.outcome(report.with_claim)
    yield label("without_claim"), teller.outcome(report.without_claim)
    yield label("claim"), label(f"finding_{teller.findings.claim.whole.value}")
    yield label("risk_level"), label(f"level_{risk.level.value}")
    yield label("provisional"), risk.is_provisional
    yield label("residual_score"), one_or_span(risk.residual)
    yield label("inherent_score"), one_or_span(risk.inherent)
    yield label("ruling"), label(f"ruling_{assessment.decision.ruling}") if assessment.decision else None
    yield label("record_sha256"), report.record.sha256


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _described(teller: Teller) -> Iterator[tuple[str, Cell]]:
    """Every detail of system and operator, what is not stated as such."""
    for described in (teller.assessment.system, teller.assessment.operator):
        for name, detail in details(type(described)).items():
            tongue = _TONGUES.get(name[-3:])
            title = teller.label(detail.label) + (f" ({teller.word(tongue)})" if tongue else "")
            yield title, getattr(described, name) or teller.label("not_given")
    separation = teller.assessment.operator.separation
    yield teller.word("separation"), separation
    yield teller.label("separation"), teller.label(f"separation_{separation}")


def _decision(teller: Teller) -> Iterator[tuple[str, Cell]]:
    label, data = teller.label, teller.report.data
    made, sign_off, settings = teller.assessment.decision, teller.assessment.sign_off, data.get("committee")
    if made:
        yield label("ruling"), label(f"ruling_{made.ruling}")
        yield label("decision_reason"), made.reason
        yield label("decision_origin"), label(f"origin_{data['decision_origin']}")
        yield label("decided_at"), teller.when(made)
    if sign_off:
        yield label("signed_off_at"), teller.when(sign_off)
    if settings:
        yield label("quorum"), settings["quorum"]
        yield teller.word("chair_votes"), settings["chair_votes"]


def _conditions(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    made = teller.assessment.decision
    for number, condition in enumerate(made.conditions if made else (), 1):
        yield number, condition.text, condition.owner or None, condition.due


def _statements(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    sign_off = teller.assessment.sign_off
    for number, statement in enumerate(sign_off.statements if sign_off else (), 1):
        yield number, teller.label(f"statement_{statement}")


def _people(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    """Everybody whom the record names for what they did, with their account."""
    label, assessment = teller.label, teller.assessment
    for author in assessment.authors:
        yield label("authors"), *_who(author), None, None
    acts = (("decided_by", assessment.decision), ("signed_off_by", assessment.sign_off))
    for key, act in acts:
        if act:
            yield label(key), *_who(act.by), teller.when(act), act.content_sha256
    for row in teller.report.votes:
        yield label("votes"), *_who(row.vote.by), row.vote.at, row.vote.content_sha256
    for review in assessment.evidence_reviews:
        yield label("evidence_reviews"), *_who(review.by), review.at, None


def _who(person: Person) -> tuple[Cell, ...]:
    """Name, position, account."""
    return person.name, person.position or None, person.id or None


def _votes(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    for row in teller.report.votes:
        vote = row.vote
        ballot = teller.label(f"ballot_{vote.ballot}")
        yield (
            vote.by.name,
            ballot,
            vote.reason,
            vote.at,
            vote.as_chair,
            row.closes,
            row.is_minority,
            vote.content_sha256,
        )


def _voted_conditions(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    for row in teller.report.votes:
        for number, condition in enumerate(row.vote.conditions, 1):
            yield row.vote.by.name, number, condition.text, condition.owner or None, condition.due


def _points(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    for row in teller.report.votes:
        for place, text in row.points:
            yield row.vote.by.name, place, text


def _withheld(teller: Teller) -> Iterator[tuple[Cell, ...]]:
    """In a full record what a copy would leave out, in a copy what it leaves out."""
    marks = teller.assessment.withheld
    for mark, row in zip(marks, teller.report.withheld, strict=True):
        yield row.place, teller.text(row.kind), mark.reason, mark.path, mark.sha256 or None


def _digests(teller: Teller) -> Iterator[tuple[str, Cell]]:
    report, label = teller.report, teller.label
    checkpoint = report.data["history_checkpoint"]
    yield label("record_sha256"), report.record.sha256
    yield label("redacted_of"), report.record.redacts
    yield label("content_sha256"), report.data["content_sha256"]
    if checkpoint:
        yield label("checkpoint"), checkpoint["seq"]
        yield f"{label('checkpoint')} (SHA-256)", checkpoint["hash"]
        yield f"{label('checkpoint')} ({label('when')})", record.time(checkpoint["at"])
    if seal := report.record.seal:
        yield label("seal_certificate"), seal.in_words
        yield label("seal_fingerprint"), seal.fingerprint
    yield label("engine"), report.data["engine"]
    yield teller.word("program"), report.data.get("version")
    yield teller.word("format"), report.data["format"]
