"""The shorter ways through WeasyPrint end where its own do: the same bytes, for reports and for what no report has."""

from __future__ import annotations

import pytest
import weasyprint

from exports import document, shortcuts, typesetting
from tests import report_samples as samples

SHEET = """
@page { size: A5; margin: 2cm; @top-left { content: "위"; width: 40% } @bottom-right { content: counter(page) } }
html, body, div, p { display: block } html { font: 10pt/1.5 "NanumGothic", sans-serif }
body { font-size: 11pt; color: #123 } p { margin: 0 0 2mm } span { padding: 0 1mm }
table { display: table; border-collapse: collapse; width: 80%; table-layout: fixed } tr { display: table-row }
td { display: table-cell; box-sizing: border-box; padding: 2%; border: 1pt solid }
"""
TEXT = "해태는 시비를 가립니다. A reviewer decides, and 12 cases in 100 are read again by somebody else each week."
STYLES = [
    "float: left; width: 30%",
    "float: right; margin-inline-start: 5mm",
    "direction: rtl",
    "text-align: justify; width: 60%",
    "letter-spacing: 2pt; word-spacing: 3pt",
    "text-decoration: underline overline line-through",
    "white-space: pre-wrap; tab-size: 4",
    "white-space: nowrap; overflow: hidden; text-overflow: ellipsis",
    "hyphens: auto; width: 12%",
    "overflow-wrap: anywhere; width: 3%",
    "height: 50%; min-height: 10%; max-width: calc(50% + 1cm)",
    "border: 2pt solid; border-radius: 20% 5pt; background: currentcolor; color: #9ab",
    "box-shadow: 1pt 1pt red; background: linear-gradient(red, blue)",
    "border-inline-start: 3pt dashed blue; outline: 1pt solid green; padding-block: 3%",
    "position: relative; top: 5%; left: -2mm",
    "position: absolute; width: 20%; opacity: 0.5",
    "font: italic 8pt serif; font-kerning: none; font-language-override: 'KOR'",
    "font: italic 700 8pt NanumGothicCoding; visibility: hidden",
    "display: inline-block; width: 40%; vertical-align: middle",
    "display: flex; gap: 3mm",
    "columns: 2; column-rule: 1pt solid",
    "page-break-inside: avoid; margin: auto; width: 50%; box-sizing: padding-box",
]
TEXTS = [
    "שלום עולם, עברית באמצע 12",
    "👩‍⚖️ ☃ 🇰🇷 é" + "\u0301" * 30,
    "\ue000\U000f0000 鱻 힣 ᄒᆡᆺ 읽\u2060다",
    "한 줄\n두 줄\t칸\u2029문단\u2028줄\r\n끝",
    "soft\xadhyphen\xadated " * 8,
    " \u200b \u00a0 ",
    "가" * 300,
]


def laid_out(page: str, sheet: str) -> bytes:
    fetcher = document.OwnFiles({})
    made = typesetting.Page(page, fetcher, document.OWN).write_pdf(
        stylesheets=[weasyprint.CSS(string=sheet)], pdf_identifier=b"the same"
    )
    return bytes(made or b"")


def same_either_way(page: str, sheet: str) -> bool:
    typesetting.make_ready()
    shortly = laid_out(page, sheet)
    shortcuts.leave()
    try:
        return laid_out(page, sheet) == shortly
    finally:
        shortcuts.take()


@pytest.mark.parametrize("style", STYLES)
def test_a_style_that_no_report_has_is_laid_out_by_weasyprint_itself(style: str) -> None:
    cells = f"<tr><td>{TEXT}</td><td class='odd'>{TEXT}</td></tr>" * 3
    odd = f"<p class='odd'>{TEXT}<span class='odd'>{TEXT}</span></p><div class='odd'><p>{TEXT}</p></div>"
    page = f"<html lang='ko'><body><p>{TEXT}</p>{odd}<p>{TEXT}</p><table>{cells}</table>{odd * 4}</body></html>"
    assert same_either_way(page, SHEET + ".odd {" + style + "}")


@pytest.mark.parametrize("style", ["", "white-space: pre-line; overflow-wrap: anywhere", "text-align: justify"])
def test_any_text_is_drawn_as_weasyprint_draws_it(style: str) -> None:
    words = "".join(f"<p class='odd'>{one}</p><p>{TEXT} {one} <span lang='en'>{one}</span></p>" for one in TEXTS)
    assert same_either_way(f"<html><body>{words}</body></html>", SHEET + ".odd {" + style + "}")


@pytest.mark.slow
@pytest.mark.parametrize("languages", [("ko", "en"), ("en",)])
def test_a_report_is_the_same_with_and_without_the_shorter_ways(languages: tuple[str, ...]) -> None:
    report = samples.report(languages)
    page = document.html(report)
    shortly = document.lay_out(page, report)
    taken, shortcuts.take = shortcuts.take, lambda: None
    shortcuts.leave()
    try:
        assert document.lay_out(page, report) == shortly
    finally:
        shortcuts.take = taken
        shortcuts.take()


def test_no_page_of_the_report_has_a_name() -> None:
    assert "page:" not in (document.FOLDER / "report.css").read_text("utf-8").replace("@page:", "")
