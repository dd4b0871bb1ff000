"""What waits for whoever is here, by role, and all assessments; of both one page."""

from __future__ import annotations

import streamlit as st

from assessments import viewing
from assessments.rights import may
from assessments.storage.entries import AssessmentSummary
from assessments.viewing import Page
from pages._frame import database, enum_names, frame, markup, pressing, screens, shared
from pages._frame.shared import _, many
from pages._parts import asking as _asking
from pages._parts import by_role, giving, oversight, paging
from pages._parts import following as _following
from pages._parts import lists as _lists
from pages._parts import recourse as _recourse
from pages._parts import waiting as _waiting
from pages._server import reports
from questionnaires.wording import seoul_day

MOST_BEGUN = 3
"""What somebody wrote in last is offered first; the rest waits below."""
MOST_WAITING = 10
"""On one page, so that the list of all is not far below."""
MOST_MENTIONS = 10

actor = shared.acting()
language = shared.language()
frame.heading(screens.title_of("home", language))
frame.show_drafts_in_use()
pressing.at_top()
standing = reports.key_standing(actor)
if standing and standing.warning:
    markup.show(markup.notice("bad", standing.warning[language]))


def _links(page: Page[AssessmentSummary], name: str, **query: object) -> None:
    if page.entries:
        ends = [
            paging.changed(assessment.updated_at, assessment.id) for assessment in (page.entries[0], page.entries[-1])
        ]
        paging.links(page, "home", name, ends, q=search.text, **query)


with shared.problems_shown():
    search = paging.search(_("Search"), _("System, operator or assessment number"), "waiting", "all")
    chosen = shared.whole(st.query_params.get("system", "")) or None
    is_archive = st.query_params.get("archived") == "1"
    with database.reading() as session:
        goes_on = not (chosen or search or is_archive) and may(actor, "record_response")
        begun = viewing.begun_by(session, actor, MOST_BEGUN) if goes_on else ()
        shown = [assessment.id for assessment in begun]
        start = paging.by_change("waiting")
        waiting = (
            None
            if chosen or is_archive
            else viewing.waiting_for(session, actor, search, start=start, limit=MOST_WAITING, but=shown)
        )
        besides = None if chosen or is_archive else actor
        start = paging.by_change("all")
        listed = viewing.assessments(
            session,
            actor,
            search,
            system_id=chosen,
            start=start,
            besides=besides,
            but=shown,
            archived=is_archive,
        )
        drafts = [viewing.assessment(session, actor, number) for number in shown]
        system = viewing.system(session, actor, chosen) if chosen else None
        where = viewing.places(session, actor)
        is_whole, today = not (chosen or search or is_archive), seoul_day(shared.now())
        due = viewing.due_for(session, actor, today, MOST_WAITING) if is_whole else None
        under_way = viewing.requests_under_way(session, actor, today=today) if is_whole else ()
        sees_requests = is_whole and may(actor, "answer_request")
        requests = viewing.requests_due_for(session, actor, today, MOST_WAITING) if sees_requests else None
        mentions = viewing.mentions_of(session, actor, MOST_MENTIONS) if is_whole else ()
        shares = viewing.given_to(session, actor) if is_whole else ()
        shelved = viewing.archived_count(session, actor)
        figures = by_role.read(session, actor, today) if is_whole else None
        overseen = oversight.read(session, actor, shared.now()) if is_whole else None
    if drafts:
        markup.show(markup.h2(_("What you have begun")))
    for draft, summary in zip(drafts, begun, strict=True):
        _lists.begun(draft, summary.signed)
    is_told = viewing.is_awaited(actor) and not drafts
    if waiting is not None and (waiting.entries or mentions or shares or is_told):
        total = markup.span(f"{waiting.total + len(mentions) + len(shares):,}", "h-count")
        markup.show(markup.h2(markup.joined((_("Waiting for you"), " ", total))))
        giving.rows(shares, actor)
        if may(actor, "assign_review"):
            markup.show(markup.paragraph(markup.link(shared.address("queue"), _("Review queue of all your units"))))
        _waiting.mentions(mentions)
        if not waiting.entries and not mentions and not shares:
            markup.show(markup.empty(_("Nothing waits for you now.")))
        for assessment in waiting.entries:
            _lists.row(assessment, "task", _lists.task(assessment, where.at(assessment.unit_id)))
        _links(waiting, "waiting", all=st.query_params.get("all"))
    if figures is not None:
        by_role.show(figures)
    if overseen is not None:
        oversight.show(overseen)
    if requests and requests.total:
        count = markup.span(f"{requests.total:,}", "h-count")
        markup.show(
            markup.h2(markup.joined((_("Requests of people concerned that are due"), " ", count)), id="requests")
        )
        if requests.overdue:
            text = many("{count} request is overdue.", "{count} requests are overdue.", requests.overdue)
            markup.show(markup.notice("note", text))
        _recourse.rows(requests.entries, today)
        markup.show(markup.paragraph(markup.link(shared.address("recourse"), screens.title_of("recourse", language))))
    if due and due.total:
        count = markup.span(f"{due.total:,}", "h-count")
        markup.show(markup.h2(markup.joined((_("Due after decisions"), " ", count)), id="due"))
        _following.rows(due.entries, today)
        if (rest := due.total - len(due.entries)) > 0:
            markup.show(markup.quiet(many("{count} more, later", "{count} more, later", rest)))
        markup.show(markup.paragraph(markup.link("/files/calendar.ics", _("Days as a calendar file"))))
    if under_way:
        markup.show(markup.h2(_("Requests under Art. 33 under way"), "confirmation"))
        _asking.rows(under_way, today)
    if is_archive:
        markup.show(markup.h2(markup.joined((_("Archived assessments"), " ", paging.count(listed)))))
        markup.show(markup.paragraph(markup.link("/", _("All assessments"))))
    elif system is None:
        markup.show(markup.h2(markup.joined((_("Other assessments"), " ", paging.count(listed)))))
    else:
        name = _lists.name_of(system, language)
        markup.show(markup.h2(markup.joined((_("Assessments of {system}", system=name), " ", paging.count(listed)))))
        st.page_link(frame.FOLDER / "home.py", label=_("All assessments"), icon=":material/arrow_back:")
    if not listed.entries and (search or chosen):
        markup.show(paging.nothing_here())
    elif not listed.entries and not drafts and not (waiting and waiting.entries):
        if may(actor, "register_system"):
            markup.show(markup.empty(_("There is no assessment yet. Register a system, then start one.")))
            st.page_link(frame.FOLDER / "systems.py", label=_("Register a system"), icon=":material/add:")
        else:
            markup.show(markup.empty(_("There is no assessment yet.")))
    for assessment in listed.entries:
        _lists.row(assessment, "all", enum_names.outcome(assessment.outcome, language))
    _links(listed, "all", waiting=st.query_params.get("waiting"), system=chosen, archived="1" if is_archive else None)
    if shelved and not is_archive:
        label = many("{count} archived assessment", "{count} archived assessments", shelved)
        markup.show(markup.paragraph(markup.link(shared.address("", archived=1), label)))
