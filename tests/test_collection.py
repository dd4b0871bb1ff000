"""Many reports verified at once: each row as the single verification has it, what hostile folders lead to, the table in every format."""

from __future__ import annotations

import csv
import errno
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar, cast

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

from assessments.errors import AssessmentError
from assessments.model import Json
from assessments.own_process import ROOT
from assessments.ready_process import ReadyProcess
from commands import _many_reports
from exports.collection import files, reading, run, writing
from exports.collection import row as rows
from exports.collection.columns import Kind, Row, columns
from exports.collection.examination import Settings, examined, task
from exports.collection.journal import Journal, beside
from exports.collection.run import LocalExaminer, Summary, examine, verify_folder
from exports.seal import keys
from exports.verification import verify
from questionnaires.legible import is_unseen
from tests import many_reports as many
from tests import report_samples as samples
from tests import tampering
from tests.many_reports import NOW
from tests.test_archive_copy import changed, copy

PEM = keys.certificate_pem(samples.signer())


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


@pytest.fixture(scope="module")
def settings(known: Path) -> Settings:
    return Settings([PEM], folder=known)


class Here:
    """Examines in this process, what a process of its own would."""

    places = 2

    def __init__(self, settings: Settings) -> None:
        self.shared = settings.to_json()
        self.examined: list[bytes] = []

    def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
        self.examined.append(path)
        done: Future[Row] = Future()
        parameters = {**self.shared, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        done.set_result(rows.from_json(examined(parameters, pdf)["row"]))
        return done

    def stop(self) -> None:
        pass


@pytest.fixture
def here(settings: Settings) -> Here:
    return Here(settings)


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return many.sealed(many.short(many.record_of(many.assessment())))


def verified(folder: Path, table: Path, settings: Settings, here: Here, **more: bool) -> tuple[Summary, dict[str, Row]]:
    summary = verify_folder(folder, table, settings, at=NOW, examiner=here, **more)
    return summary, {str(row["path"]): row for row in reading.read(table).rows}


@pytest.fixture
def folder(tmp_path: Path, genuine: bytes) -> Path:
    made = tmp_path / "reports"
    (made / "within" / "deeper").mkdir(parents=True)
    (made / "good.pdf").write_bytes(genuine)
    return made


# --- one row a report -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_row_says_what_the_single_verification_says(
    folder: Path, genuine: bytes, settings: Settings, here: Here
) -> None:
    _summary, table = verified(folder, folder / "out.parquet", settings, here)
    row = table["good.pdf"]
    single = verify.conclude(_seen(genuine, settings), genuine, at=NOW)
    assert row["verdict"] == single.verdict.value == "passed" and row["values"] == "shown" and row["reason_en"] is None
    assert [(name, state) for name, state, _text in rows.facts_of(row)] == [
        (fact.id, fact.state) for fact in single.facts
    ]
    assert {text.ko for _name, _state, text in rows.facts_of(row)} == {fact.text.ko for fact in single.facts}
    assert row["sha256"] == hashlib.sha256(genuine).hexdigest() and row["size"] == len(genuine)
    assert (row["operator"], row["system_ko"], row["system_en"]) == ("주식회사 다온인사", "분류기", "분류기 (en)")
    assert (row["domain"], row["edition"], row["revision"]) == ("hiring", "1.0", 1)
    assert row["outcome"] == single.outcome and row["level"] == single.level and row["is_contested"] is single.contested
    assert row["decided_on"] == date(2026, 11, 20) and row["sealed_at"] == samples.SEALED_AT
    assert row["people"] == 7 and row["conditions"] == 1 and row["is_example"] is False and row["language"] == "ko"
    assert row["trusted"] == "yes" and row["trusted_fingerprint"] == row["seal_fingerprint"]


def _seen(pdf: bytes, settings: Settings) -> Json:
    from exports.verification import inspection
    from exports.verification.seal_inspection import Trust

    return inspection.examine(pdf, Trust(settings.trusted, at=NOW), settings.questionnaires)


