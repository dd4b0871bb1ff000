"""A decision log on its way in: handing it in, naming its columns beside the first rows, counting with progress and a stop."""

from __future__ import annotations

import streamlit as st

from assessments import actions, viewing
from assessments.decision_log.intake import counting, waiting
from assessments.decision_log.intake.waiting import MAX_BYTES, Intake, Stage
from assessments.decision_log.judging import stored_log
from assessments.decision_log.reading import account
from assessments.decision_log.reading.preview_model import LogPreview
from assessments.errors import AssessmentError, NotAllowedError, NotFoundError, NotSavedError
from assessments.file.decision_log import floor_seconds
from assessments.model import Assessment
from assessments.rules.findings import CLAIM
from pages._field import forms
from pages._frame import markup, pressing, screens, shared
from pages._frame.shared import _
from pages._log import mapping, reading_settings, values
from pages._log import preview as _log_preview
from questionnaires import named
from questionnaires.wording import day, duration, seoul_day, share

KEEPING_SECONDS = 0.5
"""How long a screen waits for other writers to keep finished figures; the next look tries again."""


def form(assessment: Assessment, *, is_watched: bool = False) -> None:
    """A plain form: the file goes to the disk in a stream and not through this screen.

    is_watched: it is decided, and a later log is held against its triggers.
    """
    title = _("Hand in a decision log") if assessment.log is None else _("Hand in another log in its place")
    if is_watched:
        title = _("Count a later log")
    text = _(
        "CSV or Parquet, at most {size} MB, or an Excel workbook (XLSX) of at most 300,000 rows; its first line names the "
        "columns. Names of reviewers are replaced by pseudonyms. Only the figures and the file's SHA-256 are kept.",
        size=MAX_BYTES // 1_000_000,
    )
    log, language = assessment.log, shared.language()
    if is_watched:
        text += " " + _("It is held against the own triggers of what was decided and changes nothing of it.")
    elif log is not None and stored_log.counts(log, is_example=assessment.operator.is_example):
        text += " " + _("What may take its place: {log}.", log=stored_log.needed(log.analysis)[language])
    shared.draw("log/upload.html.j2", title=title, text=text, number=assessment.id)


def show(assessment: Assessment, intake: Intake) -> None:
    """The log that waits, whatever stage it is in.

    What comes and goes while the file is read again stands in containers that are always there: else each field below would
    take another place, and be drawn anew under the hands of who types in it.
    """
    markup.show(markup.h2(_("Log that was handed in: {name}", name=intake.name)))
    stage, is_seen = intake.stage, intake.has_preview()
    with st.container():
        if intake.error is not None:
            markup.show(markup.notice("bad", intake.error[shared.language()]))
    with st.container():
        if stage.is_running or stage is Stage.DONE:
            _progress(assessment.id or 0, assessment.revision, is_seen=is_seen)
    if is_seen and stage not in (Stage.COUNTING, Stage.DONE):
        _mapping(assessment, intake)
    elif not stage.is_running and stage is not Stage.DONE:
        _unseen(intake)


@st.fragment(run_every=0.7)
def _progress(assessment_id: int, revision: int, *, is_seen: bool) -> None:
    """Poll until the figures are ready, then store them and redraw the screen."""
    if not _may_go_on(assessment_id):
        st.rerun()
        return
    intake = waiting.pending(assessment_id, revision)
    if intake is not None and intake.stage is Stage.DONE and not keep(assessment_id, intake):
        st.progress(1.0, text=_("Counted. The figures are kept as soon as the database can be written to."))
        return
    if intake is None or not intake.stage.is_running:
        st.rerun()
        return
    if intake.is_waiting:
        text = _("Two other logs are being read; this one is next in line and starts by itself.")
    elif intake.stage is Stage.LOOKING:
        text = _("Reading the rows: {share}", share=share(round(intake.progress, 2)))
    else:
        text = _("Reading and counting: {share}", share=share(round(intake.progress, 2)))
    st.progress(intake.progress, text=text)
    if intake.stage is Stage.COUNTING:
        pressing.button(_("Stop"), "log-stop", _stop, intake)
    elif not is_seen:
        pressing.button(_("Discard the file"), "log-drop", _drop, intake)


