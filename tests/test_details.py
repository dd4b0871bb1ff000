"""A field of an operator or an AI system is declared once; what follows from the declaration agrees with what is written out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from assessments.content.canonical import content, content_sha256
from assessments.content.texts import most_characters
from assessments.details import Detail, details, rows
from assessments.file import shape
from assessments.model import AISystem, Operator
from assessments.storage.tables import OperatorRow, SystemRow, table_of
from exports.record import schema
from exports.words import labels
from tests import report_samples

BOTH = pytest.mark.parametrize("of", [Operator, AISystem])
ROWS = {Operator: OperatorRow, AISystem: SystemRow}
RECORDS: dict[type[Any], type[BaseModel]] = {Operator: schema.OperatorShape, AISystem: schema.SystemShape}
FILES: dict[type[Any], type[BaseModel]] = {Operator: shape.OperatorShape, AISystem: shape.SystemShape}
NO_TEXTS = {"id", "separation", "is_example"}


@BOTH
def test_every_text_field_is_declared(of: type[Any]) -> None:
    assert [field.name for field in fields(of) if field.name not in NO_TEXTS] == list(details(of))


@BOTH
def test_a_declared_field_has_its_column(of: type[Any]) -> None:
    assert set(details(of)) <= {column.name for column in table_of(ROWS[of]).columns}


@BOTH
def test_a_declared_field_stands_in_a_record(of: type[Any]) -> None:
    known = RECORDS[of].model_fields
    assert set(known) == {field.name for field in fields(of)} - {"id"}
    for name, detail in details(of).items():
        assert known[name].is_required() != detail.came_later, name


@BOTH
def test_a_declared_field_stands_in_an_assessment_file(of: type[Any]) -> None:
    def places(model: Any, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
        found = set()
        for name, field in model.model_fields.items():
            is_part = isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
            found |= places(field.annotation, (*above, name)) if is_part else {(*above, name)}
        return found

    assert places(FILES[of]) - {("separation",)} == {detail.file for detail in details(of).values()}


@BOTH
def test_a_declared_field_has_its_words_and_its_length(of: type[Any]) -> None:
    for name, detail in details(of).items():
        assert detail.label in labels.labels()
        assert most_characters(name) == (20_000 if detail.is_long else 300)


def test_what_has_a_place_of_its_own_is_no_row() -> None:
    shown = {label for label, _ in rows(AISystem("도우미", version="3", summary_ko="요약"))}
    assert not shown & {"system", "version", "summary"}
    assert rows(Operator("회사", address="서울"))[:2] == (("registration_number", ""), ("address", "서울"))


@dataclass(frozen=True)
class _Bought(AISystem):
    vendor: Annotated[str, Detail(("vendor",), "operator", came_later=True)] = ""


def test_a_field_that_came_later_leaves_the_content_of_what_does_not_state_it() -> None:
    frozen = report_samples.assessment()
    name = frozen.system.name_ko
    digest = content_sha256(replace(frozen, system=AISystem(name)))
    assert content_sha256(replace(frozen, system=_Bought(name))) == digest
    stated = replace(frozen, system=_Bought(name, vendor="공급사"))
    assert content_sha256(stated) != digest
    assert content(stated)["system"]["vendor"] == "공급사"
