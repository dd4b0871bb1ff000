"""Reading a small YAML file into a pydantic shape, every problem with its line: read_shape."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from questionnaires import strict_yaml
from questionnaires.shape import shaped

_Shape = TypeVar("_Shape", bound=BaseModel)


def read_shape(shape: type[_Shape], content: bytes, name: str) -> _Shape:
    """Raises: InvalidFileError with all problems at once."""
    return shaped(strict_yaml.parse(content, name), shape)
