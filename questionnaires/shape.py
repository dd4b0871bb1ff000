"""From a parsed file to a frozen model, every refusal with its line: shaped, refused, first."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires.problems import COMMON, InvalidFileError, Problem
from questionnaires.strict_yaml import Parsed
from questionnaires.vocabulary import Text

Shape = TypeVar("Shape", bound=BaseModel)


def shaped(parsed: Parsed, shape: type[Shape]) -> Shape:
    """Raises: InvalidFileError with every place that the shape refuses."""
    try:
        return shape.model_validate(parsed.data)
    except ValidationError as error:
        raise refused(parsed, error) from None


def refused(parsed: Parsed, error: ValidationError, remedy: Text | None = None) -> InvalidFileError:
    """Every place that the shape refuses. remedy: instead of those that fit any file."""
    return InvalidFileError([_problem(parsed, error_details, remedy) for error_details in error.errors()])


def _problem(parsed: Parsed, error_details: Any, remedy: Text | None) -> Problem:
    path = _data_path(parsed, error_details["loc"])
    problem = _unplaced(error_details)
    named, place = _named(parsed, path), ".".join(str(part) for part in path)
    where = Text(ko=place, en=place) if place else COMMON.text("the_file")
    what_to_do = remedy or Text(ko=problem.remedy_ko, en=problem.remedy)
    return Problem(
        parsed.file,
        parsed.line(path),
        f"{named}{where.en}: {problem.what}",
        what_to_do.en,
        f"{named}{where.ko}: {problem.what_ko}",
        what_to_do.ko,
    )


def first(error: ValidationError) -> Text:
    """For a value that a field on a screen holds: what is wrong with it and what to do, without a place."""
    problem = _unplaced(error.errors()[0])
    return Text(ko=f"{problem.what_ko} {problem.remedy_ko}", en=f"{problem.what} {problem.remedy}")


def of_one(error_details: Any) -> Text:
    """What is wrong, of one of pydantic's errors, for a file that nobody writes by hand."""
    problem = _unplaced(error_details)
    return Text(ko=problem.what_ko, en=problem.what)


def _unplaced(error_details: Any) -> Problem:
    """Of one of pydantic's errors, by its type."""
    limits = dict(error_details.get("ctx") or {})
    if "expected" in limits:
        limits["expected"] = limits["expected"].replace(" or ", ", ")  # a list is the same in both languages
    limits["key"] = error_details["loc"][-1] if error_details["loc"] else ""
    limits["message"] = error_details["msg"].removeprefix("Value error, ")
    return COMMON.problem("", 0, error_details["type"] if error_details["type"] in COMMON else "refused", **limits)


def _named(parsed: Parsed, path: tuple[str | int, ...]) -> str:
    """`question x: ` where the place is inside something with an id."""
    name, value = "", parsed.data
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            name = f"{value['id']}: "
    return name


def _data_path(parsed: Parsed, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The place in the file: pydantic's own marks for union members are left out."""
    path: tuple[str | int, ...] = ()
    for part in loc:
        if (*path, part) in parsed.lines:
            path = (*path, part)
    return path
