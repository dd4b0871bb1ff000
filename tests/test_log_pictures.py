"""The pictures of a decision log: whatever is counted, nothing overlaps, leaves the picture or is too small, and words say it all."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from assessments.decision_log.reading import naming
from assessments.decision_log.statistics import funnel
from assessments.decision_log.statistics.analysis_model import (
    Below,
    Breakdown,
    Disparity,
    Flow,
    LogAnalysis,
    Quantile,
    Rate,
    Reviewer,
    ReviewTimes,
    Selection,
)
from assessments.derived import Range
from exports.printing import lettering
from exports.report import charts, inscriptions
from exports.report.charts import Band
from exports.report.log_pictures import Mark, Picture, Pictures
from questionnaires import wording
from tests.test_log_report import analysed, report

PAPER_MM, POINT_MM, SMALLEST_POINTS = 170, 25.4 / 72, 7
TITLES = {name: name for name in ("log-time", "log-review", "log-flow", "log-funnel", "log-group")}
LONG_KO = "고객 신용 평가 결과에 따른 대출 심사 보류 및 추가 서류 제출 요청 대상자 (지역 본부 재심사)"
LONG_EN = "Referred to the regional credit committee for a second look with additional documents"
ONE_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
NAMES = (LONG_KO, LONG_EN, ONE_WORD, "승인", "y", "")


def rate(share: float, n: int, label: str = "") -> Rate:
    count = round(share * n)
    value, reach = (count / n, min(0.5, n**-0.5)) if n else (0.0, 0.0)
    return Rate(count, n, max(0.0, value - reach), min(1.0, value + reach), is_small=n < 60, label=label)


def times(seconds: list[float]) -> ReviewTimes:
    points = sorted({1, 2, 3, 5, 7, 10, 15, 20, 30, 45, *(60 * minute for minute in range(1, 61))})
    ordered, n = sorted(seconds), len(seconds)
    shares = [(point, sum(value < point for value in seconds)) for point in points]
    return ReviewTimes(
        n, 0, sum(seconds) / n,
        tuple(Quantile(part, ordered[min(n - 1, n * part // 100)], ordered[0], ordered[-1]) for part in (10, 25, 50, 75, 90)),
        tuple(Below(float(point), count, max(0, count / n - 0.03), min(1, count / n + 0.03)) for point, count in shares),
        "wilson",
    )  # fmt: skip


def people(count: int, drawn: random.Random) -> tuple[Reviewer, ...]:
    loads = [drawn.randint(1, 3000) if count > 2 else drawn.randint(900, 1000) for _ in range(count)]
    return tuple(
        Reviewer(
            f"R-{drawn.randrange(16**8):08X}",
            n,
            int(n * drawn.choice([0.0, 0.05, 0.3])),
            0,
            0,
            drawn.choice(["low", "high", "inside"]),
        )
        for n in loads
    )


@cache
def whole() -> LogAnalysis:
    return analysed("drifting")[0]


def made(count: int, seconds: list[float], n: int | None = None) -> LogAnalysis:
    """As many months, outputs, reviewers and groups. n: cases of each; None: anything from none to many."""
    drawn = random.Random(count)

    def cases() -> int:
        return drawn.choice([0, 1, 30, 4000]) if n is None else n

    months = tuple(
        rate(drawn.random() / 10, cases(), f"{2026 + place // 12}-{place % 12 + 1:02}") for place in range(count)
    )
    labels = [f"{NAMES[place % len(NAMES)]}{place or ''}" for place in range(count)]
    flows = tuple(
        Flow(output, decision, drawn.choice([1, 3, 900, 40_000]) if n is None else n)
        for output, decision in itertools.product(labels, labels[:9])
    )
    rows = tuple(
        Selection(label, rate(drawn.random(), cases()), rate(drawn.random(), cases()), None, None, None)
        for label in labels
    )
    reviewers = people(count, drawn)
    start = whole()
    return replace(
        start,
        whole=replace(start.whole, times=times(seconds), divergence=rate(0.05, 9000)),
        breakdowns=(Breakdown("month", months),),
        flows=flows,
        reviewers=reviewers,
        funnel=funnel.lines(np.array([reviewer.n for reviewer in reviewers]), 0.05),
        disparities=(Disparity("team", labels[0], rows),),
    )


def pictures(analysis: LogAnalysis, language: str) -> dict[str, Picture]:
    marks = (Mark("claimed", 300.0), Mark("minimum", 120.0))
    return dict(Pictures(analysis, language, TITLES).of(marks))


Box = tuple[float, float, float, float]


def boxes(svg: str) -> Iterator[tuple[str, Box]]:
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        words, size = element.text or "", float(element.attrib["font-size"])
        width = inscriptions.width(words, size)
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        start = {"start": x, "middle": x - width / 2, "end": x - width}[element.attrib["text-anchor"]]
        yield words, (start, y - 0.75 * size, start + width, y + 0.15 * size)


def overlapping(svg: str) -> list[tuple[str, str]]:
    return [
        (words, other)
        for (words, (left, top, right, bottom)), (other, box) in itertools.combinations(boxes(svg), 2)
        if min(right, box[2]) - max(left, box[0]) > 1 and min(bottom, box[3]) - max(top, box[1]) > 1
    ]


def outside(svg: str) -> list[str]:
    _, _, width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split())
    return [words for words, box in boxes(svg) if box[0] < -12 or box[1] < 0 or box[2] > width + 12 or box[3] > height]


def assert_readable(svg: str, of_the_line: float = 1) -> None:
    assert not re.search(r"\bnan\b|\binf\b", svg)
    sizes = [float(size) for size in re.findall(r'font-size="([^"]+)"', svg)]
    assert min(sizes) * of_the_line * PAPER_MM / charts.WIDTH / POINT_MM >= SMALLEST_POINTS
    assert not overlapping(svg)
    assert not outside(svg)


SPREAD = [float(round(2.72 ** (value / 40))) for value in range(330)]


@pytest.mark.first_in_check
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("count", [1, 2, 12, 13, 40, 130])
@pytest.mark.parametrize(("seconds", "n"), [(SPREAD, None), ([30.0] * 50, 1), ([90_000.0] * 9, 4000), ([0.4] * 3, 0)])
@pytest.mark.slow
def test_no_number_and_no_name_makes_words_overlap_or_leave(
    count: int, seconds: list[float], n: int | None, language: str
) -> None:
    for picture in pictures(made(count, seconds, n), language).values():
        assert_readable(picture.svg)


def test_overlapping_words_are_noticed() -> None:
    words = [charts.text(10, 20, "long words"), charts.text(14, 22, "other words")]
    assert overlapping(charts.drawing(640, 40, words))
    assert outside(charts.drawing(640, 40, [charts.text(630, 20, "long words")]))


@pytest.mark.parametrize("narrow", [False, True])
def test_scores_are_readable_with_narrow_bands(narrow: bool) -> None:
    ends = (2, 4, 98, 100) if narrow else (25, 50, 75, 100)
    bands = [Band(name, up_to) for name, up_to in zip(("낮음", "중간", "높음", "매우 높음"), ends, strict=True)]
    for low, high in ((0, 0), (0, 100), (50, 52), (100, 100)):
        svg = charts.overall(Range(low, high), Range(low, low), bands, ("고유", "잔여"))
        assert_readable(svg, of_the_line=charts.NARROWEST)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_axis_and_every_mark_is_named(language: str) -> None:
    words = {
        name: " ".join(words for words, _ in boxes(picture.svg))
        for name, picture in pictures(whole(), language).items()
    }
    expected = {
        "log-time": ("다르게 결정한 비율(%)", "differ from the AI (%)"),
        "log-review": ("검토 시간", "Review time"),
        "log-funnel": ("결정한 건수(건)", "Cases decided"),
        "log-flow": ("비율(%)", "with this AI output (%)"),
        "log-group-0": ("받은 비율(%)", "Favourable outcomes (%)"),
    }
    for name, parts in expected.items():
        assert parts[language == "en"] in words[name], name


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_read_out_gives_the_figures(language: str) -> None:
    analysis = whole()
    read = {name: picture.words for name, picture in pictures(analysis, language).items()}
    months = next(table.rows for table in analysis.breakdowns if table.by == "month")
    for row in months:
        assert wording.with_interval(row.value, row.low, row.high) in read["log-time"]
    (change,) = [change for change in analysis.changes if change.measure == "divergence"]
    assert wording.day(change.on, language) in read["log-time"]
    assert analysis.whole.times is not None
    for quantile in analysis.whole.times.quantiles:
        assert wording.duration(quantile.seconds)[language] in read["log-review"]
    for flow in analysis.flows:
        assert f"{flow.count:,}" in read["log-flow"]
    shares = [reviewer.departures / reviewer.n for reviewer in analysis.reviewers]
    assert wording.share(min(shares)) in read["log-funnel"] and wording.share(max(shares)) in read["log-funnel"]
    for at, disparity in enumerate(analysis.disparities):
        for row in disparity.rows:
            for shown in (row.ai, row.final):
                assert wording.with_interval(shown.value, shown.low, shown.high) in read[f"log-group-{at}"]


def test_many_months_are_read_out_by_their_ends() -> None:
    words = pictures(made(40, SPREAD), "ko")["log-time"].words
    assert "40개월" in words and len(words) < 500


def test_a_long_list_of_groups_says_that_it_is_cut() -> None:
    picture = pictures(made(40, SPREAD, 4000), "ko")["log-group-0"]
    assert "12가지" in picture.note and "40가지" in picture.note
    assert not pictures(made(12, SPREAD, 4000), "ko")["log-group-0"].note


@pytest.mark.parametrize(
    ("value", "group", "korean", "english"),
    [
        ("F", "sex", "여성 (F)", "women (F)"),
        ("남성", "sex", "남성", "men (남성)"),
        ("-29", "age_band", "29세 이하", "up to 29"),
        ("30-39", "age_band", "30–39세", "30–39"),
        ("50+", "age_band", "50세 이상", "50 and over"),
        ("?", "age_band", "?", "?"),
        ("", "team", "적혀 있지 않음", "not stated"),
        ("North", "team", "North", "North"),
    ],
)
def test_groups_have_words(value: str, group: str, korean: str, english: str) -> None:
    title = naming.member_title(value, group)
    assert (title.ko, title.en) == (korean, english)


def test_outcomes_and_columns_have_words_and_keep_their_own() -> None:
    assert naming.outcome_title("Approve").ko == "승인 (Approve)"
    assert naming.outcome_title("거절").en == "reject (거절)"
    assert naming.outcome_title("second look").ko == "second look"
    assert naming.group_title("sex").ko == "성별"
    assert naming.group_title("team", "소속 팀").ko == "소속 팀"


@pytest.mark.slow
def test_no_column_name_of_the_log_is_left_on_the_page() -> None:
    shown = report("drifting")
    for svg in shown.charts.values():
        assert not re.search(r">[^<]*\b(sex|age_band|ai_output|final_decision)\b", svg)


@pytest.mark.slow
def test_words_are_never_wider_than_the_room_that_is_kept_for_them() -> None:
    for name in lettering.OWN[:2]:
        font = TTFont(Path(lettering.own_folder()) / name)
        widths, signs, unit = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
        for text in (*NAMES, "12.5% → 0.33%", "전체 기간 4.1분 (95% 신뢰구간)", "R-264C679B", "n = 17,268"):
            real = sum(widths[signs[ord(sign)]][0] for sign in text if ord(sign) in signs) / unit
            assert real <= inscriptions.width(text, 1.0) <= 1.4 * real + 0.5, (name, text)


def test_long_words_are_broken_or_cut_to_their_room() -> None:
    for words in NAMES:
        for most in (1, 2, 3):
            lines = inscriptions.in_lines(words, 10, 120, most)
            assert len(lines) <= most and all(inscriptions.width(line, 10) <= 120 for line in lines)
            assert not words or lines
    assert inscriptions.in_lines("short words", 10, 200, 2) == ("short words",)
