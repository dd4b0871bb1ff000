"""One unit on the administrators' screen: what it holds, and its forms: show, move_form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from assessments import actions, roster
from assessments.errors import IncompleteError, InvalidAnswerError
from assessments.model import Committee, Demand, Role
from assessments.roster import Place, Unit
from pages._field import forms
from pages._frame import enum_names, markup, pressing, shared
from pages._frame.shared import _, many
from questionnaires import reading
from questionnaires.texts import Told, texts_of

MOST_NAME = 200
_CHAIR_VOTES, _AT_TIES = "all", "ties"
_NOBODY, _ALL, _ROLES = "nobody", "everybody", "roles"
TEXTS = texts_of(__file__)


def show(place: Place, administered: Sequence[Place]) -> None:
    """administered: all that the reader can move it to."""
    unit, holding = place.unit, place.holding
    counts = (
        many("{count} person", "{count} people", holding.people),
        many("{count} operator", "{count} operators", holding.operators),
        many("{count} system", "{count} systems", holding.systems),
    )
    demanded = (_("second factor demanded of: {whom}", whom=whom(place.demand)),) if place.demand else ()
    line = " · ".join((*counts, committee_line(place.committee), *demanded))
    markup.show(markup.h2(place.name) + markup.quiet(line))
    others = {str(other.unit.id): other.name for other in administered if other.unit.id != unit.id}
    with shared.folds(f"unit-{unit.id}"):
        with forms.fold(
            _("Add a unit below"), f"unit-below-{unit.id}", of=f"unit-below-{unit.id}-", icon=":material/add:"
        ) as is_open:
            if is_open:
                _name_form(f"unit-below-{unit.id}-", "", _("Add this unit"), unit)
        with forms.fold(_("Rename"), f"unit-name-{unit.id}", of=f"unit-name-{unit.id}-") as is_open:
            if is_open:
                _name_form(f"unit-name-{unit.id}-", unit.name, _("Save"), unit)
        of = f"unit-committee-{unit.id}-"
        with forms.fold(_("Committee"), f"unit-committee-{unit.id}", of=of) as is_open:
            if is_open:
                _committee_form(of, place)
        of = f"unit-second-{unit.id}-"
        with forms.fold(_("Second factor"), f"unit-second-{unit.id}", of=of) as is_open:
            if is_open:
                _demand_form(of, place)
        if others and unit.parent is not None:
            with forms.fold(_("Move"), f"unit-move-{unit.id}", of=f"unit-move-{unit.id}-") as is_open:
                if is_open:
                    move_form("unit", unit.id, unit.name, others)


def committee_line(settings: Committee) -> str:
    """How the committee decides, in a few words."""
    if settings.quorum == 1:
        return _("committee of one")
    return many("committee with a quorum of {count}", "committee with a quorum of {count}", settings.quorum)


def _committee_form(key: str, place: Place) -> None:
    unit, settings = place.unit, place.committee
    text = _(
        "Holds for this unit and all below it that have no settings of their own. With a quorum of one, one member decides alone "
        "by one press, which the report says; with more, members vote and a chair closes the vote."
    )
    with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
        markup.show(markup.quiet(text))
        if unit.parent is not None:
            forms.tick(_("As the unit above has it"), key=f"{key}above", value=unit.committee is None)
        quorum = str(settings.quorum)
        forms.text(_("Quorum: how many members must have voted"), key=f"{key}quorum", value=quorum, kind="number")
        how = {
            _CHAIR_VOTES: _("Members and the chair vote; at a tie the vote of the chair decides"),
            _AT_TIES: _("Members vote; the vote of the chair counts at a tie only"),
        }
        now = _CHAIR_VOTES if settings.chair_votes else _AT_TIES
        forms.choice(_("Who votes"), how, key=f"{key}who", value=now, required=True)
        pressing.button(_("Save"), f"{key}go", _set_committee, unit, key, in_form=True, type="primary")


def whom(demand: Demand | None) -> str:
    """Of whom it is demanded, in words."""
    if demand is None:
        return _("nobody")
    named = [enum_names.role(role, shared.language()) for role in Role if role in demand.roles]
    return ", ".join(named) or _("everybody")


def _demand_form(key: str, place: Place) -> None:
    unit, demand = place.unit, place.demand
    text = _(
        "Whoever is meant shows, after the password, a code of an app or a recovery code, or comes in by a passkey. Who has neither "
        "is led to set one up before anything else opens, also in sessions that are open now. It holds for this unit and all below "
        "it. Whoever comes in by the identity provider has shown it where the provider says so; else it is asked for here."
    )
    rows = [
        (
            enum_names.role(role, shared.language()) if role else _("Everybody"),
            str(headcount.people),
            str(headcount.without),
        )
        for role, headcount in place.headcounts.items()
    ]
    with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
        markup.show(markup.quiet(text))
        markup.show(
            markup.table((_("Role"), _("People"), _("Without a second factor yet")), rows, _("Who has none yet"))
        )
        options = {_NOBODY: _("Nobody"), _ALL: _("Everybody"), _ROLES: _("Only these roles")}
        now = _NOBODY if demand is None else _ROLES if demand.roles else _ALL
        forms.choice(_("Of whom it is demanded"), options, key=f"{key}whom", value=now, required=True)
        roles = {role.value: enum_names.role(role, shared.language()) for role in Role}
        held = [role.value for role in Role if demand and role in demand.roles]
        forms.choices(_("Roles, where only these are meant"), roles, key=f"{key}roles", value=held)
        pressing.button(_("Save"), f"{key}go", _demand, unit, key, in_form=True, type="primary")


def _name_form(key: str, name: str, label: str, unit: Unit) -> None:
    with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
        forms.text(_("Name of the unit"), key=f"{key}name", value=name, max_chars=MOST_NAME, required=True)
        deed = _rename if name else _add
        pressing.button(label, f"{key}go", deed, unit, key, in_form=True, type="primary")


def move_form(kind: str, which: int, name: str, others: Mapping[str, str]) -> None:
    """kind: unit, operator or system. others: units to which it can be moved, by their numbers."""
    key = f"{kind}-move-{which}-"
    with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
        forms.choice(_("To which unit"), others, key=f"{key}to", required=True, is_list=True)
        pressing.button(_("Move"), f"{key}go", _move, kind, which, name, key, in_form=True)


# --- deeds -----------------------------------------------------------------------------------------------


def _add(above: Unit, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    name = forms.entered(f"{key}name")
    with pressing.problems_kept():
        with forms.refused_at(f"{key}name"), forms.deed(key) as session:
            actions.add_unit(session, name, above.id, actor, shared.now())
        pressing.tell(_("Added: {name}.", name=name))


def _set_committee(unit: Unit, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        settings = None
        if not forms.is_ticked(f"{key}above"):
            settings = Committee(_whole(f"{key}quorum"), forms.entered(f"{key}who") == _CHAIR_VOTES)
        with forms.refused_at(f"{key}quorum"), forms.deed(key) as session:
            actions.set_committee(session, unit.id, settings, actor, shared.now())
        pressing.tell(_("Saved: {name}", name=unit.name))


def _demand(unit: Unit, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    chosen, roles = forms.entered(f"{key}whom"), frozenset(map(Role, forms.several_entered(f"{key}roles")))
    demand = None if chosen == _NOBODY else Demand(roles if chosen == _ROLES else frozenset())
    with pressing.problems_kept():
        with forms.refused_at(f"{key}roles"):
            if chosen == _ROLES and not roles:
                raise IncompleteError(TEXTS.told("no_role_chosen"))
        with forms.refused_at(f"{key}whom"), forms.deed(key) as session:
            actions.demand_second_factor(session, unit.id, demand, actor, shared.now())
            meant = roster.lacking(session, unit.id, demand) if demand else None
        sentence = _("Saved: {name}", name=unit.name)
        if meant is not None:
            how_many = _(
                "Demanded of {people}, of whom {without} have none yet and set one up before anything else.",
                people=meant.people,
                without=meant.without,
            )
            pressing.tell(sentence, markup.paragraph(how_many))
        else:
            pressing.tell(sentence)


def _whole(key: str) -> int:
    """What stands in the field, read as numbers are; the deed says what is out of its range. Raises: InvalidAnswerError."""
    with forms.refused_at(key):
        try:
            return reading.whole_number(forms.entered(key))
        except reading.UnreadableError as error:
            raise InvalidAnswerError(Told(error.message.what, error.message.remedy)) from None


def _rename(unit: Unit, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    name = forms.entered(f"{key}name")
    with pressing.problems_kept():
        with forms.refused_at(f"{key}name"), forms.deed(key) as session:
            actions.change_unit(session, unit.id, name, actor, shared.now())
        pressing.tell(_("Saved: {name}", name=name))


def _move(kind: str, which: int, name: str, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    deed = {"unit": actions.move_unit, "operator": actions.move_operator, "system": actions.move_system}[kind]
    with pressing.problems_kept():
        with forms.refused_at(f"{key}to"), forms.deed(key) as session:
            deed(session, which, int(forms.entered(f"{key}to")), actor, shared.now())
        pressing.tell(_("Moved: {name}.", name=name))
