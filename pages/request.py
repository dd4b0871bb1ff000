"""One request of somebody concerned: what is asked, by when it is answered, and the deeds on it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from assessments import actions, viewing
from assessments.errors import NotFoundError
from assessments.rights import may
from assessments.rules.recourse import Answer, Request, State
from assessments.viewing import RequestView
from pages._field import forms
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._parts import events, findings
from pages._parts import lists as _lists
from pages._parts import recourse as _recourse
from questionnaires import wording
from questionnaires.recourse import RequestKind, extended_day, recourse
from questionnaires.wording import seoul_day

KEPT, CHANGED = "kept", "changed"

actor = shared.acting()
language = shared.language()
today = seoul_day(shared.now())


# --- what is asked ----------------------------------------------------------------------------------------------


def _facts(view: RequestView, kind: RequestKind | None) -> None:
    request, word = view.request, findings.word
    system = markup.link(
        shared.address("system", system=request.system_id), _lists.name_of(view.system.system, language)
    )
    rows: list[tuple[str, str]] = [
        (_("What is asked for"), _recourse.kind_title(request.kind)),
        (_("What the person asks"), markup.free_text(request.asked or _("erased"))),
        (_("Your reference"), request.reference or _("erased")),
        (_("System"), system),
        (_("Unit"), " / ".join(view.unit_names)),
        (_("Received on"), _recourse.day(request.received)),
        (_("How it came"), _recourse.title_of(recourse().channels, request.channel) or word("not_given")),
        (_("Decision concerned"), _decision(request) or word("not_given")),
        (_("Owner"), request.owner.name if request.owner else markup.tag(_("Nobody"), "bad")),
    ]
    markup.show(markup.definitions(rows, "h-answers h-tight"))
    if kind is not None:
        _law(kind)


def _decision(request: Request) -> str:
    day = wording.day(request.decision_on, language) if request.decision_on else ""
    return " · ".join(part for part in (day, request.decision) if part)


def _law(kind: RequestKind) -> None:
    """Basis, force, condition and what is to be done, as the data on kinds say."""
    texts = recourse()
    named = dict.fromkeys((kind.source, *kind.sources))
    basis = markup.lines([texts.sources[source].title[language] for source in named])
    rows: list[tuple[str, str]] = [
        (_("Basis"), basis),
        (_("Force"), _recourse.force_title(kind)),
        (_("When it applies"), kind.condition[language]),
        (_("What is to be done"), kind.must[language]),
        (_("Period"), _period(kind)),
    ]
    notes = [note[language] for source in named if (note := texts.sources[source].note)]
    if notes:
        rows.append((_("To be noted"), markup.lines(notes)))
    markup.show(markup.folded(_("What the law says of it"), markup.definitions(rows, "h-answers h-tight")))


def _period(kind: RequestKind) -> str:
    if kind.period is None:
        return kind.until[language] if kind.until else ""
    days = shared.many("{count} day", "{count} days", kind.period.days)
    if not kind.period.extensions:
        return f"{days}. {recourse().counting.text[language]}"
    more = _(
        "extendable {times} times by up to {days} days each, with reasons told to the person",
        times=kind.period.extensions,
        days=kind.period.extension_days,
    )
    return f"{days}, {more}. {recourse().counting.text[language]}"


# --- its clock --------------------------------------------------------------------------------------------------


def _clock(request: Request) -> None:
    """Where it stands, and its days in their order."""
    late = request.is_overdue(today)
    left = _recourse.time_left(request.state, request.due, today, was_late=request.was_late)
    tags = [_recourse.state_tag(request.state, is_extended=bool(request.extensions)), *([left] if left else [])]
    markup.show(markup.h2(_("Where it stands"), id="clock"))
    markup.show(markup.tags(*tags))
    if late and request.due:
        text = _("It was due on {day} and is not answered.", day=wording.day(request.due, language))
        markup.show(markup.notice("note", text))
    shared.draw("parts/clock.html.j2", steps=_steps(request, late=late))


def _steps(request: Request, *, late: bool) -> list[dict[str, str]]:
    def step(kind: str, on: date, title: str, text: str = "") -> dict[str, str]:
        return {"kind": kind, "day": wording.day(on, language), "title": title, "text": text}

    steps = []
    if request.decision_on:
        steps.append(step("past", request.decision_on, _("Decision that it is about"), request.decision))
    steps.append(step("past", request.received, _("Received")))
    due = request.first_due
    for extension in request.extensions:
        until = wording.day(extension.until, language)
        steps.append(
            step("past", extension.told_on, _("Extended to {day}", day=until), extension.reason or _("erased"))
        )
        due = extension.until
    closing = request.closing
    if closing is not None:
        title = _recourse.state_title(closing.state).capitalize()
        result = [_recourse.outcome_title(closing.state, closing.outcome)] if closing.outcome else []
        result += [word for word in [_recourse.changed_title(closing.changed)] if word]
        text = " · ".join(result)
        answered = step("late" if request.was_late else "past", closing.on, title, text)
        if due and due < closing.on:
            return [*steps, step("late", due, _("Due")), answered]
        return [*steps, answered]
    if due is None:
        return steps
    return [*steps, step("late" if late else "next", due, _("To be answered by this day"))]


def _closed(request: Request) -> None:
    """What became of it, with the words that were sent."""
    closing = request.closing
    if closing is None:
        return
    by = closing.by.name if closing.by else _("erased")
    rows: list[tuple[str, str]] = []
    if closing.state is State.ANSWERED:
        rows.append((_("Outcome"), _recourse.outcome_title(closing.state, closing.outcome)))
        if closing.changed is not None:
            rows.append((_("Decision"), _recourse.changed_title(closing.changed)))
            reviewer = _recourse.title_of(recourse().reviewers, closing.reviewer) or _("erased")
            rows.append((_("Looked at again by"), markup.lines((closing.reviewed_by or _("erased"), reviewer))))
    elif closing.state is State.REFUSED:
        rows.append((_("Ground"), _recourse.outcome_title(closing.state, closing.outcome)))
    label = _("Words that were sent") if closing.state is not State.WITHDRAWN else _("Reason")
    rows.append((label, markup.free_text(closing.text or _("erased"))))
    rows.append((_("Entered by"), f"{by} · {shared.moment(closing.at)}"))
    markup.show(markup.h2(_("What came of it")))
    markup.show(markup.definitions(rows, "h-answers h-tight"))


# --- deeds ------------------------------------------------------------------------------------------------------


def _deeds(view: RequestView, kind: RequestKind | None) -> None:
    request = view.request
    if request.state is not State.OPEN or kind is None:
        return
    with shared.folds(f"request-{request.number}"):
        if may(view.actor, "answer_request"):
            _answer_form(request, kind)
        if may(view.actor, "refuse_request"):
            _refuse_form(request, kind)
        if may(view.actor, "extend_request") and _can_extend(request, kind):
            _extend_form(request, kind)
        if may(view.actor, "give_request"):
            _give_form(view)
        if may(view.actor, "withdraw_request"):
            _withdraw_form(request)


def _can_extend(request: Request, kind: RequestKind) -> bool:
    if request.due is None:
        return False
    return kind.period is None or len(request.extensions) < kind.period.extensions


def _answer_form(request: Request, kind: RequestKind) -> None:
    of = f"request-answer-{request.number}-"
    with forms.fold(_("Answer"), of.rstrip("-"), of=of) as is_open:
        if not is_open:
            return
        markup.show(markup.paragraph(kind.must[language]))
        if kind.contents:
            markup.show(
                markup.paragraph(_("The answer holds:")) + markup.items(text[language] for text in kind.contents)
            )
        texts = recourse()
        outcomes = [outcome for outcome in texts.outcomes if outcome.id in kind.outcomes]
        with st.form(of.rstrip("-"), border=False, enter_to_submit=False):
            forms.day(_("Sent on"), key=f"{of}on", value=today, required=True)
            first = outcomes[0].id if len(outcomes) == 1 else ""
            named = {outcome.id: outcome.title[language] for outcome in outcomes}
            forms.choice(_("What was done"), named, key=f"{of}outcome", value=first, required=True)
            if any(outcome.reviews for outcome in outcomes):
                results = {KEPT: _("The decision was kept"), CHANGED: _("The decision was changed")}
                forms.choice(_("If somebody looked at the decision again"), results, key=f"{of}changed")
                who = {reviewer.id: reviewer.title[language] for reviewer in texts.reviewers}
                forms.choice(_("Who looked at it again"), who, key=f"{of}reviewer")
                hint = _("An office is enough.")
                forms.text(_("Office or name"), key=f"{of}by", max_chars=_recourse.MAX_REFERENCE, hint=hint)
            label = _("Words that were sent")
            forms.text(label, key=f"{of}text", kind="long", max_chars=_recourse.MOST_TEXT, required=True)
            pressing.button(_("Answer"), f"{of}go", _answer, request.number, of, in_form=True, type="primary")


def _refuse_form(request: Request, kind: RequestKind) -> None:
    of = f"request-refuse-{request.number}-"
    with forms.fold(_("Refuse"), of.rstrip("-"), of=of) as is_open:
        if not is_open:
            return
        if kind.force == "binding":
            text = _(
                "The reasons are told to the person without delay and in writing. A refusal without just cause breaks the law."
            )
            markup.show(markup.paragraph(text))
        grounds = {ground.id: ground.title[language] for ground in recourse().grounds if ground.id in kind.grounds}
        with st.form(of.rstrip("-"), border=False, enter_to_submit=False):
            forms.day(_("Sent on"), key=f"{of}on", value=today, required=True)
            forms.choice(_("Ground"), grounds, key=f"{of}ground", required=True)
            label = _("Reason, as it was told to the person")
            forms.text(label, key=f"{of}reason", kind="long", max_chars=_recourse.MOST_TEXT, required=True)
            pressing.button(_("Refuse"), f"{of}go", _refuse, request.number, of, in_form=True)


def _extend_form(request: Request, kind: RequestKind) -> None:
    of = f"request-extend-{request.number}-{len(request.extensions)}-"
    with forms.fold(_("Extend"), of.rstrip("-"), of=of) as is_open:
        if not is_open:
            return
        latest = extended_day(kind, request.due) if request.due else None
        if latest is not None and kind.period is not None:
            left = kind.period.extensions - len(request.extensions)
            text = shared.many(
                "Until {day} at the latest; {count} extension is left.",
                "Until {day} at the latest; {count} extensions are left.",
                left,
                day=wording.day(latest, language),
            )
            markup.show(markup.paragraph(text))
        with st.form(of.rstrip("-"), border=False, enter_to_submit=False):
            forms.day(_("New due day"), key=f"{of}until", value=latest, required=True)
            forms.day(_("The person was told on"), key=f"{of}told", value=today, required=True)
            label = _("Reason, as it was told to the person")
            forms.text(label, key=f"{of}reason", kind="long", max_chars=_recourse.MOST_TEXT, required=True)
            pressing.button(_("Extend"), f"{of}go", _extend, request.number, of, in_form=True)


def _give_form(view: RequestView) -> None:
    of = f"request-give-{view.request.number}-"
    people = {person.id: person.name for person in view.owners}
    now = view.request.owner
    if set(people) <= ({now.id} if now else set()):
        return
    with forms.fold(_("Hand over"), of.rstrip("-"), of=of) as is_open:
        if not is_open:
            return
        with st.form(of.rstrip("-"), border=False, enter_to_submit=False):
            value = now.id if now and now.id in people else ""
            forms.choice(_("Owner"), people, key=f"{of}owner", value=value, required=True, is_list=True)
            pressing.button(_("Hand over"), f"{of}go", _give, view.request.number, of, in_form=True)


def _withdraw_form(request: Request) -> None:
    of = f"request-withdraw-{request.number}-"
    with forms.fold(_("Withdrawn"), of.rstrip("-"), of=of) as is_open:
        if not is_open:
            return
        markup.show(markup.quiet(_("The person took it back, or it was entered by mistake. It is no longer counted.")))
        with st.form(of.rstrip("-"), border=False, enter_to_submit=False):
            forms.day(_("Day"), key=f"{of}on", value=today, required=True)
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=_recourse.MOST_TEXT, required=True)
            pressing.button(_("Close it as withdrawn"), f"{of}go", _withdraw, request.number, of, in_form=True)


def _answer(number: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        result, outcome = forms.entered(f"{key}changed"), forms.entered(f"{key}outcome")
        answer = Answer(
            forms.day_entered(f"{key}on") or seoul_day(shared.now()),
            outcome,
            forms.entered(f"{key}text"),
            {KEPT: False, CHANGED: True}.get(result),
            forms.entered(f"{key}reviewer"),
            forms.entered(f"{key}by"),
        )
        with forms.deed(key) as session:
            actions.answer_request(session, number, answer, who, shared.now())
        pressing.tell(_("The request is answered."))


def _refuse(number: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        on = forms.day_entered(f"{key}on") or seoul_day(shared.now())
        ground, reason = forms.entered(f"{key}ground"), forms.entered(f"{key}reason")
        with forms.deed(key) as session:
            actions.refuse_request(session, number, on, ground, reason, who, shared.now())
        pressing.tell(_("The refusal is entered."))


def _extend(number: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        until = forms.day_entered(f"{key}until") or seoul_day(shared.now())
        told_on = forms.day_entered(f"{key}told") or seoul_day(shared.now())
        with forms.deed(key) as session:
            actions.extend_request(session, number, until, told_on, forms.entered(f"{key}reason"), who, shared.now())
        pressing.tell(_("The due day is put off to {day}.", day=wording.day(until, shared.language())))


def _give(number: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        with forms.deed(key) as session:
            actions.give_request(session, number, forms.entered(f"{key}owner"), who, shared.now())
        pressing.tell(_("Saved."))


def _withdraw(number: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        on = forms.day_entered(f"{key}on") or seoul_day(shared.now())
        with forms.deed(key) as session:
            actions.withdraw_request(session, number, on, forms.entered(f"{key}reason"), who, shared.now())
        pressing.tell(_("The request is closed as withdrawn."))


view = None
with shared.problems_shown(), database.reading() as session:
    try:
        view = viewing.request(session, actor, shared.whole(st.query_params.get("request", "")))
    except NotFoundError:
        frame.heading(screens.title_of("request", language))
        raise
if view is not None:
    name = view.request.reference or _("number {number}", number=view.request.number)
    frame.heading(_("Request {name}", name=name))
    pressing.at_top()
    links = (
        markup.link(shared.address("recourse"), screens.title_of("recourse", language)),
        markup.link(shared.address("recourse", system=view.request.system_id), _("Requests about this system")),
    )
    markup.show(markup.paragraph(markup.joined(links, " · ")))
    kind = recourse().by_id.get(view.request.kind)
    _clock(view.request)
    _deeds(view, kind)
    _closed(view.request)
    markup.show(markup.h2(_("What is asked")))
    _facts(view, kind)
    markup.show(markup.h2(_("History")))
    markup.show(events.table(view.events, {}))
