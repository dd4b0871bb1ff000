"""One wording of a day, a time, a percentage and a duration, on screens, in reports and in sentences."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from exports.report import log_section
from exports.words import labels
from pages._frame.translation import translate
from questionnaires import shipped_texts, wording
from questionnaires.texts import filled
from questionnaires.vocabulary import Text
from tests.sources import files, tree
from tests.wording_rules import own_wordings

ROOT = Path(__file__).resolve().parents[1]
AT = datetime(2026, 11, 19, 15, 4, 5, tzinfo=UTC)
"""Four minutes past midnight of the 20th in Seoul."""


@pytest.mark.parametrize(
    ("seconds", "korean", "english"),
    [
        (0, "0초", "0 s"),
        (0.4, "0.4초", "0.4 s"),
        (9, "9초", "9 s"),
        (9.26, "9.3초", "9.3 s"),
        (60, "1분", "1 min"),
        (90, "90초", "90 s"),
        (119.9, "119.9초", "119.9 s"),
        (120, "2분", "2 min"),
        (150, "2.5분", "2.5 min"),
        (600, "10분", "10 min"),
        (3600, "1시간", "1 h"),
        (4500, "75분", "75 min"),
        (7200, "2시간", "2 h"),
    ],
)
def test_a_duration_is_in_seconds_then_in_minutes(seconds: float, korean: str, english: str) -> None:
    text = wording.duration(seconds)
    assert (text.ko, text.en) == (korean, english)
    assert log_section.seconds(seconds, "ko") == korean


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0%"),
        (12.5, "12.5%"),
        (12.04, "12%"),
        (100, "100%"),
        (99.94, "99.9%"),
        (99.96, "99.96%"),
        (99.9999, "99.9999%"),
        (1, "1%"),
        (0.25, "0.25%"),
        (0.0123, "0.012%"),
    ],
)
def test_a_percentage_has_one_decimal_where_it_is_not_nought(value: float, shown: str) -> None:
    assert wording.percent(value) == shown


def test_intervals_and_differences_have_one_form() -> None:
    assert wording.with_interval(0.125, 0.101, 0.152) == "12.5% (10.1–15.2%)"
    assert wording.between(0.0012, 0.0103) == "0.12–1%"
    assert wording.points(-0.031, -0.05, 0.012).ko == "−3.1%p (−5.0 – +1.2)"
    assert wording.points(0.031, 0.01, 0.052).en == "+3.1 points (+1.0 – +5.2)"
    assert wording.ratio(0.78, 0.7, 0.86) == "0.78 (0.70–0.86)"
    assert wording.ratio(0.78, None, None) == "0.78"
    assert (wording.chance(0.0000002), wording.chance(0.012)) == ("p < 0.001", "p = 0.012")
    assert wording.duration_between(240, 258).ko == "4–4.3분"
    assert wording.duration_between(50, 126).en == "50 s – 2.1 min"
    assert (wording.month("2026-03", "ko"), wording.month("2026-03", "en")) == ("2026. 3.", "Mar 2026")
    assert wording.month("(none)", "ko") == "(none)"
    assert wording.period(date(2026, 1, 5), date(2026, 6, 30), "en") == "5 Jan 2026 – 30 Jun 2026"
    assert wording.period(None, None, "ko") == ""


def test_a_share_of_nothing_is_a_dash() -> None:
    assert log_section.share(1, 8) == "12.5%"
    assert log_section.share(0, 0) == "–"


def test_days_and_times_are_those_of_seoul() -> None:
    assert wording.day(date(2026, 11, 20), "ko") == "2026. 11. 20."
    assert wording.day(date(2026, 11, 20), "en") == "20 Nov 2026"
    assert wording.seoul_day(AT) == date(2026, 11, 20)
    assert wording.moment(AT, "ko") == "2026. 11. 20. 00:04"
    assert wording.moment(AT, "en") == "20 Nov 2026 00:04"
    assert wording.clock(AT, "ko") == wording.clock(AT, "en") == "00:04:05"
    assert wording.day_text(date(2026, 3, 9)).ko == "2026. 3. 9."


@pytest.mark.parametrize("language", ["ko", "en"])
def test_print_differs_from_the_screen_in_the_blank_only(language: str) -> None:
    assert labels.day(date(2026, 11, 20), language).replace("\u00a0", " ") == wording.day(date(2026, 11, 20), language)
    assert labels.moment(AT, language).replace("\u00a0", " ") == wording.moment(AT, language)


def test_there_is_one_seoul() -> None:
    own = re.compile(r"ZoneInfo\(\"Asia/Seoul\"\)|timedelta\(hours=9\)|\"KST\"\)")
    found = [
        str(file.relative_to(ROOT))
        for folder in ("questionnaires", "assessments", "exports", "jobs", "commands", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if own.search(file.read_text("utf-8"))
    ]
    assert found == ["questionnaires/wording.py"]


ALLOWED = {
    "questionnaires/wording.py": "the one place",
    "assessments/file/writing.py": "a file to be read in again",
    "assessments/keeping/auditing.py": "the name of a draft",
    "assessments/security_log.py": "lines for programs, by the clock of UTC",
    "assessments/storage/migration.py": "the name of a backup",
    "pages/_server/server_log.py": "lines for programs, by the clock of UTC",
    "pages/_server/portfolio_tables.py": "numbers of a table to calculate with",
}
"""File → why what stands there is no wording."""


@pytest.mark.slow
def test_nothing_words_a_percentage_a_duration_or_a_day_by_itself() -> None:
    own = [
        f"{file.relative_to(ROOT)}, line {line}: {what}. Use questionnaires/wording.py."
        for file in files()
        for line, what in own_wordings(tree(file))
        if str(file.relative_to(ROOT)) not in ALLOWED
    ]
    assert not own, "\n".join(own)


@pytest.mark.parametrize(
    "line",
    [
        'f"{100 * rate.value:.1f}%"',
        'f"{rate.value:.1%}"',
        'f"{weight}%"',
        'f"took {count} seconds"',
        'f"{minutes}분 이내"',
        'f"until {duty.until} at the latest"',
        'at.strftime("%d.%m.%Y")',
        '_("since {day}", day=on.isoformat())',
        '_("{share}%", share=100 * part)',
    ],
)
def test_an_own_wording_is_found(line: str) -> None:
    assert list(own_wordings(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ['f"width: {share(part)}"', 'f"{count} minutes_sha256"', '_("{share} of all", share=wording.share(part))']
)
def test_what_is_worded_elsewhere_is_left_alone(line: str) -> None:
    assert not list(own_wordings(ast.parse(line)))


_UNIT = re.compile(r"\{[a-z_]+(?::[^}]*)?\} ?(?:%|초|분(?:쯤| )|시간|s\b|min\b|seconds?\b|minutes?\b|hours?\b)")
LAWS = {
    "{percent}%까지": "of the rule on fines, whole by law",
    "{percent}% of the amount": "of the rule on fines, whole by law",
    "{hours}시간 이상": "hours a day, which are compared with eight",
    "{hours} hours or more": "hours a day, which are compared with eight",
}
"""Part of a text → why its unit stands in it."""


@pytest.mark.slow
def test_no_text_brings_the_unit_of_its_value_itself() -> None:
    own = [
        f"{text.file}, line {text.line}: {text.text}"
        for text in shipped_texts.texts()
        if _UNIT.search(text.text) and text.file != "questionnaires/texts.yaml"
        if not any(part in text.text for part in LAWS)
    ]
    assert not own, "\n".join(own)


def test_a_day_that_goes_into_a_text_is_worded_in_its_language() -> None:
    text = filled(Text(ko="{day}까지", en="until {day}"), day=date(2026, 11, 20))
    assert (text.ko, text.en) == ("2026. 11. 20.까지", "until 20 Nov 2026")
    assert translate("since {day}", "en", day=date(2026, 11, 20)) == "since 20 Nov 2026"
    assert "2026. 11. 20." in translate("since {day}", "ko", day=date(2026, 11, 20))
