"""`haetae bench`: turns, medians, ratios and limits, with clocks that stand where they are told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import files
from assessments.errors import RenderError
from commands import _rule_cases
from commands._turns import Case, as_json, measure, table, timed
from commands.main import app

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "hiring.yaml"


def told(*figures: float) -> Callable[[], float]:
    left = list(figures)
    return lambda: left.pop(0)


def test_cases_take_turns_and_the_first_round_is_thrown_away() -> None:
    order: list[str] = []

    def case(name: str, turns: int, is_warmed: bool) -> Case:
        return Case(name, "ms", lambda: float(order.append(name) or 1), turns=turns, is_warmed=is_warmed)

    found = measure([case("a", 3, True), case("b", 2, False)])
    assert "".join(order) == "a" + "ab" + "ab" + "a"
    assert [len(one.taken) for one in found] == [3, 2]


def test_time_is_that_of_one_piece_of_work_in_milliseconds() -> None:
    assert timed(lambda: None, told(5.0, 7.0), times=4)() == 500


def test_the_ratio_is_taken_turn_by_turn_and_before_dividing_by_parts() -> None:
    ours = Case("ours", "ms a page", told(20, 40, 90), parts=10, peer="peer", times_peer=3, turns=3, is_warmed=False)
    peer = Case("peer", "ms", told(10, 20, 30), turns=3, is_warmed=False)
    found = measure([ours, peer])
    assert found[0].median == 4
    assert found[0].ratio == 2
    assert found[0].is_met is True
    assert found[1].is_met is None


@pytest.mark.parametrize(("limit", "times_peer", "met"), [(5, 2, True), (5, 1, False), (4, 2, False), (None, 1, False)])
def test_a_case_is_met_only_if_everything_promised_of_it_is(
    limit: float | None, times_peer: float | None, met: bool
) -> None:
    ours = Case("ours", "ms", told(5), limit, peer="peer", times_peer=times_peer, turns=1, is_warmed=False)
    found = measure([ours, Case("peer", "ms", told(3), turns=1, is_warmed=False)])
    assert found[0].is_met is met
    assert ("NOT met" in table(found)[0]) is not met


def test_a_case_in_trouble_drops_out_and_is_not_met() -> None:
    def broken() -> float:
        raise RenderError("it took too long", "너무 오래 걸렸습니다")

    found = measure([Case("broken", "ms", broken, limit=1), Case("sound", "ms", told(1, 1), limit=1, turns=1)])
    assert [one.is_met for one in found] == [False, True]
    assert "it took too long" in table(found)[0]
    assert as_json(found)[0]["median"] is None


def test_an_earlier_run_is_a_base_to_compare_with() -> None:
    found = measure([Case("a", "ms", told(6), turns=1, is_warmed=False)], {"a": 4})
    assert "1.50 x base" in table(found)[0]
    assert as_json(found)[0]["base"] == 4


def test_the_rules_are_measured_on_answers_that_are_all_different() -> None:
    stated = files.read_file(EXAMPLE)
    asked, answers = stated.questionnaires["hiring"], stated.assessment.answers("hiring")
    made = _rule_cases.variants(asked, answers, 100)
    assert len({tuple(one.items()) for one in made}) == 100
    assert made == _rule_cases.variants(asked, answers, 100)


def test_figures_are_written_and_read_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        _rule_cases, "cases", lambda _: [Case("one", "ms", lambda: 1.0), Case("two", "ms", lambda: 2.0)]
    )
    out = tmp_path / "figures.json"
    assert CliRunner().invoke(app, ["bench", "--rules-only", "--json", str(out)]).exit_code == 0
    told_ = json.loads(out.read_text("utf-8"))
    assert [one["median"] for one in told_["figures"]] == [1, 2]
    again = CliRunner().invoke(app, ["bench", "--rules-only", "--base", str(out)])
    assert again.exit_code == 0
    assert "x base" in again.stdout
    out.write_text("{}", "utf-8")
    assert CliRunner().invoke(app, ["bench", "--rules-only", "--base", str(out)]).exit_code == 2


@pytest.mark.slow
def test_loading_and_rules_are_measured() -> None:
    found = measure([replace(one, turns=1, is_warmed=False) for one in _rule_cases.cases(EXAMPLE)])
    assert all(one.median and not one.trouble for one in found)
