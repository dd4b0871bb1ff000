"""From a parsed file to a frozen model, every refusal with its line: shaped."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires.problems import InvalidFileError, Problem
from questionnaires.strict_yaml import Parsed

Shape = TypeVar("Shape", bound=BaseModel)


def shaped(parsed: Parsed, shape: type[Shape]) -> Shape:
    """Raises: InvalidFileError with every place that the shape refuses."""
    try:
        return shape.model_validate(parsed.data)
    except ValidationError as error:
        raise InvalidFileError([_problem(parsed, found) for found in error.errors()]) from None


_REMEDIES = {
    "extra_forbidden": "Remove the key, or correct its spelling.",
    "missing": "Add it.",
    "model_type": "Write keys with values, as in questionnaires/README.md.",
    "string_too_short": "Write the text; both languages are needed.",
    "enum": "Use one of the values named.",
    "literal_error": "Use one of the values named.",
    "no_condition": "See questionnaires/README.md, conditions.",
}


def _problem(parsed: Parsed, found: Any) -> Problem:
    path = _data_path(parsed, found["loc"])
    kind = found["type"]
    where = ".".join(str(part) for part in path) or "the file"
    named = _named(parsed, path)
    what = {
        "extra_forbidden": f"{where}: there is no such key.",
        "missing": f"{where}: the key '{found['loc'][-1] if found['loc'] else ''}' is missing.",
        "model_type": f"{where}: Input should be a valid dictionary of keys and values.",
        "no_condition": f"{where} {found['msg']}.",
    }.get(kind, f"{where}: {found['msg']}.")
    return Problem(parsed.file, parsed.line(path), named + what, _REMEDIES.get(kind, "Correct it."))


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
