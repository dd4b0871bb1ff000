"""The numbers by which decision logs and figures are judged, read from method.yaml: number."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from questionnaires.strict_yaml import parse


class Number(BaseModel):
    """One number with where it comes from and why it is that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    source: Annotated[str, Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]


@cache
def numbers() -> dict[str, Number]:
    """By name."""
    file = Path(__file__).with_name("method.yaml")
    return TypeAdapter(dict[str, Number]).validate_python(parse(file.read_bytes(), file.name).data)


def number(name: str) -> float:
    """Raises: KeyError."""
    return numbers()[name].value


def whole(name: str) -> int:
    """A number that counts something. Raises: KeyError; ValueError where it is no whole number."""
    value = number(name)
    if not value.is_integer():
        raise ValueError(f"method.yaml: {name} is {value}, not a whole number.")
    return int(value)
