"""A meeting's paper and minutes as they are frozen: words and figures of the committee's screen and of the minutes, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assessments import authority, viewing
from assessments.deeds.meeting import TEXTS
from assessments.errors import WrongStatusError
from assessments.keeping import auditing
from assessments.model import Actor, AISystem, Status, Text
from assessments.release import version
from assessments.rules import meetings as rules
from assessments.rules.lifecycle import CAUSES, FOLLOWED_UP, Cause
from assessments.rules.meetings import Item, Minute, State, Subject
from assessments.storage.due_list import DueList
from assessments.storage.entries import AssessmentSummary, EventLine
from assessments.storage.review_queue import Choice
from assessments.viewing import Accepted, Facets, Measured, MeetingView, Noted, Outcome, Portfolio, UnderWay
from exports.committee.document import Block, Document, Facts, Frozen, Heading, Paragraph, Table
from jobs import asking
from jobs.documents import remark_of
from jobs.kinds import SealPaper
from pages._frame import database, enum_names, translation
from pages._frame.database import Session
from pages._frame.shared import now
from pages._server import portfolio_tables, request_clocks
from questionnaires import wording
from questionnaires.wording import seoul_day

MOST, MOST_OF_AGENDA = 4, 10
"""Rows of a list on the paper, which is three pages at most; how many there are in all is said."""
MOST_OF_A_KIND = 4
MOST_WORDS = 240
"""Signs of one cell of the paper."""
_TERMS = ("member", "ballot", "vote_reason")
say = translation.translate


@dataclass(frozen=True)
class _Words:
    """Fixed words in the document's language."""

    language: str

    def word(self, key: str) -> str:
        return enum_names.word(key, self.language)

    def name(self, system: AISystem, number: int) -> str:
        names = (system.name_en, system.name_ko) if self.language == "en" else (system.name_ko, system.name_en)
        return f"{names[0] or names[1]} ({number})"

    def day(self, on: date) -> str:
        return wording.day(on, self.language)

    def moment(self, at: datetime) -> str:
        return wording.moment(at, self.language)

    def title(self, number: int) -> str:
        return self.word("meeting_number").format(number=number)

    def result(self, assessment: AssessmentSummary) -> str:
        if assessment.open_required:
            return say("Not rated yet", self.language)
        outcome = enum_names.outcome(assessment.outcome, self.language)
        return f"{outcome}, {say('contested', self.language)}" if assessment.contested else outcome


# --- minutes -----------------------------------------------------------------------------------------------------


def minutes(view: MeetingView, language: str, at: datetime) -> Document:
    """Of a closed meeting: attendance, votes and reasons as they were cast, what was said and resolved, addenda."""
    words, meeting = _Words(language), view.proceedings.meeting
    title = say("Minutes: {meeting}", language, meeting=words.title(meeting.number))
    foot = say(
        "Votes and their reasons stand here as they were cast, not as somebody wrote them down. Closed minutes are never changed; what was "
        "corrected stands among the addenda.",
        language,
    )
    return _frozen(view, "minutes", title, foot, [*_minutes(view, words)], language, at)


def _minutes(view: MeetingView, words: _Words) -> Iterator[Block]:
    language, proceedings, meeting = words.language, view.proceedings, view.proceedings.meeting
    yield Facts(rows=tuple(_facts(view, words)))
    yield Heading(text=say("Attendance", language))
    head = (words.word("member"), say("Took part", language), say("Left", language))
    rows = [
        (each.person.name, words.word(f"presence_{each.presence}"), each.left or "–") for each in meeting.attendance
    ]
    yield from _table(head, rows, say("Nobody has written down yet who took part.", language))
    if meeting.guests:
        yield Paragraph(text=say("Others who were there: {names}", language, names=meeting.guests))
    yield Heading(text=say("Items", language))
    for place, item in enumerate(meeting.on_agenda, start=1):
        yield Heading(text=f"{place}. {_item_title(item, view, words)}", level=3)
        yield from _item(item, view, words)
    if proceedings.addenda:
        yield Heading(text=say("Addenda", language))
        for addendum in proceedings.addenda:
            by = addendum.by.name if addendum.by else say("erased", language)
            yield Facts(rows=((f"{by}, {words.moment(addendum.at)}", addendum.text or say("erased", language)),))


