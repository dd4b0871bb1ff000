"""A domain comes from its files: student evaluation works without a line of Python."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from assessments import editions
from assessments.derived import SupervisionState
from assessments.file import assessment_file
from assessments.file.writing import template
from assessments.model import Outcome
from assessments.rules import findings
from exports.printing import document
from exports.record import record
from exports.report.report import Report
from questionnaires import check, load
from tests import report_samples as samples

ON = date(2026, 11, 20)
PACK = Path(__file__).parent / "education" / "1.0.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped questionnaires, the pack, and an edition of the area that goes on to it."""
    kept = tmp_path / "questionnaires"
    shutil.copytree(load.FOLDER, kept, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (kept / "education").mkdir()
    shutil.copy(PACK, kept / "education")
    area = (kept / "area" / "1.0.yaml").read_text("utf-8")
    before = "  - when: {question: areas, is: [student_evaluation]}\n    outcome: cannot_determine\n"
    assert before in area
    text = area.replace('version: "1.0"', 'version: "1.1"', 1).replace(
        before, before.replace("cannot_determine", "continue")
    )
    (kept / "area" / "1.1.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(load, "FOLDER", kept)
    return kept


def filled(folder: Path, **answers: str) -> Path:
    """The template with these answers."""
    text = template("education", ON, folder)
    given = {"ai_system": '"yes"', "korea_link": "in_korea", "defence": '"no"', **answers}
    lines = [
        f"{line.split(':')[0]}: {given[line.split(':')[0].strip()]}" if line.split(":")[0].strip() in given else line
        for line in text.splitlines()
    ]
    file = folder.parent / "assessment.yaml"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.mark.slow
def test_the_domain_is_there_and_its_files_are_sound(folder: Path) -> None:
    assert editions.domains() == ("medical", "hiring", "credit", "education")
    assert [str(one) for one in check.check_folder(folder).problems] == []


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("areas", "evaluates", "teacher", "outcome"),
    [
        ("[student_evaluation]", '"yes"', '"no"', Outcome.HIGH_IMPACT),
        ("[student_evaluation]", '"yes"', '"yes"', Outcome.NOT_HIGH_IMPACT),
        ("[hiring]", '"yes"', '"no"', Outcome.CANNOT_DETERMINE),
        ("[student_evaluation]", "unknown", '"no"', Outcome.CANNOT_DETERMINE),
    ],
)
def test_an_assessment_of_the_domain_is_made(
    folder: Path, areas: str, evaluates: str, teacher: str, outcome: Outcome
) -> None:
    file = filled(folder, areas=areas, evaluates_pupils=evaluates, teacher_decides=teacher, grade_checks="none")
    stated = assessment_file.read_file(file)
    found = findings.derive(stated.questionnaires, stated.assessment)
    assert found.determination.with_claim.outcome is outcome
    assert found.risk.level and found.coverage
    lines = {one.id: one for one in found.supervision}
    assert lines["checks"].state is SupervisionState.GAP and lines["checks"].where == "education.grade_checks"
    assert lines["criteria"].state is SupervisionState.NOT_ASKED
    made = record.build(stated.assessment, stated.editions, on=ON, document_id="HT-1")
    page = document.html(Report(made, record.recompute(record.read(made.canonical)), ("ko", "en")))
    assert "학생 평가" in page and "Student evaluation" in page
    assert samples.AT  # the report is drawn from the record alone
