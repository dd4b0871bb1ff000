"""Seals with time stamp (B-T) and with revocation data (B-LT): made over real HTTP, judged by date and by revocation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.errors import SealRefusedError
from exports.seal import keys, pades, time_stamps
from exports.seal.pades import Level, Seal
from exports.seal.revocation import RevocationData
from exports.seal.settings import SealSettings, TimeStampServer
from exports.verification import inspection, verify
from exports.verification.reprint import Pages
from exports.verification.seal_inspection import Trust
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from tests import authority, containers
from tests import report_samples as samples
from tests.test_sign import said

SOON = samples.SEALED_AT + timedelta(days=1)
AFTER_EXPIRY = samples.AT + timedelta(days=5 * 365)
LONG_AFTER = samples.AT + timedelta(days=25 * 365)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def made(signer: keys.Signer, revoked: RevocationData | None = None) -> Seal:
    with authority.stamping(certificates=(authority.root().certificate,)) as server:
        return pades.seal_as_set(samples.rendered(), signer, SealSettings(server, revoked), samples.SEALED_AT)


@cache
def stamped() -> bytes:
    """B-T, by an organisation whose certificate somebody issued."""
    return made(authority.organisation()).pdf


@cache
def long_term() -> bytes:
    """B-LT, by the same."""
    return made(authority.organisation(), RevocationData((authority.revocation_list(),))).pdf


def look(
    raw: bytes,
    folder: Path,
    at: datetime = SOON,
    *,
    trusted: Sequence[bytes] | None = None,
    stampers: Sequence[bytes] = (),
    revoked: RevocationData | None = None,
) -> Verification:
    own = [keys.certificate_pem(authority.organisation())]
    trust = Trust(own if trusted is None else trusted, stampers, revoked or RevocationData())
    return verify.conclude(inspection.examine(raw, trust, folder), raw, at=at)


def states(found: Verification, *about: str) -> dict[str, State]:
    return {one.id: one.state for one in found.facts if one.id in about}


def told(found: Verification, name: str) -> str:
    return next(one.text.en for one in found.facts if one.id == name)


# --- made ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_stamped_seal_passes_and_says_whose_stamp_it_is(known: Path) -> None:
    found = look(stamped(), known, stampers=[authority.root().pem])
    assert found.verdict is Verdict.PASSED
    assert found.seal_level == "B-T"
    assert states(found, "stamp", "sealed_at") == {"stamp": State.OK, "sealed_at": State.OK}
    assert "CN=Test time stamps, 2026-11-20T05:15:09Z" in told(found, "stamp")


@pytest.mark.slow
def test_a_self_made_key_can_be_stamped_too(known: Path) -> None:
    seal = made(samples.signer())
    found = look(seal.pdf, known, trusted=[keys.certificate_pem(samples.signer()), authority.root().pem])
    assert seal.level is Level.B_T
    assert found.verdict is Verdict.PASSED
    assert states(found, "stamp") == {"stamp": State.OK}, "a trusted certificate counts for stamps too"


@pytest.mark.slow
def test_a_stamp_of_an_unnamed_authority_is_told_and_decides_nothing(known: Path) -> None:
    found = look(stamped(), known)
    assert found.verdict is Verdict.PASSED
    assert states(found, "stamp", "sealed_at") == {"stamp": State.NOTE, "sealed_at": State.NOTE}


@pytest.mark.slow
def test_a_stamp_of_another_authority_than_the_named_one_fails(known: Path) -> None:
    other = authority.issued("Other root", is_authority=True)
    assert states(look(stamped(), known, stampers=[other.pem]), "stamp") == {"stamp": State.BAD}


@pytest.mark.slow
def test_the_server_is_asked_once_a_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    answer = authority._Server.answer
    monkeypatch.setattr(authority._Server, "answer", lambda *given: asked.append(given) or answer(*given))
    with authority.stamping() as server:
        for _ in range(3):
            pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)
    assert len(asked) == 4, "and once more, to know how long a stamp is"


@pytest.mark.slow
def test_a_long_term_seal_stays_one_revision_over_the_report_as_rendered(known: Path) -> None:
    reader = PdfFileReader(BytesIO(long_term()))
    assert long_term().startswith(samples.rendered())
    assert reader.total_revisions == 2
    assert len(reader.root["/DSS"]["/CRLs"]) == 1
    assert "/VRI" not in reader.root["/DSS"]
    before = PdfFileReader(BytesIO(samples.rendered()))
    assert before.root["/Metadata"].data == reader.root["/Metadata"].data
    assert before.root["/MarkInfo"]["/Marked"] == reader.root["/MarkInfo"]["/Marked"]
    found = look(long_term(), known, stampers=[authority.root().pem])
    assert found.verdict is Verdict.PASSED
    assert found.seal_level == "B-LT"
    assert states(found, "revocation", "unchanged", "whole") == dict.fromkeys(
        ("revocation", "unchanged", "whole"), State.OK
    )


@pytest.mark.first_in_check
@pytest.mark.parametrize("raw", [stamped, long_term])
@pytest.mark.slow
def test_a_stamp_and_validation_data_touch_nothing_that_a_reader_sees(raw: Callable[[], bytes], known: Path) -> None:
    seen = inspection.examine(raw(), [], known)
    assert seen["deviations"] == []
    assert samples.compared(raw(), seen) is Pages.SAME


@pytest.mark.slow
@pytest.mark.parametrize("raw", [stamped, long_term])
def test_other_programs_agree(raw: object, tmp_path: Path) -> None:
    text = said("pdfsig", raw(), tmp_path)  # type: ignore[operator]
    assert "Total document signed" in text
    assert "Signature is Valid" in text
    assert "unchanged since signing" in said("mutool", raw(), tmp_path)  # type: ignore[operator]


# --- not made -----------------------------------------------------------------------------------------------------------

FAULTS = {
    "refuse": "it refused: not today",
    "other": "not over what was asked",
    "damaged": "is damaged",
    "busy": "HTTP status 503",
    "page": "no time stamp but text/html",
    "garbage": "cannot be read",
}


@pytest.mark.parametrize(
    "fault", [one if one == "refuse" else pytest.param(one, marks=pytest.mark.slow) for one in FAULTS]
)
def test_without_a_stamp_the_seal_is_refused_with_the_reason(fault: str) -> None:
    with authority.stamping(fault=fault) as server, pytest.raises(SealRefusedError, match=FAULTS[fault]):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


@pytest.mark.slow
def test_where_the_settings_allow_it_the_seal_goes_without_and_says_so(known: Path) -> None:
    with authority.stamping(fault="busy", may_go_without=True) as server:
        seal = pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)
    assert (seal.level, seal.why_no_stamp) == (Level.B_B, "it answered with HTTP status 503")
    found = look(seal.pdf, known, trusted=[keys.certificate_pem(samples.signer())])
    assert (found.verdict, found.seal_level) == (Verdict.PASSED, "B-B")


@pytest.mark.slow
def test_a_server_that_is_not_there_or_does_not_answer_is_told() -> None:
    with authority.stamping() as server:
        pass
    with pytest.raises(SealRefusedError, match="cannot be reached"):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)
    with authority.stamping(fault="silent", seconds=1) as server, pytest.raises(SealRefusedError, match="within 1 s"):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


@pytest.mark.slow
def test_a_server_whose_clock_is_elsewhere_is_refused() -> None:
    late = samples.SEALED_AT + timedelta(hours=3)
    with authority.stamping(late) as server, pytest.raises(SealRefusedError, match="its clock says 2026-11-20 08:15"):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


@pytest.mark.slow
def test_a_stamp_that_the_named_certificates_do_not_confirm_is_refused() -> None:
    other = authority.issued("Other root", is_authority=True)
    with (
        authority.stamping(certificates=(other.certificate,)) as server,
        pytest.raises(SealRefusedError, match="not confirmed by the certificates that the settings name"),
    ):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


@pytest.mark.slow
def test_too_long_an_answer_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_stamps, "MAX_BYTES", 100)
    with authority.stamping() as server, pytest.raises(SealRefusedError, match="no time stamp but"):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


def own_revocation(*revoked: tuple[x509.Certificate, datetime], days: int = 30) -> RevocationData:
    at = samples.AT - timedelta(days=1)
    return RevocationData((authority.revocation_list(*revoked, at=at, lifetime=timedelta(days=days)),))


@pytest.mark.parametrize(
    ("revoked", "why"),
    [
        (RevocationData(), "missing or out of date"),
        (RevocationData((authority.revocation_list(at=authority.START, lifetime=timedelta(days=1)),)), "out of date"),
        (RevocationData((authority.revocation_list(by=authority.issued("Test root")),)), "missing or out of date"),
        (own_revocation((authority.organisation().certificate, samples.AT - timedelta(days=2))), "was revoked on"),
    ],
    ids=["none", "out of date", "of somebody of that name", "revoked"],
)
def test_a_long_term_seal_is_refused_where_revocation_is_not_shown(revoked: RevocationData, why: str) -> None:
    server = TimeStampServer("http://127.0.0.1:9/", (authority.root().certificate,))
    with pytest.raises(SealRefusedError, match=why):
        pades._check_revocation(authority.organisation(), server, revoked, samples.SEALED_AT)


# --- touched ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_stripped_time_stamp_is_found(known: Path) -> None:
    found = look(containers.with_stamp_of(stamped(), None), known)
    assert found.verdict is Verdict.FAILED
    assert "was taken away" in told(found, "stamp")


@pytest.mark.slow
def test_a_time_stamp_put_in_later_is_found(known: Path) -> None:
    signer = authority.organisation()
    with authority.stamping() as server:  # a container with room enough
        roomy = pades._signed(
            samples.rendered(), signer, samples.SEALED_AT, Level.B_B, stamper=time_stamps.HttpTimeStamper(server)
        )
    found = look(roomy, known)
    assert found.verdict is Verdict.FAILED
    assert "one was put in later" in told(found, "stamp")


@pytest.mark.slow
def test_the_time_stamp_of_another_seal_is_found(known: Path) -> None:
    other = made(samples.signer()).pdf
    found = look(containers.with_stamp_of(stamped(), other), known, stampers=[authority.root().pem])
    assert found.verdict is Verdict.FAILED
    assert "belongs to another seal" in told(found, "stamp")


# --- dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("at", "is_named", "verdict"),
    [
        (AFTER_EXPIRY, True, Verdict.PASSED),
        (AFTER_EXPIRY, False, Verdict.INDETERMINATE),
        (LONG_AFTER, True, Verdict.INDETERMINATE),
    ],
    ids=["trusted stamp", "stamp of nobody named", "the stamp's certificate expired too"],
)
def test_an_expired_certificate_counts_where_a_trusted_stamp_proves_the_time(
    at: datetime, is_named: bool, verdict: Verdict, known: Path
) -> None:
    found = look(stamped(), known, at, stampers=[authority.root().pem] if is_named else ())
    assert found.verdict is verdict
    assert states(found, "expired")["expired"] is (State.OK if verdict is Verdict.PASSED else State.OPEN)


@pytest.mark.slow
def test_a_certificate_that_is_not_valid_yet_fails(known: Path) -> None:
    found = look(stamped(), known, authority.START - timedelta(days=1))
    assert found.verdict is Verdict.FAILED
    assert states(found, "not_yet") == {"not_yet": State.BAD}


@pytest.mark.slow
def test_a_stamp_from_outside_its_certificates_dates_does_not_count(known: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    early = authority.issued(
        "Late stamps", authority.root(), key=key, stamps=True, start=samples.AT + timedelta(days=9)
    )
    with authority.stamping(holder=early) as server, pytest.raises(SealRefusedError, match="outside its certificate"):
        pades.seal_as_set(samples.rendered(), samples.signer(), SealSettings(server), samples.SEALED_AT)


# --- revocation ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "is_named", "verdict", "words"),
    [
        (-1, True, Verdict.FAILED, "after the certificate had been revoked"),
        (-1, False, Verdict.FAILED, "after the certificate had been revoked"),
        (1, True, Verdict.PASSED, "revoked later"),
        (1, False, Verdict.INDETERMINATE, "nothing shows that it was sealed before"),
    ],
)
def test_a_revoked_certificate_counts_only_where_a_trusted_stamp_is_older(
    days: int, is_named: bool, verdict: Verdict, words: str, known: Path
) -> None:
    on = samples.SEALED_AT + timedelta(days=days)
    revoked = RevocationData((authority.revocation_list((authority.organisation().certificate, on)),))
    stampers = [authority.root().pem] if is_named else ()
    found = look(stamped(), known, SOON + timedelta(days=3), stampers=stampers, revoked=revoked)
    assert found.verdict is verdict
    assert words in told(found, "revocation")


@pytest.mark.slow
@pytest.mark.parametrize("status", [ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED])
@pytest.mark.parametrize("is_appointed", [True, False])
def test_an_answer_counts_as_a_list_does(status: ocsp.OCSPCertStatus, is_appointed: bool, known: Path) -> None:
    responder = authority.issued("Responder", authority.root(), answers=True) if is_appointed else None
    is_revoked = status is ocsp.OCSPCertStatus.REVOKED
    answer = authority.revocation_answer(
        authority.organisation().certificate,
        status,
        by=responder,
        revoked_at=samples.AT - timedelta(days=1) if is_revoked else None,
    )
    found = look(stamped(), known, stampers=[authority.root().pem], revoked=RevocationData(ocsps=(answer,)))
    assert states(found, "revocation") == {"revocation": State.BAD if is_revoked else State.OK}


@pytest.mark.slow
def test_lists_and_answers_of_others_do_not_count(known: Path) -> None:
    organisation = authority.organisation().certificate
    namesake = authority.issued("Test root", is_authority=True)
    unappointed = authority.issued("Daon HR 2", authority.root())
    revoked = RevocationData(
        (authority.revocation_list((organisation, samples.AT), by=namesake),),
        (
            authority.revocation_answer(organisation, by=unappointed),
            authority.revocation_answer(organisation, by=namesake),
        ),
    )
    found = look(stamped(), known, revoked=revoked)
    assert states(found, "revocation") == {"revocation": State.NOTE}


@pytest.mark.slow
def test_the_stamp_of_a_revoked_authority_fails(known: Path) -> None:
    on = samples.AT - timedelta(days=1)
    revoked = RevocationData((authority.revocation_list((authority.stamp_authority().certificate, on)),))
    found = look(stamped(), known, stampers=[authority.root().pem], revoked=revoked)
    assert states(found, "stamp") == {"stamp": State.BAD}