def _facts(view: MeetingView, words: _Words) -> Iterator[tuple[str, str]]:
    language, proceedings, meeting = words.language, view.proceedings, view.proceedings.meeting
    erased = say("erased", language)
    yield words.word("meeting_day"), words.day(meeting.on)
    form = words.word(f"meeting_form_{meeting.form}")
    yield words.word("meeting_form"), f"{form}, {meeting.place}" if meeting.place else form
    convened_by = meeting.convened_by.name if meeting.convened_by else erased
    yield say("Convened by", language), f"{convened_by}, {words.moment(meeting.convened_at)}"
    if meeting.attendance:
        present = rules.taking_part(meeting.attendance)
        of_all = say("{present} of {all} members", language, present=present, all=len(meeting.attendance))
        yield say("Attendance", language), f"{of_all}; {words.word('quorum')}: {view.committee.quorum}"
    if proceedings.closed_at:
        by = proceedings.closed_by.name if proceedings.closed_by else erased
        yield say("Minutes closed", language), f"{by}, {words.moment(proceedings.closed_at)}"
        yield say("Digest of the closed minutes", language), f"SHA-256 {proceedings.minutes_sha256}"


def _item(item: Item, view: MeetingView, words: _Words) -> Iterator[Block]:
    language, outcome = words.language, view.outcomes.get(item.number)
    if why := _why(item, view, words):
        yield Paragraph(text=why)
    if item.subject is Subject.DECISION:
        yield from _votes(outcome or Outcome(), words)
    minute = view.proceedings.meeting.minutes.get(item.number, Minute())
    parts = ((say("Said", language), minute.discussion), (say("Resolved", language), minute.resolution))
    written = tuple((name, text) for name, text in parts if text)
    if written:
        yield Facts(rows=written)
    elif item.subject is not Subject.DECISION:
        yield Paragraph(text=say("Nothing was written down.", language), is_quiet=True)


def _votes(outcome: Outcome, words: _Words) -> Iterator[Block]:
    language = words.language
    head = (*map(words.word, _TERMS), say("When", language))
    rows = []
    for vote in outcome.votes:
        conditions = [f"· {condition.text} ({condition.owner})" for condition in vote.conditions]
        name = f"{vote.by.name} ({words.word('as_chair')})" if vote.as_chair else vote.by.name
        reason = "\n".join((vote.reason, *conditions))
        rows.append((name, words.word(f"ballot_{vote.ballot}"), reason, words.moment(vote.at)))
    yield from _table(head, rows, say("Nobody voted on it.", language))
    if outcome.decision:
        yield Facts(rows=((say("By these votes", language), _decision(outcome.decision, words)),))


def _decision(line: EventLine, words: _Words) -> str:
    ruling = str(line.values.get("ruling", ""))
    if line.kind == "return_to_author":
        came = enum_names.status(Status.RETURNED, words.language)
    else:
        came = enum_names.ruling(ruling, words.language) if ruling else say("Decided", words.language)
    reason = str(line.values.get("reason", ""))
    by = line.by.name if line.by else say("erased", words.language)
    return "\n".join(part for part in (f"{came} ({by}, {words.moment(line.at)})", reason) if part)


def _item_title(item: Item, view: MeetingView, words: _Words) -> str:
    if item.assessment is None:
        return item.text or say("erased", words.language)
    summary = view.assessments.get(item.assessment)
    if summary is None:
        return f"{say('now in another unit', words.language)} ({item.assessment})"
    return f"{words.name(summary.system, item.assessment)} · {words.word(f'subject_{item.subject}')}"


