"""What holds for every test: no database is in use when it begins, and a report that another test printed is not printed again."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:  # whoever asks for neither loads neither the database nor Streamlit
    from tests.office import Office
    from tests.screens import Visitors

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
"""jsonschema would load a grammar of addresses, which takes two seconds and is asked only for a format that no schema here has."""
gc.disable()  # until all tests are collected: what is loaded for them stays, and to look through it takes as long again
DRAWS = min(100, int(os.environ.get("HAETAE_DRAWS", "40")))
"""Of a property that asks for no number of its own."""
settings.register_profile("haetae", max_examples=DRAWS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("haetae")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is marked first_in_check has many cases alike: the first is quick, the others wait for `make test`."""
    begun: set[str] = set()
    for item in items:
        if item.get_closest_marker("first_in_check"):
            test = item.nodeid.partition("[")[0]
            if test in begun:
                item.add_marker(pytest.mark.slow)
            begun.add(test)
    if os.environ.get("HAETAE_TEST_DATABASE") == "postgresql":
        items[:] = [item for item in items if _keeps_something(item)]


def _keeps_something(item: pytest.Item) -> bool:
    """Whether it works in an office, and not on the very file that SQLite keeps it in."""
    return "office" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("sqlite")


def pytest_collection_finish() -> None:
    """What is laid out is shared. What collection left lives until the end, what is garbage of it too, for to look for that takes
    a second: no collection of garbage looks through it again and again, nor after each few objects."""
    if "exports.printing.document" in sys.modules:  # whoever collects no test of reports does not load what prints
        from tests import prints

        prints.share()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _no_database_is_left_in_use() -> Iterator[None]:
    """A database that an earlier test damaged or took away would speak in the messages of a later one."""
    yield
    if database := sys.modules.get("assessments.storage.database"):
        database.leave()


@pytest.fixture(autouse=True)
def _no_screen_is_the_program_that_runs() -> Iterator[None]:
    """A screen without a browser leaves its script behind as that, and whatever begins a process would run it there."""
    program = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = program


@pytest.fixture(scope="session", autouse=True)
def _prints_are_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Among the processes of one run, in the folder above theirs."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "prints"
    folder.mkdir(exist_ok=True)
    os.environ["HAETAE_TEST_PRINTS"] = str(folder)
    yield
    del os.environ["HAETAE_TEST_PRINTS"]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An organisation without anything done yet; a module whose office has a past has a fixture of its own."""
    from tests.office import open_office

    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    """Nobody is signed in yet."""
    from tests.screens import Visitors

    return Visitors(office, monkeypatch)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decision log is read and counted in this process: another one takes a second of processor time to load what reads it."""
    from assessments.decision_log.intake import counting, counting_process
    from tests.in_this_process import Here

    monkeypatch.setattr(counting, "OwnProcess", Here)
    monkeypatch.setattr(counting_process, "tell", lambda _share: None)


@pytest.fixture
def examined_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is examined and printed again in this process, each print once a run."""
    from assessments import own_process
    from exports.printing import document
    from tests import in_this_process, report_samples

    monkeypatch.setattr(own_process, "in_own_process", in_this_process.done)
    monkeypatch.setattr(document, "make", report_samples.printed)


@pytest.fixture
def printed_briefly(examined_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is its first page, printed and examined in this process: for what is done with files, whatever they tell."""
    from assessments import own_process
    from commands import assess
    from exports.printing import document, pdf
    from tests import in_this_process, prints, report_samples

    monkeypatch.setattr(document, "make", report_samples.made_anew)
    monkeypatch.setattr(document, "_written", prints.brief)
    for module in (own_process, assess):
        monkeypatch.setattr(module, "OwnProcess", in_this_process.Here)
    monkeypatch.setattr(pdf.PRINTING, "run", lambda payload: in_this_process.done("render", payload))
