"""Which legal roles the organisation has for this system: find_roles. A set, possibly empty, possibly contested."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.derived import ContestedGround, Reason, RoleEntry, RoleFinding
from assessments.model import Answers
from questionnaires import conditions
from questionnaires.conditions import Visibility
from questionnaires.schema import FindingEntry, Ground, Questionnaire


def find_roles(questionnaire: Questionnaire, answers: Answers) -> RoleFinding:
    """The roles: every entry not certainly false counts, and is contested by any ground not certainly false."""
    visibility = conditions.visible(questionnaire, answers)
    return RoleFinding(tuple(_entries(questionnaire, visibility, answers)))


def _entries(questionnaire: Questionnaire, visibility: Visibility, answers: Answers) -> Iterator[RoleEntry]:
    for entry in questionnaire.findings:
        truth = conditions.holds(entry.when, visibility, answers)
        if truth is not False:
            reason = Reason(entry.because, entry.source)
            yield RoleEntry(entry.adds, truth is True, reason, _grounds(entry, visibility, answers), entry.then)


def _grounds(entry: FindingEntry, visibility: Visibility, answers: Answers) -> tuple[ContestedGround, ...]:
    judged = ((ground, _truth(ground, visibility, answers)) for ground in entry.contested_if)
    return tuple(
        ContestedGround(ground.because, ground.source, truth is True) for ground, truth in judged if truth is not False
    )


def _truth(ground: Ground, visibility: Visibility, answers: Answers) -> bool | None:
    return True if ground.when is None else conditions.holds(ground.when, visibility, answers)