def _why(item: Item, view: MeetingView, words: _Words) -> str:
    if item.subject is Subject.CONDITION and (condition := view.conditions.get(item.which)):
        due = words.day(condition.due) if condition.due else ""
        return " · ".join(part for part in (condition.text, condition.owner, due) if part)
    if item.subject is Subject.CHANGE:
        return words.word(f"change_{item.which.split()[0]}")
    if item.subject is Subject.REASSESSMENT and item.which != Cause.REASSESSMENT:
        return CAUSES[Cause(item.which)][words.language]
    if item.subject is Subject.CONFIRMATION:
        return request_clocks.matter(item.which, words.language)
    return ""


# --- the paper ---------------------------------------------------------------------------------------------------


def paper(session: Session, actor: Actor, view: MeetingView, language: str, at: datetime) -> Document:
    """The committee's screen with its lists, of this meeting's unit, as it is now."""
    words, meeting = _Words(language), view.proceedings.meeting
    title = say("Committee paper: {meeting}", language, meeting=words.title(meeting.number))
    foot = say(
        "Frozen on {at}: what is changed later does not change this paper. Every figure counts the assessments of the unit and of those "
        "below it by their newest revision, without the archive.",
        language,
        at=words.moment(at),
    )
    blocks = [*_paper(session, actor, view, words, seoul_day(at))]
    return _frozen(view, "paper", title, foot, blocks, language, at)


def _paper(session: Session, actor: Actor, view: MeetingView, words: _Words, today: date) -> Iterator[Block]:
    language, unit = words.language, view.proceedings.meeting.unit
    since = viewing.last_meeting(session, actor, unit)
    facets = Facets(unit=unit, since=since, today=today)
    portfolio = viewing.portfolio(session, actor, facets, today, MOST)
    yield Paragraph(text=_standing_where(portfolio, words))
    yield from _to_decide(session, actor, unit, words, today)
    yield from _requests(viewing.requests_under_way(session, actor, facets, today=today), words, today)
    noted = viewing.changed_since(session, actor, facets, since, today, MOST_OF_A_KIND)
    changed = say("What has changed since {day}", language, day=words.day(since)) if since else ""
    yield Heading(text=changed or say("What has changed", language))
    yield from _changed(noted, words)
    for name in ("verdict", "level", "effect", "impact"):
        yield from _counts(name, portfolio, words, today)
    yield Heading(text=say("Accepted risks and conditions", language))
    yield from _accepted(portfolio, words, today)
    late = translation.translate_many(
        "{count} of them is overdue.", "{count} of them are overdue.", portfolio.conditions.reached, language
    )
    yield from _due(say("Open conditions", language), portfolio.conditions, late, words, today)
    late = translation.translate_many(
        "{count} of them is due or overdue", "{count} of them are due or overdue", portfolio.due.reached, language
    )
    yield from _due(say("Measures and reassessments that are due", language), portfolio.due, f"{late}.", words, today)
    yield Heading(text=say("What decision logs show of people's decisions", language))
    yield from _involvement(portfolio, words)
    yield Heading(text=say("Without owner, without progress, without evidence", language))
    neglected = viewing.neglected(session, actor, facets, today)
    rows = [(portfolio_tables.concern_title(each.concern, language), f"{each.page.total:,}") for each in neglected]
    missing = (say("What is missing", language), say("Assessments", language))
    none = say("Every system has an owner, and nothing lies still or lacks evidence.", language)
    yield from _table(missing, rows, none, is_of_figures=True)
    yield Heading(text=say("Agenda", language))
    items = view.proceedings.meeting.on_agenda
    lines = [
        (str(place), _item_title(item, view, words), _why(item, view, words)) for place, item in enumerate(items, 1)
    ]
    head = (say("No.", language), say("Matter", language), say("Remark", language))
    yield from _table(head, lines[:MOST_OF_AGENDA], say("Nothing is on the agenda.", language))
    yield from _rest(MOST_OF_AGENDA, len(lines), words)


