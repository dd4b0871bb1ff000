"""Whatever a system, a version or an operator is called: a genuine report passes. Names out of the report's own words."""

from __future__ import annotations

import os
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.content.texts import cleaned
from assessments.model import Assessment, Origin, Withheld, WithheldKind
from exports.printing import document, stated
from exports.record import record, redaction
from exports.record.record import Record
from exports.report.report import Report
from exports.seal import keys, pades
from exports.verification import inspection, verify
from exports.verification.verdict import Verification
from exports.words import labels
from exports.words.facts import State, Verdict
from tests import report_samples as samples
from tests import tampering

NAMES = (
    "AI", "인공지능", "High-impact AI", "Not high-impact AI", "고영향 인공지능", "고영향 인공지능에 해당하지 않음",
    "고영향 인공지능에 해당", "M", "m", "a", "i", "I", "e", "고", "A", "해당", "중", "중간", "Medium", "High", "Low", "Very high",
    "매우 높음", "9f" * 32, "sha256:" + "0a" * 32, "haetae-record " + "ab" * 32, "x, haetae-outcome not_high_impact",
    "haetae-level low", "urn:haetae:record:" + "cd" * 32, "</pdf:Keywords>", "&amp;", "<b>", "\"quoted\"", "■■■■ Low",
    "line one\nline two", "Cannot determine", "판단할 수 없음", "SHA-256", "1", "%PDF-1.7 endobj", "Haetae 0.1.0 0123456789abcdef", "◆",
)  # fmt: skip
LANGUAGES = (("ko", "en"), ("en", "ko"), ("ko",), ("en",))
FIELDS = 6
pytestmark = pytest.mark.usefixtures("printed_briefly")  # all that is asked of a name stands on the first page
IS_TORTURE = bool(os.environ.get("HAETAE_TORTURE"))
PARTS = 3
"""So that several processes share the work."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def named(names: tuple[str, ...]) -> Assessment:
    """Six odd names on one first page: those of system and operator, the version, supervisor and contact."""
    plain, given_ = samples.assessment(), [*names, *["x"] * (FIELDS - len(names))]
    system = cleaned(replace(plain.system, name_ko=given_[0], name_en=given_[1], version=given_[2]), "system")
    operator = replace(plain.operator, name=given_[3], supervisor_name=given_[4], supervisor_contact=given_[5])
    return replace(plain, system=system, operator=cleaned(operator, "operator"))


def made_of(plain: Assessment) -> Record:
    return record.build(samples.signed_off(plain), samples.editions(), at=samples.AT, document_id="HT-2026-0012")


def look(pdf: bytes, known: Path) -> Verification:
    raw = pades.seal(pdf, samples.signer(), samples.SEALED_AT)
    seen = inspection.examine(raw, [keys.certificate_pem(samples.signer())], known)
    return replace(verify.conclude(seen, raw, at=tampering.NOW), pages=samples.compared(raw, seen, document.make))


def around(name: str) -> tuple[str, ...]:
    """A first page about this name: it is the system's, the version and the operator's in turn, the others are its neighbours."""
    at = NAMES.index(name)
    return tuple(NAMES[(at + step) % len(NAMES)] for step in range(FIELDS))


@pytest.mark.slow
@pytest.mark.parametrize("languages", LANGUAGES, ids=" ".join)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_genuine_report_passes_whatever_things_are_called(languages: tuple[str, ...], part: int, known: Path) -> None:
    """Each name stands on a first page of both languages, whichever leads, in another of the six places in each.

    In the long runs each stands in all six, also where one language is alone; else some stand there.
    """
    chosen = NAMES if IS_TORTURE else NAMES[LANGUAGES.index(languages) :: FIELDS if len(languages) > 1 else 4 * FIELDS]
    names = chosen[part::PARTS]
    for name in names:
        found = look(document.make(made_of(named(around(name))), languages, document.printed_by()), known)
        wrong = [one.text.en for one in found.facts if one.state in (State.BAD, State.OPEN)]
        assert found.verdict is Verdict.PASSED, (name, wrong)


def test_there_are_forty_odd_first_pages() -> None:
    assert len({around(name) for name in NAMES}) >= 40


@pytest.mark.slow
def test_a_redacted_copy_and_a_stated_one_pass_and_a_draft_is_a_draft(known: Path) -> None:
    marks = (Withheld("system.summary_ko", WithheldKind.TRADE_SECRET, "x", "ab" * 16),)
    plain = replace(named(NAMES[:FIELDS]), withheld=marks)
    full = made_of(plain)
    for made in (full, redaction.redact(full, record.questionnaires_of(full))):
        assert look(document.make(made, ("en",), document.printed_by()), known).verdict is Verdict.PASSED
    stated_one = record.build(
        samples.signed_off(plain, origin=Origin.STATED), samples.editions(), at=samples.AT, document_id="HT-2026-0013"
    )
    assert look(document.make(stated_one, ("ko",), document.printed_by()), known).verdict is Verdict.PASSED
    draft = record.build(plain, samples.editions(), at=samples.AT, document_id="HT-2026-0014")
    found = look(document.make(draft, ("ko",), document.printed_by()), known)
    assert {one.id for one in found.facts if one.state is State.BAD} == {"signed_off"}


class _Meta(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        if tag == "meta" and "name" in given_:
            self.named[str(given_["name"])] = str(given_["content"])


WORDS = sorted({word for text in labels.labels().values() for one in (text.ko, text.en) for word in one.split()})
own_words = st.lists(st.sampled_from([*WORDS, *NAMES]), min_size=1, max_size=6).map(" ".join)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(names=st.tuples(*[own_words] * FIELDS), languages=st.sampled_from(LANGUAGES))
def test_names_made_of_the_reports_own_words_never_reach_what_it_states_of_itself(
    names: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    made = made_of(named(tuple(one[:100] for one in names)))
    meta = _Meta()
    meta.feed(document.html(Report(made, record.recompute(made), languages)))
    assert meta.named["keywords"] == stated.keywords(made, languages, document.printed_by())
    assert meta.named["generator"] == f"Haetae {document.printed_by()}"
