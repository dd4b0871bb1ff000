"""An assessment as a YAML file: read_file, and what it says as StatedAssessment.

Every problem of the file is gathered with its line before anything is refused. Answers that are missing are
no problem, unless the file also states a decision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from assessments import file_problems, log_files
from assessments.answers import check_answer, clean_text
from assessments.content import content, content_sha256
from assessments.decision_log.faults import LogRefusedError
from assessments.decision_log.kept import KeptLog
from assessments.editions import SEOUL, asked_in
from assessments.errors import AssessmentError, EvidenceRefusedError, InvalidAnswerError
from assessments.file_shape import FORMAT, DecisionShape, FileShape, ImpactShape, LogShape
from assessments.model import (
    AISystem,
    Assessment,
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
from assessments.texts import most_characters
from assessments.uploads import Upload, as_composed, examine, look_at_pdfs
from assessments.withholding import places
from questionnaires import load
from questionnaires.load import Edition, UnknownEditionError
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.schema import Questionnaire
from questionnaires.shape import shaped
from questionnaires.strict_yaml import Parsed, parse
from questionnaires.strict_yaml import Path as Place


@dataclass(frozen=True)
class StatedAssessment:
    """A file's assessment with the editions that apply to it."""

    assessment: Assessment
    editions: Mapping[str, Edition]
    files: Mapping[str, Path]
    """Evidence id → the file beside the assessment file; only those that name a file."""

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
        what = "the file does not say that it is an assessment."
        raise InvalidFileError([Problem(name, 1, what, f"Begin it with `format: {FORMAT}`.")])
    shape = shaped(parsed, FileShape)
    return _Reading(parsed, shape, beside, folder, today or datetime.now(SEOUL).date()).read()


