"""Reading a small YAML file into a pydantic shape, every problem with its line: read_shape."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires import strict_yaml
from questionnaires.problems import InvalidFileError, Problem

_Shape = TypeVar("_Shape", bound=BaseModel)


def read_shape(shape: type[_Shape], content: bytes, name: str) -> _Shape:
    """Raises: InvalidFileError with all problems at once."""
    parsed = strict_yaml.parse(content, name)
    try:
        return shape.model_validate(parsed.data)
    except ValidationError as error:
        raise InvalidFileError(_problem(parsed, one["loc"], one["msg"]) for one in error.errors()) from None


def _problem(parsed: strict_yaml.Parsed, place: tuple[str | int, ...], message: str) -> Problem:
    where = ".".join(str(part) for part in place if part != "[key]") or "the file"
    what = f"{where}: {message.removeprefix('Value error, ')}."
    remedy = "Correct it; `haetae log import --help` names the keys."
    return Problem(parsed.file, parsed.line(place), what, remedy)
