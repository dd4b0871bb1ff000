"""Reports, measured: laid out beside Chromium, from nothing, two at once, as a command. `python -m tests.bench.reports`"""

from __future__ import annotations

import base64
import re
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from time import perf_counter

import pyperf

from exports.printing import document, pdf
from tests.bench import examples

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WARM = "lay out a report, warm, a page"
CHROMIUM = "Chromium prints the same, a page"
FROM_NOTHING = "a report from nothing, a page"
ONE_BY_ONE = "two reports, one by one"
AT_ONCE = "two reports at once"
IN_A_PROCESS = "lay out a report in a process of its own"
ASSESSED = "haetae assess, both languages, sealed"


def main() -> None:
    """Wall seconds. Without Chromium and Playwright the peer is left out."""
    runner = pyperf.Runner(processes=2, values=2, loops=1, program_args=("-m", "tests.bench.reports"))
    stated, home, made = (examples.FOLDER / name for name in ("record.json", "home", "made"))
    if not runner.parse_args().worker:
        examples.FOLDER.mkdir(exist_ok=True)
        stated.write_bytes(examples.example().canonical)
    runner.bench_time_func(WARM, _laid_out)
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is not None and find_spec("playwright") is not None:
        runner.bench_time_func(CHROMIUM, _printed_by_chromium, program)
    runner.bench_time_func(FROM_NOTHING, _from_nothing)
    runner.bench_func(ONE_BY_ONE, _two, 1)
    runner.bench_func(AT_ONCE, _two, 2)
    runner.bench_command(IN_A_PROCESS, [sys.executable, "-m", "tests.bench.lay_out", str(stated)])
    assess = [sys.executable, "-m", "commands.main", "assess", str(examples.EXAMPLE), "--out", str(made)]
    runner.bench_command(ASSESSED, ["env", f"HAETAE_HOME={home}", *assess])


def _laid_out(loops: int) -> float:
    return _a_page(loops, lambda: examples.laid_out(examples.example()))


def _from_nothing(loops: int) -> float:
    return _a_page(loops, _made_anew)


def _two(workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:  # a thread waits; the layout runs in a process of its own
        for made in [pool.submit(_made_anew) for _ in range(2)]:
            made.result()


def _made_anew() -> bytes:
    """Not from what was lately made."""
    with pdf.Rendering() as rendering:
        return rendering.finish(examples.example(), examples.LANGUAGES)


def _a_page(loops: int, act: Callable[[], object]) -> float:
    pages = examples.pages()
    began = perf_counter()
    for _ in range(loops):
        act()
    return (perf_counter() - began) / pages


def _printed_by_chromium(loops: int, program: str) -> float:
    from playwright.sync_api import sync_playwright

    whole = examples.report(examples.example())
    page = _for_a_browser(document.html(whole), whole.charts)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()

        def printed() -> bytes:
            tab.set_content(page, wait_until="load")
            return tab.pdf(prefer_css_page_size=True, tagged=True, outline=True)

        printed()
        seconds = _a_page(loops, printed)
        browser.close()
    return seconds


def _for_a_browser(page: str, charts: dict[str, str]) -> str:
    """The same page with its style sheet and charts inside it and the fonts taken from the system."""
    css = "".join((document.TEMPLATES / name).read_text("utf-8") for name in ("fonts.css", "report.css"))
    css = re.sub(rf'url\("{document.OWN}([^"]+)\.ttf"\)', r'local("\1")', css)
    for name, svg in charts.items():
        inside = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        page = page.replace(f"{document.OWN}{name}.svg", inside)
    return page.replace("</head>", f"<style>{css}</style></head>", 1)


if __name__ == "__main__":
    main()
