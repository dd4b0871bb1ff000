"""Logs counted where they lie, as far as no engine is needed: what the command says, and what goes into records and reports."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assessments.decision_log.engines import connecting
from assessments.decision_log.engines.repeating import repeated
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.reading.pseudonyms import Pseudonyms
from assessments.decision_log.reading.source import EngineTable
from assessments.decision_log.statistics import analysis_model
from commands import _log_lines
from commands.main import app
from exports.forms import markdown
from exports.printing import document
from exports.record import record
from exports.report.report import Report
from tests import report_samples as samples
from tests.test_log_report import analysed

ORIGIN = EngineTable("PostgreSQL 15.0", "postgresql:server/warehouse", "log.decisions", samples.AT, 16_000, "5" * 64)


def test_without_the_packages_the_command_names_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    monkeypatch.setattr(connecting, "find_spec", lambda name: None)
    shown = CliRunner().invoke(app, ["log", "import", "--from", "duckdb:log.duckdb", "--table", "decisions"])
    assert shown.exit_code == 2, shown.output
    assert "pip install --require-hashes -r requirements-engines.lock" in shown.output
    shown = CliRunner().invoke(app, ["log", "import", "--from", "spark://master:7077", "--table", "decisions"])
    assert "pip install --require-hashes -r requirements-spark.lock" in shown.output


@pytest.mark.parametrize("run", [4, 16, 64, 2_000])
def test_numbers_that_stand_twice_are_found_in_any_number_of_runs(tmp_path: Path, run: int) -> None:
    chance = np.random.default_rng(run)
    numbers = chance.integers(0, 2**64, 900, np.uint64)
    numbers[100:700:3] = numbers[5]
    numbers[701:720] = numbers[720:739]
    numbers[-2:] = 2**64 - 1
    kinds, counts = np.unique(numbers, return_counts=True)
    told = list(repeated(np.array_split(numbers, 7), tmp_path, run))
    assert all(len(part) for part in told)
    assert np.concatenate(told).tolist() == kinds[counts > 1].tolist()
    assert not list(repeated(np.array_split(kinds, 5), tmp_path, run))
    assert not list(repeated([], tmp_path, run))
    with pytest.raises(FileNotFoundError):
        list(repeated([numbers], tmp_path / "nowhere", run))


@pytest.mark.slow
def test_a_log_from_a_file_needs_no_engine() -> None:
    words = "import sys; sys.modules['ibis'] = None; import commands.log, assessments.decision_log.intake.counting"
    subprocess.run([sys.executable, "-c", words], check=True, timeout=120)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("postgresql://kim@server:5433/warehouse?sslmode=require", "postgresql:server:5433/warehouse"),
        ("postgresql://kim@server:port:s/warehouse", "postgresql:server:port:s/warehouse"),
        ("duckdb:/data/kim/log.duckdb", "duckdb:log.duckdb"),
        ("duckdb:warehouse?motherduck=x", "duckdb:warehouse"),
        ("spark://master:7077,other:7077", "spark:master:7077,other:7077"),
        ("spark:local[2]", "spark:local[2]"),
    ],
)
def test_an_address_is_shown_without_who_and_how(place: str, shown: str) -> None:
    assert connecting.place_of(place, "decisions").shown == shown


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://kim:secret@server/base",
        "postgresql://kim:sec/ret@server/base",
        "postgresql://server/base?password=secret",
        "postgresql://server/base?PassWord = secret",
        "postgresql://server/base?p%61ssword=secret",
        "postgresql://server/base?sslpassword=secret",
        "duckdb:md:base?motherduck_token=secret",
    ],
)
def test_a_password_in_an_address_is_refused(place: str) -> None:
    with pytest.raises(LogRefusedError, match="carries a password") as refusal:
        connecting.place_of(place, "decisions")
    assert "secret" not in str(refusal.value)


def test_a_digest_made_in_an_engine_gives_the_pseudonym_of_the_name() -> None:
    names, key = Pseudonyms(b"k" * 32), b"k" * 32
    digest = hashlib.sha256(f"{names.salt}김철수".encode()).hexdigest()
    assert names.of("김철수") == names.of_digest(digest)
    assert names.of("김철수") == f"R-{hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()[:8].upper()}"
    assert Pseudonyms(b"l" * 32).of("김철수") != names.of("김철수") != names.of("이영희")
    assert key.hex() not in names.salt


@pytest.mark.slow
def test_where_a_table_was_counted_stands_in_record_report_and_forms() -> None:
    figures, mapping = analysed("attentive")
    source = replace(figures.source, origin=ORIGIN, size=0, kind="postgresql", encoding="", delimiter="")
    figures = replace(figures, source=source)
    assert analysis_model.from_json(json.loads(json.dumps(analysis_model.to_json(figures)))) == figures
    used = samples.editions()
    made = record.build(
        replace(samples.assessment(used), log=KeptLog(figures, mapping)), used, at=samples.AT, document_id="HT-1"
    )
    shown = Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))
    texts = [document.html(shown), markdown.text(made, "en"), "\n".join(_log_lines.lines(figures, ()))]
    for text in texts:
        for words in (ORIGIN.where, "PostgreSQL 15.0", ORIGIN.statements_sha256):
            assert words in text.replace("\\", "")


def test_an_error_of_spark_says_what_went_wrong_and_no_value() -> None:
    class GatewayError(Exception): ...

    called = "An error occurred while calling o70.collectToPython.\n: org.apache.spark.SparkException: "
    assert "SparkException: Job aborted" in connecting._why(GatewayError(called + "Job aborted."))
    wrong = GatewayError(called + "[CAST_INVALID_INPUT] The value '김철수' of the type \"STRING\" cannot be cast")
    assert connecting._is_of_a_value(wrong) and not connecting._is_of_a_value(GatewayError(called + "Job aborted."))
