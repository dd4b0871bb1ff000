"""What a former release made goes on: its sealed reports pass, and assessments begun with its draft questionnaires are answered."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessments import editions
from assessments.file import assessment_file
from assessments.model import Assessment, EditionRef
from assessments.registration import Registration, Standing
from assessments.rules import findings
from exports.verification import verify
from exports.words.facts import State, Verdict
from questionnaires import load
from tests.office import KIM, open_office
from tests.screens import Visitors

FOLDER = Path(__file__).parent / "former_releases"
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
RELEASES = ["0.1.0", "0.2.0", "0.6.0"]
EARLIER = sorted(load.FOLDER.glob("*/earlier/*.yaml"))


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
@pytest.mark.parametrize(
    ("release", "verdict", "pages"),
    [
        ("0.1.0", Verdict.PASSED, "printed by a release before 0.2.0"),
        ("0.2.0", Verdict.INDETERMINATE, "Another version of the program or other fonts printed the report"),
        ("0.3.0", Verdict.INDETERMINATE, "Another version of the program or other fonts printed the report"),
    ],
)
def test_a_sealed_report_of_a_former_release_verifies(release: str, verdict: Verdict, pages: str) -> None:
    """From 0.2.0 on a report states its printer, so that pages printed otherwise are a question and not passed over."""
    raw, certificate = ((FOLDER / f"{release}{ending}").read_bytes() for ending in (".pdf", ".pem"))
    found = verify.verify(raw, [certificate], at=datetime.now(UTC))
    assert found.verdict is verdict, [one for one in found.facts if one.state is not State.OK]
    assert [one for one in found.facts if one.state is State.OPEN] == [
        one for one in found.facts if pages in one.text.en and verdict is Verdict.INDETERMINATE
    ]
    told = " ".join(one.text.en for one in found.facts)
    assert pages in told
    drafts = (
        "a former release of this program shipped them",
        *(["that this program has too"] if release == "0.3.0" else []),
    )
    assert any(words in told for words in drafts), "what drafts of the last release say until one is changed"
    assert verify.verify(raw[:-90] + b"0" + raw[-89:], [certificate], at=datetime.now(UTC)).verdict is Verdict.FAILED


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
@pytest.mark.parametrize("release", ["0.2.0", "0.3.0"])
def test_a_report_of_a_former_release_passes_where_it_is_registered(release: str) -> None:
    raw, certificate = ((FOLDER / f"{release}{ending}").read_bytes() for ending in (".pdf", ".pem"))

    def register(file: bytes, file_sha256: str, record_sha256: str | None) -> Registration:
        return Registration(Standing.REGISTERED)

    found = verify.verify(raw, [certificate], at=datetime.now(UTC), register=register)
    assert found.verdict is Verdict.PASSED, [one for one in found.facts if one.state is not State.OK]


@pytest.mark.first_in_check
@pytest.mark.parametrize("file", EARLIER, ids=[f"{one.parts[-3]}-{one.stem}" for one in EARLIER])
def test_every_draft_that_a_release_shipped_is_found_by_its_content_alone(file: Path) -> None:
    name, version = file.parts[-3], file.stem.partition("-of-")[0]
    raw = file.read_bytes()
    found = load.earlier_draft(name, version, hashlib.sha256(raw).hexdigest())
    assert found is not None and found.text.encode() == raw and not found.is_released
    assert load.earlier_draft(name, version, "0" * 64) is None
    assert load.edition(name, version).file == f"{name}/{version}.yaml", "the edition of today is another file"


@pytest.mark.first_in_check
@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
def test_an_assessment_begun_with_an_earlier_draft_is_judged_with_it(domain: str, release: str) -> None:
    begun = _begun_with_earlier_drafts(assessment_file.read_file(EXAMPLES / f"{domain}.yaml").assessment, release)
    found = editions.for_assessment(begun)
    assert {one.sha256 for one in found.values()} == {one.sha256 for one in begun.editions}
    assert all(one.file.endswith(f"/earlier/1.0-of-{release}.yaml") for one in found.values())
    derived = findings.derive(editions.questionnaires(begun), begun)
    expected = json.loads((EXAMPLES / f"{domain}.expected.json").read_text("utf-8"))
    assert derived.determination.with_claim.outcome == expected["determination"]["outcome"]


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_every_screen_of_an_assessment_begun_with_earlier_drafts_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    office, today = open_office(tmp_path, monkeypatch), Path(load.__file__).parent
    then = tmp_path / "then"
    for file in (one for one in EARLIER if one.stem.endswith(f"-of-{release}")):
        (then / file.parts[-3]).mkdir(parents=True)
        shutil.copy(file, then / file.parts[-3] / "1.0.yaml")
    monkeypatch.setattr(load, "FOLDER", then)
    number = office.start()
    monkeypatch.setattr(load, "FOLDER", today)
    visitor = Visitors(office, monkeypatch).sign_in(KIM)
    for name in (
        "assessment",
        "answer",
        "impacts",
        "involvement",
        "log",
        "review",
        "decide",
        "comments",
        "followup",
        "revisions",
        "history",
    ):
        visitor.open(name, assessment=number).sound()
    assert "/earlier/" in editions.for_assessment(office.read(number))["hiring"].file


def _begun_with_earlier_drafts(assessment: Assessment, release: str) -> Assessment:
    def earlier(pinned: EditionRef) -> Path:
        return load.FOLDER / pinned.id / "earlier" / f"{pinned.version}-of-{release}.yaml"

    then = [pinned for pinned in assessment.editions if earlier(pinned).is_file()]
    return replace(
        assessment,
        editions=tuple(
            replace(pinned, sha256=hashlib.sha256(earlier(pinned).read_bytes()).hexdigest()) for pinned in then
        ),
    )
