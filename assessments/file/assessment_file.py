"""Reads an assessment from a YAML file: read_file, StatedAssessment.

All problems of the file are collected with their lines before it is refused. Missing answers are
no problem, unless the file also states a decision.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

from assessments.content.answers import check_answer, clean_text, scale_errors
from assessments.content.canonical import content, content_sha256
from assessments.content.texts import most_characters
from assessments.content.uploads import Upload, as_composed, check_size, examine, look_at_pdfs
from assessments.content.withholding import places
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.details import details
from assessments.editions import asked_in, with_second_scale
from assessments.errors import AssessmentError, EvidenceRefusedError, InvalidAnswerError
from assessments.file import decision_log, problems
from assessments.file.problems import TEXTS
from assessments.file.shape import (
    FORMAT,
    DecisionShape,
    FileShape,
    ImpactShape,
    LogShape,
    OperatorShape,
    PersonShape,
    SystemShape,
)
from assessments.model import (
    AISystem,
    Answer,
    Assessment,
    Condition,
    Decision,
    EditionRef,
    Evidence,
    Explanation,
    Grading,
    Impact,
    Measure,
    Operator,
    Origin,
    Person,
    Response,
    Scenario,
    SignOff,
    Status,
    Withheld,
    WithheldKind,
)
from assessments.rules import findings
from assessments.rules.findings import CLAIM
from questionnaires import load
from questionnaires.load import Edition, UnknownEditionError
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.schema import Questionnaire
from questionnaires.shape import shaped
from questionnaires.strict_yaml import Parsed, parse
from questionnaires.strict_yaml import Path as Place
from questionnaires.wording import SEOUL


@dataclass(frozen=True)
class StatedAssessment:
    """A file's assessment with the editions that apply to it."""

    assessment: Assessment
    editions: Mapping[str, Edition]
    files: Mapping[str, Path]
    """Evidence id → its file beside the assessment file; only for evidence that names one."""

    @property
    def questionnaires(self) -> dict[str, Questionnaire]:
        return {name: edition.questionnaire for name, edition in self.editions.items()}


def read_file(path: Path, folder: Path | None = None, today: date | None = None) -> StatedAssessment:
    """Raises: InvalidFileError with all problems; OSError where the file cannot be read."""
    return read_text(path.read_bytes(), str(path), path.parent, folder, today)


def read_text(
    text: bytes | str, name: str, beside: Path, folder: Path | None = None, today: date | None = None
) -> StatedAssessment:
    """beside: the folder that evidence files are named from. today: in Seoul (the clock's), for what cannot lie ahead.

    Raises: InvalidFileError.
    """
    parsed = parse(text, name)
    if isinstance(parsed.data, dict) and "format" not in parsed.data:
        raise InvalidFileError([TEXTS.problem(name, 1, "no_format", format=FORMAT)])
    shape = shaped(parsed, FileShape)
    return _Reading(parsed, shape, beside, folder, today or datetime.now(SEOUL).date()).read()


