"""Logo and accent: read strictly, part of the record, printed on the first page."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.model import Origin, Withheld, WithheldKind
from exports.printing import document
from exports.printing import stated as metadata
from exports.record import appearance, record, redaction
from exports.record.appearance import Appearance
from exports.report.report import Report
from questionnaires.problems import InvalidFileError
from tests import prints
from tests import report_samples as samples
from tests.page_text import printed_text


def picture(kind: str = "png") -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 12), "#8c2f14").save(made, kind)
    return made.getvalue()


def test_nothing_set_is_the_plain_look_and_leaves_the_record_as_it_is(tmp_path: Path) -> None:
    assert appearance.read(tmp_path).is_plain
    assert "appearance" not in samples.sealed_record().data["document"]


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_accent_and_logo_are_read_and_survive_the_record(tmp_path: Path, kind: str) -> None:
    (tmp_path / "logo").write_bytes(picture(kind))
    (tmp_path / appearance.FILE).write_text('accent: "#7A1F5C"\nlogo: logo\n')
    found = appearance.read(tmp_path)
    assert found == Appearance("#7a1f5c", picture(kind))
    used = samples.editions()
    given = samples.signed_off(samples.assessment(used))
    made = record.build(given, used, at=samples.AT, document_id="HT-1", appearance=found)
    assert Report(record.read(made.canonical), record.recompute(made), ("ko",)).appearance == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('accent: "#ffee00"', "too light"),
        ("accent: red", "no colour"),
        ('accent: "#12345; } * { display: none"', "no colour"),
        ("logo: ../logo", "not in this folder"),
        ("logo: nowhere.png", "nowhere.png: No such file"),
        ("logo: words", "no PNG or JPEG"),
        ("logo: large", "larger than 200 KB"),
        ("colour: blue", "colour"),
        ("accent: [1]", "accent"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "words").write_text("no picture")
    (tmp_path / "large").write_bytes(picture() + bytes(appearance.MAX_LOGO_BYTES))
    (tmp_path / appearance.FILE).write_text(text)
    with pytest.raises(InvalidFileError) as caught:
        appearance.read(tmp_path)
    assert words in str(caught.value.problems[0])


@given(st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.sampled_from(["accent", "logo"]), st.text())))
def test_an_appearance_that_somebody_wrote_into_a_record_is_sound_or_refused(data: object) -> None:
    try:
        found = appearance.from_json(data)  # type: ignore[arg-type]
    except ValueError:
        return
    assert appearance.contrast(found.accent) >= appearance.LEAST_CONTRAST


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_the_longest_names_and_a_logo_leave_the_digest_on_the_first_page() -> None:
    used, long = samples.editions(), "고영향 인공지능에 해당하지 않음 " * 16
    plain = samples.assessment(used, is_example=True)
    marks = (Withheld("system.summary_ko", WithheldKind.TRADE_SECRET, "x", "ab" * 16),)
    plain = replace(
        plain,
        system=replace(plain.system, name_ko=long, name_en="Not high-impact AI " * 15, version=long),
        operator=replace(plain.operator, name=long, supervisor_name=long, supervisor_contact="a@example.com " * 20),
        withheld=marks,
    )
    stated = samples.signed_off(plain, origin=Origin.STATED)
    look = Appearance("#7a1f5c", picture())
    full = record.build(stated, used, at=samples.AT, document_id="HT-2026-0010", appearance=look)
    for made in (full, redaction.redact(full, record.questionnaires_of(full))):
        reader = PdfFileReader(BytesIO(document.make(made, ("ko", "en"))))
        words = printed_text(reader.root["/Pages"]["/Kids"][0].get_object())
        assert made.sha256 in "".join(words.split())
        assert metadata.read(reader).fits(made)


def test_contrast_is_that_of_wcag() -> None:
    assert appearance.contrast("#ffffff") == pytest.approx(1)
    assert appearance.contrast("#000000") == pytest.approx(21)
    assert appearance.contrast("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.slow
def test_logo_and_accent_are_printed() -> None:
    used = samples.editions()
    look = Appearance("#7a1f5c", picture())
    made = record.build(
        samples.signed_off(samples.assessment(used)), used, at=samples.AT, document_id="HT-1", appearance=look
    )
    pdf = samples.printed_briefly(made, ("ko",))
    plain = samples.printed_briefly(samples.sealed_record(), ("ko",))
    assert pdf.count(b"/Subtype /Image") == plain.count(b"/Subtype /Image") + 1
    assert b"/Interpolate true" not in pdf, "archives do not smooth pictures"
    with prints.anew(), prints.briefly():
        assert document.make(made, ("ko",)) == pdf
