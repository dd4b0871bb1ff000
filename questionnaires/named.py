"""Every id of a questionnaire that the program itself reads, in this one place.

`haetae check` compares in both directions: an id that an edition no longer has is named there, and so is one declared here
that no code reads. All other ids are known to the questionnaires alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from questionnaires.schema import Questionnaire

AREA = "area"
"""Walked before the domain's questionnaire."""
ROLE = "role"
"""Asks for the organisation's legal roles."""
IMPACT = "impact"
"""Its method grades impacts, its matrices say what is covered, its lines make the supervision record."""
CLAIM = "involvement"
"""Asks for the human-involvement claim."""

DUTIES = "duties"
"""Asks what the domain's questionnaire does not, and states the rule of duties."""

TIME_MINUTES = "time_minutes"
TIME_CASES = "time_cases_per_day"
TIME_FLOOR = "time_own_minimum"
DECISIONS = "divergence_decisions"
DEPARTURES = "divergence_departures"
LEAST_PERCENT = "divergence_trigger_percent"
BYPASS = "bypass_path"
REASONS_DEPARTING = "reasons_departing"
REASONS_FOLLOWING = "reasons_following"
CLAIM_STATEMENT = "claim_statement"
"""The claim as a whole, in the claimant's words."""
YES, NO = "yes", "no"

PART_BYPASS = "bypass"
PART_TIME = "time"
PART_DIVERGENCE = "divergence"
PART_REASONS = "reasons"
PART_INDEPENDENCE = "independence"
PART_LOGS = "logs"

METHOD = "tool-method"
CASE_14 = "case-14"
CASE_15 = "case-15"

FOLLOW_UP = "follow_up"
VULNERABLE = "vulnerable_groups"
TARGET = "target"
"""Items 1 to 7 of the official form, in its order."""
DECREE = "decree"
USER = "user"


@dataclass(frozen=True)
class Reading:
    """One id that code reads."""

    constant: str
    """Its name above."""
    questionnaire: str
    kind: str
    """questionnaire, question, option, part, section, source, matrix or role."""
    of: str = ""
    """Of an option: its question."""

    @property
    def id(self) -> str:
        question_id: str = globals()[self.constant]
        return question_id

    def is_in(self, edition: Questionnaire) -> bool:
        """Whether this edition has it."""
        match self.kind:
            case "question":
                return self.id in edition.question_ids
            case "option":
                return any(question.id == self.of and question.option(self.id) for question in edition.questions())
            case "part":
                return edition.claim is not None and any(part.id == self.id for part in edition.claim.parts)
            case "section":
                return any(section.id == self.id for section in edition.sections)
            case "source":
                return self.id in edition.sources
            case "matrix":
                return any(coverage_matrix.id == self.id for coverage_matrix in edition.coverage)
            case "role":
                return any(entry.adds == self.id for entry in edition.findings)
        return edition.id == self.id


_QUESTIONS = (
    "CLAIM_STATEMENT",
    "TIME_MINUTES",
    "TIME_CASES",
    "TIME_FLOOR",
    "DECISIONS",
    "DEPARTURES",
    "LEAST_PERCENT",
    "BYPASS",
    "REASONS_DEPARTING",
    "REASONS_FOLLOWING",
)
_PARTS = ("PART_BYPASS", "PART_TIME", "PART_DIVERGENCE", "PART_REASONS", "PART_INDEPENDENCE", "PART_LOGS")
READ: tuple[Reading, ...] = (
    Reading("AREA", AREA, "questionnaire"),
    Reading("ROLE", ROLE, "questionnaire"),
    Reading("IMPACT", IMPACT, "questionnaire"),
    Reading("CLAIM", CLAIM, "questionnaire"),
    Reading("DUTIES", DUTIES, "questionnaire"),
    *(Reading(name, CLAIM, "question") for name in _QUESTIONS),
    *(
        Reading(name, CLAIM, "option", of)
        for of in (BYPASS, REASONS_DEPARTING, REASONS_FOLLOWING)
        for name in ("YES", "NO")
    ),
    *(Reading(name, CLAIM, "part") for name in _PARTS),
    *(Reading(name, CLAIM, "source") for name in ("METHOD", "CASE_14", "CASE_15")),
    Reading("FOLLOW_UP", IMPACT, "section"),
    Reading("TARGET", IMPACT, "section"),
    Reading("VULNERABLE", IMPACT, "question"),
    Reading("DECREE", IMPACT, "matrix"),
    Reading("USER", ROLE, "role"),
)

CODE = ("assessments", "exports", "pages", "commands")
"""Folders that may read an id."""


def unread(root: Path | None = None) -> Iterator[Reading]:
    """Declared, and read by no code below the root; each constant once."""
    base = root or Path(__file__).parents[1]
    code = "\n".join(file.read_text("utf-8") for folder in CODE for file in sorted((base / folder).rglob("*.py")))
    words = set(re.findall(r"named\.([A-Z][A-Z0-9_]+)", code))
    once = {reading.constant: reading for reading in READ}
    return (reading for name, reading in once.items() if name not in words)
