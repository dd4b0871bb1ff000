"""Several reports in one file: deterministic, indexed, harmless; nothing is rendered twice or more than two at once."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments.model import AISystem
from commands.main import app
from exports.forms import bundle
from exports.printing.renderings import Renderings
from exports.record import record
from exports.record.record import Record
from tests import report_samples as samples

PDF = b"%PDF-1.7 one"


@cache
def evil() -> Record:
    used = samples.editions()
    bad = replace(samples.assessment(used), system=AISystem('=HYPERLINK("http://x")<script>'))
    return record.build(bad, used, at=samples.AT, document_id="../../etc/passwd")


def unpacked(*reports: tuple[bytes, Record]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(bundle.packed(reports, "en"))))


@pytest.mark.slow
def test_the_same_reports_give_the_same_bytes_and_every_digest_is_in_the_index() -> None:
    reports = [(PDF, samples.sealed_record()), (samples.sealed(), samples.sealed_record()), (b"%PDF 2", evil())]
    packed = [b"".join(bundle.packed(reports, "ko")) for _ in range(2)]
    assert packed[0] == packed[1]
    archive = zipfile.ZipFile(io.BytesIO(packed[0]))
    assert archive.testzip() is None
    rows = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
    assert [one["kind"] for one in rows] == ["draft", "sealed", "draft"]
    page = archive.read("index.html").decode()
    for row, (pdf, made) in zip(rows, reports, strict=True):
        assert archive.read(row["file"]) == pdf
        assert row["file_sha256"] == hashlib.sha256(pdf).hexdigest() and row["record_sha256"] == made.sha256
        assert row["file_sha256"] in page and row["record_sha256"] in page


def test_names_stay_inside_and_differ() -> None:
    names = unpacked((PDF, evil()), (PDF, evil())).namelist()
    assert len(set(names)) == 4
    assert not any("/" in one or one.startswith(".") for one in names)


def test_hostile_names_are_neither_formula_nor_script() -> None:
    archive = unpacked((PDF, evil()))
    assert "<script" not in archive.read("index.html").decode()
    (row,) = csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig")))
    assert row["system"].startswith("'=")


def test_it_is_written_report_by_report() -> None:
    given: list[int] = []

    def reports() -> object:
        for number in range(3):
            given.append(number)
            yield PDF + bytes([number]), samples.sealed_record()

    pieces = bundle.packed(reports(), "ko")  # type: ignore[arg-type]
    assert PDF in next(pieces) and given == [0]


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_the_command_packs_files_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    report = tmp_path / "a.pdf"
    report.write_bytes(samples.sealed())
    out = tmp_path / "all.zip"
    done = CliRunner().invoke(app, ["bundle", str(report), str(report), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert len(zipfile.ZipFile(out).namelist()) == 4
    report.write_bytes(b"%PDF- broken")
    assert CliRunner().invoke(app, ["bundle", str(report), "--out", str(tmp_path / "b.zip")]).exit_code == 2
    assert CliRunner().invoke(app, ["bundle", str(tmp_path / "no"), "--out", str(tmp_path / "b.zip")]).exit_code == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.pdf", "all.zip"]


# --- rendering -------------------------------------------------------------------------------------------------


def together(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
        assert not one.is_alive()


def test_the_same_asked_for_at_once_is_made_once() -> None:
    made: list[bytes] = []
    go_on = threading.Event()

    def make(payload: bytes) -> bytes:
        made.append(payload)
        assert go_on.wait(60)
        return payload * 2

    renderings = Renderings(make)
    waiting = [renderings.begin(b"a") for _ in range(5)]
    go_on.set()
    assert [one.result(60) for one in waiting] == [b"aa"] * 5 and made == [b"a"]
    assert renderings.of(b"a") == b"aa" and len(made) == 1  # and is kept for a while


def test_what_has_not_begun_when_the_server_stops_is_never_made() -> None:
    begun, go_on, made = threading.Event(), threading.Event(), []

    def make(payload: bytes) -> bytes:
        begun.set()
        assert go_on.wait(60)
        made.append(payload)
        return payload

    renderings = Renderings(make, at_once=1)
    first, second = renderings.begin(b"a"), renderings.begin(b"b")
    assert begun.wait(60)
    renderings.drop_waiting()
    go_on.set()
    assert first.result(60) == b"a" and second.cancelled() and made == [b"a"]
    assert renderings.of(b"b") == b"b"


def test_at_most_two_are_made_at_once() -> None:
    running, most, lock, pair = [0], [0], threading.Lock(), threading.Barrier(2)

    def make(payload: bytes) -> bytes:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        pair.wait(60)  # one alone would wait in vain
        with lock:
            running[0] -= 1
        return payload

    renderings = Renderings(make)
    together(6, lambda number: renderings.of(bytes([number])) and None)
    assert most[0] == 2


def test_a_failure_reaches_everybody_and_is_tried_again() -> None:
    tries: list[int] = []
    go_on = threading.Event()

    def make(payload: bytes) -> bytes:
        tries.append(1)
        if len(tries) == 1:
            assert go_on.wait(60)
            raise OSError("no memory")
        return payload

    renderings = Renderings(make)
    waiting = [renderings.begin(b"a") for _ in range(3)]
    go_on.set()
    assert all(isinstance(one.exception(60), OSError) for one in waiting) and len(tries) == 1
    assert renderings.of(b"a") == b"a"


def test_what_is_kept_is_bounded() -> None:
    renderings = Renderings(lambda payload: payload * 100, kept_bytes=1000)
    for number in range(50):
        renderings.of(bytes([number]))
    assert sum(map(len, renderings._done.values())) <= 1000


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_index_says_its_language(language: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(bundle.packed([(PDF, samples.sealed_record())], language))))
    assert f'<html lang="{language}">' in archive.read("index.html").decode()
