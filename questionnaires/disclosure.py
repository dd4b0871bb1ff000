"""Words of the public notice, the notices of Act Art. 31 and the rights sheets, as data: disclosure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Text

FILE = Path(__file__).with_name("disclosure.yaml")


class Item(Model):
    """An item of Decree Art. 27(1), and the fields of the form that hold it."""

    id: Id
    number: str
    title: Text
    fields: Annotated[tuple[Id, ...], Field(min_length=1)]


class Publication(Model):
    title: Text
    source: Text
    intro: Text
    undetermined: Text
    not_owed: Text
    place: Text
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    item_planned: Text
    item_planned_openly: Text
    """Without a day."""
    item_not_shown: Text
    item_inherited: Text
    left_out: Text
    """Said once where a trade secret is."""


class Method(Model):
    """One of the ways of Decree Art. 23(1), and what to say that way."""

    id: Id
    title: Text
    text: Text


class Label(Model):
    duty: Id
    """Of the rule of duties."""
    title: Text
    text: Text
    more: Text


class Notices(Model):
    title: Text
    source: Text
    intro: Text
    only_users: Text
    nothing_owed: Text
    undetermined: Text
    not_owed_head: Text
    not_owed: Text
    exempt: Mapping[str, Text]
    kinds_of_ai: Mapping[str, Text]
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    advance_duty: Id
    """Of the rule of duties."""
    advance: Text
    before: Text
    label: Label
    deepfake: Label


class AutomaticIf(Model):
    """An answer of the domain's questionnaire that says that some cases are decided without people."""

    question: Id
    options: Annotated[tuple[str, ...], Field(alias="is", min_length=1)]


class DomainRights(Model):
    role: Text
    automatic_if: tuple[AutomaticIf, ...] = ()
    no_rights: tuple[Text, ...] = ()
    further: tuple[Text, ...] = ()


class PlainKind(Model):
    """A kind of request in words for whoever asks."""

    ask: Text
    until: Text | None = None
    """Where the law sets no number of days."""


class Rights(Model):
    title: Text
    source: Text
    intro: Text
    whom: Text
    whom_text: Text
    contact: Text
    automated: Text
    automated_states: Mapping[str, Text]
    rights_head: Text
    row_head: tuple[Text, Text, Text]
    groups: Mapping[str, Text]
    kinds: Mapping[str, PlainKind]
    """Of recourse.yaml."""
    forces: Mapping[str, Text]
    fully: Text
    period: Text
    period_plain: Text
    period_example: Text
    """Of a guideline, which sets none and gives an example."""
    no_right_head: Text
    further_head: Text
    counting: Text
    no_rights: tuple[Text, ...]
    further: tuple[Text, ...]
    anybody: DomainRights
    """Of a domain that is not among these."""
    domains: Mapping[str, DomainRights]


class Disclosure(Model):
    read_on: date
    publication: Publication
    notices: Notices
    rights: Rights


@cache
def disclosure() -> Disclosure:
    """Raises: InvalidFileError."""
    return shaped(parse(FILE.read_bytes(), FILE.name), Disclosure)
