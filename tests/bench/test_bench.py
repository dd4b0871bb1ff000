"""`make bench`: what it measures with, and how figures stand beside what was promised."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyperf
import pytest

from assessments.file import assessment_file
from tests import report_samples as samples
from tests.bench import dashboards, examples, limits, lists, rules, seals
from tests.bench.limits import Promise, table

LONG = pytest.mark.skipif(
    not os.environ.get("HAETAE_TORTURE"), reason="prints a report for each figure: in the long runs"
)


def figure(name: str, *seconds: float, **metadata: object) -> pyperf.Benchmark:
    return pyperf.Benchmark([pyperf.Run(list(seconds), metadata={"name": name, **metadata}, collect_metadata=False)])


def suite(*figures: pyperf.Benchmark) -> pyperf.BenchmarkSuite:
    return pyperf.BenchmarkSuite(list(figures))


def test_the_median_is_held_against_the_limit_and_the_least_is_told() -> None:
    (line,) = table(suite(figure("ours", 1.0, 2.0, 9.0)), [Promise("ours", at_most=2)])
    assert "2.00 sec" in line and "least 1.00 sec" in line
    assert line.endswith("  met")


@pytest.mark.parametrize(("limit", "times_peer", "met"), [(5, 2, True), (5, 1, False), (4, 2, False), (None, 1, False)])
def test_a_figure_is_met_only_if_everything_promised_of_it_is(
    limit: float | None, times_peer: float | None, met: bool
) -> None:
    promise = Promise("ours", limit, peer="peer", times_peer=times_peer)
    ours, peer = table(suite(figure("ours", 5.0), figure("peer", 3.0)), [promise])
    assert "1.667 x peer" in ours
    assert ours.endswith("  met") is met
    assert ours.endswith("NOT met") is not met
    assert not peer.endswith("met")  # nothing was promised of it


def test_the_exponent_of_growth_is_told() -> None:
    large, _small = table(
        suite(figure("large", 1.0), figure("small", 0.1)), [Promise("large", 2, peer="small", grown=100)]
    )
    assert "exponent 0.50" in large


def test_memory_is_held_against_its_limit() -> None:
    (line,) = table(suite(figure("log", 1.0, command_max_rss=3_000_000)), [Promise("log", 2, memory=2_000_000)])
    assert "memory 3 MB (limit 2 MB)" in line
    assert line.endswith("NOT met")


def test_a_million_is_held_against_its_limits_only_where_it_was_measured() -> None:
    large, most = (lists.figure_of(dashboards.QUERIES["cells"], count) for count in (lists.COUNTS[-1], lists.MOST))
    assert limits.promised_of(suite(figure(large, 0.01))) == limits.PROMISES
    measured = suite(figure(large, 0.01), figure(most, 0.1))
    (promise,) = set(limits.promised_of(measured)) - set(limits.PROMISES)
    line = table(measured, [promise])[-1]
    assert "limit 150 ms" in line and "exponent 1.00" in line and line.endswith("  met")


def test_what_was_not_measured_is_not_met() -> None:
    lines = table(suite(figure("other", 1.0)), [Promise("ours", 1)])
    assert lines[-1].split() == ["ours", "NOT", "met:", "not", "measured"]


def test_the_rules_are_measured_on_answers_that_are_all_different() -> None:
    stated = assessment_file.read_file(examples.EXAMPLE)
    asked, answers = stated.questionnaires["hiring"], stated.assessment.answers("hiring")
    made = rules.variants(asked, answers, 100)
    assert len({tuple(changed.items()) for changed in made}) == 100
    assert made == rules.variants(asked, answers, 100)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["rules", pytest.param("seals", marks=LONG)])
def test_a_part_is_measured_and_written_as_json(part: str, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = [sys.executable, "-m", f"tests.bench.{part}", "--debug-single-value", "--quiet", "-o", str(out)]
    subprocess.run(command, cwd=examples.ROOT, check=True, stdout=subprocess.DEVNULL)
    measured = pyperf.BenchmarkSuite.load(str(out))
    lines = table(
        measured, [promise for promise in limits.PROMISES if promise.figure in measured.get_benchmark_names()]
    )
    assert len(lines) >= 3
    assert all("least" in line for line in lines)


@pytest.mark.slow
def test_seals_are_measured_on_a_report_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "printed", lambda: samples.printed(samples.example("hiring"), examples.LANGUAGES))
    assert all(measure(1) > 0 for measure in (seals._size, seals._sealed, seals._verified))
