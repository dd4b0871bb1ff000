"""Which questionnaire editions an assessment pins, and those editions unchanged: pinned_for, for_assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from assessments.errors import NotFoundError, QuestionnaireChangedError
from assessments.model import Assessment, EditionRef
from questionnaires import load, named
from questionnaires.load import Edition, UnknownEditionError
from questionnaires.schema import Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


BEFORE, AFTER = (named.AREA, named.ROLE), (named.IMPACT, named.CLAIM, named.DUTIES)
"""Questionnaires that every assessment answers before and after its domain's."""


def domains(folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the questionnaires that determine, in the order in which their areas are named.

    Raises: InvalidFileError where a file is no questionnaire.
    """
    beside = folder or load.FOLDER
    return _domains(beside, load.seen(beside))


@lru_cache(maxsize=16)
def _domains(beside: Path, _seen: load.Seen) -> tuple[str, ...]:
    newest = {name: load.newest(name, beside).questionnaire for name in load.ids(beside)}
    listed = _areas(newest.get(named.AREA))
    determining = [
        questionnaire
        for name, questionnaire in newest.items()
        if questionnaire.routes and name not in (*BEFORE, *AFTER)
    ]
    return tuple(
        questionnaire.id
        for questionnaire in sorted(
            determining, key=lambda questionnaire: (_place(questionnaire, listed), questionnaire.id)
        )
    )


def _areas(area: Questionnaire | None) -> list[str]:
    """Options of the question that names the areas."""
    if area is None or area.areas is None:
        return []
    return [option.value for option in area.question(area.areas.question).options]


def _place(domain: Questionnaire, listed: list[str]) -> int:
    examined = domain.area.examines if domain.area else ()
    return min((listed.index(domain) for domain in examined if domain in listed), default=len(listed))


def asked_in(domain: str, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the questionnaires that an assessment in this domain answers, in the order of the screens."""
    beside = folder or load.FOLDER
    return tuple(name for name in (*BEFORE, domain, *AFTER) if name == domain or (beside / name).is_dir())


def decisive_in(domain: str, folder: Path | None = None) -> tuple[str, ...]:
    """Those without which outcome, claim or level could be another. The rule of duties is none of them, and came later."""
    return tuple(name for name in asked_in(domain, folder) if name != named.DUTIES)


def pinned_for(domain: str, on: date) -> tuple[EditionRef, ...]:
    """The editions in force on a day (Asia/Seoul), in the order of the screens.

    Raises: NotFoundError where there is none for the domain or the day; InvalidFileError.
    """
    if domain not in domains():
        known = ", ".join(domains())
        raise NotFoundError(TEXTS.told("no_such_domain", domain=domain, known=known))
    try:
        editions = [load.in_force(name, on, load.FOLDER) for name in asked_in(domain)]
    except UnknownEditionError as error:
        raise NotFoundError(TEXTS.told("no_edition_in_force", error=error, day=on)) from None
    pinned = with_second_scale({edition.id: edition for edition in editions}, domain, on)
    return tuple(EditionRef(edition.id, edition.version, edition.sha256) for edition in pinned.values())


def with_second_scale(
    required: Mapping[str, Edition], domain: str, on: date, folder: Path | None = None, version: str | None = None
) -> dict[str, Edition]:
    """These editions and, right behind the domain's, the second scale that it names, in this version or as in force on the day.

    Without one, or before its first day, as they are: it is optional. Raises: UnknownEditionError for a version that is not there.
    """
    name = required[domain].questionnaire.second_scale
    if name is None:
        return dict(required)
    beside = folder or load.FOLDER
    try:
        scale = load.edition(name, version, beside) if version else load.in_force(name, on, beside)
    except UnknownEditionError:
        if version:
            raise
        return dict(required)
    return {
        placed.id: placed
        for edition in required.values()
        for placed in ((edition, scale) if edition.id == domain else (edition,))
    }


def for_assessment(assessment: Assessment) -> dict[str, Edition]:
    """Questionnaire id → the pinned edition, in the order in which it was pinned.

    Raises: QuestionnaireChangedError where a file is gone or has another digest than the pinned one; InvalidFileError.
    """
    return of_pinned(assessment.editions)


def of_pinned(refs: Iterable[EditionRef]) -> dict[str, Edition]:
    """Like for_assessment, before there is one. Raises: QuestionnaireChangedError; InvalidFileError."""
    return {pinned.id: _pinned(pinned) for pinned in refs}


def questionnaires(assessment: Assessment) -> dict[str, Questionnaire]:
    """Like for_assessment, for the rules. Raises: QuestionnaireChangedError; InvalidFileError."""
    return {name: edition.questionnaire for name, edition in for_assessment(assessment).items()}


def _pinned(pinned: EditionRef) -> Edition:
    file = f"questionnaires/{pinned.id}/{pinned.version}.yaml"
    try:
        edition = load.edition(pinned.id, pinned.version, load.FOLDER)
    except UnknownEditionError:
        raise QuestionnaireChangedError(TEXTS.told("edition_missing", file=file)) from None
    if edition.sha256 == pinned.sha256:
        return edition
    earlier = load.earlier_draft(pinned.id, pinned.version, pinned.sha256, load.FOLDER)
    if earlier is None:
        raise QuestionnaireChangedError(
            TEXTS.told("edition_altered", file=file, digest=edition.sha256[:12], pinned=pinned.sha256[:12])
        )
    return earlier
