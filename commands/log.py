"""`haetae log`: reads a decision log and compares it with the claim; generates logs for demonstration."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assessments.file.decision_log import pseudonym_key
from assessments.home import draft_folder, home
from commands import _acting
from commands._output import Exit, complain, errors_told, print_json, tell

if TYPE_CHECKING:
    from assessments.decision_log.kept_log import KeptLog
    from assessments.decision_log.reading.columns import LogMapping
    from assessments.decision_log.statistics.analysis import Settings
    from assessments.decision_log.statistics.analysis_model import LogAnalysis
    from assessments.derived import LogContribution


app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Decision logs: what people decided on what the AI said."
)
STYLES = ("rubber-stamp", "attentive", "drifting", "unfair")


@app.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(help="CSV, Parquet or XLSX; judged by its content.")] = None,
    place: Annotated[
        str,
        typer.Option(
            "--from",
            help="Count a table inside its engine instead: duckdb:FILE, postgresql://HOST/DATABASE or spark://HOST:PORT.",
        ),
    ] = "",
    table: Annotated[
        str,
        typer.Option(
            "--table", help="That table: TABLE, SCHEMA.TABLE, CATALOG.SCHEMA.TABLE; of Spark also a path of Parquet."
        ),
    ] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            help="YAML: columns, groups, values, names, missing, sheets, header_line, favourable, not_favourable, … (else suggested).",
        ),
    ] = None,
    triggers: Annotated[
        Path | None, typer.Option("--triggers", help="YAML: the operator's own triggers, each with day and reason.")
    ] = None,
    minutes: Annotated[int | None, typer.Option("--claimed-minutes", min=1, help="Claimed review time a case.")] = None,
    floor: Annotated[int | None, typer.Option("--floor-minutes", min=1, help="The operator's minimum time.")] = None,
    event: Annotated[
        list[str] | None, typer.Option("--event", help="Day (YYYY-MM-DD) to compare before and after; may repeat.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole analysis as JSON.")] = False,
    keep_raw: Annotated[bool, typer.Option("--keep-raw", help="Keep a copy of the file, which holds names.")] = False,
    into: Annotated[
        int | None,
        typer.Option(
            "--into",
            min=1,
            help="Number of the assessment that keeps the figures: its draft, or beside what was decided.",
        ),
    ] = None,
    acting: Annotated[str, typer.Option("--as", help="Who keeps them; see `haetae user list`.")] = "",
) -> None:
    """Read a decision log, count what can be counted, and say what it shows on the human-involvement claim."""
    from assessments.decision_log.judging import findings
    from assessments.decision_log.judging.claimed import Claimed
    from assessments.decision_log.kept_log import KeptLog
    from assessments.decision_log.reading import columns, streaming
    from assessments.decision_log.statistics import analysis, analysis_model
    from assessments.decision_log.triggers import Triggers, read_triggers
    from assessments.deeds.decision_log import check_triggers
    from questionnaires.wording import seoul_day

    with errors_told():
        if (file is None) != bool(place) or bool(place) != bool(table) or (place and keep_raw):
            complain("Name a file, or an engine by --from and its table by --table; a table has no raw file to keep.")
            raise typer.Exit(Exit.INPUT)
        if (into is None) != (not acting):
            complain("--into and --as go together: the assessment that keeps the figures, and who keeps them.")
            raise typer.Exit(Exit.INPUT)
        mapped = columns.read_mapping(mapping) if mapping else None
        if into is not None and not (mapped and mapped.columns):
            complain("What the columns mean would be guessed, and nobody looked at it: name them by --map.")
            raise typer.Exit(Exit.INPUT)
        events = tuple((_day(line), line) for line in event or [])
        marks = read_triggers(triggers) if triggers else Triggers()
        check_triggers(marks, seoul_day(datetime.now(UTC)))
        settings = analysis.Settings(60.0 * floor if floor else None, events)
        if file is not None:
            imported = streaming.read_log(file, mapped, key=pseudonym_key(), at=datetime.now(UTC))
            log_analysis, used = analysis.analyse(imported, settings), imported.mapping
        else:
            log_analysis, used = _counted(place, table, mapped, settings)
        if into is not None:
            _into(into, acting, KeptLog(log_analysis, used.without_people(), marks, keep_raw))
        contributions = findings.contributions(log_analysis, Claimed(minutes=minutes, floor_minutes=floor), marks)
        if keep_raw and file is not None:
            _keep(file, log_analysis.source.sha256)
    if as_json:
        print_json(
            {
                "analysis": analysis_model.to_json(log_analysis),
                "findings": [_as_json(contribution) for contribution in contributions],
            }
        )
    else:
        _print(log_analysis, contributions)
    if any(contribution.finding.value == "contradicted" for contribution in contributions):
        raise typer.Exit(Exit.BAD)


@app.command("make")
def make(
    out: Annotated[Path, typer.Option("--out", help="File to write: CSV, or Parquet if its name ends in .parquet.")],
    style: Annotated[str, typer.Option("--style", help=", ".join(STYLES))] = "attentive",
    reviewers: Annotated[int, typer.Option("--reviewers", min=1, max=500)] = 12,
    cases: Annotated[int, typer.Option("--cases", min=1, max=5_000_000)] = 50_000,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 7,
) -> None:
    """Write a made decision log, marked as made; the same options give the same file."""
    if style not in STYLES:
        complain(f"There is no style '{style}'. Choose one of: {', '.join(STYLES)}.")
        raise typer.Exit(Exit.INPUT)
    from assessments.decision_log import making

    with errors_told():
        table = making.make(making.Style(style), reviewers, cases, seed)
        making.write(table, out, f"style {style}, {reviewers} reviewers, {cases} cases, seed {seed}")
    tell(f"{out}: {cases:,} made decisions of {reviewers} reviewers ({style}).")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        complain(f"--event {text}: this is no day. Write it as 2026-05-01.")
        raise typer.Exit(Exit.INPUT) from None


def _counted(place: str, table: str, mapping: LogMapping | None, settings: Settings) -> tuple[LogAnalysis, LogMapping]:
    """The figures of a table, counted where it lies, and the mapping as it was used."""
    from assessments.decision_log.engines import connecting
    from assessments.decision_log.reading.columns import LogMapping
    from assessments.decision_log.statistics import analysis

    where = connecting.place_of(place, table)
    connecting.check_driver(where)
    from assessments.decision_log.engines import importing

    with importing.counted(where, mapping or LogMapping(), key=pseudonym_key(), at=datetime.now(UTC)) as (log, counts):
        return analysis.analyse(log, settings, counts), log.mapping


def _into(number: int, person: str, log: KeptLog) -> None:
    """Kept in the draft, or, where it is decided, beside what was decided; never as somebody else."""
    from assessments import actions, viewing
    from assessments.storage import database

    database.prepare()
    actor = _acting.acting(person)
    with database.transaction() as session:
        is_draft = viewing.assessment(session, actor, number).status.is_editable
        keep = actions.set_log if is_draft else actions.watch_log
        keep(session, number, log, actor, datetime.now(UTC))
    complain(
        f"Kept in the draft of assessment {number}."
        if is_draft
        else f"Kept beside what was decided on assessment {number}."
    )


def _keep(file: Path, sha256: str) -> None:
    from assessments.storage import file_store

    path, store = f"logs/{sha256}{file.suffix.lower()}", file_store.current()
    with draft_folder(home(), "logs") as draft:
        shutil.copyfile(file, draft / "log")
        store.put_file(path, draft / "log")
    complain(f"The raw log is kept as {store.name}/{path}.")


def _as_json(contribution: LogContribution) -> dict[str, object]:
    return {
        "part": contribution.part,
        "finding": contribution.finding.value,
        "since": contribution.since.isoformat() if contribution.since else None,
        "figures": list(contribution.figures),
        "reasons": [{"text": reason.text.model_dump(), "source": reason.source} for reason in contribution.reasons],
        "missing": [{"text": reason.text.model_dump(), "source": reason.source} for reason in contribution.missing],
    }


def _print(analysis: LogAnalysis, contributions: tuple[LogContribution, ...]) -> None:
    from commands import _log_lines

    for line in _log_lines.lines(analysis, contributions):
        tell(line)