def _standing_where(portfolio: Portfolio, words: _Words) -> str:
    """How many there are, and how far they are on their way."""
    counts: Counter[str] = Counter()
    for cell, count in portfolio.cells.items():
        counts[cell.status.value] += count
    every = translation.translate_many("{count} assessment", "{count} assessments", counts.total(), words.language)
    steps = [
        f"{enum_names.status(status, words.language)} {counts[status.value]:,}"
        for status in Status
        if counts[status.value]
    ]
    return " · ".join((every, *steps))


def _to_decide(session: Session, actor: Actor, unit: int, words: _Words, today: date) -> Iterator[Block]:
    """What waits for the votes of the unit's committee, the longest first."""
    language = words.language
    queue = viewing.queue(
        session, actor, Choice(Facets(unit=unit, status=Status.SUBMITTED.value)), limit=MOST_OF_AGENDA
    )
    yield Heading(text=say("To decide, the oldest first", language))

    def in_use(system_id: int) -> str:
        on = viewing.started_on(session, actor, system_id)
        return words.day(on) if on else "–"

    rows = [
        (
            words.name(entry.assessment.system, entry.assessment.id),
            words.result(entry.assessment),
            "–" if entry.assessment.open_required else enum_names.level(entry.assessment.level, language),
            words.day(seoul_day(entry.since)),
            f"{(today - seoul_day(entry.since)).days:,}",
            f"{len(entry.assessment.votes):,}",
            in_use(entry.assessment.system_id),
        )
        for entry in queue.entries
    ]
    head = (
        *(say("System", language), say("Determination", language), say("Risk level", language)),
        *(say("Submitted on", language), say("Days", language), say("Votes cast", language)),
        say("In use since", language),
    )
    yield from _table(head, rows, say("Nothing waits for the committee.", language))
    yield from _rest(len(rows), queue.total, words)


def _requests(requests: Sequence[UnderWay], words: _Words, today: date) -> Iterator[Block]:
    """Under Act Art. 33, with the clocks of the law, the earliest day first; nothing where none is under way."""
    language, rows = words.language, []
    if not requests:
        return
    for request in requests[:MOST]:
        standing = request.standing
        if standing.until is not None:
            sentence, basis = request_clocks.told(standing.period, standing.until, language)
            late = say("the day has passed", language) if standing.is_late(today) else ""
            turn = f"{sentence} ({late})" if late else sentence
            rows.append((words.name(request.system, request.assessment), turn, basis))
    yield Heading(text=say("Requests under Art. 33 under way", language), level=3)
    head = (say("System", language), say("What comes next", language), say("Period", language))
    yield Table(head=head, rows=tuple(rows))
    yield from _rest(len(rows), len(requests), words)


def _changed(noted: Sequence[Noted], words: _Words) -> Iterator[Block]:
    language = words.language
    if not noted:
        yield Paragraph(text=say("Nothing of this kind has changed.", language), is_quiet=True)
        return
    rows = []
    for each in noted:
        title = f"{portfolio_tables.concern_title(each.concern, language)} ({each.page.total:,})"
        for place, entry in enumerate(each.page.entries):
            level = "–" if entry.open_required else enum_names.level(entry.level, language)
            result = f"{words.result(entry)} · {level}"
            rows.append((title if not place else "″", words.name(entry.system, entry.id), result))
    head = (say("Change", language), say("System", language), say("What it comes to now", language))
    yield Table(head=head, rows=tuple(rows))
    yield from _rest(len(rows), sum(each.page.total for each in noted), words)


def _counts(name: str, portfolio: Portfolio, words: _Words, today: date) -> Iterator[Block]:
    counts = portfolio_tables.made(name, portfolio.cells, portfolio.impacts, words.language, today)
    if not any(count.number for row in counts.rows for count in row.counts):
        return
    rows = [(row.title, *(f"{count.number:,}" for count in row.counts)) for row in counts.rows]
    yield Heading(text=counts.title, level=2 if name in portfolio_tables.BY_DOMAIN else 3)
    yield Table(head=counts.head, rows=tuple(rows), is_of_figures=True)
    if name == "impact" and (absent := portfolio.impacts.get("", 0)):
        text = translation.translate_many(
            "{count} assessment has no impact, or one that is not rated on every scale.",
            "{count} assessments have no impact, or one that is not rated on every scale.",
            absent,
            words.language,
        )
        yield Paragraph(text=text, is_quiet=True)


