"""A whole portfolio under another edition, measured on a made portfolio with answers. `python -m tests.bench.rescoring`

A made portfolio has no answers; in a copy of it each assessment gets those of an example, three in ten choices and numbers drawn anew
and its impact rated anew, so that hardly two are equal. With --families so many sets of answers are shared out among all of a domain.
Processor seconds are those of all processes that take part.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pyperf

from assessments.storage.dialects.sqlite import SQLite
from tests.bench import examples

COUNT = 100_000
READ = ("area", "involvement")
DOMAINS = ("hiring", "credit", "medical")
_POINTS = ("level: high", "level: very_high")
_ROUTES = ("outcome: high_impact", "outcome: cannot_determine")
CHANGES = {"other points": (_POINTS,), "other points and routes": (_POINTS, _ROUTES)}
"""What the new edition of each domain changes → old and new text in its file."""
CLOCK = {name: f"rescore {COUNT:,}, {name}" for name in CHANGES}
SPENT = {name: f"rescore {COUNT:,}, {name}, processors" for name in CHANGES}
_RATINGS = {
    "scale": ("minor", "medium", "high"),
    "duration": ("short", "medium", "long"),
    "likelihood": ("low", "medium", "high"),
}
Lines = list[tuple[str, str, str]]
"""Questionnaire, question and answer."""


def main(arguments: Sequence[str]) -> None:
    """Wall seconds of a machine that does nothing else, and processor seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--append")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--families", type=int, help="sets of answers a domain; without it each has its own")
    parser.add_argument("--case", choices=list(CHANGES), help="only this one")
    chosen = parser.parse_args(arguments)
    answered_home(chosen.count, chosen.families)
    for name in [chosen.case] if chosen.case else CHANGES:
        clock, spent, told = measured(CHANGES[name])
        if not chosen.quiet:
            print(f"{name}: {clock:.1f} s by the clock, {spent:.1f} s of processors: {told}", flush=True)  # noqa: T201
        for names, seconds in ((CLOCK, clock), (SPENT, spent)):
            figure = pyperf.Benchmark([pyperf.Run([seconds], metadata={"name": names[name]}, collect_metadata=False)])
            if chosen.append:
                pyperf.add_runs(chosen.append, figure)


def measured(changes: tuple[tuple[str, str], ...]) -> tuple[float, float, str]:
    """Seconds by the clock and of processors, and what came of it, in the database in use."""
    from assessments.model import Status
    from assessments.rescoring import Run
    from questionnaires import load

    shipped = load.FOLDER
    with tempfile.TemporaryDirectory() as folder:
        load.FOLDER = new_editions(shipped, Path(folder) / "questionnaires", changes)
        try:
            run = Run()
            began, before = time.monotonic(), _spent()
            run.go([(domain, "1.1") for domain in DOMAINS], list(Status), None)
            clock, spent = time.monotonic() - began, _spent() - before
        finally:
            load.FOLDER = shipped
    if run.result is None:
        raise RuntimeError(str(run.problem))
    return clock, spent, f"{run.result.counted:,} counted, {len(run.result.rows):,} change"


def _spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def new_editions(shipped: Path, place: Path, changes: tuple[tuple[str, str], ...]) -> Path:
    """A folder with the shipped questionnaires and an edition 1.1 of each domain. Raises: ValueError where a text is not there."""
    shutil.copytree(shipped, place, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for domain in DOMAINS:
        text = (place / domain / "1.0.yaml").read_text("utf-8").replace('version: "1.0"', 'version: "1.1"', 1)
        for old, new in changes:
            if old not in text:
                raise ValueError(f"{domain}: {old}")
            text = text.replace(old, new, 1)
        (place / domain / "1.1.yaml").write_text(text, "utf-8")
    return place


# --- a made portfolio with answers ---------------------------------------------------------------------------------------------


def answered_home(count: int, families: int | None = None) -> None:
    """The database in use is then that of a portfolio of so many, with answers, which the next measuring uses again."""
    from assessments.storage import database
    from tests.bench.lists import made_home

    home = examples.FOLDER / f"answered-{count}-{families or 'own'}"
    if not examples.is_made(home):
        made_home(count)
        database.leave()
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, mode=0o700)
        source = examples.FOLDER / f"made-{count}" / "haetae.db"
        with closing(sqlite3.connect(source)) as of, closing(sqlite3.connect(home / "haetae.db")) as copy:
            of.backup(copy)
        fill(home / "haetae.db", families)
        examples.set_made(home)
    os.environ["HAETAE_HOME"] = str(home)
    database.prepare()


