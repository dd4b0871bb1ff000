"""A whole portfolio under another edition, measured: `python -m tests.bench.rescoring HOME [families]`, in a home of `haetae bench seed`.

A made portfolio has no answers; here each assessment gets those of an example, three in ten choices its own. With a number of
families as many sets are shared out among all. Processor seconds of all processes are told beside the clock's.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from assessments.file import assessment_file
from assessments.model import Status
from questionnaires import load
from questionnaires.question_types import to_json
from tests.bench.examples import ROOT

READ = ("area", "involvement")
DOMAINS = ("hiring", "credit", "medical")


def fill(path: Path, families: int | None) -> int:
    """Answers for the newest revision of each assessment. families: sets of answers per domain; None: one of its own for each."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM response")
        connection.execute("DELETE FROM scenario")
        places = connection.execute(
            "SELECT revision.id, projection.domain FROM projection JOIN revision ON revision.assessment_id = projection.assessment_id"
            " AND revision.number = projection.revision ORDER BY revision.id"
        ).fetchall()
        drawn: dict[str, Iterator[list[tuple[str, str, str]]]] = {}
        for revision, domain in places:
            answers = next(drawn.setdefault(domain, _answers(domain, families)))
            connection.executemany(
                "INSERT INTO response (revision_id, questionnaire, question, answer, note, by_id, by_name, at, lock_version)"
                " VALUES (?, ?, ?, ?, '', 'x', 'x', '2026-11-20T00:00:00.000000+00:00', 1)",
                [(revision, *answer) for answer in answers],
            )
            connection.execute(
                "INSERT INTO scenario SELECT ?, 's1', 0, '', '', '', '', ?", (revision, _impacts(domain))
            )
        connection.execute("COMMIT")
        return len(places)


def _impacts(domain: str) -> str:
    judged = {"scale": "medium", "duration": "short", "likelihood": "low"}
    impact = {"right": "r", "effect": "", "before": judged, "in_place": None, "reason": "", "target": None}
    return json.dumps([impact], sort_keys=True)


def _answers(domain: str, families: int | None) -> Iterator[list[tuple[str, str, str]]]:
    stated = assessment_file.read_file(ROOT / "examples" / f"{domain}.yaml")
    chance, sets = random.Random(5), []
    while True:
        if families is None or len(sets) < families:
            answers = []
            for name in (*READ, domain):
                given = stated.assessment.answers(name)
                for question in stated.questionnaires[name].questions():
                    if question.id not in given:
                        continue
                    answer = given[question.id]
                    if question.type.value == "choice" and chance.random() < 0.3:
                        answer = chance.choice([option.value for option in question.options])
                    answers.append((name, question.id, json.dumps(to_json(answer), ensure_ascii=False)))
            sets.append(answers)
            if families is None:
                sets.clear()
            yield answers
        else:
            yield chance.choice(sets)


def new_editions(place: Path, changes: tuple[tuple[str, str], ...]) -> Path:
    """A folder with the shipped questionnaires and an edition 1.1 of each domain."""
    shutil.copytree(load.FOLDER, place, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for domain in DOMAINS:
        text = (place / domain / "1.0.yaml").read_text("utf-8").replace('version: "1.0"', 'version: "1.1"', 1)
        for old, new in changes:
            if old not in text:
                raise ValueError(old)
            text = text.replace(old, new, 1)
        (place / domain / "1.1.yaml").write_text(text, "utf-8")
    return place


def main(home: str, families: int | None) -> None:
    """Fills the home, then tries an edition with other points for each domain, and one that decides otherwise."""
    os.environ["HAETAE_HOME"] = home
    from assessments.rescoring import Run

    count = fill(Path(home) / "haetae.db", families)
    shape = "each its own answers" if families is None else f"{families} sets of answers a domain"
    sys.stdout.write(f"{count:,} assessments, {shape}\n")
    floor = ("level: high", "level: very_high")
    for what, changes in (
        ("points", (floor,)),
        ("points and routes", (floor, ("outcome: high_impact", "outcome: cannot_determine"))),
    ):
        with tempfile.TemporaryDirectory() as folder:
            load.FOLDER = new_editions(Path(folder) / "questionnaires", changes)
            run = Run()
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            run.go([(domain, "1.1") for domain in DOMAINS], list(Status), None)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            result = run.result
            told = f"{result.counted:,} counted, {len(result.rows):,} change" if result else str(run.problem)
            sys.stdout.write(
                f"  {what}: {time.monotonic() - began:.1f} s by the clock, {spent:.1f} s of processors: {told}\n"
            )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