def _accepted(portfolio: Portfolio, words: _Words, today: date) -> Iterator[Block]:
    language, overdue = words.language, say("overdue", words.language)

    def row(risk: Accepted) -> tuple[str, ...]:
        level, nobody = enum_names.level(risk.level, language), say("nobody", language)
        reason = f"{_short(risk.reason)} ({risk.by})"
        until = words.day(risk.until) + (f" ({overdue})" if today >= risk.until else "")
        return words.name(risk.system, risk.assessment_id), level, risk.owner or nobody, reason, until

    head = (
        *(say("System", language), say("Risk level", language), words.word("owner")),
        *(say("Reason", language), say("Until", language)),
    )
    none = say("No approval that holds accepts a high or very high residual risk.", language)
    yield from _table(head, [row(risk) for risk in portfolio.accepted.entries], none)
    late = translation.translate_many(
        "{count} of them is to be assessed again.",
        "{count} of them are to be assessed again.",
        portfolio.accepted.reached,
        language,
    )
    more = _of_all(portfolio.accepted.total, late, words) if portfolio.accepted.reached else ""
    yield from _rest(len(portfolio.accepted.entries), portfolio.accepted.total, words, more)


def _due(title: str, due: DueList, late: str, words: _Words, today: date) -> Iterator[Block]:
    """Overdue first, as they come. late: how many are, where any is."""
    language = words.language
    if not due.total:
        return
    overdue = say("overdue", language)
    rows = []
    nobody = say("nobody", language)
    for entry in due.entries:
        duty = entry.duty
        passed = f" ({overdue})" if today >= duty.reached_on else ""
        cause, own = CAUSES[duty.cause][language], duty.cause in (Cause.MEASURE, Cause.CHANGE) and duty.text
        text = _short(duty.text) if duty.cause is Cause.CONDITION else f"{cause}: {_short(duty.text)}" if own else cause
        owner = duty.owner or (nobody if duty.cause in FOLLOWED_UP else "–")
        rows.append((words.name(entry.system, entry.assessment_id), text, owner, words.day(duty.on) + passed))
    yield Heading(text=title, level=3)
    head = (say("System", language), say("What", language), words.word("owner"), say("Until", language))
    yield Table(head=head, rows=tuple(rows))
    yield from _rest(len(rows), due.total, words, _of_all(due.total, late, words) if due.reached else "")


def _involvement(portfolio: Portfolio, words: _Words) -> Iterator[Block]:
    language = words.language

    def row(measured: Measured) -> tuple[str, ...]:
        claim = enum_names.finding(measured.claim, language) if measured.claim else "–"
        name = words.name(measured.system, measured.assessment_id)
        if measured.log is None:
            return name, claim, say("Not measured", language), "–", "–"
        whole, last = measured.log.analysis.whole.divergence, measured.log.analysis.whole.last
        if not whole.n:
            return name, claim, say("no cases", language), "0", words.day(last) if last else "–"
        figure, interval = wording.share(whole.value), f"95%: {wording.between(whole.low, whole.high)}"
        marks = [say("made for demonstration", language)] if measured.log.analysis.source.is_made else []
        shown = " · ".join((f"{figure} ({interval})", *marks))
        return name, claim, shown, f"{whole.n:,}", words.day(last) if last else say("not stated", language)

    head = (
        *(say("System", language), say("Claim of human involvement", language)),
        *(say("Departures from the AI", language), "n", say("Last day in the log", language)),
    )
    none = say("No decision log was read in for these assessments.", language)
    yield from _table(head, [row(measured) for measured in portfolio.measured], none)
    with_log = sum(count for cell, count in portfolio.cells.items() if cell.has_log)
    absent, after = portfolio_tables.without_log(portfolio.cells)
    text = say(
        "{absent} of {after} assessments that are decided or signed off have no decision log: not measured.",
        language,
        absent=f"{absent:,}",
        after=f"{after:,}",
    )
    yield from _rest(
        sum(measured.log is not None for measured in portfolio.measured), with_log, words, text if absent else ""
    )


