"""SQL that each kind of database words in its own way: Unindexed, Position, JsonField, DaysBetween, NumbersOf, Literally.

How each is worded stands in `dialects`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, literal_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType


class Unindexed(FunctionElement[Any]):
    """A column by which no index is to be chosen."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


class Position(FunctionElement[int]):
    """Of a text within another, from 1: `Position(text, part)`. 0: it does not stand there."""

    type = Integer()
    inherit_cache = True


class JsonField(FunctionElement[str]):
    """What a JSON text holds: `JsonField(text, outer, inner)`. Of a text the text itself, of a truth value 1 or 0, else NULL."""

    type = String()
    inherit_cache = True


class DaysBetween(FunctionElement[int]):
    """`DaysBetween(first, last)`, which are days."""

    type = Integer()
    inherit_cache = True


class NumbersOf(FunctionElement[int]):
    """The numbers of a JSON list as rows: `NumbersOf(text).table_valued(column("value", Integer))`."""

    type = Integer()
    inherit_cache = True


class Literally(FunctionElement[bool]):
    """A condition in the very words of a partial index, without which SQLite does not take it: `Literally("has_log = 1")`."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, words: str) -> None:
        super().__init__(literal_column(words))

    @property
    def words(self) -> str:
        """They are a clause of it, by which a statement that was worded once is known again."""
        (clause,) = self.clauses
        return str(clause.name)

    def self_group(self, against: OperatorType | None = None) -> Literally:
        """As it stands: compared with 1, as SQLite has other truth values compared, it would be no condition of an index."""
        return self
