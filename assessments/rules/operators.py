"""What the questionnaire on roles says of the duties of operators: is_operator, keep_years. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import RoleFinding
from questionnaires.schema import Questionnaire


def is_operator(role: RoleFinding | None, questionnaires: Mapping[str, Questionnaire]) -> bool:
    """Whether the organisation is one of the roles that the Act calls operators, or may be; True where it is not asked."""
    operators = next(
        (questionnaire.operators for questionnaire in questionnaires.values() if questionnaire.operators), None
    )
    return role is None or operators is None or bool({*role.roles, *role.possible} & set(operators.roles))


def keep_years(questionnaires: Mapping[str, Questionnaire]) -> int | None:
    """Years for which the grounds of measures are kept. None: there is no questionnaire on roles."""
    return next(
        (questionnaire.operators.keep_years for questionnaire in questionnaires.values() if questionnaire.operators),
        None,
    )
