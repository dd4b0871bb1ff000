"""Every kind of job, each declared once: what is asked for, what does it, what it needs, how often it may be begun.

A job runs where the server runs, or in a `haetae work` on any machine (`HAETAE_WORKERS`): the same function does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol

from pydantic import TypeAdapter

from assessments.model import Status
from assessments.storage.log_imports import READ_LOG, Stage
from jobs.work import Work


class Need(StrEnum):
    """What whoever does a job must have beside the database."""

    SEAL_KEY = "seal_key"
    MAIL = "mail"
    """A mail server."""


class Arguments(Protocol):
    """What is asked for: a frozen class with fields that JSON knows."""

    @property
    def about(self) -> str:
        """What the job serves: two jobs of one kind about the same never run beside each other, nor out of their order."""


@dataclass(frozen=True)
class SealReport:
    """Print, seal and register the report of a signed-off revision, or the redacted copy of it."""

    assessment_id: int
    revision: int
    languages: tuple[str, ...]
    is_redacted: bool = False

    @property
    def about(self) -> str:
        return f"{self.assessment_id}-{self.revision}-{'redacted' if self.is_redacted else 'full'}"


@dataclass(frozen=True)
class SealPaper:
    """Print, seal and keep a committee's paper or minutes; the material is the frozen document."""

    meeting_id: int
    kind: str
    language: str

    @property
    def about(self) -> str:
        return f"{self.meeting_id}-{self.kind}-{self.language}"


@dataclass(frozen=True)
class SealOfficial:
    """Print, seal and keep an official document; the material is the frozen document."""

    assessment_id: int
    kind: str
    language: str

    @property
    def about(self) -> str:
        return f"{self.assessment_id}-{self.kind}-{self.language}"


@dataclass(frozen=True)
class Print:
    """Lay out the pages of the material, which is what a printing process reads."""

    sha256: str
    """Of the material: the same pages are laid out once for all who ask at a time."""

    @property
    def about(self) -> str:
        return self.sha256


@dataclass(frozen=True)
class Rescore:
    """The whole portfolio under other editions; only read. It gives what `rescoring.joined` reads, compressed."""

    run: str
    """Token of whoever looks at it: everybody's rescore is their own."""
    editions: tuple[tuple[str, str], ...]
    statuses: tuple[Status, ...]
    units: tuple[int, ...] | None
    """None: all."""

    @property
    def about(self) -> str:
        return self.run


@dataclass(frozen=True)
class ReadLog:
    """Look into a decision log that waits, or count it; what comes of it lies in the row of the log."""

    number: int
    assessment_id: int
    revision: int
    stage: Stage
    run: str
    request: dict[str, Any]

    @property
    def about(self) -> str:
        return self.run


@dataclass(frozen=True)
class Remind:
    """One round of reminders by e-mail, each of which is sent once whatever the rounds are."""

    about: str = "round"


@dataclass(frozen=True)
class CountPortfolio:
    """How many assessments stand where today, unless it was counted."""

    about: str = "today"


@dataclass(frozen=True)
class Kind:
    """arguments: class of what is asked for; does: module and function."""

    arguments: type[Any]
    does: str
    needs: frozenset[Need] = frozenset()
    most_begun: int = 3
    """So often a job is begun whose worker was gone before its end; then it has failed."""
    has_own_turns: bool = False
    """In the server it is begun at once, and waits for its like by itself."""

    def function(self) -> Callable[[Work, Any], None]:
        """Loaded where it is needed, for some take a second."""
        module, _, name = self.does.partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]

    def read(self, arguments: Mapping[str, Any]) -> Any:
        return TypeAdapter(self.arguments).validate_python(arguments)


_SEALS = frozenset({Need.SEAL_KEY})
KINDS: Mapping[str, Kind] = {
    "seal_report": Kind(SealReport, "jobs.reports:seal", _SEALS),
    "seal_paper": Kind(SealPaper, "jobs.documents:seal_paper", _SEALS),
    "seal_official": Kind(SealOfficial, "jobs.documents:seal_official", _SEALS),
    "print": Kind(Print, "jobs.printing:lay_out"),
    "rescore": Kind(Rescore, "jobs.rescoring:rescore"),
    READ_LOG: Kind(ReadLog, "jobs.logs:read", has_own_turns=True),
    "remind": Kind(Remind, "jobs.clock:remind", frozenset({Need.MAIL})),
    "count_portfolio": Kind(CountPortfolio, "jobs.clock:count_portfolio"),
}


def name_of(arguments: Arguments) -> str:
    """Of the kind that is asked for with these."""
    return next(name for name, kind in KINDS.items() if kind.arguments is type(arguments))


def as_json(arguments: Arguments) -> dict[str, Any]:
    return dict(TypeAdapter(type(arguments)).dump_python(arguments, mode="json"))