@pytest.mark.slow
def test_in_a_process_of_its_own_a_file_gets_the_same_row(folder: Path, settings: Settings, here: Here) -> None:
    (folder / "cut.pdf").write_bytes((folder / "good.pdf").read_bytes()[:-900])
    examiner = LocalExaminer(settings, 2)
    try:
        verify_folder(folder, folder / "a.parquet", settings, at=NOW, examiner=examiner)
    finally:
        examiner.stop()
    verify_folder(folder, folder / "b.parquet", settings, at=NOW, examiner=here)
    assert reading.read(folder / "a.parquet") == reading.read(folder / "b.parquet")


def test_without_a_trusted_certificate_values_are_only_stated(folder: Path, known: Path) -> None:
    settings = Settings(folder=known)
    _summary, table = verified(folder, folder / "out.xlsx", settings, Here(settings))
    row = table["good.pdf"]
    assert row["verdict"] == "indeterminate" and row["values"] == "stated" and row["operator"]
    assert row["trusted"] == "unknown" and "Whose seal this is" in str(row["reason_en"])


@pytest.mark.slow
def test_nothing_of_what_a_report_that_failed_states_stands_in_the_table(
    folder: Path, genuine: bytes, settings: Settings, here: Here
) -> None:
    (folder / "bad.pdf").write_bytes(tampering.comment_appended(genuine))
    for name in ("out.csv", "out.xlsx", "out.parquet"):
        _summary, table = verified(folder, folder / name, settings, here)
        row = table["bad.pdf"]
        assert row["verdict"] == "failed" and row["reason_ko"] and row["values"] == "none"
        assert not [column.id for column in columns() if not column.stands_always and row[column.id] is not None]


# --- hostile folders --------------------------------------------------------------------------------------------------


def encrypted(pdf: bytes) -> bytes:
    from io import BytesIO

    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    assert isinstance(writer, PdfFileWriter)
    writer.encrypt("owner", "user")
    return tampering.written(writer)


