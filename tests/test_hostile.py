"""Hostile text in every field: shown as written or refused in a sentence, in every form; nothing is fetched for it."""

from __future__ import annotations

import json
import socket
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.content.answers import MAX_CHARACTERS, MAX_NAME, clean_text
from assessments.content.attached_record import attachment
from assessments.content.canonical import content_sha256
from assessments.content.texts import cleaned
from assessments.errors import InvalidAnswerError, RecordFileError
from assessments.model import AISystem, Assessment, Condition, Operator, Person
from exports.forms import markdown, outputs
from exports.printing import document
from exports.record import attached, record, schema
from exports.record.record import Record
from exports.report.report import Report
from tests import report_samples as samples
from tests.page_text import printed_text

TEXTS = {
    "html": '<script>fetch("http://127.0.0.1:9/x")</script><img src=x onerror=alert(1)><b>굵게</b></td></tr></table>',
    "css": "</style><style>@import url(http://127.0.0.1:9/a.css); body{background:url(file:///etc/passwd)}</style>",
    "file": '<link rel="attachment" href="file:///etc/passwd"> file:///etc/passwd <iframe src="file:///etc/hosts">',
    "http": "http://127.0.0.1:9/leak?x=1 <a href='http://127.0.0.1:9/'>here</a> ![a](http://127.0.0.1:9/b.png)",
    "template": "{{ 7 * 7 }} {% include '/etc/passwd' %} ${7*7} #{7*7} %s %n {0.__class__}",
    "formula": '=HYPERLINK("http://127.0.0.1:9/","x")',
    "combining": "a" + "\u0301\u0334" * 250,
    "emoji": "👩🏽‍⚕️👨‍👩‍👧‍👦🇰🇷 🏳️‍🌈 \U0001fae8",
    "rare": "뷁쀍꿻 ᄒᆞᆫ글 ꥠퟆ 믜ᄡᅮᇰ",
    "hanja": "判斷 根據 \u4e00\U00020000\U0002a6d6 㐀 龘",
    "long": "긴 글입니다. " * (MAX_CHARACTERS // 8),
    "word": "가" * 1000 + "W" * 1000,
    "entities": "&lt;script&gt; &#60; &amp;amp; ]]> <!-- --> <?xml?> <!DOCTYPE x>",
    "lines": "one\n\n\ntwo\tthree\n| a | b |\n# four",
    "separators": "one \u2028two \u2029 three\u2029\u2029 \u2028",
    "markup": "**a** _b_ [c](d) `e` | f | ~~g~~ \\ $h$ @i #1 :j:",
    "direction": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u200fabc\u200e \u00ad ﷽",
}
"""What is kept as it is."""
BROKEN = {
    "nul": "first a\x00b\x1f",
    "bell": "first a\x07",
    "c1": "first a\x9bb",
    "surrogate": "first a\ud800b",
    "pair": "first a\udc00\ud800",
}
"""What is refused for signs that no text can have."""
BIDI = ("\u202eabc", "a\u2066b\u2069", "\u202d")


def everywhere(text: str) -> Assessment:
    """The text in every field that people fill in, as much of it as a field takes."""
    plain, name = samples.assessment(), text[:MAX_NAME]
    (scenario,), (measure,), (evidence,) = plain.scenarios, plain.measures, plain.evidence
    (impact,) = scenario.impacts
    fields = ("registration_number", "address", "representative", "supervisor_name", "supervisor_contact")
    answers = {
        asked: {asked_id: replace(one, note=text) for asked_id, one in given.items()}
        for asked, given in plain.responses.items()
    }
    answers["hiring"]["grading_words"] = replace(answers["hiring"]["grading_words"], answer=text)
    answers["hiring"]["reviewers"] = replace(answers["hiring"]["reviewers"], answer=({"reviewer": text, "cases": 1},))
    return replace(
        plain,
        system=AISystem(name, name, name, text, text),
        operator=Operator(name, **dict.fromkeys(fields, name)),
        responses=answers,
        evidence=(replace(evidence, title=name, file_name=name, media_type="text/plain"),),
        scenarios=(
            replace(
                scenario,
                text=text,
                affected_direct=text,
                affected_indirect=text,
                affected_unintended=text,
                impacts=(replace(impact, right=name, effect=text, reason=text),),
            ),
        ),
        measures=(replace(measure, text=text, owner=name),),
        authors=(Person("p1", name),),
    )


def made_of(text: str) -> Record:
    decided, name = samples.signed_off(everywhere(text)), text[:MAX_NAME]
    assert decided.decision is not None and decided.sign_off is not None
    digest = content_sha256(decided)
    decided = replace(
        decided,
        decision=replace(
            decided.decision,
            reason=text,
            conditions=(Condition(text, name, samples.AT.date()),),
            by=Person("p2", name),
            content_sha256=digest,
        ),
        sign_off=replace(decided.sign_off, by=Person("p3", name), content_sha256=digest),
    )
    return record.build(decided, samples.editions(), at=samples.AT, document_id="HT-9")


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refused(*given: Any, **_: Any) -> Any:
        raise AssertionError(f"a connection was tried: {given}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


# --- before it is kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_strange_but_text_is_kept_as_it_is(name: str) -> None:
    kept = clean_text(TEXTS[name], "field")
    assert kept == clean_text(kept, "field")
    assert "".join(kept.split()) or name == "lines"


@pytest.mark.parametrize("name", BROKEN)
def test_signs_that_no_text_can_have_are_refused_with_their_number_and_place(name: str) -> None:
    with pytest.raises(InvalidAnswerError) as error:
        clean_text(BROKEN[name], "field")
    number = f"(U+{ord(BROKEN[name][7]):04X})"
    for said in (error.value.text.ko, error.value.text.en):
        assert "field" not in said and number in said and "first a" in said and said.isprintable()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_whatever_ends_a_line_is_a_line_end(end: str) -> None:
    assert clean_text(f"하나{end}둘", "field") == "하나\n둘"


@pytest.mark.parametrize("text", [*BIDI, "x" * (MAX_CHARACTERS + 1)])
def test_hidden_direction_and_endless_text_are_refused_in_both_languages(text: str) -> None:
    with pytest.raises(InvalidAnswerError) as error:
        clean_text(text, "field")
    assert error.value.text.ko and error.value.text.en and error.value.where == "field"
    assert "field" not in error.value.text.en  # the name in a file stands on no screen


def test_a_name_stays_short_enough_for_a_heading() -> None:
    for where in ("system", "operator"):
        thing = AISystem("x" * (MAX_NAME + 1)) if where == "system" else Operator("x" * (MAX_NAME + 1))
        with pytest.raises(InvalidAnswerError) as error:
            cleaned(thing, where)
        assert f"at most {MAX_NAME}" in error.value.text.en and error.value.where.startswith(f"{where}.name")
    assert cleaned(AISystem("x" * MAX_NAME, summary_ko="x" * MAX_CHARACTERS), "system")


def test_a_record_with_half_a_character_is_refused() -> None:
    raw = made_of("x").canonical.replace(b'"x"', b'"\\ud800"')
    with pytest.raises(RecordFileError):
        attached.read_file(raw)


# --- JSON, workbook, Markdown -------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", TEXTS)
def test_json_holds_it_to_the_letter(name: str) -> None:
    text = clean_text(TEXTS[name], "field")
    data = json.loads(outputs.render(made_of(text), "json", "ko"))
    jsonschema.Draft202012Validator(schema.json_schema()).validate(data)
    assert data["content"]["system"]["summary_ko"] == data["decision"]["reason"] == text


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", TEXTS)
def test_a_workbook_holds_texts_only(name: str) -> None:
    made = outputs.render(made_of(clean_text(TEXTS[name], "field")), "xlsx", "en")
    with zipfile.ZipFile(BytesIO(made)) as packed:
        sheets = b"".join(packed.read(one) for one in packed.namelist())
    for sign in (b"<f>", b"<hyperlink", b'TargetMode="External"'):
        assert sign not in sheets


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_markdown_makes_nothing_of_it(name: str) -> None:
    text = markdown.text(made_of(clean_text(TEXTS[name], "field")), "ko")
    page = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    harmless = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown.text(made_of("글"), "ko"))
    for tag in ("script", "img", "a ", "link", "style", "iframe", "b>", "strong", "em", "code", "table"):
        assert page.count(f"<{tag}") == harmless.count(f"<{tag}"), tag
    assert "<table>" in page and not any(f"<{tag}" in page for tag in ("script", "img", "iframe", "style"))


@pytest.mark.parametrize("name", BROKEN)
def test_control_signs_in_a_raw_record_break_no_form(name: str) -> None:
    """A record that this tool never made: written with the sign made visible, or refused in a sentence."""
    try:
        made = made_of(BROKEN[name])
        for form in ("json", "xlsx", "markdown"):
            assert outputs.render(made, form, "ko")
    except (ValueError, RecordFileError) as error:
        assert str(error)  # noqa: PT017


# --- page and PDF --------------------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.slow
def test_the_page_shows_it_escaped(name: str) -> None:
    made = made_of(clean_text(TEXTS[name], "field"))
    shown, harmless = _Tags(), _Tags()
    shown.feed(document.html(Report(made, record.recompute(made), ("ko", "en"))))
    plain = made_of("x")
    harmless.feed(document.html(Report(plain, record.recompute(plain), ("ko", "en"))))
    assert shown.tags == harmless.tags
    assert all(where.startswith(("#", "haetae:")) for where in shown.addresses)
    words = "".join("".join(shown.text).replace("\u2060", "").split())
    assert "".join(clean_text(TEXTS[name], "field").split()) in words


class _Tags(HTMLParser):
    """Which tags and attributes a page has, where it points to, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


FETCHING = ("html", "css", "file", "http", "template", "formula", "entities", "markup")
LETTERS = ("combining", "emoji", "rare", "hanja", "direction", "lines", "separators")


@pytest.mark.slow
@pytest.mark.parametrize("names", [FETCHING, LETTERS, ("long",), ("word",)], ids="-".join)
def test_the_report_is_printed_and_fetches_nothing(names: tuple[str, ...]) -> None:
    """Several texts in one report, for a report takes seconds."""
    made = made_of(clean_text("\n".join(TEXTS[name] for name in names), "field"))
    pdf = document.make(made, ("ko",))
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    assert attachment(reader) == made.canonical
    assert b"/URI" not in pdf and b"root:x:0:0" not in pdf
    page = "".join(printed_text(_first(reader.root["/Pages"])).split())
    assert names is not FETCHING or "".join(TEXTS["html"].split())[:20] in page


def test_every_text_is_printed_in_some_report() -> None:
    assert {*FETCHING, *LETTERS, "long", "word"} == set(TEXTS)


def _first(node: Any) -> Any:
    while node["/Type"] != "/Page":
        node = node["/Kids"][0]
    return node
