"""Runs what the page on reliability says and writes what came of it. `python -m tests.reliability.suite`; the load is beside it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from tests.reliability import results
from tests.reliability.results import ROOT, Result

BOTH = "SQLite, PostgreSQL"


class Scenario(NamedTuple):
    """Words of one row, and the tests that have to pass for it."""

    name: str
    database: str
    done: str
    outcome: str
    tests: tuple[str, ...]
    """A file and the name of a test, without what it is parametrised with."""


def _here(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/test_failures.py::test_{name}" for name in names)


SCENARIOS = (
    Scenario(
        "Chain under twenty writers",
        BOTH,
        "20 threads at two servers save 100 answers in four assessments",
        "all saved, one chain, no fork",
        _here("twenty_writers_at_two_servers_leave_one_chain"),
    ),
    Scenario(
        "Forged chain",
        BOTH,
        "past every trigger, as the owner: altered, deleted, reordered, cut off, replayed",
        "each found",
        _here("every_forgery_of_the_chain_is_found"),
    ),
    Scenario(
        "Killed program",
        BOTH,
        "a process that saves answer after answer is killed (SIGKILL)",
        "every acknowledged answer is there, the chain verifies",
        _here("a_program_killed_while_it_saves_loses_nothing_that_it_acknowledged"),
    ),
    Scenario(
        "Killed database server",
        "PostgreSQL",
        "stopped at once (immediate) under eight writers, then started again",
        "told that it cannot be reached; every acknowledged answer is there, work goes on",
        _here("a_database_server_killed_under_eight_writers_loses_nothing"),
    ),
    Scenario(
        "Killed in mid-transaction",
        "PostgreSQL",
        "one session's process killed (SIGKILL) under eight writers; the server recovers by itself",
        "told that it cannot be reached; every acknowledged answer is there, work goes on",
        _here("a_session_of_the_server_killed_in_mid_transaction_breaks_off_all_and_loses_nothing"),
    ),
    Scenario(
        "Ended connection",
        "PostgreSQL",
        "an administrator ends the connection of a deed",
        "told; the next deed is done",
        _here("a_connection_that_an_administrator_ends_is_told_and_the_next_deed_is_done"),
    ),
    Scenario(
        "Full disk",
        BOTH,
        "a disk of 100 MB filled while answers are saved, then emptied",
        "told; every acknowledged answer is there, nothing half written, work goes on",
        _here("a_full_disk_is_told_and_once_there_is_room_work_goes_on"),
    ),
    Scenario(
        "Disk that can only be read",
        BOTH,
        "the disk is mounted to be read alone; a server that takes no writes",
        "told; what was there stays, and work goes on afterwards",
        _here("a_disk_that_can_only_be_read_is_told_and_what_is_there_stays"),
    ),
    Scenario(
        "Clock that jumps",
        BOTH,
        "eleven years ahead, back, and right again, between deeds",
        "sessions end at most; the chain and all records verify",
        _here("a_clock_that_jumps_ends_sessions_at_most_and_breaks_no_record"),
    ),
    Scenario(
        "Exhausted pool",
        BOTH,
        "all 50 connections of a server taken",
        "told that it is busy, in time; afterwards work goes on",
        _here("a_pool_without_a_free_connection_is_told_in_time_and_gives_them_back"),
    ),
    Scenario(
        "No place at the server",
        "PostgreSQL",
        "the limit of connections of the program's user reached",
        "told; work goes on",
        _here("a_server_without_a_free_place_is_told"),
    ),
    Scenario(
        "Killed worker",
        "PostgreSQL",
        "`haetae work` killed while it prints a report that is to be sealed",
        "the next one seals it, once",
        ("tests/test_jobs.py::test_a_worker_killed_while_it_prints_loses_nothing_and_the_next_one_seals_once",),
    ),
    Scenario(
        "Two workers on one job",
        "PostgreSQL",
        "two workers take the same job",
        "done once",
        ("tests/test_jobs.py::test_two_workers_on_one_job_do_it_once",),
    ),
    Scenario(
        "Killed server with a job",
        "SQLite",
        "a server that seals is gone; another one is begun",
        "it takes the job up",
        ("tests/test_jobs.py::test_a_job_that_a_killed_server_left_behind_is_taken_up_by_the_next_one",),
    ),
    Scenario(
        "Killed server in front of a reader",
        "PostgreSQL",
        "the one of two servers that holds an open page is killed while somebody types (Chromium)",
        "what was typed is saved at the other one; nobody signs in again",
        ("tests/browser/test_two_servers.py::test_whoever_is_at_the_server_that_dies_goes_on_at_the_other",),
    ),
    Scenario(
        "Upgrade from 0.2.0",
        BOTH,
        "a home that release 0.2.0 made is upgraded, then moved; a server of 0.8.0 is upgraded where it stands",
        "history, backups, restores and all sealed reports verify",
        tuple(
            f"tests/test_former_homes.py::test_{name}"
            for name in (
                "a_home_of_0_2_0_is_upgraded_where_it_lies",
                "a_backup_that_0_2_0_made_is_restored_and_verifies",
                "and_goes_on_to_postgresql_with_everything_in_it",
                "a_server_of_0_8_0_is_upgraded_where_it_stands",
            )
        ),
    ),
    Scenario(
        "Walls between units",
        "PostgreSQL",
        "every statement a person of another unit can put to any table that belongs to a unit",
        "no row is seen, changed, removed or put there",
        ("tests/test_walls.py",),
    ),
)


class Came(NamedTuple):
    outcome: str
    """passed, skipped or failed."""
    seconds: float
    figure: str


def run(folder: Path, scenarios: Sequence[Scenario]) -> Mapping[str, list[Came]]:
    """Test without its parameters → what came of each of its cases. Files of the browser run by themselves."""
    came: dict[str, list[Came]] = {}
    tests = {test for scenario in scenarios for test in scenario.tests}
    in_browser = {test for test in tests if test.startswith("tests/browser/")}
    for part in filter(None, (sorted(tests - in_browser), sorted(in_browser))):
        files = sorted({test.partition("::")[0] for test in part})
        names = sorted({test.partition("::")[2] for test in part} - {""})
        chosen = [*files, "-k", " or ".join([*names, *(Path(test).stem for test in part if "::" not in test)])]
        report = folder / f"{len(came)}.xml"
        words = ["-q", "-n", "0", "-o", "addopts=--strict-markers", "-o", "junit_family=xunit1", f"--junitxml={report}"]
        subprocess.run([sys.executable, "-m", "pytest", *words, *chosen], cwd=ROOT, check=False)
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            file, name = str(case.get("file")), str(case.get("name")).partition("[")[0]
            outcome = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed")
            figures = [str(each.get("value")) for each in case.iter("property") if each.get("name") == "figure"]
            seen = Came(outcome, float(case.get("time") or 0), "; ".join(figures))
            for key in (f"{file}::{name}", file):
                came.setdefault(key, []).append(seen)
    return came


def told(scenario: Scenario, came: Mapping[str, list[Came]]) -> Result:
    cases = [case for test in scenario.tests for case in came.get(test, [])]
    failed = sum(case.outcome in ("failure", "error") for case in cases)
    passed = sum(case.outcome == "passed" for case in cases)
    outcome = scenario.outcome
    if failed or not passed:
        outcome = f"FAILED: {failed} of {len(cases)} tests" if failed else "NOT RUN here: what it needs is missing"
    figures = list(dict.fromkeys(case.figure for case in cases if case.figure))
    count = f"{passed} of {len(cases)} tests passed, {sum(case.seconds for case in cases):.0f} s"
    return Result(scenario.name, scenario.database, scenario.done, outcome, "; ".join([*figures, count]))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--only", default="", help="scenarios whose name has this word; the others stay as they were told"
    )
    chosen = parser.parse_args(arguments)
    places = [place for place, scenario in enumerate(SCENARIOS) if chosen.only.lower() in scenario.name.lower()]
    with tempfile.TemporaryDirectory() as folder:
        came = run(Path(folder), [SCENARIOS[place] for place in places])
    rows = [told(SCENARIOS[place], came) for place in places]
    for place, row in zip(places, rows, strict=True):
        results.note(f"{place:02}", row)
    results.write()
    bad = [row.scenario for row in rows if row.outcome.startswith("FAILED")]
    print("Failed: " + ", ".join(bad) if bad else "Everything held.")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