class _Reading:
    """One file on its way to an assessment; gathers problems on the way."""

    def __init__(self, parsed: Parsed, shape: FileShape, beside: Path, folder: Path | None, today: date) -> None:
        self.parsed = parsed
        self.shape = shape
        self.beside = beside
        self.folder = folder
        self.today = today
        self.problems: list[Problem] = []
        self.files: dict[str, Path] = {}

    def read(self) -> StatedAssessment:
        for found in file_problems.days_ahead(self.shape, self.today):
            self._note(*found)
        editions = self._editions()
        scales = findings.scales_of({name: one.questionnaire for name, one in editions.items()})
        for found in (
            *file_problems.of_impacts(self.shape, scales),
            *file_problems.of_explanations(self.shape.explanations, editions),
        ):
            self._note(*found)
        assessment = Assessment(
            system=self._system(),
            operator=self._operator(),
            domain=self.shape.domain,
            on=self.shape.on,
            editions=tuple(EditionRef(one.id, one.version, one.sha256) for one in editions.values()),
            responses={asked: dict(self._responses(editions[asked], asked)) for asked in self._asked(editions)},
            evidence=tuple(self._evidence(editions)),
            scenarios=tuple(self._scenarios()),
            measures=tuple(self._measures()),
            explanations=tuple(
                Explanation(one.check, self._text(one.text, "explanations", i, "text"))
                for i, one in enumerate(self.shape.explanations)
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
            yield _person(self._text(self.shape.author.name, "author", "name"))
        for i, one in enumerate(self.shape.authors):
            yield _person(self._text(one.name, "authors", i, "name"))

    def _note(self, place: Place, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.parsed.file, self.parsed.line(place), what, remedy))

    def _note_error(self, place: Place, where: str, error: AssessmentError) -> None:
        remedy = error.remedy.en if error.remedy else "Correct it here, or what it names."
        self._note(place, f"{where}: {error.what.en}", remedy)

    def _text(self, text: str, *place: str | int) -> str:
        """Cleaned; a text that cannot be kept is noted."""
        try:
            field = str(place[-2] if place[-1] in ("ko", "en") else place[-1])
            return clean_text(text, ".".join(str(part) for part in place), most_characters(field))
        except InvalidAnswerError as error:
            self._note_error(place, error.where, error)
            return ""

    def _editions(self) -> dict[str, Edition]:
        """Raises: InvalidFileError, for without editions nothing further can be judged."""
        names = asked_in(self.shape.domain, self.folder)
        for name in self.shape.editions:
            if name not in names:
                self._note(("editions", name), f"{name} is not asked in {self.shape.domain}.", "Remove it.")
        try:
            return {name: self._edition(name) for name in names}
        except UnknownEditionError as error:
            self._note(("domain",), str(error), "Correct domain, day (`on`) or edition.")
            raise InvalidFileError(self.problems) from None

    def _edition(self, name: str) -> Edition:
        stated = self.shape.editions.get(name)
        return load.edition(name, stated, self.folder) if stated else load.in_force(name, self.shape.on, self.folder)

    def _operator(self) -> Operator:
        one = self.shape.operator
        return Operator(
            name=self._text(one.name, "operator", "name"),
            registration_number=self._text(one.registration_number, "operator", "registration_number"),
            address=self._text(one.address, "operator", "address"),
            representative=self._text(one.representative, "operator", "representative"),
            supervisor_name=self._text(one.supervisor.name, "operator", "supervisor", "name"),
            supervisor_contact=self._text(one.supervisor.contact, "operator", "supervisor", "contact"),
            separation=one.separation,
            is_example=self.shape.example,
        )

    def _system(self) -> AISystem:
        one = self.shape.system
        if not one.name.ko and not one.name.en:
            self._note(("system", "name"), "the system has no name.", "Give it a name in Korean or English.")
        return AISystem(
            name_ko=self._text(one.name.ko, "system", "name", "ko"),
            name_en=self._text(one.name.en, "system", "name", "en"),
            version=self._text(one.version, "system", "version"),
            summary_ko=self._text(one.summary.ko, "system", "summary", "ko"),
            summary_en=self._text(one.summary.en, "system", "summary", "en"),
        )

    def _asked(self, editions: Mapping[str, Edition]) -> Iterator[str]:
        for name in self.shape.answers:
            if name in editions:
                yield name
            else:
                known = ", ".join(editions)
                self._note(("answers", name), f"answers.{name}: no such questionnaire.", f"There are {known}.")

    def _responses(self, edition: Edition, asked: str) -> Iterator[tuple[str, Response]]:
        questions = {question.id: question for question in edition.questionnaire.questions()}
        for name, given in self.shape.answers[asked].items():
            place: Place = ("answers", asked, name)
            if name not in questions:
                what = f"answers.{asked}.{name}: {asked} {edition.version} asks no such question."
                self._note(place, what, "Correct the id; `haetae template` lists them all.")
                continue
            value, note = given, ""
            if isinstance(given, dict):
                if not set(given) <= {"answer", "note"}:
                    self._note(place, f"answers.{asked}.{name}: there is no such key.", "Write `answer` and `note`.")
                    continue
                value, note = given.get("answer"), given.get("note") or ""
            if not isinstance(note, str):
                note = str(note)
            try:
                answer = None if value is None or value == "" else check_answer(questions[name], value)
            except InvalidAnswerError as error:
                column = f".{error.where}" if error.where not in ("", name) else ""
                self._note_error(place, f"answers.{asked}.{name}{column}", error)
                continue
            if answer is not None or note:
                yield name, Response(name, answer, self._text(note, *place, "note") if note else "")

    def _evidence(self, editions: Mapping[str, Edition]) -> Iterator[Evidence]:
        seen: set[str] = set()
        parts = {part.id for one in editions.values() if (rules := one.questionnaire.claim) for part in rules.parts}
        beside = [(i, one.file, one.id) for i, one in enumerate(self.shape.evidence) if one.file is not None]
        contents = {i: self._content(file, ("evidence", i, "file"), name) for i, file, name in beside}
        look_at_pdfs(content for content in contents.values() if content is not None)
        for i, one in enumerate(self.shape.evidence):
            place: Place = ("evidence", i)
            if one.id in seen:
                self._note((*place, "id"), f"evidence {one.id} stands here a second time.", "Give it an id of its own.")
            seen.add(one.id)
            if one.part and one.part not in parts:
                what = f"evidence {one.id}: the claim has no part '{one.part}'."
                self._note((*place, "part"), what, f"Parts are {', '.join(sorted(parts))}.")
            sha256, size, media_type, file_name = one.sha256 or "", one.size, one.media_type, one.file_name
            if one.file is not None:
                content = contents[i]
                if content is None:
                    continue
                found = hashlib.sha256(content).hexdigest()
                if sha256 and sha256 != found:
                    what = f"evidence {one.id}: the file has the SHA-256 {found}, not the one stated."
                    self._note((*place, "sha256"), what, "Name the right file, or correct the digest.")
                sha256, size, file_name = found, len(content), Path(one.file).name
                try:
                    media_type = examine(Upload(one.title, file_name, content))
                except EvidenceRefusedError as error:
                    self._note((*place, "file"), f"evidence {one.id} is refused.", str(error))
            elif not sha256:
                what = f"evidence {one.id} names neither a file nor a SHA-256."
                self._note(place, what, "Name the file beside this one, or state its sha256.")
            yield Evidence(
                id=one.id,
                title=self._text(one.title, *place, "title"),
                file_name=self._text(file_name, *place, "file_name"),
                sha256=sha256,
                size=size,
                media_type=media_type,
                part=one.part,
                question=one.question,
                on=one.on,
                expires_on=one.expires_on,
            )

    def _beside(self, file: str, place: Place, what_for: str) -> Path | None:
        """None: it lies elsewhere, which is noted."""
        path = (self.beside / file).resolve()
        if path.is_relative_to(self.beside.resolve()):
            return as_composed(path)
        what = f"{what_for}: '{file}' lies outside the folder of this file."
        self._note(place, what, "Put it beside the assessment file.")
        return None

    def _content(self, file: str, place: Place, evidence_id: str) -> bytes | None:
        path = self._beside(file, place, f"evidence {evidence_id}")
        if path is None:
            return None
        try:
            content = path.read_bytes()
        except OSError as error:
            what = f"evidence {evidence_id}: '{file}' cannot be read ({error.strerror})."
            self._note(place, what, "Put the file there, or correct the name.")
            return None
        self.files[evidence_id] = path
        return content

    def _log(self, shape: LogShape) -> KeptLog | None:
        if shape.made and not self.shape.example:
            what = "a made log shows nothing about any organisation."
            self._note(("log", "made"), what, "Name the organisation's own log as `file`, or say `example: true`.")
            return None
        path = self._beside(shape.file, ("log", "file"), "the decision log")
        if path is None:
            return None
        try:
            found = log_files.read(path, shape, on=self.shape.on, answers=self.shape.answers.get(CLAIM, {}))
        except OSError as error:
            what = f"the decision log '{shape.file}' cannot be read ({error.strerror})."
            self._note(("log", "file"), what, "Put the file there, or correct the name.")
        except LogRefusedError as error:
            self._note(
                ("log",), f"the decision log cannot be used: {error.what.en}", "Correct the file, or `log.mapping`."
            )
        else:
            digest = found.analysis.source.sha256
            if shape.sha256 in (None, digest):
                return found
            what = f"the decision log '{shape.file}' has the SHA-256 {digest}, not the one stated."
            self._note(("log", "sha256"), what, "Name the right file, or correct the digest.")
        return None

    def _withheld(self, stated: StatedAssessment) -> Iterator[Withheld]:
        """Marks with their salts. A salt is stated, so that the same file always gives the same record."""
        known = places({"content": content(stated.assessment)}, stated.questionnaires)
        for place, what, remedy in file_problems.of_marks(self.shape.withheld, known):
            self._note(place, what, remedy)
        for i, one in enumerate(self.shape.withheld):
            reason = self._text(one.reason, "withheld", i, "reason")
            yield Withheld(one.path, WithheldKind(one.kind), reason, one.salt)

    def _scenarios(self) -> Iterator[Scenario]:
        for i, one in enumerate(self.shape.scenarios):
            yield Scenario(
                id=one.id,
                text=self._text(one.text, "scenarios", i, "text"),
                affected_direct=self._text(one.affected.direct, "scenarios", i, "affected", "direct"),
                affected_indirect=self._text(one.affected.indirect, "scenarios", i, "affected", "indirect"),
                affected_unintended=self._text(one.affected.unintended, "scenarios", i, "affected", "unintended"),
                impacts=tuple(
                    self._impact(impact, ("scenarios", i, "impacts", j)) for j, impact in enumerate(one.impacts)
                ),
            )

    def _impact(self, one: ImpactShape, place: Place) -> Impact:
        return Impact(
            right=one.right,
            effect=self._text(one.effect, *place, "effect"),
            before=Grading(**one.before.model_dump()),
            in_place=Grading(**one.in_place.model_dump()) if one.in_place else None,
            reason=self._text(one.reason, *place, "reason"),
            target=Grading(**one.target.model_dump()) if one.target else None,
        )

    def _measures(self) -> Iterator[Measure]:
        for i, one in enumerate(self.shape.measures):
            yield Measure(
                id=one.id,
                text=self._text(one.text, "measures", i, "text"),
                owner=self._text(one.owner, "measures", i, "owner"),
                due=one.due,
                is_in_place=one.in_place,
                kind=one.kind,
                scenarios=one.scenarios,
            )

    def _decided(self, stated: StatedAssessment, decision: DecisionShape) -> Assessment:
        """The assessment with the decision that the file states; what stands against it is noted."""
        assessment = stated.assessment
        found = findings.derive(stated.questionnaires, assessment, judged_on=decision.on)
        for place, what, remedy in file_problems.of_decision(assessment, decision, found.gaps):
            self._note(place, what, remedy)
        frozen = content_sha256(assessment)
        return replace(
            assessment,
            status=Status.SIGNED_OFF,
            content_sha256=frozen,
            origin=Origin.STATED,
            decision=Decision(
                decision.ruling,
                self._text(decision.reason, "decision", "reason"),
                _person(self._text(decision.by.name, "decision", "by", "name")),
                None,
                frozen,
                tuple(self._text(one, "decision", "conditions", i) for i, one in enumerate(decision.conditions)),
                on=decision.on,
            ),
            sign_off=SignOff(
                _person(self._text(decision.sign_off.by.name, "decision", "sign_off", "by", "name")),
                None,
                frozen,
                on=decision.sign_off.on,
            ),
        )


def _person(name: str) -> Person:
    return Person("", name)