# --- parts -------------------------------------------------------------------------------------------------------


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], none: str, *, is_of_figures: bool = False
) -> Iterator[Block]:
    """none: said where there is no row."""
    if rows:
        yield Table(head=tuple(head), rows=tuple(map(tuple, rows)), is_of_figures=is_of_figures)
    else:
        yield Paragraph(text=none, is_quiet=True)


def _rest(shown: int, total: int, words: _Words, more: str = "") -> Iterator[Block]:
    """more: what else is to be known of all there are, said before how many of them are listed."""
    text = say("{shown} of {total} are listed here.", words.language, shown=f"{shown:,}", total=f"{total:,}")
    parts = [part for part in (more, text if shown < total else "") if part]
    if parts:
        yield Paragraph(text=" ".join(parts), is_quiet=True)


def _of_all(total: int, late: str, words: _Words) -> str:
    """late: a sentence about some *of them*, who are all there are, not those that are listed."""
    return " ".join((say("{total} in all.", words.language, total=f"{total:,}"), late))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_WORDS else line[:MOST_WORDS].rsplit(maxsplit=1)[0] + " …"


def _frozen(
    view: MeetingView, kind: str, title: str, foot: str, blocks: Sequence[Block], language: str, at: datetime
) -> Document:
    words, meeting = _Words(language), view.proceedings.meeting
    state = words.word(f"meeting_state_{State(meeting.state)}")
    return Document(
        Frozen.model_validate(
            {
                "kind": kind,
                "language": language,
                "meeting": meeting.id,
                "number": meeting.number,
                "on": meeting.on,
                "unit": " / ".join(view.unit_names),
                "title": title,
                "subtitle": f"{words.day(meeting.on)} · {words.word(f'meeting_form_{meeting.form}')} · {state}",
                "foot": foot,
                "made_at": at.replace(microsecond=0),
                "version": version(),
                "blocks": [block.model_dump() for block in blocks],
            }
        )
    )


# --- sealed and kept ---------------------------------------------------------------------------------------------


def keep(meeting_id: int, kind: str, actor: Actor, language: str) -> Text | None:
    """Freezes, prints, seals and keeps a paper or closed minutes. Returns a note about the seal, if any.

    Raises: AssessmentError, InvalidFileError.
    """
    with database.reading(actor) as session:
        authority.over(session, meeting_id, "keep_document", actor)
        auditing.check_history(session)
        view, at = viewing.meeting(session, actor, meeting_id), now()
        is_open = view.proceedings.meeting.state is State.OPEN
        if is_open is not (kind == "paper"):
            raise WrongStatusError(TEXTS.told("paper_too_late" if kind == "paper" else "minutes_not_closed"))
        document = paper(session, actor, view, language, at) if is_open else minutes(view, language, at)
    return remark_of(asking.done(SealPaper(meeting_id, kind, language), actor, document.canonical))


def closed_minutes(meeting_id: int, actor: Actor, language: str) -> Document:
    """As they stand now, with their addenda. Raises: NotFoundError, NotAllowedError, WrongStatusError."""
    with database.reading(actor) as session:
        view = viewing.meeting(session, actor, meeting_id)
    if view.proceedings.meeting.state is not State.CLOSED:
        raise WrongStatusError(TEXTS.told("minutes_not_closed"))
    added = [addendum.at for addendum in view.proceedings.addenda]
    return minutes(view, language, max([view.proceedings.closed_at or now(), *added]))
