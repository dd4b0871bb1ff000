"""The register of sealed reports: the very file, a changed copy, another file of the record, nothing of ours."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assessments import actions, register
from assessments.registration import Registration, Standing
from assessments.storage import database
from tests import authority, containers, sealed_reports
from tests import report_samples as samples
from tests.office import AT, KIM, Office


def keep(office: Office) -> int:
    assessment_id = office.signed_off()
    sealed_reports.registered(office, assessment_id, samples.sealed(), samples.sealed_record().sha256)
    return assessment_id


def said(pdf: bytes, record_sha256: str | None = None) -> Registration:
    found = register.look_up(pdf, hashlib.sha256(pdf).hexdigest(), record_sha256)
    assert found is not None
    return found


def test_where_nothing_was_ever_kept_there_is_no_register() -> None:
    database.configure("sqlite://")
    assert register.look_up(samples.sealed(), "0" * 64, None) is None


@pytest.mark.slow
def test_the_very_file_is_registered(office: Office) -> None:
    assert said(samples.sealed()).standing is Standing.UNKNOWN
    keep(office)
    assert said(samples.sealed()) == Registration(Standing.REGISTERED)
    assert said(samples.sealed() + b"\n").standing is Standing.UNKNOWN, "without a record there is nothing to compare"


@pytest.mark.slow
def test_a_copy_with_other_bytes_in_the_container_is_told_from_another_file(office: Office) -> None:
    keep(office)
    record_sha256 = samples.sealed_record().sha256
    changed = containers.with_further_certificate(samples.sealed(), authority.root().certificate)
    assert said(changed, record_sha256).standing is Standing.CONTAINER
    assert said(samples.rendered(), record_sha256).standing is Standing.OTHER
    assert said(samples.rendered(), "0" * 64).standing is Standing.UNKNOWN


@pytest.mark.slow
def test_a_report_whose_kept_file_is_gone_is_another_file(office: Office, tmp_path: Path) -> None:
    keep(office)
    for file in tmp_path.rglob("*.pdf"):
        file.unlink()
    assert said(samples.rendered(), samples.sealed_record().sha256).standing is Standing.OTHER


def test_a_report_of_a_superseded_revision_is_told(office: Office) -> None:
    assessment_id = keep(office)
    with office.database.transaction() as session:
        actions.revise(session, assessment_id, KIM, AT)
    assert said(samples.sealed()) == Registration(Standing.REGISTERED, is_superseded=True)
