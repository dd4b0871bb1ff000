"""What is found across a set of verified reports: each kind with the reports that make it, and none where there is no reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assessments.model import Ruling
from exports.collection import across, reading
from exports.collection.columns import Row
from exports.collection.examination import Settings
from exports.collection.journal import Journal
from exports.collection.run import TEXTS, verify_folder
from exports.record.record import Record
from tests import many_reports as many
from tests import report_samples as samples
from tests.many_reports import NOW
from tests.test_collection import Here

Add = Callable[..., None]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    known = samples.known_folder(tmp_path_factory.mktemp("known"))
    return Settings(many.pems([samples.signer(), many.other_signer()]), folder=known)


class Set:
    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings

    def add(self, name: str, made_from: Record, *, minutes: int = 0, is_other_key: bool = False) -> None:
        signer = many.other_signer() if is_other_key else samples.signer()
        (self.folder / name).write_bytes(many.sealed(many.short(made_from), signer, minutes))

    def look(self) -> tuple[dict[str, Row], dict[str, set[str]]]:
        """Rows by file, and of each kind of finding the files."""
        table = self.folder / "out.parquet"
        verify_folder(self.folder, table, self.settings, at=NOW, examiner=Here(self.settings))
        read = reading.read(table)
        assert all(row["verdict"] == "passed" for row in read.rows), [row["reason_en"] for row in read.rows]
        return (
            {str(row["path"]): row for row in read.rows},
            {str(row["finding"]): set(str(row["files"]).split(" | ")) for row in read.findings},
        )


@pytest.fixture
def reports(tmp_path: Path, settings: Settings) -> Set:
    made = Set(tmp_path, settings)
    made.add("one.pdf", many.record_of(many.assessment()))
    return made


@pytest.mark.slow
def test_reports_of_different_systems_have_nothing_to_find(reports: Set) -> None:
    reports.add("two.pdf", many.record_of(many.assessment("추천기", applicants=10), number="HT-00002"))
    rows, found = reports.look()
    assert not found and not rows["one.pdf"]["findings"]


@pytest.mark.slow
def test_the_same_record_sealed_twice(reports: Set) -> None:
    reports.add("again.pdf", many.record_of(many.assessment()), minutes=5)
    rows, found = reports.look()
    assert found == {"sealed_twice": {"one.pdf", "again.pdf"}}
    assert rows["one.pdf"]["findings"] == "sealed_twice"


@pytest.mark.slow
def test_a_later_revision_supersedes_the_earlier_ones_of_the_same_key(reports: Set) -> None:
    for revision in (2, 3):
        reports.add(f"{revision}.pdf", many.record_of(many.assessment(revision=revision, applicants=revision)))
    rows, found = reports.look()
    assert found == {"superseded": {"one.pdf", "2.pdf", "3.pdf"}}
    assert [rows[name]["superseded_by"] for name in ("one.pdf", "2.pdf", "3.pdf")] == ["2.pdf", "3.pdf", None]
    assert [rows[name]["supersedes"] for name in ("one.pdf", "2.pdf", "3.pdf")] == [None, "one.pdf", "2.pdf"]
    assert rows["2.pdf"]["findings"] == "superseded" and rows["3.pdf"]["findings"] is None


@pytest.mark.slow
def test_another_key_supersedes_nothing_but_its_name_is_noticed(reports: Set) -> None:
    reports.add("2.pdf", many.record_of(many.assessment(revision=2, applicants=2)), is_other_key=True)
    rows, found = reports.look()
    assert "superseded" not in found and rows["one.pdf"]["superseded_by"] is None


@pytest.mark.slow
def test_one_name_with_two_keys(reports: Set) -> None:
    twin = many.named_like(samples.signer())
    (reports.folder / "2.pdf").write_bytes(
        many.sealed(many.short(many.record_of(many.assessment("추천기", applicants=1))), twin)
    )
    table = reports.folder / "out.csv"
    alone = Settings(folder=reports.settings.folder)
    verify_folder(reports.folder, table, alone, at=NOW, examiner=Here(alone))
    read = reading.read(table)
    assert [(row["finding"], row["count"]) for row in read.findings] == [("same_name_other_key", 2)]
    assert len(str(read.findings[0]["differing"]).split(" | ")) == 2


@pytest.mark.slow
def test_one_revision_with_two_contents(reports: Set) -> None:
    reports.add("other.pdf", many.record_of(many.assessment(applicants=9)))
    _rows, found = reports.look()
    assert found == {"other_content": {"one.pdf", "other.pdf"}}


@pytest.mark.slow
def test_two_decisions_on_one_content(reports: Set) -> None:
    reports.add("other.pdf", many.record_of(many.assessment(), ruling=Ruling.REJECTED))
    rows, found = reports.look()
    assert found == {"two_decisions": {"one.pdf", "other.pdf"}}
    assert rows["other.pdf"]["ruling"] == "rejected"


def journal_of(tmp_path: Path, *rows: Row) -> list[across.Finding]:
    """Of rows that no report of this release makes: what older or forged ones may hold."""
    with Journal(tmp_path / "journal", "key") as journal:
        for number, row in enumerate(rows):
            sha256 = f"{number:064d}"
            full = {
                "verdict": "passed",
                "kind": "report",
                "sha256": sha256,
                "seal_fingerprint": "f",
                "seal_name": f"{number}",
                **row,
            }
            path = f"{number}.pdf".encode()
            journal.list_file(path)
            journal.note_file(path, sha256)
            journal.note_result(sha256, full)
        journal.compare()
        return list(across.findings(journal))


def test_figures_of_one_log_that_differ(tmp_path: Path) -> None:
    logs = [{"log_sha256": "a", "log_figures_sha256": figures} for figures in ("x", "x", "y")]
    (finding,) = journal_of(tmp_path, *logs, {"log_sha256": "b", "log_figures_sha256": "z"})
    assert (finding.kind, finding.count, finding.differing) == ("log_figures", 3, ("x", "y"))


def test_outcomes_that_differ_for_the_same_answers(tmp_path: Path) -> None:
    same = {"answers_sha256": "a", "is_contested": False, "level": "high"}
    (finding,) = journal_of(
        tmp_path,
        {**same, "outcome": "high_impact"},
        {**same, "outcome": "not_high_impact"},
        {**same, "answers_sha256": "b", "outcome": "x"},
    )
    assert finding.kind == "outcomes_differ" and finding.paths == (b"0.pdf", b"1.pdf")


def test_what_failed_contradicts_nothing(tmp_path: Path) -> None:
    same = {"content_sha256": "a", "record_sha256": "r"}
    assert not journal_of(tmp_path, {**same, "ruling": "approved"}, {**same, "ruling": "rejected", "verdict": "failed"})


def test_a_copy_finds_its_original_or_is_told_to_be_alone(tmp_path: Path) -> None:
    copies = [{"kind": "archive", "copy_of": f"{number:064d}", "verdict": "indeterminate"} for number in (0, 99)]
    findings = journal_of(tmp_path, {}, *copies)
    assert [(finding.kind, finding.paths) for finding in findings] == [
        ("copy_of", (b"1.pdf", b"0.pdf")),
        ("copy_alone", (b"2.pdf",)),
    ]


def test_of_very_many_files_so_many_are_named(tmp_path: Path) -> None:
    (finding,) = journal_of(tmp_path, *({"record_sha256": "r"} for _ in range(80)))
    assert finding.count == 80 and len(finding.paths) == across.MOST_FILES


def test_every_kind_says_in_both_languages_what_it_is_and_why_it_matters() -> None:
    for name in across.NAMES:
        for key in (name, f"{name}_why"):
            assert TEXTS[key].ko and TEXTS[key].en