def fill(path: Path, families: int | None = None) -> int:
    """Answers for the newest revision of each assessment, whose number it gives. families: sets of answers per domain; None: one of
    its own for each."""

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        guarding = [name for name in SQLite().trigger_statements() if "_frozen_" in name or "_submitted_" in name]
        for name in guarding:  # what is submitted has no answers yet, and gets them here
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("BEGIN")
        places = connection.execute(
            "SELECT revision.id, projection.domain FROM projection JOIN revision ON revision.assessment_id = projection.assessment_id"
            " AND revision.number = projection.revision ORDER BY revision.id"
        ).fetchall()
        drawn: dict[str, Iterator[Lines]] = {}
        chance = random.Random(9)
        for revision, domain in places:
            answers = next(drawn.setdefault(domain, _answers(domain, families)))
            connection.executemany(
                "INSERT INTO response (revision_id, questionnaire, question, answer, note, by_id, by_name, at, lock_version)"
                " VALUES (?, ?, ?, ?, '', 'x', 'x', '2026-11-20T00:00:00.000000+00:00', 1)",
                [(revision, *answer) for answer in answers],
            )
            rated = _impacts(chance)
            connection.execute("INSERT INTO scenario SELECT ?, 's1', 0, '', '', '', '', ?", (revision, rated))
        for name in guarding:
            connection.execute(SQLite().trigger_statements()[name])
        connection.execute("COMMIT")
        return len(places)


def _impacts(chance: random.Random) -> str:
    judged = {name: chance.choice(labels) for name, labels in _RATINGS.items()}
    impact = {"right": "r", "effect": "", "before": judged, "in_place": None, "reason": "", "target": None}
    return json.dumps([impact], sort_keys=True)


def _answers(domain: str, families: int | None) -> Iterator[Lines]:
    chance, sets = random.Random(5), list[Lines]()
    options = dict(_options(domain))
    while families is None or len(sets) < families:
        answers = [
            (name, question, json.dumps(chance.choice(choices), ensure_ascii=False))
            if choices and chance.random() < 0.3
            else (name, question, answer)
            for (name, question, answer), choices in options.items()
        ]
        if families is not None:
            sets.append(answers)
        yield answers
    while True:
        yield chance.choice(sets)


def _options(domain: str) -> Iterator[tuple[tuple[str, str, str], tuple[str, ...] | tuple[int, ...]]]:
    """Each answer of the example, with what else could be chosen in its place."""
    from assessments.file import assessment_file
    from questionnaires.question_types import to_json

    stated = assessment_file.read_file(examples.ROOT / "examples" / f"{domain}.yaml")
    for name in (*READ, domain):
        answers = stated.assessment.answers(name)
        for question in stated.questionnaires[name].questions():
            if question.id in answers:
                answer = json.dumps(to_json(answers[question.id]), ensure_ascii=False)
                choices = [option.value for option in question.options] if question.type.value == "choice" else []
                yield (name, question.id, answer), tuple(choices) or _numbers(answers[question.id], question.maximum)


def _numbers(answer: object, most: int | None) -> tuple[int, ...]:
    """From half to one and a half of a number. Empty: it is none."""
    if not isinstance(answer, int) or isinstance(answer, bool):
        return ()
    return tuple(range(answer // 2, min(answer * 3 // 2, most or answer * 3 // 2) + 1))


if __name__ == "__main__":
    main(sys.argv[1:])
