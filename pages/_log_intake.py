"""A decision log on its way in: handing it in, naming its columns beside the first rows, counting with progress and a stop."""

from __future__ import annotations

from html import escape

import streamlit as st
from pydantic import ValidationError

from assessments import actions, log_counting, log_intake, rights
from assessments.decision_log import kept
from assessments.decision_log.columns import COLUMN_TITLES, REQUIRED, Column, LogMapping
from assessments.errors import AssessmentError
from assessments.log_files import floor_seconds
from assessments.log_intake import MAX_BYTES, Intake, Stage
from assessments.model import Assessment
from assessments.rules.findings import CLAIM
from assessments.storage import database
from pages import _fields, _shared
from pages._shared import _
from questionnaires import named

PREVIEWED = 6
CELL_CHARACTERS = 40
GROUP_NAMES = 20


def form(assessment: Assessment) -> None:
    """A plain form: the file goes to the disk in a stream and not through this screen."""
    title = _("Hand in a decision log") if assessment.log is None else _("Hand in another log in its place")
    text = _(
        "CSV or Parquet, at most {size} MB, or an Excel workbook (XLSX) of at most 300,000 rows; its first line names the "
        "columns. Names of reviewers are replaced by pseudonyms. Only the figures and the file's SHA-256 are kept.",
        size=MAX_BYTES // 1_000_000,
    )
    log, language = assessment.log, _shared.language()
    if log is not None and kept.counts(log, is_example=assessment.operator.is_example):
        text += " " + _("What may take its place: {log}.", log=kept.needed(log.analysis)[language])
    st.html(
        f'<section class="h-card"><h3>{escape(title)}</h3><p class="h-quiet">{escape(text)}</p>'
        f'<form class="h-upload" method="post" enctype="multipart/form-data" action="/files/log/{assessment.id}">'
        f'<label>{escape(_("Decision log"))} <input type="file" name="file" accept=".csv,.tsv,.txt,.parquet,.xlsx"></label>'
        f'<button type="submit">{escape(_("Hand in"))}</button></form></section>'
    )


def show(assessment: Assessment, intake: Intake) -> None:
    """The log that waits, whatever stage it is in."""
    st.html(f"<h2>{escape(_('Log that was handed in: {name}', name=intake.name))}</h2>")
    stage = intake.stage
    if intake.error is not None:
        st.html(_shared.notice("bad", intake.error[_shared.language()]))
    if stage.is_running or stage is Stage.DONE:
        _progress(assessment.id or 0, assessment.revision)
    elif intake.looked():
        _preview(intake)
        _mapping(assessment, intake)
    else:
        _unseen(intake)


@st.fragment(run_every=0.7)
def _progress(assessment_id: int, revision: int) -> None:
    """Looks again and again; once the figures are there they are kept and the screen is drawn anew."""
    intake = log_intake.pending(assessment_id, revision)
    if intake is None or not intake.stage.is_running:
        if intake is not None and intake.stage is Stage.DONE:
            keep(assessment_id, intake)
        st.rerun()
        return
    if intake.is_waiting:
        text = _("Two other logs are being read; this one is next in line and starts by itself.")
    elif intake.stage is Stage.LOOKING:
        text = _("Reading the first rows …")
    else:
        text = _("Reading and counting: {percent}%", percent=f"{100 * intake.progress:.0f}")
    st.progress(intake.progress, text=text)
    if intake.stage is Stage.COUNTING:
        st.button(_("Stop"), key="log-stop", on_click=_stop, args=(intake,))
    else:
        st.button(_("Discard the file"), key="log-drop", on_click=_drop, args=(intake,))


def keep(assessment_id: int, intake: Intake) -> None:
    """The figures become part of the assessment, once, whoever sees first that they are there.

    The file goes unless it was asked for; it goes too where the figures are refused.
    """
    actor = _shared.current_actor()
    with _shared.problems_kept():
        try:
            with database.transaction() as session:
                counted = log_intake.taken(session, intake)
                actions.set_log(session, assessment_id, counted, actor, _shared.now())
        except AssessmentError:
            log_intake.discard(intake)
            raise
        if counted.is_raw_kept:
            source = counted.analysis.source
            log_intake.keep_raw(intake, source.sha256, source.kind)
        log_intake.remove_file(intake)
        _shared.tell(_("The log was counted; its figures are part of the assessment now."))


def _unseen(intake: Intake) -> None:
    """A log whose first rows could not be read."""
    left, right = st.columns(2)
    left.button(_("Try again"), key="log-again", on_click=_look, args=(intake,))
    right.button(_("Discard the file"), key="log-drop", on_click=_drop, args=(intake,))


def _look(intake: Intake) -> None:
    with _shared.problems_kept():
        _check_right()
        log_counting.look(intake)


def _stop(intake: Intake) -> None:
    with _shared.problems_kept():
        _check_right()
        log_counting.stop(intake)


def _drop(intake: Intake) -> None:
    with _shared.problems_kept():
        _check_right()
        log_intake.discard(intake)


