"""How this installation is set, and where each thing is changed: shown, never changed here, for it belongs to whoever runs it."""

from __future__ import annotations

from assessments import mail, network, passwords, periods, roster
from assessments.home import home
from assessments.release import version
from assessments.storage import accounts
from exports.seal import keyring, settings
from pages._admin import door, places
from pages._frame import database, markup, shared
from pages._frame.shared import _
from questionnaires import wording

actor = shared.acting()
door.open_for_administrators("settings", actor)
markup.show(markup.quiet(_("These are set where the server runs, not on a screen. What is written here holds now.")))


def _rows(title: str, rows: list[tuple[str, str, str]]) -> None:
    """rows: what, how it is now, and the variable, file or command that sets it; empty: nothing does."""
    facts = [(what, markup.joined((now, markup.code(where)), " ") if where else now) for what, now, where in rows]
    markup.show(markup.h2(title) + markup.definitions(facts, "h-answers h-tight"))


def _demanded() -> str:
    """Unit by unit; on the screen of units it is changed, too."""
    with database.reading() as session:
        listed = roster.places_administered(session, actor)
    parts = [f"{place.name}: {places.whom(place.demand)}" for place in listed if place.demand]
    return "; ".join(parts) or _("nobody")


with shared.problems_shown():
    net = network.current()
    none, here = _("none"), _("this computer only")
    _rows(
        _("Network"),
        [
            (_("Listens on"), net.address, network.ADDRESS),
            (_("Answers under the names"), ", ".join(sorted(net.hosts)) or here, network.HOSTS),
            (_("Believes the proxies"), ", ".join(map(str, net.proxies)) or none, network.PROXIES),
            (
                _("Certificate of its own for HTTPS"),
                net.certificate.name if net.certificate else none,
                network.CERTIFICATE,
            ),
            (_("Malware scanner for uploads"), _("yes") if net.scanner else none, network.SCANNER),
        ],
    )

idle, absolute = (
    wording.duration(whole.total_seconds())[shared.language()] for whole in (accounts.IDLE, accounts.ABSOLUTE)
)
_rows(
    _("Sign-in"),
    [
        (
            _("Password"),
            _("{count} characters or more, none that is easily guessed", count=passwords.FEWEST),
            "",
        ),
        (_("Second factor demanded of"), _demanded(), "haetae unit second-factor"),
        (_("A session ends without use after"), idle, ""),
        (_("A session ends in any case after"), absolute, ""),
    ],
)

with shared.problems_shown():
    seal, standing = settings.read(home()), keyring.standing(home(), shared.now())
    until = shared.moment(standing.certificate.not_valid_after_utc) if standing else ""
    _rows(
        _("Seal"),
        [
            (
                _("Certificate"),
                _("valid until {at}", at=until) if standing else _("made with the first seal"),
                "haetae key",
            ),
            (_("Time stamps from"), seal.time_stamps.url if seal.time_stamps else none, settings.FILE),
            (_("Revocation lists in every seal"), _("yes") if seal.revocation else none, settings.FILE),
        ],
    )

with shared.problems_shown():
    period, mailbox = periods.current(), mail.current()
    days = ", ".join(map(str, period.remind_days))
    _rows(
        _("After a decision"),
        [
            (_("To be assessed again after"), _("{count} months", count=period.reassess_months), periods.REASSESS),
            (
                _("Own period of keeping"),
                _("{count} years: {basis}", count=period.keep_years, basis=period.keep_basis)
                if period.keep_years
                else _("none; where it is owed, as the questionnaire on roles states"),
                periods.KEEP,
            ),
            (_("Reminders, days before"), days, periods.REMIND),
            (
                _("Reminders are sent by"),
                f"{mailbox.host}:{mailbox.port} ({mailbox.security}), {mailbox.sender}" if mailbox else none,
                mail.HOST,
            ),
            (_("Links in reminders lead to"), mailbox.links or none if mailbox else none, mail.LINKS),
        ],
    )

_rows(
    _("Installation"),
    [
        (_("Release"), version(), "make upgrade"),
        (_("Home folder"), markup.code(str(home())), "HAETAE_HOME"),
    ],
)
