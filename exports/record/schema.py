"""The shape of a record as JSON Schema, for whoever reads record.json with another program: json_schema, FILE.

python -m exports.record.schema     writes record.schema.json anew
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from assessments.decision_log.kept_log import KeptLog
from assessments.derived import DutyState
from assessments.model import Ballot, EvidenceMark, Json, Origin, Ruling, Statement, Status, WithheldKind
from questionnaires import shape
from questionnaires.duty_schema import Force
from questionnaires.legible import legible
from questionnaires.schema import Level, Outcome
from questionnaires.strict_yaml import parse
from questionnaires.texts import texts_of
from questionnaires.vocabulary import Finding, Text

TEXTS = texts_of(__file__)
FILE = Path(__file__).parent / "record.schema.json"
_WORDS = ("$id", "version", "description", "title")
"""Keywords of a schema that no record can break."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _is_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Stamp = Annotated[
    str,
    Field(
        pattern="^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        description="UTC, to the second; a time that the calendar has",
    ),
    AfterValidator(_is_moment),
]
Day = Annotated[str, Field(pattern="^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_is_moment)]
Points = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)(\.[1-9])?$")]
Cell = str | int
Answer = str | int | list[str] | list[dict[str, Cell | list[str]]] | None


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TextShape(_Shape):
    ko: str
    en: str


class AppearanceShape(_Shape):
    accent: Annotated[str, Field(pattern="^#[0-9a-f]{6}$")]
    logo: Annotated[str, Field(description="PNG or JPEG in Base64, or empty")]


def _either(*names: str) -> ConfigDict:
    """Exactly one of these is there."""
    return ConfigDict(extra="forbid", json_schema_extra={"oneOf": [{"required": [name]} for name in names]})


class _Dated(_Shape):
    """Dated by a time or by a day, and by one of them only."""

    @model_validator(mode="after")
    def _is_dated_once(self) -> _Dated:
        if len({"at", "on"} & self.model_fields_set) != 1:
            raise ValueError("exactly one of 'at' and 'on' is needed")
        return self


class SealShape(_Shape):
    """The certificate that the report of this record is sealed with."""

    name: Annotated[str, Field(description="Common name of the certificate's subject")]
    fingerprint: Annotated[
        Sha256, Field(description="Of the certificate; it proves nothing unless it is the one got from the operator")
    ]
    organisation: Annotated[
        str, Field(description="Organisation that the certificate names; left out where it names none")
    ] = ""


class DocumentShape(_Dated):
    model_config = _either("at", "on")

    id: str
    revision: Annotated[int, Field(ge=1)]
    status: Status
    at: Annotated[Stamp, Field(description="When it was made")] = ""
    on: Annotated[Day, Field(description="Its day, where it was made from a file that states days only")] = ""
    retention_until: Day | None
    reassess_on: Annotated[Day, Field(description="Day of the reassessment, as it was set when this was made")] = ""
    is_example: bool
    appearance: Annotated[AppearanceShape | None, Field(description="Where the operator set one")] = None
    seal: Annotated[
        SealShape | None,
        Field(
            description="Certificate that it was made to be sealed with; not in drafts, and left out before it was named"
        ),
    ] = None


class OperatorShape(_Shape):
    name: str
    registration_number: str
    address: str
    representative: str
    supervisor_name: str
    supervisor_contact: str
    supervisor_position: Annotated[
        str, Field(description="Position and department of the supervisor; left out where it is not stated")
    ] = ""
    separation: Literal[2, 3]
    is_example: bool


class SystemShape(_Shape):
    name_ko: str
    name_en: str
    version: str
    summary_ko: str
    summary_en: str
    vendor: Annotated[str, Field(description="Who made it; left out where it is not stated")] = ""
    model: Annotated[str, Field(description="On which model it rests; left out where it is not stated")] = ""


class EditionShape(_Shape):
    id: str
    version: str
    sha256: Sha256


class ResponseShape(_Shape):
    answer: Annotated[Answer, Field(description="Option, options, number, text, day or rows. null: no answer")]
    note: str


class EvidenceShape(_Shape):
    id: str
    title: str
    file_name: str
    sha256: Sha256
    size: Annotated[int, Field(ge=0, description="Bytes")]
    media_type: str
    part: str
    question: str
    on: Day | None
    expires_on: Day | None


class GradingShape(_Shape):
    scale: str
    duration: str
    likelihood: str


class ImpactShape(_Shape):
    right: str
    effect: str
    before: GradingShape
    in_place: GradingShape | None
    reason: str
    target: GradingShape | None


class ScenarioShape(_Shape):
    id: str
    text: str
    affected_direct: str
    affected_indirect: str
    affected_unintended: str
    impacts: list[ImpactShape]


class MeasureShape(_Shape):
    id: str
    text: str
    owner: str
    due: Day | None
    is_in_place: bool
    kind: Literal["prevention", "mitigation", "recovery"]
    scenarios: list[str]


class ExplanationShape(_Shape):
    check: Annotated[str, Field(description="Questionnaire and consistency check")]
    text: str


class WithheldShape(_Shape):
    path: str
    kind: WithheldKind
    reason: str
    salt: Annotated[str | None, Field(description="In a full record only")] = None
    sha256: Annotated[Sha256 | None, Field(description="Of salt, path and values; in a redacted copy only")] = None


class ContentShape(_Shape):
    operator: OperatorShape
    system: SystemShape
    domain: str
    on: Day
    editions: list[EditionShape]
    answers: Annotated[
        dict[str, dict[str, ResponseShape]], Field(description="Questionnaire id → question id → response")
    ]
    evidence: list[EvidenceShape]
    scenarios: list[ScenarioShape]
    measures: list[MeasureShape]
    explanations: Annotated[
        list[ExplanationShape], Field(description="Why two things hold that a consistency check takes for impossible")
    ] = []
    withheld: list[WithheldShape] = []
    log: Annotated[KeptLog | None, Field(description="Figures of a decision log, where one was read")] = None


class SaidShape(_Shape):
    """What the decision log says on one part of the claim."""

    part: str
    finding: Finding
    since: Day | None
    figures: list[str]


class QuestionnaireShape(EditionShape):
    is_released: bool
    file: Annotated[str, Field(description="The questionnaire itself, as YAML")]


class ReasonShape(_Shape):
    text: TextShape
    source: str


class WithoutClaimShape(_Shape):
    outcome: Outcome
    contested: bool
    reasons: list[ReasonShape]
    grounds: list[ReasonShape]


class DeterminationShape(WithoutClaimShape):
    without_claim: WithoutClaimShape


class RoleShape(_Shape):
    roles: list[str]
    contested: bool
    reasons: list[ReasonShape]


class ClaimShape(_Shape):
    whole: str
    parts: dict[str, str]


class RangeShape(_Shape):
    low: int
    high: int


class FloorShape(_Shape):
    question: str
    level: Level
    certain: bool


class DimensionShape(_Shape):
    inherent: RangeShape
    residual: RangeShape


class RiskShape(DimensionShape):
    level: Level
    provisional: bool
    floors: list[FloorShape]
    dimensions: dict[str, DimensionShape]


class GapShape(_Shape):
    where: str
    text: TextShape
    check: Annotated[str | None, Field(description="The consistency check that found it")] = None
    severity: Literal["severe", "notice"] | None = None
    is_explained: bool | None = None


class PointsShape(_Shape):
    """Points with at most one decimal place, as texts; a range while something is not stated."""

    low: Points
    high: Points


class BandsShape(_Shape):
    low: str
    high: str


class ScaleFloorShape(_Shape):
    band: str
    certain: bool


class SecondScaleShape(_Shape):
    """Somebody else's scale beside the tool's own score, which it never feeds."""

    questionnaire: str
    total: PointsShape
    by_points: Annotated[BandsShape, Field(description="Bands by the points alone")]
    band: Annotated[BandsShape, Field(description="With what the outcome of the determination asks for at least")]
    floor: ScaleFloorShape | None
    principles: dict[str, PointsShape]
    items: Annotated[dict[str, PointsShape], Field(description="Residual points of each item")]


class DutyShape(_Shape):
    """What is found on one duty; only an edition with a rule of duties leads to it."""

    duty: str
    state: DutyState
    force: Force
    source: str
    until: Annotated[Day | None, Field(description="By when a plan says that it will be performed")] = None
    reasons: Annotated[list[ReasonShape], Field(description="Why, where answers alone do not say it")] = []
    missing: Annotated[list[ReasonShape], Field(description="What to do")] = []
    partly: Annotated[list[ReasonShape], Field(description="How far another law's performance counts")] = []
    places: Annotated[list[str], Field(description="questionnaire.question of what shows it, or would")] = []
    evidence: Annotated[list[str], Field(description="Ids of evidence attached there")] = []


class ResultsShape(_Shape):
    role: RoleShape | None
    determination: DeterminationShape
    claim: ClaimShape | None
    risk: RiskShape
    coverage: dict[str, Literal["documented", "gap"]] | None
    duties: Annotated[list[DutyShape], Field(description="In the order of the rule; absent where there is none")] = []
    gaps: list[GapShape]
    engine: int
    editions: list[EditionShape]
    content_sha256: Sha256
    log: Annotated[list[SaidShape], Field(description="With a decision log only")] = []
    second_scale: Annotated[
        SecondScaleShape | None, Field(description="Where one is named by the domain's questionnaire and was begun")
    ] = None


class PersonShape(_Shape):
    id: str
    name: str
    position: Annotated[
        str,
        Field(description="Position and department when it was done; left out where it is not stated"),
    ] = ""


class ActShape(_Dated):
    model_config = _either("at", "on")

    by: PersonShape
    at: Annotated[Stamp, Field(description="Recorded in the tool")] = ""
    on: Annotated[Day, Field(description="Stated in a file, which gives a day and no time")] = ""
    content_sha256: Sha256


class SignOffShape(ActShape):
    statements: Annotated[
        list[Statement], Field(description="What the officer stated; an id never changes its meaning")
    ] = []


class ConditionTermShape(_Shape):
    """What was agreed on one condition besides its words."""

    owner: Annotated[str, Field(description="Who sees to it")]
    due: Day | None


class DecisionShape(ActShape):
    ruling: Ruling
    reason: str
    conditions: list[str]
    condition_terms: Annotated[
        list[ConditionTermShape], Field(description="In the order of `conditions`, where owners and days were agreed")
    ] = []


class PointShape(_Shape):
    where: str
    text: str


class VoteShape(_Shape):
    """The last vote of one member on exactly this content."""

    by: PersonShape
    ballot: Ballot
    reason: str
    at: Stamp
    as_chair: bool
    closes: Annotated[bool, Field(description="Of the chair who closed the vote")]
    conditions: list[str]
    condition_terms: list[ConditionTermShape] = []
    points: Annotated[list[PointShape], Field(description="What has to change where, of a vote for a return")]
    content_sha256: Sha256


class CommitteeShape(_Shape):
    """How the committee decided."""

    quorum: Annotated[int, Field(ge=1, description="At 1 one member decides alone, without a vote")]
    chair_votes: Annotated[bool, Field(description="false: the chair's vote counts at a tie only")]
    votes: list[VoteShape]


class EvidenceReviewShape(_Shape):
    """What the committee found of one piece of evidence."""

    evidence: str
    mark: EvidenceMark
    reason: str
    by: PersonShape
    at: Stamp


class CheckpointShape(_Shape):
    seq: int
    hash: Sha256
    at: Stamp


class RecordShape(_Shape):
    """The frozen content of one revision, with everything needed to read and recompute it (RFC 8785)."""

    format: Literal["haetae-record/1"]
    engine: Annotated[int, Field(description="Raised whenever a result can differ")]
    version: Annotated[str, Field(description="Of the program that made the record; from 0.2.0 on")] = ""
    document: DocumentShape
    content: ContentShape
    content_sha256: Sha256
    questionnaires: list[QuestionnaireShape]
    judged_on: Annotated[
        Day | None, Field(description="On which evidence had to be in force; where it is not stated, `content.on`")
    ] = None
    results: ResultsShape
    authors: Annotated[list[PersonShape], Field(description="Everybody who wrote the content, in order")] = []
    evidence_reviews: list[EvidenceReviewShape] = []
    decision: DecisionShape | None
    decision_origin: Origin | None
    committee: Annotated[CommitteeShape | None, Field(description="Of a decision recorded in the tool")] = None
    sign_off: SignOffShape | None
    history_checkpoint: CheckpointShape | None
    redacts: Annotated[Sha256 | None, Field(description="Digest of the full record; in a redacted copy only")] = None
    is_draft_copy: Annotated[
        Literal[True] | None, Field(description="In a copy of a record that was not shown to be sealed; never sealed")
    ] = None


class NoRecordError(ValueError):
    """These bytes are no record. words: why, in both languages."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


def check(raw: bytes) -> None:
    """Raises: NoRecordError, with the first place that does not fit, where these bytes are not of the shape of a record."""
    try:
        RecordShape.model_validate_json(raw, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where, why = legible(".".join(map(str, first["loc"]))), shape.of_one(first)
        raise NoRecordError(TEXTS.text("shape_differs", where=where, reason=why)) from None


def json_schema() -> Json:
    """The schema as JSON. Raises: KeyError where nothing says what a property is."""
    made: Any = RecordShape.model_json_schema()
    words = described()
    for name, shape_of in ((RecordShape.__name__, made), *made["$defs"].items()):
        for key, described_property in shape_of.get("properties", {}).items():
            own = words["shapes_of"].get(name, {})
            if "description" not in described_property:
                described_property["description"] = own[key] if key in own else words["everywhere"][key]
    version = words["version"]
    return {"$schema": DIALECT, "$id": f"urn:haetae:schema:record:{version}", "version": version, **made}


@cache
def described() -> Json:
    """descriptions.yaml: what the schema says of properties, its version, and the digests of every version's shape."""
    file = FILE.with_name("descriptions.yaml")
    words: Json = parse(file.read_bytes(), file.name).data
    return words


def shape_sha256(made: Json) -> str:
    """Of what a schema asks for, whatever its words: two of the same shape take the same records."""
    return hashlib.sha256(json.dumps(_wordless(made), sort_keys=True).encode()).hexdigest()


def _wordless(made: Any, *, is_of_names: bool = False) -> Any:
    """Without words. is_of_names: the keys are names of properties or shapes and no keywords."""
    if isinstance(made, list):
        return [_wordless(part) for part in made]
    if not isinstance(made, dict):
        return made
    return {
        key: _wordless(part, is_of_names=key in ("properties", "$defs") and not is_of_names)
        for key, part in made.items()
        if is_of_names or key not in _WORDS
    }


def file_text() -> str:
    """As the file holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(file_text(), "utf-8")