def _preview(intake: Intake) -> None:
    looked = intake.looked()
    headers = list(looked.get("headers", ()))
    head = "".join(f'<th scope="col">{escape(_cut(one))}</th>' for one in headers)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cut(cell))}</td>" for cell in row) + "</tr>"
        for row in looked.get("rows", ())[:PREVIEWED]
    )
    name = _("First rows of the file")
    st.html(
        f'<div class="h-scroll" role="region" tabindex="0" aria-label="{escape(name)}"><table class="h-preview">'
        f"<caption>{escape(name)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _mapping(assessment: Assessment, intake: Intake) -> None:
    looked, language = intake.looked(), _shared.language()
    headers = [""] + [str(one) for one in looked.get("headers", ())]
    suggested = looked.get("columns", {})
    key = f"log{assessment.id}"
    with st.form(f"{key}-form"):
        st.html(
            f"<h3>{escape(_('Which column means what'))}</h3><p class='h-quiet'>"
            f"{escape(_('Suggested from the headers; correct what is wrong. Columns that are left out only leave figures out.'))}</p>"
        )
        places = st.columns(2)
        for number, column in enumerate(Column):
            needed = " *" if column in REQUIRED else ""
            with places[number % 2]:
                st.selectbox(
                    _shared.plain(COLUMN_TITLES[column][language]) + needed,
                    headers,
                    index=headers.index(suggested[column]) if suggested.get(column) in headers else 0,
                    format_func=lambda one: one or _("none"),
                    key=f"{key}-{column}",
                )
        st.multiselect(
            _("Groups to compare (sex, age band, …)"),
            headers[1:],
            default=[one for one in looked.get("groups", {}).values() if one in headers],
            key=f"{key}-groups",
            max_selections=GROUP_NAMES,
        )
        _settings(assessment, key)
        left, right = st.columns(2)
        with left:
            st.form_submit_button(
                _("Count"), type="primary", key=f"{key}-run", on_click=_start, args=(assessment, intake)
            )
        with right:
            st.form_submit_button(_("Discard the file"), key=f"{key}-discard", on_click=_discard, args=(assessment,))


def _settings(assessment: Assessment, key: str) -> None:
    answers = assessment.answers(CLAIM)
    minutes, floor = answers.get(named.TIME_MINUTES), answers.get(named.TIME_FLOOR)
    said = _(
        "Claimed review time: {claimed}. Own minimum: {floor}. Both are answers in the part on time of the claim.",
        claimed=_("{minutes} min", minutes=minutes) if minutes else _("not stated"),
        floor=_("{minutes} min", minutes=floor) if floor else _("not stated"),
    )
    st.html(f'<h3>{escape(_("Settings"))}</h3><p class="h-quiet">{escape(said)}</p>')
    first, second = st.columns(2)
    first.text_input(
        _("Day to compare before and after (optional)"), key=f"{key}-event-on", placeholder="2026-05-01", max_chars=10
    )
    second.text_input(
        _("What happened on it (optional)"), key=f"{key}-event", max_chars=200, placeholder=_("training, new version")
    )
    st.text_input(
        _("Outcomes that are good for the person, separated by commas (optional)"),
        key=f"{key}-favourable",
        max_chars=400,
    )
    st.selectbox(
        _("Dates such as 02/04/2026"),
        ["", "dmy", "mdy"],
        format_func=lambda one: {"dmy": _("day first"), "mdy": _("month first")}.get(one, _("there are none")),
        key=f"{key}-order",
    )
    st.html(
        f'<p class="h-quiet">{escape(_("Where the AI output is a number, the mark that makes it an outcome:"))}</p>'
    )
    first, second, third = st.columns(3)
    first.text_input(_("At least (optional)"), key=f"{key}-cut", max_chars=20)
    second.text_input(_("then"), key=f"{key}-then", max_chars=100)
    third.text_input(_("otherwise"), key=f"{key}-otherwise", max_chars=100)
    st.checkbox(_("Keep the file itself too; it holds names"), key=f"{key}-raw")


def _start(assessment: Assessment, intake: Intake) -> None:
    with _shared.problems_kept():
        _check_right()
        key = f"log{assessment.id}"
        mapping = _chosen(key, intake)
        if mapping is None:
            st.session_state["problem"] = _(
                "The settings do not fit: a mark needs a number and both outcomes. Correct them and count again."
            )
            return
        on = _fields.day_of(st.session_state.get(f"{key}-event-on"))
        label = str(st.session_state.get(f"{key}-event") or "").strip()
        log_counting.start(
            intake,
            mapping,
            floor_seconds=floor_seconds(assessment.answers(CLAIM)),
            events=((on, label or on.isoformat()),) if on else (),
            at=_shared.now(),
            keep_raw=bool(st.session_state.get(f"{key}-raw")),
        )


def _chosen(key: str, intake: Intake) -> LogMapping | None:
    """What the fields say. None: it does not fit together."""
    given = st.session_state
    suggested = {header: name for name, header in intake.looked().get("groups", {}).items()}
    groups = given.get(f"{key}-groups") or []
    good = [one.strip() for one in str(given.get(f"{key}-favourable") or "").split(",") if one.strip()]
    cut = str(given.get(f"{key}-cut") or "").strip()
    cutoff = {
        "at_least": cut,
        "then": str(given.get(f"{key}-then") or "").strip(),
        "otherwise": str(given.get(f"{key}-otherwise") or "").strip(),
    }
    try:
        return LogMapping.model_validate(
            {
                "columns": {one.value: given[f"{key}-{one}"] for one in Column if given.get(f"{key}-{one}")},
                "groups": {suggested.get(one, f"group_{place}"): one for place, one in enumerate(groups, 1)},
                "favourable": good or None,
                "cutoff": cutoff if cut else None,
                "date_order": given.get(f"{key}-order") or None,
            }
        )
    except ValidationError:
        return None


def _discard(assessment: Assessment) -> None:
    with _shared.problems_kept():
        _check_right()
        intake = log_intake.pending(assessment.id or 0, assessment.revision)
        if intake:
            log_intake.discard(intake)


def _check_right() -> None:
    """Raises: NotAllowedError."""
    rights.check(_shared.current_actor(), "set_log")


def _cut(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