def _may_go_on(assessment_id: int) -> bool:
    """False: somebody took the right, or the assessment is elsewhere, while this screen looked on; others go on with the log."""
    try:
        shared.check_right(assessment_id, "set_log")
    except (NotAllowedError, NotFoundError):
        return False
    return True


def keep(assessment_id: int, intake: Intake) -> bool:
    """Store the figures in the assessment exactly once, by whichever session sees them first.

    The file goes unless it was asked for; it goes too where the figures are refused. False: nothing can be written now,
    and the figures wait for the next look.
    """
    actor = shared.current_actor()
    with pressing.problems_kept():
        try:
            of = (f"log-setting-{assessment_id}-", f"log{assessment_id}-")
            with forms.deed(*of, patience_seconds=KEEPING_SECONDS) as session:
                counted = waiting.taken(session, intake)
                is_draft = viewing.assessment(session, actor, assessment_id).status.is_editable
                keep_log = actions.set_log if is_draft else actions.watch_log
                keep_log(session, assessment_id, counted, actor, shared.now())
                if counted.is_raw_kept:
                    source = counted.analysis.source
                    waiting.keep_raw(intake, source.sha256, source.kind)
        except NotSavedError:
            return False
        except AssessmentError:
            waiting.discard(intake)
            raise
        waiting.remove_file(intake)
        if is_draft:
            pressing.tell(_("The log was counted; its figures are part of the assessment now."))
        else:
            address, name = (
                shared.address("followup", assessment=assessment_id),
                screens.title_of("followup", shared.language()),
            )
            link = markup.paragraph(markup.link(address, name))
            pressing.tell(_("The log was counted and held against the own triggers."), link)
    return True


def _unseen(intake: Intake) -> None:
    """A log whose first rows could not be read."""
    left, right = st.columns(2)
    with left:
        pressing.button(_("Try again"), "log-again", _look, intake)
    with right:
        pressing.button(_("Discard the file"), "log-drop", _drop, intake)


def _look(intake: Intake) -> None:
    with pressing.problems_kept():
        shared.check_right(intake.assessment_id, "set_log")
        counting.look(intake)


def _stop(intake: Intake) -> None:
    with pressing.problems_kept():
        shared.check_right(intake.assessment_id, "set_log")
        counting.stop(intake)


def _drop(intake: Intake) -> None:
    with pressing.problems_kept():
        shared.check_right(intake.assessment_id, "set_log")
        waiting.discard(intake)


def _mapping(assessment: Assessment, intake: Intake) -> None:
    """How it was read, what can be said on it, and counting once nothing is guessed any more."""
    seen, key = intake.preview(), f"log{assessment.id}"
    with st.container():
        _log_preview.show(seen)
    mapping.show(key, intake, seen)
    waits = _waits(intake, seen)
    with st.container():
        _guesses(key, intake, seen)
    with st.form(f"{key}-form"):
        _settings(assessment)
        with st.container():
            if waits:
                markup.show(markup.quiet(waits))
        left, right = st.columns(2)
        with left:
            pressing.button(_("Count"), f"{key}-run", _start, assessment, intake, in_form=True, type="primary")
        with right:
            pressing.button(_("Discard the file"), f"{key}-discard", _discard, assessment, in_form=True)


def _guesses(key: str, intake: Intake, seen: LogPreview) -> None:
    """Guesses that affect figures, with a button to confirm them."""
    language = shared.language()
    rows = [
        (
            _title(column_reading.meaning, language),
            column_reading.header,
            _("it is the known word '{word}'", word=column_reading.word),
        )
        for column_reading in reading_settings.open_guesses(seen, intake.settings())
    ]
    guesses = seen.through.guesses if seen.through else None
    why = _("from the words used")
    for title, guess in (
        (_("Good for the person"), guesses.favourable if guesses else None),
        (_("No person decided"), guesses.automatic_reviewers if guesses else None),
        (_("Automatic path: yes"), guesses.automatic_values if guesses else None),
    ):
        if guess is not None:
            rows.append((title, ", ".join(guess), why))
    if not rows or seen.hindrance:
        return
    head = (_("Meaning"), _("As it was taken"), _("Why"))
    with st.container(border=True, key=f"{key}-guesses"):
        markup.show(markup.h3(_("Guessed, and not confirmed yet")) + markup.table(head, rows))
        pressing.button(_("Yes, this is right"), f"{key}-yes", reading_settings.confirm, intake)


