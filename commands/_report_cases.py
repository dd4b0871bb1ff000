"""What `haetae bench` measures of reports: rendering beside Chromium, size, two workers, seal, verification, memory."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assessments import content, files
from commands._turns import Case, timed
from exports import document, inspection, keys, pdf, record, sign
from exports.record import Record
from exports.report import Report

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("ko",)
BATCH = 2
"""Reports that are made one after the other and, in the peer's turn, at the same time."""
PAGE_MS = 60
"""The most that a page may take."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PRINTED_BY = "Chromium prints the same page"
ONE_BY_ONE = f"{BATCH} reports, one by one"
PEAK = "import sys; from commands._report_cases import peak; sys.stdout.write(str(peak(sys.stdin.buffer.read())))"


@contextmanager
def cases(example: Path) -> Iterator[list[Case]]:
    """All of them for one example in one language; the browser stands ready meanwhile. Wall time.

    Without Chromium and Playwright the peer is left out.
    """
    with TemporaryDirectory() as home, _browser() as browser:
        made_from = _record_of(example)
        report = _report(made_from)
        page = document.html(report)
        printed = document.lay_out(page, report)
        signer = keys.load_or_create(Path(home))
        sealed, trusted = sign.seal(printed, signer), [keys.certificate_pem(signer)]
        pages, clock = _pages(printed), time.perf_counter
        found = [
            Case(
                f"render a report of {pages} pages, warm",
                "ms a page",
                timed(lambda: document.lay_out(document.html(report), report), clock),
                limit=PAGE_MS,
                parts=pages,
                peer=PRINTED_BY,
                times_peer=4,
                turns=3,
                is_warmed=False,
            ),
            Case(
                "render a report, from nothing",
                "ms",
                timed(lambda: _made_anew(made_from), clock),
                limit=1000 + PAGE_MS * pages,
                turns=2,
                is_warmed=False,
            ),
            Case(
                "haetae assess, both languages, sealed",
                "s",
                partial(_assessed, example, Path(home)),
                limit=8,
                turns=2,
                is_warmed=False,
            ),
            Case(
                "size in one language",
                "KB a page",
                lambda: len(printed) / 1000,
                limit=250 / 20,
                parts=pages,
                turns=1,
                is_warmed=False,
            ),
            Case(ONE_BY_ONE, "ms", timed(lambda: _batch(made_from, 1), clock), turns=2, is_warmed=False),
            Case(
                f"{BATCH} reports, two workers",
                "ms",
                timed(lambda: _batch(made_from, 2), clock),
                peer=ONE_BY_ONE,
                times_peer=1 / 1.3,
                turns=2,
                is_warmed=False,
            ),
            Case("seal, B-B", "ms", timed(lambda: sign.seal(printed, signer), clock), limit=30),
            Case(
                "verify with recomputation",
                "ms",
                timed(lambda: _passed(inspection.examine(sealed, trusted)), clock),
                limit=100,
            ),
            Case(
                "peak memory of a rendering process",
                "MiB",
                lambda: _peak_of(made_from),
                turns=1,
                is_warmed=False,
            ),
        ]
        if browser is not None:
            same = _for_a_browser(page, report)
            found.insert(1, Case(PRINTED_BY, "ms", timed(lambda: browser.printed(same), clock), turns=3))
        yield found


def peak(canonical: bytes) -> float:
    """Lays a record out and says the most memory that this process ever had, in MiB."""
    report = _report(record.read(canonical))
    document.lay_out(document.html(report), report)
    status = Path("/proc/self/status").read_text("ascii")  # what resource says includes the process that started us
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _record_of(example: Path) -> Record:
    stated = files.read_file(example)
    of = stated.assessment
    on = record.day_of(of.sign_off) if of.sign_off else of.on
    return record.build(of, stated.editions, on=on, document_id=f"HT-FILE-{content.content_sha256(of)[:12].upper()}")


def _report(made_from: Record) -> Report:
    return Report(made_from, record.recompute(made_from), LANGUAGES)


def _batch(made_from: Record, workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:  # a thread waits; the layout runs in a process of its own
        list(pool.map(lambda _: _made_anew(made_from), range(BATCH)))


def _made_anew(made_from: Record) -> bytes:
    """Not from what was lately made."""
    with pdf.Rendering() as rendering:
        return rendering.finish(made_from, LANGUAGES)


def _assessed(example: Path, home: Path) -> float:
    """Seconds from the command to the files, the key of that folder being there."""
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "commands.main", "assess", str(example), "--out", str(home / "made")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "HAETAE_HOME": str(home)},
        check=True,
    )
    return time.perf_counter() - began


def _passed(seen: dict[str, object]) -> None:
    """Raises: ValueError, for a time without its result says nothing."""
    if not (seen["is_intact"] and seen["is_recomputed"] and seen["content_matches"]):
        raise ValueError("the report that is verified for measuring does not pass")


def _peak_of(made_from: Record) -> float:
    said = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-c", PEAK], input=made_from.canonical, stdout=subprocess.PIPE, cwd=ROOT, check=True
    )
    return float(said.stdout)


def _pages(printed: bytes) -> int:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return int(PdfFileReader(BytesIO(printed)).root["/Pages"]["/Count"])


# --- the peer -----------------------------------------------------------------------------------------------------


class _Chromium:
    """A warm headless Chromium, in a thread of its own: Playwright keeps an event loop there, and sealing needs another."""

    def __init__(self, program: str) -> None:
        self._held = ExitStack()
        self._thread = ThreadPoolExecutor(1)
        self._tab = self._thread.submit(self._start, program).result()

    def _start(self, program: str) -> Page:
        from playwright.sync_api import sync_playwright

        playwright = self._held.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        self._held.callback(browser.close)
        return browser.new_page()

    def printed(self, page: str) -> bytes:
        return self._thread.submit(self._print, page).result()

    def _print(self, page: str) -> bytes:
        self._tab.set_content(page, wait_until="load")
        return self._tab.pdf(prefer_css_page_size=True, tagged=True, outline=True)

    def close(self) -> None:
        self._thread.submit(self._held.close).result()
        self._thread.shutdown()


@contextmanager
def _browser() -> Iterator[_Chromium | None]:
    """None: Chromium or Playwright is not here."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None or find_spec("playwright") is None:
        yield None
        return
    browser = _Chromium(program)
    try:
        yield browser
    finally:
        browser.close()


def _for_a_browser(page: str, report: Report) -> str:
    """The same page with its style sheet and charts inside it and the fonts taken from the system."""
    css = (Path(document.__file__).parent / "report.css").read_text("utf-8")
    css = re.sub(rf'url\("{document.OWN}([^"]+)\.ttf"\)', r'local("\1")', css)
    for name, svg in report.charts.items():
        inside = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        page = page.replace(f"{document.OWN}{name}.svg", inside)
    return page.replace("</head>", f"<style>{css}</style></head>", 1)
