"""What auditors and administrators look after: history, backups, who came in, people and settings. read, show, for home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from assessments import mail, network, roster, security_log, viewing
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.keeping import auditing, backup
from assessments.keeping.auditing import LastVerified
from assessments.model import Actor, Role
from assessments.roster import Only
from assessments.security_log import Deed, Lately
from exports.seal import settings
from pages._frame import markup, shared
from pages._frame.database import Session
from pages._frame.shared import _, many
from pages._parts import audit, by_role
from questionnaires.problems import InvalidFileError

LATELY = timedelta(days=7)
MOST_SHOWN = 30
"""Entries of the security log of each kind."""


@dataclass(frozen=True)
class Installation:
    """Of the whole installation, for whoever may verify it."""

    verified: LastVerified | None
    events: int
    """In the chain now."""
    backed_up_at: datetime | None
    lately: Lately | None
    """None: the log cannot be read."""


@dataclass(frozen=True)
class Oversight:
    """What is drawn of it."""

    is_auditor: bool
    installation: Installation | None
    """None: somebody else verifies the installation."""
    people: Mapping[Only, int] | None
    """None: they administer nowhere."""
    missing: Sequence[str] | None
    """Settings that nobody has made. None: somebody else sees the settings."""


def read(session: Session, actor: Actor, at: datetime) -> Oversight:
    """Nothing of what the actor's roles do not reach."""
    installation = _installation(session, actor, at) if viewing.may_audit(session, actor) else None
    people = roster.headcount(session, actor, at) if Role.ADMINISTRATOR in actor.roles else None
    missing = _missing() if viewing.may_read_settings(session, actor) else None
    return Oversight(Role.AUDITOR in actor.roles, installation, people, missing)


def _installation(session: Session, actor: Actor, at: datetime) -> Installation:
    try:
        lately = security_log.lately(at - LATELY)
    except OSError:
        lately = None
    return Installation(auditing.last_verified(), viewing.events_kept(session, actor), backup.newest_at(home()), lately)


def _missing() -> Sequence[str]:
    """What is set and cannot be read is missing too; the screen of settings says why."""
    places: Mapping[str, Callable[[], object]] = {
        _("mail server for reminders"): mail.current,
        _("malware scanner for uploads"): lambda: network.current().scanner,
        _("time stamps in seals"): lambda: settings.read(home()).time_stamps,
    }
    return [name for name, read_setting in places.items() if not _is_set(read_setting)]


def _is_set(read_setting: Callable[[], object]) -> bool:
    try:
        return read_setting() is not None
    except (AssessmentError, InvalidFileError):
        return False


def show(made: Oversight) -> None:
    if made.installation is not None or made.is_auditor:
        rows = _of_installation(made.installation) if made.installation else []
        if made.is_auditor:
            rows.append((_("Sample of decisions"), markup.link(shared.address("sample"), _("Draw one"))))
        markup.show(markup.h2(_("Verification and audit")) + markup.definitions(rows, "h-answers h-tight"))
    if made.installation is not None:
        audit.offer()
        if made.installation.lately is not None:
            _show_lately(made.installation.lately)
    if made.people is not None:
        rows = [
            (only_title(only), by_role.figure(number, shared.address("people", only=only.value)))
            for only, number in made.people.items()
        ]
        if made.missing is not None:
            link = markup.link(shared.address("settings"), ", ".join(made.missing))
            rows.append((_("Not set up"), link if made.missing else markup.aside(_("none"))))
        markup.show(markup.h2(_("People and settings")) + markup.definitions(rows, "h-answers h-tight h-roles"))


def only_title(only: Only) -> str:
    return {
        Only.NO_PASSWORD: _("People without a password"),
        Only.NO_SECOND_FACTOR: _("People without a second factor"),
        Only.NO_ROLE: _("People without a role"),
        Only.SIGNED_IN: _("People with an open session"),
    }[only]


def _of_installation(installation: Installation) -> list[tuple[str, str]]:
    verified = _("never")
    if installation.verified is not None:
        verified = _(
            "{at}, intact up to event {number}",
            at=shared.moment(installation.verified.at),
            number=f"{installation.verified.upto.seq:,}",
        )
        since = max(0, installation.events - installation.verified.upto.seq)
        verified += " · " + many("{count} event since", "{count} events since", since)
    backed_up = shared.moment(installation.backed_up_at) if installation.backed_up_at else _("none in the home folder")
    elsewhere = markup.quiet(_("Backups that were written elsewhere are not known here."))
    return [
        (_("History last verified"), verified),
        (_("Last backup"), markup.joined((backed_up, elsewhere))),
    ]


def _show_lately(lately: Lately) -> None:
    """Folded, for the newest of them suffice to see whether to look into the log itself."""
    came_in = many("{count} sign-in in the last 7 days", "{count} sign-ins in the last 7 days", len(lately.came_in))
    refused = many("{count} refusal in the last 7 days", "{count} refusals in the last 7 days", len(lately.refused))
    markup.show(_log(came_in, lately.came_in, lately) + _log(refused, lately.refused, lately))


def _log(title: str, entries: Sequence[Mapping[str, str]], lately: Lately) -> Markup:
    if not entries:
        return markup.quiet(title)
    rows = [
        (
            shared.moment(_moment(entry)),
            _deed(entry.get("deed", "")),
            entry.get("actor", "") or _("not known"),
            entry.get("address", ""),
            " · ".join(part for part in (entry.get("subject", ""), entry.get("reason", "")) if part),
        )
        for entry in entries[:MOST_SHOWN]
    ]
    head = (_("When"), _("Deed"), _("Who"), _("Address"), _("Of what, and why"))
    more = markup.NOTHING
    if len(entries) > MOST_SHOWN or not lately.is_whole:
        text = _("The {count} newest. All of them: ", count=len(rows))
        more = markup.paragraph(markup.joined((text, markup.code("haetae security-log"))), "h-quiet")
    return markup.folded(title, markup.table(head, rows) + more)


def _moment(entry: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(entry.get("at", ""))
    except ValueError:
        return None


def _deed(deed: str) -> str:
    return {
        Deed.SIGN_IN: _("Sign-in"),
        Deed.SIGN_OUT: _("Sign-out"),
        Deed.SESSION_ENDED: _("Session ended"),
        Deed.CREDENTIAL: _("Means of sign-in"),
        Deed.RIGHTS: _("Rights"),
        Deed.REQUEST: _("Request"),
        Deed.DEED: _("Deed"),
        Deed.DOWNLOAD: _("Download"),
        Deed.UPLOAD: _("Upload"),
        Deed.VERIFICATION: _("Verification"),
        Deed.SETTINGS: _("Settings"),
    }.get(Deed(deed) if deed in set(Deed) else Deed.REQUEST, deed)