@pytest.mark.slow
def test_each_kind_of_bad_file_is_found_and_said(
    folder: Path, genuine: bytes, settings: Settings, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 200_000)
    bad = {
        "appended.pdf": tampering.comment_appended(genuine),
        "page.pdf": tampering.page_changed(genuine),
        "flipped.pdf": tampering.flipped(genuine, 2_000),
        "cut.pdf": genuine[: len(genuine) // 2],
        "unsealed.pdf": many.short(many.record_of(many.assessment())),
        "encrypted.pdf": encrypted(genuine),
        "huge.pdf": genuine + b"\0" * 200_000,
        "none.pdf": b"This is a letter.",
        "empty.pdf": b"",
        "within/deeper/bad.PDF": tampering.title_changed(genuine),
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    (folder / "within" / "good too.Pdf").write_bytes(genuine)
    (folder / "letter.txt").write_bytes(genuine)
    summary, table = verified(folder, folder / "out.csv", settings, here)
    assert set(table) == {*bad, "good.pdf", "within/good too.Pdf"}
    assert {name for name, row in table.items() if row["verdict"] != "failed"} == {"good.pdf", "within/good too.Pdf"}
    assert all(table[name]["reason_ko"] and table[name]["reason_en"] for name in bad)
    assert "too large" in str(table["huge.pdf"]["reason_en"]) and "no PDF" in str(table["none.pdf"]["reason_en"])
    assert table["none.pdf"]["sha256"] == hashlib.sha256(bad["none.pdf"]).hexdigest()
    assert summary.verdicts == {"failed": 10, "passed": 2} and summary.findings["same_bytes"] == 1


@pytest.mark.slow
def test_names_can_be_anything(folder: Path, genuine: bytes, settings: Settings, here: Here) -> None:
    odd = [
        b"=cmd|'x'!A1.pdf",
        b"a\nb\x1b[2J.pdf",
        "\u202egpj.pdf".encode(),
        b"\xff\xfe\x80.pdf",
        "한글 이름.pdf".encode(),
        b"-rf.pdf",
    ]
    for name in odd:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(genuine)
    for suffix in ("csv", "xlsx", "parquet"):
        _summary, table = verified(folder, folder / f"out.{suffix}", settings, here)
        assert len(table) == 1 + len(odd)
        assert all(row["verdict"] == "passed" for row in table.values())
        assert not [name for name in table if any(is_unseen(character) for character in name)]
        assert "=cmd|'x'!A1.pdf" in table and "<U+DCFF><U+DCFE><U+DC80>.pdf" in table


def test_no_link_leads_out_of_the_folder_and_none_runs_in_a_circle(
    folder: Path, tmp_path: Path, genuine: bytes, settings: Settings, here: Here
) -> None:
    (tmp_path / "outside.pdf").write_bytes(genuine)
    (folder / "out.pdf").symlink_to(tmp_path / "outside.pdf")
    (folder / "secret.pdf").symlink_to("/etc/passwd")
    (folder / "inside.pdf").symlink_to(folder / "good.pdf")
    (folder / "nothing.pdf").symlink_to(folder / "gone.pdf")
    (folder / "round.pdf").symlink_to(folder / "round.pdf")
    (folder / "within" / "again").symlink_to(folder)
    os.mkfifo(folder / "pipe.pdf")
    _summary, table = verified(folder, folder / "out.csv", settings, here)
    assert set(table) == {"good.pdf", "out.pdf", "secret.pdf", "inside.pdf", "nothing.pdf", "round.pdf", "pipe.pdf"}
    assert {name for name, row in table.items() if row["verdict"] == "passed"} == {"good.pdf", "inside.pdf"}
    assert "leads out" in str(table["out.pdf"]["reason_en"]) and table["out.pdf"]["sha256"] is None


def test_a_file_that_vanishes_changes_or_cannot_be_read_is_told(
    folder: Path, genuine: bytes, settings: Settings, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("vanishes.pdf", "forbidden.pdf", "broken.pdf"):
        (folder / name).write_bytes(genuine + name.encode())
    really = os.open

    def opened(path: bytes, *more: int) -> int:
        name = os.path.basename(path)
        if name == b"vanishes.pdf":
            os.unlink(path)
        if name == b"forbidden.pdf":
            raise PermissionError(errno.EACCES, "no")
        if name == b"broken.pdf":
            raise OSError(errno.EIO, "no")
        return really(path, *more)

    monkeypatch.setattr(files.os, "open", opened)
    _summary, table = verified(folder, folder / "out.xlsx", settings, here)
    reasons = {name: str(row["reason_en"]) for name, row in table.items()}
    assert "was gone" in reasons["vanishes.pdf"] and "no right" in reasons["forbidden.pdf"]
    assert "could not be read" in reasons["broken.pdf"] and table["good.pdf"]["verdict"] == "passed"


def test_files_that_come_while_others_are_verified_are_told_and_verified_the_next_time(
    folder: Path, genuine: bytes, settings: Settings, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    class Growing(Here):
        def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
            (folder / "within" / "late.pdf").write_bytes(genuine + b" ")
            return super().begin(path, pdf, at)

    growing = Growing(settings)
    summary, table = verified(folder, folder / "out.csv", settings, growing)
    assert (summary.come, set(table)) == (1, {"good.pdf"})
    _many_reports._conclude(summary, folder, "en")
    assert "not in the table: 1" in capsys.readouterr().err
    summary, table = verified(folder, folder / "out.csv", settings, growing)
    assert (summary.come, summary.examined, len(table)) == (0, 1, 2)


def test_what_is_digested_is_what_is_examined(folder: Path, genuine: bytes, settings: Settings) -> None:
    """A file that is replaced after it was read changes neither digest nor verdict of what was read."""

    class Replacing(Here):
        def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
            (folder / os.fsdecode(path)).write_bytes(b"%PDF-1.7 replaced")
            return super().begin(path, pdf, at)

    _summary, table = verified(folder, folder / "out.csv", settings, Replacing(settings))
    assert (
        table["good.pdf"]["sha256"] == hashlib.sha256(genuine).hexdigest() and table["good.pdf"]["verdict"] == "passed"
    )


def test_a_folder_that_cannot_be_opened_is_a_row(
    folder: Path, settings: Settings, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.scandir

    def listed(path: str | bytes) -> object:
        if os.fsencode(path).endswith(b"within"):
            raise PermissionError(errno.EACCES, "no")
        return really(path)

    monkeypatch.setattr(files.os, "scandir", listed)
    _summary, table = verified(folder, folder / "out.csv", settings, here)
    assert "could not be opened" in str(table["within"]["reason_en"])


@pytest.mark.slow
def test_of_large_files_few_are_held_at_once(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_BYTES", 30_000)
    for number in range(6):
        (folder / f"{number}.pdf").write_bytes(many.sealed(_short(), minutes=number + 1))
    held: list[int] = []

    class Slow(Here):
        """Answers when it is asked for the next but one."""

        places = 9
        open: ClassVar[list[tuple[Future[Row], Future[Row]]]] = []

        def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
            waiting: Future[Row] = Future()
            self.open.append((waiting, super().begin(path, pdf, at)))
            held.append(sum(not future.done() for future, _row in self.open))
            if len(self.open) > 1:
                for future, row in self.open:
                    if not future.done():
                        future.set_result(row.result())
            return waiting

    summary = verify_folder(folder, folder / "out.csv", settings, at=NOW, examiner=Slow(settings))
    assert summary.verdicts["passed"] == 7 and max(held) == 2, "two are more than 30,000 bytes"


# --- going on, and writing ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_known_is_not_examined_again_and_what_changed_is(
    folder: Path, genuine: bytes, settings: Settings, known: Path, here: Here
) -> None:
    (folder / "other.pdf").write_bytes(tampering.comment_appended(genuine))
    (folder / "twice.pdf").write_bytes(genuine)
    table = folder / "out.csv"
    assert verified(folder, table, settings, here)[0].examined == 2, "the same bytes are examined once"
    assert verified(folder, table, settings, here)[0].examined == 0
    (folder / "other.pdf").write_bytes(many.sealed(many.short(many.record_of(many.assessment("새것")))))
    summary, after = verified(folder, table, settings, here)
    assert summary.examined == 1 and after["other.pdf"]["verdict"] == "passed"
    (folder / "twice.pdf").unlink()
    summary, after = verified(folder, table, settings, here)
    assert summary.examined == 0 and "twice.pdf" not in after
    stranger = Settings(folder=known)
    assert verified(folder, table, stranger, Here(stranger))[1]["good.pdf"]["verdict"] == "indeterminate"
    assert verified(folder, table, settings, here)[0].examined == 0, "with the former certificates it knows them still"
    assert verified(folder, table, settings, here, is_fresh=True)[0].examined == 2


def test_another_release_verifies_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from exports.collection import examination

    before = settings.key()
    assert settings.key() == before
    monkeypatch.setattr(examination, "version", lambda: "99.0.0")
    assert settings.key() != before


@pytest.mark.slow
def test_a_run_that_is_broken_off_goes_on_where_it_stopped(folder: Path, settings: Settings) -> None:
    for number in range(6):
        (folder / f"{number}.pdf").write_bytes(many.sealed(_short(), minutes=number + 1))

    class Interrupted(Here):
        def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
            if len(self.examined) == 4:
                raise KeyboardInterrupt
            return super().begin(path, pdf, at)

    table = folder / "out.csv"
    with pytest.raises(KeyboardInterrupt):
        verify_folder(folder, table, settings, at=NOW, examiner=Interrupted(settings))
    assert not table.exists() and beside(table).exists()
    again = Here(settings)
    summary = verify_folder(folder, table, settings, at=NOW, examiner=again)
    assert summary.count == 7 and summary.verdicts["passed"] == 7
    assert 0 < len(again.examined) <= 5, "what the first run had noted is not examined again"


def _short() -> bytes:
    return many.short(many.record_of(many.assessment()))


def test_two_runs_do_not_write_one_table(folder: Path, settings: Settings, here: Here) -> None:
    table = folder / "out.csv"
    with Journal(beside(table), settings.key()), pytest.raises(AssessmentError, match="Another run"):
        verify_folder(folder, table, settings, at=NOW, examiner=here)
    assert not table.exists()
    assert verified(folder, table, settings, here)[0].count == 1


def test_a_table_that_somebody_else_made_is_left_alone(folder: Path, settings: Settings, here: Here) -> None:
    table = folder / "mine.csv"
    table.write_text("precious")
    with pytest.raises(AssessmentError, match="--replace"):
        verify_folder(folder, table, settings, at=NOW, examiner=here)
    assert table.read_text() == "precious" and not beside(table).exists()
    assert verified(folder, table, settings, here, may_replace=True)[0].count == 1


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_a_full_disk_leaves_the_former_table_and_what_was_verified(
    folder: Path, settings: Settings, here: Here, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = folder / f"out.{suffix}"
    verified(folder, table, settings, here)
    before = table.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(writing.os, "fsync", full)
        with pytest.raises(AssessmentError, match="No space left"):
            verify_folder(folder, table, settings, at=NOW, examiner=here)
    assert table.read_bytes() == before and not [name for name in os.listdir(folder) if name.endswith(".part")]
    assert verified(folder, table, settings, here)[0].examined == 0


def test_a_damaged_journal_is_told(folder: Path, settings: Settings, here: Here) -> None:
    table = folder / "out.csv"
    beside(table).write_bytes(b"no database at all" * 100)
    with pytest.raises(AssessmentError, match="Delete it"):
        verify_folder(folder, table, settings, at=NOW, examiner=here)


def test_what_cannot_be_a_table_is_refused(folder: Path, settings: Settings, here: Here) -> None:
    for name in ("out.ods", "out", "out.xls"):
        with pytest.raises(AssessmentError, match=r"\.xlsx, \.csv or \.parquet"):
            verify_folder(folder, folder / name, settings, at=NOW, examiner=here)
    with pytest.raises(AssessmentError, match="no folder"):
        verify_folder(folder / "good.pdf", folder / "out.csv", settings, at=NOW, examiner=here)


# --- the formats ------------------------------------------------------------------------------------------------------

HOSTILE = (
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "a\x00b\x07",
    "\ud800",
    "줄\n바꿈",
    "x" * 40_000,
    "'=1",
)


def hostile_rows() -> list[Row]:
    made = []
    for number, text in enumerate(HOSTILE):
        row = rows.trouble_row("no_pdf", NOW, sha256="ab" * 32, size=number)
        row |= {"verdict": "passed", "values": "shown", "revision": 3, "log_departures": 0.25, "is_contested": True}
        row |= {
            "decided_on": date(2026, 11, 20),
            "sealed_at": samples.SEALED_AT,
            "operator": text,
            "path": f"{number}.pdf",
        }
        made.append(rows._fitting(row))
    return made


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_types_are_right_and_texts_stay_texts(tmp_path: Path, suffix: str, language: str) -> None:
    table = tmp_path / f"out.{suffix}"
    made = hostile_rows()
    writing.write(table, lambda: iter(made), [], language, len(made))
    read = reading.read(table).rows
    assert len(read) == len(made)
    for before, after in zip(made, read, strict=True):
        assert before == after
    assert not [row for row in read if any(is_unseen(sign) for sign in str(row["operator"]))]
    assert max(len(str(row["operator"])) for row in read) <= writing.MOST_CHARACTERS


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_midnight_is_a_moment_too(tmp_path: Path, suffix: str) -> None:
    row = {**hostile_rows()[0], "sealed_at": datetime(2026, 11, 20, tzinfo=UTC)}
    writing.write(tmp_path / f"o.{suffix}", lambda: iter([row]), [], "en", 1)
    assert reading.read(tmp_path / f"o.{suffix}").rows[0]["sealed_at"] == row["sealed_at"]


def test_a_spreadsheet_sees_numbers_days_and_no_formula(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    table = tmp_path / "out.xlsx"
    made = hostile_rows()
    writing.write(table, lambda: iter(made), [], "en", len(made))
    book = CalamineWorkbook.from_path(str(table))
    assert book.sheet_names == ["Reports", "Across the set"]
    head, *lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    types = {column.id: type(cell) for column, cell in zip(columns(), lines[0], strict=True)}
    assert types["revision"] is float and types["log_departures"] is float and types["is_contested"] is bool
    assert types["decided_on"] is date and types["sealed_at"] is datetime and types["operator"] is str
    import zipfile

    with zipfile.ZipFile(table) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
    assert head[0] == "Verdict"


def test_in_csv_nothing_begins_a_formula(tmp_path: Path) -> None:
    table = tmp_path / "out.csv"
    made = hostile_rows()
    writing.write(table, lambda: iter(made), [], "ko", len(made))
    with table.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for line in csv.reader(stream) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for name, content in (
        ("a.csv", b"a,b\n1,2\n"),
        ("b.xlsx", b"PK no"),
        ("c.parquet", b"PAR1"),
        ("d.txt", b""),
        ("e.csv", b"\xff\xfe\x00"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AssessmentError, match="no table"):
            reading.read(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        reading.read(tmp_path / "absent.csv")


def test_columns_have_words_in_both_languages_and_each_title_once() -> None:
    for language in ("ko", "en"):
        titles = [column.title[language] for column in columns()]
        assert len(set(titles)) == len(titles)
    assert all(column.words[code]["ko"] for column in columns() for code in column.words)
    assert {column.kind for column in columns()} == set(Kind)


def test_a_row_of_somebody_else_is_no_row() -> None:
    for data in ({"verdict": 1}, {"other": "x"}, [], {"size": "large"}, {"decided_on": "2026-13-40"}):
        with pytest.raises(ValueError):  # noqa: PT011
            rows.from_json(data)


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.rglob("*.part"))


# --- pages ------------------------------------------------------------------------------------------------------------


class AtHand:
    """The process that is ready, in this one."""

    def run(self, payload: bytes) -> bytes:
        return task(payload)


class Comparing(Here):
    """Also prints anew, as `run.examine` does."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.settings = settings

    def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
        done: Future[Row] = Future()
        done.set_result(examine(cast(ReadyProcess, AtHand()), self.settings, self.shared, pdf, at))
        return done


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_pages_are_compared_where_that_is_asked_for_and_copies_with_their_originals(
    tmp_path: Path, known: Path
) -> None:
    (tmp_path / "original.pdf").write_bytes(samples.sealed())
    (tmp_path / "copy.pdf").write_bytes(copy())
    (tmp_path / "other.pdf").write_bytes(changed(copy()))
    (tmp_path / "short.pdf").write_bytes(many.sealed(many.short(many.record_of(many.assessment()))))
    plain = Settings([PEM], folder=known)
    summary, table = verified(tmp_path, tmp_path / "without.csv", plain, Comparing(plain))
    assert {name: row["pages"] for name, row in table.items()} == dict.fromkeys(table, "not_compared")
    assert {name for name, row in table.items() if row["verdict"] == "passed"} == {"original.pdf", "short.pdf"}
    assert summary.findings["copy_of"] == 2 and table["copy.pdf"]["kind"] == "archive"
    asking = Settings([PEM], folder=known, is_reprinting=True)
    _summary, table = verified(tmp_path, tmp_path / "with.csv", asking, Comparing(asking))
    assert {name: (row["verdict"], row["pages"]) for name, row in table.items()} == {
        "original.pdf": ("passed", "same"),
        "copy.pdf": ("passed", "same"),
        "other.pdf": ("failed", "other"),
        "short.pdf": ("failed", "other"),
    }


@pytest.mark.slow
def test_the_figures_of_a_real_log_stand_in_its_row() -> None:
    from assessments.content.canonical import content
    from assessments.file import assessment_file

    (file, *_others) = sorted((ROOT / "examples" / "logs").glob("*.yaml"))
    made = assessment_file.read_file(file).assessment
    assert made.log is not None
    whole = made.log.analysis.whole
    row = rows._of_log(content(made)["log"])
    assert row["log_n"] == whole.divergence.n > 100 and row["log_departures"] == whole.divergence.value
    assert row["log_departures_low"] == whole.divergence.low and row["log_departures_high"] == whole.divergence.high
    assert row["log_last_day"] == whole.last and row["log_sha256"] == made.log.analysis.source.sha256
    assert set(row) <= {column.id for column in columns()} and row["is_log_withdrawn"] is False
