"""One person on the administrators' screen, and the forms around them: show, add_form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from assessments import actions, entrance
from assessments.entrance import NewLink
from assessments.model import Actor, Grant, Role
from assessments.roster import Account, Member, Roster
from pages._field import forms
from pages._frame import browsers, database, enum_names, markup, pressing, shared
from pages._frame.shared import _

MOST_ID, MOST_NAME, MOST_EMAIL = 60, 200, 200
NEW = "person-new-"


def add_form(listed: Roster) -> None:
    with st.form("person-new", border=False, enter_to_submit=False):
        forms.text(
            _("Id"),
            key=f"{NEW}id",
            max_chars=MOST_ID,
            required=True,
            hint=_("Small letters, digits, dots and hyphens. They sign in with it, and nobody else is ever given it."),
        )
        forms.text(_("Name"), key=f"{NEW}name", max_chars=MOST_NAME, required=True, hint=_("As reports print it."))
        forms.text(
            _("Position and department (optional)"), key=f"{NEW}position", max_chars=MOST_NAME, hint=_position_hint()
        )
        forms.text(_("E-mail address (optional)"), key=f"{NEW}email", max_chars=MOST_EMAIL)
        forms.choice(_("Unit"), _units(listed), key=f"{NEW}unit", value=_first(listed), required=True, is_list=True)
        forms.choices(_("Roles"), _roles(), key=f"{NEW}roles", required=True)
        pressing.button(_("Add this person"), "person-new-go", _add, in_form=True, type="primary")


def show(member: Member, listed: Roster, actor: Actor) -> None:
    """Who it is, which roles they hold where, and in folds what can be changed."""
    account = member.account
    heading = markup.h2(markup.joined((account.name, " ", markup.code(account.id))))
    position = (markup.quiet(account.position),) if account.position else ()
    markup.show(markup.joined((heading, *position, markup.tags(*_standing(member)))))
    rows = [
        (listed.units[unit], ", ".join(enum_names.role(role, shared.language()) for role in roles))
        for unit, roles in _by_unit(account, listed).items()
    ]
    markup.show(markup.definitions(rows, "h-answers h-tight") if rows else markup.empty(_("No role.")))
    with shared.folds(f"person-{account.id}"):
        with forms.fold(_("Roles"), f"roles-{account.id}", of=f"role-{account.id}-") as is_open:
            if is_open:
                _role_forms(account, listed)
        if member.is_own:
            with forms.fold(_("Sign-in"), f"entry-{account.id}", of=f"entry-{account.id}-") as is_open:
                if is_open:
                    _entry_forms(member, actor)
            with forms.fold(_("Correct the details"), f"person-{account.id}", of=f"person-{account.id}-") as is_open:
                if is_open:
                    _details_form(account)


def _standing(member: Member) -> list[Markup]:
    account = member.account
    if not account.is_active:
        return [markup.tag(_("disabled"), "bad")]
    tags = [] if member.has_password else [markup.tag(_("no password yet"), "wait")]
    if member.has_second_factor:
        tags.append(markup.tag(_("second factor"), "good"))
    if member.invited_until is not None:
        tags.append(markup.tag(_("link until {at}", at=shared.moment(member.invited_until)), "open"))
    if member.sessions:
        tags.append(markup.tag(_("signed in, last seen {at}", at=shared.moment(member.sessions[0].seen_at)), "good"))
    if not member.is_own:
        tags.append(markup.tag(_("looked after elsewhere")))
    return tags


def _by_unit(account: Account, listed: Roster) -> Mapping[int, list[Role]]:
    """Unit → the roles held there, of the units that the reader administers."""
    units: dict[int, list[Role]] = {}
    for role in Role:
        for grant in sorted(account.grants, key=lambda grant: grant.unit):
            if grant.role is role and grant.unit in listed.units:
                units.setdefault(grant.unit, []).append(role)
    return dict(sorted(units.items()))


# --- forms -----------------------------------------------------------------------------------------------


def _role_forms(account: Account, listed: Roster) -> None:
    for unit, roles in _by_unit(account, listed).items():
        for role in roles:
            where = {"role": enum_names.role(role, shared.language()), "unit": listed.units[unit]}
            label = _("Take away: {role} in {unit}", **where)
            key = f"take-{account.id}-{unit}-{role.value}"
            pressing.button(shared.literal(label), key, _take_role, account, Grant(role, unit))
    key = f"role-{account.id}-"
    with st.form(f"role-{account.id}", border=False, enter_to_submit=False):
        forms.choice(_("Role"), _roles(), key=f"{key}role", required=True, is_list=True)
        forms.choice(_("Unit"), _units(listed), key=f"{key}unit", value=_first(listed), required=True, is_list=True)
        markup.show(markup.quiet(_("It holds in this unit and in all units below it.")))
        pressing.button(_("Give this role"), f"give-{account.id}", _give_role, account, key, in_form=True)


def _entry_forms(member: Member, actor: Actor) -> None:
    account = member.account
    if account.is_active:
        label = _("Make a link to a new password") if member.has_password else _("Make an invitation link")
        pressing.button(label, f"link-{account.id}", _invite, account, False)
        if member.has_second_factor:
            markup.show(
                markup.quiet(_("Whoever lost second factor and recovery codes needs a link that takes them away."))
            )
            pressing.button(_("Make a link without second factor"), f"link-bare-{account.id}", _invite, account, True)
    if member.sessions:
        markup.show(
            markup.table(
                (_("Browser"), _("Address"), _("Since"), _("Last seen")),
                [
                    (
                        browsers.named(login.browser) or _("An unknown browser"),
                        login.address,
                        shared.moment(login.created_at),
                        shared.moment(login.seen_at),
                    )
                    for login in member.sessions
                ],
                _("Open sessions"),
            )
        )
        pressing.button(_("End all sessions"), f"sessions-{account.id}", _end_sessions, account)
    if account.id == actor.id:
        return
    if account.is_active:
        markup.show(markup.quiet(_("Whoever is disabled is signed out at once; what they did stays under their name.")))
        pressing.button(_("Disable"), f"disable-{account.id}", _disable, account)
    else:
        pressing.button(_("Enable again"), f"enable-{account.id}", _enable, account, type="primary")


def _details_form(account: Account) -> None:
    key = f"person-{account.id}-"
    with st.form(f"person-{account.id}", border=False, enter_to_submit=False):
        forms.text(_("Name"), key=f"{key}name", value=account.name, max_chars=MOST_NAME, required=True)
        label = _("Position and department (optional)")
        forms.text(label, key=f"{key}position", value=account.position, max_chars=MOST_NAME, hint=_position_hint())
        forms.text(_("E-mail address (optional)"), key=f"{key}email", value=account.email, max_chars=MOST_EMAIL)
        markup.show(markup.quiet(_("What was signed under the former name or position keeps it.")))
        pressing.button(_("Save"), f"{key}go", _change, account, key, in_form=True, type="primary")


def _position_hint() -> str:
    return _("As reports print it, such as: Head of Compliance.")


def _roles() -> dict[str, str]:
    return {role.value: enum_names.role(role, shared.language()) for role in Role}


def _units(listed: Roster) -> dict[str, str]:
    return {str(unit): name for unit, name in listed.units.items()}


def _first(listed: Roster) -> str:
    """The only unit, or the one at the top; which is chosen before anything is."""
    return next(iter(_units(listed)), "")


# --- deeds -----------------------------------------------------------------------------------------------


def _add() -> None:
    actor = shared.current_actor()
    if not forms.complete(NEW):
        return
    person_id, email = entrance.account_name(forms.entered(f"{NEW}id")), forms.entered(f"{NEW}email").strip()
    roles = [Role(role) for role in forms.several_entered(f"{NEW}roles")]
    with pressing.problems_kept():
        with forms.deed(NEW) as session:
            unit, at = int(forms.entered(f"{NEW}unit")), shared.now()
            name, position = forms.entered(f"{NEW}name"), forms.entered(f"{NEW}position")
            added = actions.add_person(session, person_id, name, roles, unit, actor, at, position=position)
            if email:
                actions.change_person(session, person_id, added.name, email, actor, at)
            link = actions.invite_person(session, person_id, actor, at)
        _tell_link(_("Added: {name}.", name=added.name), link)


def _change(account: Account, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        name, email = forms.entered(f"{key}name"), forms.entered(f"{key}email")
        position = forms.entered(f"{key}position")
        with forms.deed(key) as session:
            actions.change_person(session, account.id, name, email, actor, shared.now(), position=position)
        pressing.tell(_("Saved: {name}", name=name))


def _give_role(account: Account, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    role, unit = Role(forms.entered(f"{key}role")), int(forms.entered(f"{key}unit"))
    with pressing.problems_kept():
        with forms.deed(key) as session:
            actions.give_role(session, account.id, role, unit, actor, shared.now())
        what = {"name": account.name, "role": enum_names.role(role, shared.language())}
        pressing.tell(_("{name} is now {role}.", **what))


def _take_role(account: Account, grant: Grant) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.take_role(session, account.id, grant.role, grant.unit, actor, shared.now())
        what = {"name": account.name, "role": enum_names.role(grant.role, shared.language())}
        pressing.tell(_("{name} is no longer {role} there.", **what))


def _invite(account: Account, without_second_factor: bool) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            at = shared.now()
            link = actions.invite_person(session, account.id, actor, at, without_second_factor=without_second_factor)
        _tell_link(_("A link for {name}.", name=account.name), link)


def _end_sessions(account: Account) -> None:
    _simple(actions.end_sessions, account, _("All sessions of {name} have ended.", name=account.name))


def _disable(account: Account) -> None:
    _simple(actions.disable_person, account, _("{name} can no longer sign in.", name=account.name))


def _enable(account: Account) -> None:
    _simple(actions.enable_person, account, _("{name} can sign in again.", name=account.name))


def _simple(deed: Callable[..., object], account: Account, message: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            deed(session, account.id, actor, shared.now())
        pressing.tell(message)


def _tell_link(what: str, link: NewLink) -> None:
    """It is shown this once: only its digest is kept."""
    here = urlsplit(st.context.url or "")
    way = _("Hand it over yourself. It opens once, until {at}, and is not shown again.", at=shared.moment(link.ends_at))
    address = f"{here.scheme}://{here.netloc}/link/{link.token}"
    pressing.tell(what, markup.paragraph(way) + markup.paragraph(markup.code(address)))
