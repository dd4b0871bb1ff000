"""What can be spoken of in an assessment: a question, a section, a list, or all of it. of_section, is_section, is_place."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.schema import Questionnaire

WHOLE = "assessment"
"""All of it."""
LISTS = ("scenarios", "measures", "evidence", "log")
_SECTION = "/"


def of_section(questionnaire: str, section: str) -> str:
    """Sections and questions of a questionnaire may share their ids."""
    return f"{questionnaire}{_SECTION}{section}"


def section_of(where: str) -> tuple[str, str] | None:
    """Questionnaire and section. None: this names no section."""
    questionnaire, mark, section = where.partition(_SECTION)
    return (questionnaire, section) if mark else None


def is_section(where: str, questionnaires: Mapping[str, Questionnaire]) -> bool:
    """Whether it is a section of one of them, or the screen of scenarios and measures, which is filled in like one."""
    named = section_of(where)
    if named is None:
        return where == "scenarios"
    questionnaire = questionnaires.get(named[0])
    return questionnaire is not None and named[1] in {section.id for section in questionnaire.sections}


def is_place(where: str, questionnaires: Mapping[str, Questionnaire]) -> bool:
    if where == WHOLE or where in LISTS or is_section(where, questionnaires):
        return True
    name, _dot, question = where.partition(".")
    return name in questionnaires and question in {other.id for other in questionnaires[name].questions()}
