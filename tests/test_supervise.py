"""The page of a supervisor: it reads the one table that was named, answers whoever has the printed address, and shows everything in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.runtime import context
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from commands.main import app as commands
from exports.collection import row as rows
from exports.collection import writing
from exports.collection.columns import Row
from exports.collection.run import TEXTS
from pages._supervision import server, table
from pages._supervision.table import Supervised
from tests.many_reports import NOW
from tests.sources import ROOT

KEY = "a key of the test"
BAD = "<script>alert(1)</script>"


def report(number: int, **more: Any) -> Row:
    """A row as a run makes it."""
    row = rows.trouble_row("no_pdf", NOW, sha256=f"{number:064d}", size=1_000 + number)
    row |= {"verdict": "passed", "values": "shown", "kind": "report", "reason_ko": None, "reason_en": None}
    row |= {
        "operator": f"주식회사 {number % 7}",
        "system_ko": f"시스템 {number}",
        "domain": ("hiring", "credit")[number % 2],
    }
    row |= {
        "outcome": ("high_impact", "not_high_impact", "cannot_determine")[number % 3],
        "is_contested": number % 10 == 9,
    }
    row |= {"level": ("low", "high")[number % 2], "is_claimed": True, "claim": "supported", "path": f"{number:05d}.pdf"}
    row |= {
        "sealed_at": datetime(2026, 1, 15, tzinfo=UTC) + timedelta(days=number % 300),
        "facts": '[["sealed", "ok"]]',
    }
    return {**row, **more}


def failed(number: int) -> Row:
    row = rows.trouble_row("no_pdf", NOW, sha256=f"{number:064d}", size=1)
    return {**row, "path": f"{number:05d}.pdf"}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "out.csv"
    lines = [report(number) for number in range(120)]
    lines[3] |= {
        "operator": BAD,
        "path": f"{BAD}.pdf",
        "findings": "sealed_twice, superseded",
        "superseded_by": "00004.pdf",
    }
    lines[5] |= {
        "verdict": "indeterminate",
        "values": "stated",
        "reason_en": "Whose seal this is remains unknown.",
        "reason_ko": "모름",
    }
    lines += [failed(number) for number in range(120, 130)]
    finding: Row = {"finding": "sealed_twice", "count": 2, "files": f"{BAD}.pdf | 00004.pdf"}
    finding |= {f"what_{language}": TEXTS["sealed_twice"][language] for language in ("ko", "en")}
    writing.write(file, lambda: iter(lines), [finding], "ko", len(lines))
    monkeypatch.setenv(table.VARIABLE, str(file))
    monkeypatch.setenv(server.KEY, KEY)
    table.opened.cache_clear()
    return file


@pytest.fixture
def supervised(made: Path) -> Supervised:
    return table.opened()


def entered() -> TestClient:
    return TestClient(application(), base_url="http://127.0.0.1", client=("127.0.0.1", 5_000), follow_redirects=False)


def application() -> Starlette:
    return Starlette(routes=[*server.ROUTES], middleware=[server.GATE])


# --- who gets in, and what is read -------------------------------------------------------------------------------------


def test_nobody_gets_in_without_the_printed_address(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    browser = entered()
    page = {"accept": "text/html"}
    assert browser.get("/", headers=page).headers["location"] == "/enter"
    for path in ("/files/outcomes.csv", "/files/reports.xlsx", "/alive", "/_stcore/stream", "/_stcore/host-config"):
        assert browser.get(path).status_code == 401, path
    assert browser.get("/enter", params={"key": "another"}).status_code == 403
    assert "haetae supervise" in browser.get("/enter").text
    way_in = browser.get("/enter", params={"key": KEY})
    assert (
        way_in.status_code == 303
        and way_in.headers["location"] == "/"
        and "samesite=strict" in way_in.headers["set-cookie"].lower()
    )
    assert browser.get("/files/outcomes.csv").status_code == 200
    assert entered().get("/files/outcomes.csv", cookies={"haetae_session": "x"}).status_code == 401


def test_where_no_key_was_set_nobody_gets_in(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(server.KEY, "")
    assert server.who("") is None and server.who(None) is None and server.who(KEY) is None


def test_only_that_table_is_read(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    browser = entered()
    browser.get("/enter", params={"key": KEY})
    for path in (
        "/files/..%2Fsecret.csv",
        "/files/passwd.csv",
        "/files/outcomes.exe",
        "/portfolio",
        "/people",
        "/files/evidence/1",
    ):
        assert browser.get(path).status_code == 404, path
    assert {"haetae.db", "people.yaml"}.isdisjoint(path.name for path in (tmp_path / "home").rglob("*"))


def test_other_computers_and_other_names_are_turned_away(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    far = TestClient(application(), base_url="http://127.0.0.1", client=("10.0.0.9", 5_000))
    assert far.get("/enter", params={"key": KEY}).status_code == 403
    named = TestClient(application(), base_url="http://haetae.example", client=("127.0.0.1", 5_000))
    assert named.get("/enter", params={"key": KEY}).status_code == 403


@pytest.mark.parametrize("name", ["absent.csv", "other.csv"])
def test_the_command_refuses_what_is_no_table(tmp_path: Path, name: str) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    done = CliRunner().invoke(commands, ["supervise", str(tmp_path / name), "--language", "ko"])
    assert done.exit_code == 2 and "Traceback" not in done.output and name in done.output


# --- counting and filtering ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", table.TABLES)
def test_every_figure_is_as_long_as_the_list_that_it_opens(supervised: Supervised, name: str) -> None:
    counts = table.counts(name, supervised.entries, "en")
    shown = [entry for entry in supervised.entries if name == "periods" or entry.row["values"] != "none"]
    assert counts.rows[-1].counts[-1].number == len(shown)
    for row in counts.rows:
        for count in row.counts:
            listed = [entry for entry in supervised.chosen(count.asked) if entry in shown]
            assert len(listed) == count.number, count.asked


def test_filters_and_search_narrow_together(supervised: Supervised) -> None:
    assert len(supervised.chosen({})) == 130
    assert len(supervised.chosen({"verdict": "failed"})) == 10
    assert [entry.number for entry in supervised.chosen({"finding": "superseded"})] == [4]
    assert {entry.text("level") for entry in supervised.chosen({"level": "high", "domain": "credit"})} == {"high"}
    assert len(supervised.chosen({"q": "시스템 11"})) == 11
    assert not supervised.chosen({"q": "시스템 11", "verdict": "failed"})
    assert all(entry.row["is_contested"] for entry in supervised.chosen({"outcome": "contested"}))


def test_every_filter_names_what_occurs_in_both_languages(supervised: Supervised) -> None:
    for name in table.FILTERS:
        for language in ("ko", "en"):
            assert table.label(name, language)
            assert all(table.title(name, value, language) for value in supervised.values[name])


# --- the screen ----------------------------------------------------------------------------------------------------------


def drawn(monkeypatch: pytest.MonkeyPatch, language: str = "en", **query: str) -> AppTest:
    monkeypatch.setattr(
        context.ContextProxy, "cookies", property(lambda _: {"haetae_language": language}), raising=False
    )
    screen = AppTest.from_file(str(ROOT / "pages" / "_supervision" / "main.py"), default_timeout=120)
    for name, value in query.items():
        screen.query_params[name] = value
    screen.run()
    assert not screen.exception, screen.exception
    return screen


def html(screen: AppTest) -> str:
    return "\n".join(element.proto.body for element in screen.get("html"))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.slow
def test_the_screen_shows_figures_pictures_findings_and_the_list(
    made: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    screen = drawn(monkeypatch, language)
    text = html(screen)
    assert len(screen.get("plotly_chart")) == len(table.TABLES)
    assert ("검증한 보고서" if language == "ko" else "Verified reports") in text
    assert BAD not in text and "&lt;script&gt;" in text
    assert text.count("?report=") == 50
    assert TEXTS["sealed_twice"][language] in text
    assert "/files/outcomes.csv" in text and "/files/reports.xlsx" in text


@pytest.mark.slow
def test_pages_lead_through_the_whole_list(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[str] = []
    for start in ("", "50", "100"):
        text = html(drawn(monkeypatch, **({"from": start} if start else {})))
        numbers += re.findall(r"report=(\d+)\"", text)
    assert numbers == [str(number) for number in range(1, 131)]
    assert "report=101" in html(drawn(monkeypatch, **{"from": "999999999"}))


@pytest.mark.slow
def test_a_report_shows_its_verdict_facts_and_what_contradicts_it(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = html(drawn(monkeypatch, report="4"))
    assert "There is exactly one seal." in text and "Passed" in text
    assert TEXTS["sealed_twice_why"].en in text and "report=5" in text
    assert BAD not in text and "haetae verify" in text


@pytest.mark.slow
def test_of_a_report_that_failed_nothing_that_it_states_is_shown(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = html(drawn(monkeypatch, report="121"))
    assert "no PDF file" in text and "주식회사" not in text and "not shown to be a genuine report" in text


@pytest.mark.slow
def test_what_only_is_stated_is_called_so(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "which was not shown" in html(drawn(monkeypatch, report="6"))


@pytest.mark.parametrize(
    "query",
    [{"report": "0"}, {"report": "x"}, {"report": "9" * 40}, {"verdict": "<b>"}, {"from": "-5"}, {"q": "\x00'\""}],
)
@pytest.mark.slow
def test_an_address_that_names_nothing_shows_the_list(
    made: Path, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    assert "Verified reports" in html(drawn(monkeypatch, **query))


@pytest.mark.slow
def test_facts_that_somebody_changed_are_not_shown(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for facts in ('[["nothing", "ok"]]', "[1]", "{}", "no", '[["sealed", "great"]]'):
        writing.write(made, lambda facts=facts: iter([report(0, facts=facts)]), [], "en", 1)  # type: ignore[misc]
        table.opened.cache_clear()
        assert "Nothing of the file was examined" in html(drawn(monkeypatch, report="1"))


# --- as files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", [*table.TABLES, "reports", "findings"])
def test_every_table_can_be_taken_away(made: Path, name: str, ending: str) -> None:
    answer = server._file(name, ending, {"verdict": "failed"} if name == "reports" else {}, "ko")
    content = bytes(answer.body)
    assert content.startswith(b"\xef\xbb\xbf" if ending == "csv" else b"PK")
    if ending == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        assert len(lines) > 1 and (name != "reports" or len(lines) == 11)


@pytest.fixture(autouse=True)
def _no_table_stays_open() -> Any:
    yield
    table.opened.cache_clear()