def _title(meaning: str, language: str) -> str:
    return account.column_title(meaning)[language]


def _waits(intake: Intake, seen: LogPreview) -> str:
    """What the counting waits for. Empty: nothing."""
    through = seen.through
    if intake.stage is Stage.LOOKING:
        return _("The file is being read again. Counting is possible once that is done.")
    if seen.missing_columns:
        names = ", ".join(_title(column, shared.language()) for column in seen.missing_columns)
        return _("Name the columns for: {names}", names=names)
    if seen.hindrance or through is None:
        return _("The file cannot be counted as it is read now; the reason stands above.")
    if reading_settings.open_guesses(seen, intake.settings()) or through.guesses.wait_for_a_yes:
        return _("Confirm or correct what was guessed, then count.")
    if through.guesses.machines:
        return _("Say whether these reviewers are people: {names}", names=", ".join(through.guesses.machines[:8]))
    return ""


def _settings(assessment: Assessment) -> None:
    answers = assessment.answers(CLAIM)
    minutes, floor = answers.get(named.TIME_MINUTES), answers.get(named.TIME_FLOOR)
    explanation = _(
        "Claimed review time: {claimed}. Own minimum: {floor}. Both are answers in the part on time of the claim.",
        claimed=duration(60 * minutes)[shared.language()] if isinstance(minutes, int) else _("not stated"),
        floor=duration(60 * floor)[shared.language()] if isinstance(floor, int) else _("not stated"),
    )
    markup.show(markup.h3(_("Settings")) + markup.quiet(explanation))
    of = _of(assessment)
    first, second = st.columns(2)
    with first:
        forms.day(_("Day to compare before and after (optional)"), key=f"{of}on")
    with second:
        label, example = _("What happened on it (optional)"), _("training, new version")
        forms.text(label, key=f"{of}event", max_chars=200, placeholder=example)
    forms.tick(_("Keep the file itself too; it holds names"), key=f"{of}raw")


def _of(assessment: Assessment) -> str:
    """How the keys of the settings begin."""
    return f"log-setting-{assessment.id}-{assessment.revision}-"


def _start(assessment: Assessment, intake: Intake) -> None:
    with pressing.problems_kept():
        shared.check_right(intake.assessment_id, "set_log")
        key, of = f"log{assessment.id}", _of(assessment)
        if not forms.complete(of):
            return
        mark = values.mark(key)
        if any(mark) and not all(mark):
            pressing.refuse(
                _("The settings do not fit: a mark needs a number and both outcomes. Correct them and count again.")
            )
            return
        on = forms.day_entered(f"{of}on")
        if on and on > seoul_day(shared.now()):
            problem = _("The day to compare lies ahead. State a day that has been.")
            forms.refuse_at(f"{of}on", problem)
            pressing.refuse(problem)
            return
        now = waiting.pending(assessment.id or 0, assessment.revision)
        waits = _waits(now, now.preview()) if now else ""
        if waits:
            pressing.refuse(waits)
            return
        label = forms.entered(f"{of}event").strip()
        counting.start(
            intake,
            intake.settings().mapping,
            floor_seconds=floor_seconds(assessment.answers(CLAIM)),
            events=((on, label or day(on, shared.language())),) if on else (),
            at=shared.now(),
            keep_raw=forms.is_ticked(f"{of}raw"),
        )


def _discard(assessment: Assessment) -> None:
    with pressing.problems_kept():
        shared.check_right(assessment.id or 0, "set_log")
        intake = waiting.pending(assessment.id or 0, assessment.revision)
        if intake:
            waiting.discard(intake)
        forms.succeeded(_of(assessment), f"log{assessment.id}-")