class _Reading:
    """Converts one file to an assessment and collects problems."""

    def __init__(self, parsed: Parsed, shape: FileShape, beside: Path, folder: Path | None, today: date) -> None:
        self.parsed = parsed
        self.shape = shape
        self.beside = beside
        self.folder = folder
        self.today = today
        self.problems: list[Problem] = []
        self.files: dict[str, Path] = {}

    def read(self) -> StatedAssessment:
        for problem in problems.days_ahead(self.shape, self.today):
            self._note(problem.place, problem.kind, **problem.values)
        editions = self._editions()
        scales = findings.scales_of({name: edition.questionnaire for name, edition in editions.items()})
        for problem in (
            *problems.of_impacts(self.shape, scales),
            *problems.of_explanations(self.shape.explanations, editions),
        ):
            self._note(problem.place, problem.kind, **problem.values)
        assessment = Assessment(
            system=self._system(),
            operator=self._operator(),
            domain=self.shape.domain,
            on=self.shape.on,
            editions=tuple(EditionRef(edition.id, edition.version, edition.sha256) for edition in editions.values()),
            responses={
                questionnaire_id: dict(self._responses(editions[questionnaire_id], questionnaire_id))
                for questionnaire_id in self._questionnaire_ids(editions)
            },
            evidence=tuple(self._evidence(editions)),
            scenarios=tuple(self._scenarios()),
            measures=tuple(self._measures()),
            explanations=tuple(
                Explanation(explanation.check, self._text(explanation.text, "explanations", i, "text"))
                for i, explanation in enumerate(self.shape.explanations)
            ),
            authors=tuple(self._authors()),
            log=self._log(self.shape.log) if self.shape.log else None,
        )
        stated = StatedAssessment(assessment, editions, self.files)
        stated = replace(stated, assessment=replace(assessment, withheld=tuple(self._withheld(stated))))
        if self.shape.decision is not None:
            stated = replace(stated, assessment=self._decided(stated, self.shape.decision))
        if self.problems:
            raise InvalidFileError(self.problems)
        return stated

    def _authors(self) -> Iterator[Person]:
        if self.shape.author:
            yield self._person(self.shape.author, "author")
        for i, author in enumerate(self.shape.authors):
            yield self._person(author, "authors", i)

    def _person(self, stated: PersonShape, *place: str | int) -> Person:
        """Without an id: whoever a file names has no account."""
        name, position = (self._text(getattr(stated, part), *place, part) for part in ("name", "position"))
        return Person("", name, position)

    def _note(self, place: Place, kind: str, **values: Any) -> None:
        self.problems.append(TEXTS.problem(self.parsed.file, self.parsed.line(place), kind, **values))

    def _note_error(self, place: Place, where: str, error: AssessmentError) -> None:
        remedy = error.remedy or TEXTS.text("correct_it")
        self._note(place, "error", where=where, what=error.what, remedy=remedy)

    def _text(self, text: str, *place: str | int) -> str:
        """The cleaned text; a text that cannot be stored becomes a problem."""
        try:
            field = str(place[-2] if place[-1] in ("ko", "en") else place[-1])
            return clean_text(text, ".".join(str(part) for part in place), most_characters(field))
        except InvalidAnswerError as error:
            self._note_error(place, error.where, error)
            return ""

    def _editions(self) -> dict[str, Edition]:
        """Raises: InvalidFileError, because nothing else can be checked without editions."""
        try:
            editions = {name: self._edition(name) for name in asked_in(self.shape.domain, self.folder)}
            editions = self._with_second_scale(editions)
            for name in self.shape.editions:
                if name not in editions:
                    self._note(("editions", name), "not_asked", name=name, domain=self.shape.domain)
            return editions
        except UnknownEditionError as error:
            self._note(("domain",), "no_edition", why=str(error), domain=self.shape.domain, on=self.shape.on)
            raise InvalidFileError(self.problems) from None

    def _with_second_scale(self, editions: dict[str, Edition]) -> dict[str, Edition]:
        """A file that states its editions, as every exported one does, has the scale only where it names or answers it."""
        domain, name = self.shape.domain, editions[self.shape.domain].questionnaire.second_scale
        if self.shape.editions and name not in (*self.shape.editions, *self.shape.answers):
            return editions
        version = self.shape.editions.get(name) if name else None
        return with_second_scale(editions, domain, self.shape.on, self.folder, version)

    def _edition(self, name: str) -> Edition:
        stated = self.shape.editions.get(name)
        return load.edition(name, stated, self.folder) if stated else load.in_force(name, self.shape.on, self.folder)

    def _operator(self) -> Operator:
        shape = self.shape.operator
        texts = self._details(Operator, shape, "operator")
        return Operator(**texts, separation=shape.separation, is_example=self.shape.example)

    def _system(self) -> AISystem:
        shape = self.shape.system
        if not shape.name.ko and not shape.name.en:
            self._note(("system", "name"), "no_name")
        return AISystem(**self._details(AISystem, shape, "system"))

    def _details(self, of: type[Operator | AISystem], shape: OperatorShape | SystemShape, part: str) -> dict[str, Any]:
        """Every detail, from where it stands below that part of the file."""
        return {
            name: self._text(attrgetter(".".join(detail.file))(shape), part, *detail.file)
            for name, detail in details(of).items()
        }

    def _questionnaire_ids(self, editions: Mapping[str, Edition]) -> Iterator[str]:
        for name in self.shape.answers:
            if name in editions:
                yield name
            else:
                known = ", ".join(editions)
                self._note(("answers", name), "no_questionnaire", name=name, known=known)

    def _responses(self, edition: Edition, questionnaire_id: str) -> Iterator[tuple[str, Response]]:
        questions = {question.id: question for question in edition.questionnaire.questions()}
        stated_answers: dict[str, Answer | None] = {}
        for name, stated in self.shape.answers[questionnaire_id].items():
            place: Place = ("answers", questionnaire_id, name)
            if name not in questions:
                self._note(place, "no_question", asked=questionnaire_id, name=name, version=edition.version)
                continue
            value, note = stated, ""
            if isinstance(stated, dict):
                if not set(stated) <= {"answer", "note"}:
                    self._note(place, "answer_keys", asked=questionnaire_id, name=name)
                    continue
                value, note = stated.get("answer"), stated.get("note") or ""
            if not isinstance(note, str):
                note = str(note)
            try:
                answer = None if value is None or value == "" else check_answer(questions[name], value)
            except InvalidAnswerError as error:
                column = f".{error.where}" if error.where not in ("", name) else ""
                self._note_error(place, f"answers.{questionnaire_id}.{name}{column}", error)
                continue
            stated_answers[name] = answer
            if answer is not None or note:
                yield name, Response(name, answer, self._text(note, *place, "note") if note else "")
        answers = {name: answer for name, answer in stated_answers.items() if answer is not None}
        for refusal in scale_errors(edition.questionnaire, answers):
            place = ("answers", questionnaire_id, refusal.where)
            self._note_error(place, ".".join(place), refusal)

    def _evidence(self, editions: Mapping[str, Edition]) -> Iterator[Evidence]:
        seen: set[str] = set()
        stated = {evidence.id for evidence in self.shape.evidence}
        parts = {
            part.id for edition in editions.values() if (rules := edition.questionnaire.claim) for part in rules.parts
        }
        questions = {
            f"{name}.{question.id}"
            for name, edition in editions.items()
            for question in edition.questionnaire.questions()
        }
        beside = [
            (i, evidence.file, evidence.id)
            for i, evidence in enumerate(self.shape.evidence)
            if evidence.file is not None
        ]
        contents = {i: self._content(file, ("evidence", i, "file"), name) for i, file, name in beside}
        look_at_pdfs(content for content in contents.values() if content is not None)
        for i, evidence in enumerate(self.shape.evidence):
            place: Place = ("evidence", i)
            if evidence.id in seen:
                self._note((*place, "id"), "evidence_twice", id=evidence.id)
            seen.add(evidence.id)
            if evidence.part and evidence.part not in parts:
                self._note(
                    (*place, "part"), "no_part", id=evidence.id, part=evidence.part, parts=", ".join(sorted(parts))
                )
            for item in set(evidence.items) - parts - questions:
                self._note(
                    (*place, "for"), "evidence_for_nothing", id=evidence.id, item=item, parts=", ".join(sorted(parts))
                )
            sha256, size, media_type, file_name = (
                evidence.sha256 or "",
                evidence.size,
                evidence.media_type,
                evidence.file_name,
            )
            if evidence.file is not None:
                content = contents[i]
                if content is None:
                    continue
                digest = hashlib.sha256(content).hexdigest()
                if sha256 and sha256 != digest:
                    self._note((*place, "sha256"), "evidence_digest", id=evidence.id, sha256=digest)
                sha256, size, file_name = digest, len(content), Path(evidence.file).name
                try:
                    media_type = examine(Upload(evidence.title, file_name, content))
                except EvidenceRefusedError as error:
                    self._note((*place, "file"), "evidence_refused", id=evidence.id, why=error.text)
            elif not sha256:
                self._note(place, "evidence_without_file", id=evidence.id)
            for name, part, question in evidence.named(questions, stated):
                if evidence.id in self.files:
                    self.files[name] = self.files[evidence.id]
                yield Evidence(
                    id=name,
                    title=self._text(evidence.title, *place, "title"),
                    file_name=self._text(file_name, *place, "file_name"),
                    sha256=sha256,
                    size=size,
                    media_type=media_type,
                    part=part,
                    question=question,
                    on=evidence.on,
                    expires_on=evidence.expires_on,
                )

    def _beside(self, file: str, place: Place) -> Path | None:
        """None: it lies elsewhere, which is noted."""
        path = (self.beside / file).resolve()
        if path.is_relative_to(self.beside.resolve()):
            return as_composed(path)
        self._note(place, "outside", where=".".join(map(str, place)), file=file)
        return None

    def _content(self, name: str, place: Place, evidence_id: str) -> bytes | None:
        path = self._beside(name, place)
        if path is None:
            return None
        try:
            if not path.is_file() and not path.is_dir() and path.exists():
                raise OSError(errno.EINVAL, "it is a pipe or a device")
            check_size(path.name, path.stat().st_size)
            content = path.read_bytes()
        except EvidenceRefusedError as error:
            self._note(place, "evidence_refused", id=evidence_id, why=error.text)
            return None
        except OSError as error:
            self._note(place, "evidence_unreadable", id=evidence_id, file=name, why=error.strerror)
            return None
        self.files[evidence_id] = path
        return content

    def _log(self, shape: LogShape) -> KeptLog | None:
        if shape.made and not self.shape.example:
            self._note(("log", "made"), "log_made")
            return None
        path = self._beside(shape.file, ("log", "file"))
        if path is None:
            return None
        try:
            log = decision_log.read(path, shape, on=self.shape.on, answers=self.shape.answers.get(CLAIM, {}))
        except OSError as error:
            self._note(("log", "file"), "log_unreadable", file=shape.file, why=error.strerror)
        except LogRefusedError as error:
            remedy = error.remedy or TEXTS.text("correct_log")
            self._note(("log",), "log_refused", what=error.what, remedy=remedy)
        else:
            digest = log.analysis.source.sha256
            if shape.sha256 in (None, digest):
                return log
            self._note(("log", "sha256"), "log_digest", file=shape.file, sha256=digest)
        return None

    def _withheld(self, stated: StatedAssessment) -> Iterator[Withheld]:
        """Marks with their salts. A salt is stated, so that the same file always gives the same record."""
        known = places({"content": content(stated.assessment)}, stated.questionnaires)
        for problem in problems.of_marks(self.shape.withheld, known):
            self._note(problem.place, problem.kind, **problem.values)
        for i, withheld in enumerate(self.shape.withheld):
            reason = self._text(withheld.reason, "withheld", i, "reason")
            yield Withheld(withheld.path, WithheldKind(withheld.kind), reason, withheld.salt)

    def _scenarios(self) -> Iterator[Scenario]:
        for i, scenario in enumerate(self.shape.scenarios):
            yield Scenario(
                id=scenario.id,
                text=self._text(scenario.text, "scenarios", i, "text"),
                affected_direct=self._text(scenario.affected.direct, "scenarios", i, "affected", "direct"),
                affected_indirect=self._text(scenario.affected.indirect, "scenarios", i, "affected", "indirect"),
                affected_unintended=self._text(scenario.affected.unintended, "scenarios", i, "affected", "unintended"),
                impacts=tuple(
                    self._impact(impact, ("scenarios", i, "impacts", j)) for j, impact in enumerate(scenario.impacts)
                ),
            )

    def _impact(self, impact: ImpactShape, place: Place) -> Impact:
        return Impact(
            right=impact.right,
            effect=self._text(impact.effect, *place, "effect"),
            before=Grading(**impact.before.model_dump()),
            in_place=Grading(**impact.in_place.model_dump()) if impact.in_place else None,
            reason=self._text(impact.reason, *place, "reason"),
            target=Grading(**impact.target.model_dump()) if impact.target else None,
        )

    def _measures(self) -> Iterator[Measure]:
        for i, measure in enumerate(self.shape.measures):
            yield Measure(
                id=measure.id,
                text=self._text(measure.text, "measures", i, "text"),
                owner=self._text(measure.owner, "measures", i, "owner"),
                due=measure.due,
                is_in_place=measure.in_place,
                kind=measure.kind,
                scenarios=measure.scenarios,
            )

    def _decided(self, stated: StatedAssessment, decision: DecisionShape) -> Assessment:
        """The assessment with the decision that the file states; what stands against it is noted."""
        assessment = stated.assessment
        gaps = findings.derive(stated.questionnaires, assessment, judged_on=decision.on).gaps
        for problem in problems.of_decision(assessment, decision, gaps):
            self._note(problem.place, problem.kind, **problem.values)
        frozen = content_sha256(assessment)
        return replace(
            assessment,
            status=Status.SIGNED_OFF,
            content_sha256=frozen,
            origin=Origin.STATED,
            decision=Decision(
                decision.ruling,
                self._text(decision.reason, "decision", "reason"),
                self._person(decision.by, "decision", "by"),
                None,
                frozen,
                tuple(
                    Condition(
                        self._text(condition.text, "decision", "conditions", i),
                        self._text(condition.owner, "decision", "conditions", i, "owner"),
                        condition.due,
                    )
                    for i, condition in enumerate(decision.conditions)
                ),
                on=decision.on,
            ),
            sign_off=SignOff(
                self._person(decision.sign_off.by, "decision", "sign_off", "by"),
                None,
                frozen,
                on=decision.sign_off.on,
            ),
        )
