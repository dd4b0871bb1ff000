"""One word for a thing: the glossary is read strictly, and a text that uses another word is found wherever it is shipped."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from questionnaires import glossary, shipped_texts
from questionnaires.glossary import FILE, Glossary, Twin
from questionnaires.problems import InvalidFileError
from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from tests.office import KIM, open_office
from tests.screens import Visitors


@pytest.mark.slow  # `haetae check`, which is a part of `make check`, does the same
def test_no_shipped_text_uses_another_word_than_the_glossary() -> None:
    assert [str(one) for one in shipped_texts.misworded()] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_terms_are_sorted_by_their_word(language: str) -> None:
    words = [one.term[language].casefold() for one in glossary.glossary().sorted(language)]
    assert words == sorted(words) and len(words) > 30


PLANTED = {
    "questionnaires/hiring/1.0.yaml": ('intro:\n  ko: "이 설문에 답하십시오."\n', 2, "'설문'"),
    "exports/labels.yaml": (
        'a: {ko: "질문지", en: "질문지"}\nb: {ko: "시행 중인 방안", en: "In force"}\n',
        2,
        "'시행 중'",
    ),
    "pages/_frame/locale/ko/LC_MESSAGES/haetae.po": (
        'msgid "Measures"\nmsgstr ""\n"관리방안과 "\n"대책"\n',
        2,
        "'대책'",
    ),
    "pages/_frame/frame.py": ('TITLE = "보고서"\nNAME = f"사람의 개입 {1} 없음, 조직이 정한 기준"\n', 2, "조직이 정한"),
    "assessments/file/escaped.py": (r'NAME = "\uc124\ubb38"' + "\n", 1, "'설문'"),
    "assessments/file/people.py": ('raise_("Register the signoff", "등록하십시오")\n', 1, "'signoff'"),
    "commands/check.py": ('"""The survey is checked."""\n', 1, "'survey'"),
    "exports/parts/gaps.html.j2": ("<p>\n부족, 불확정</p>\n", 2, "'불확정'"),
    "exports/verification/VERIFYING.md": ("```sh\n# 다이제스트\n```\n그 다이제스트\n", 4, "'다이제스트'"),
}


@pytest.mark.parametrize("file", PLANTED, ids=str)
def test_a_planted_word_is_found_in_every_kind_of_text(tmp_path: Path, file: str) -> None:
    written, line, word = PLANTED[file]
    place = tmp_path / file
    place.parent.mkdir(parents=True)
    place.write_text(written, "utf-8")
    (found,) = set(shipped_texts.misworded(tmp_path))
    assert (found.file, found.line) == (file, line) and word in found.what


@pytest.mark.slow
def test_what_was_shipped_before_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "questionnaires/hiring/earlier").mkdir(parents=True)
    earlier = shipped_texts.ROOT / "questionnaires/hiring/earlier/1.0-of-0.2.0.yaml"
    shutil.copy(earlier, tmp_path / "questionnaires/hiring/earlier")
    assert not list(shipped_texts.misworded(tmp_path))
    shutil.copy(earlier, tmp_path / "questionnaires/hiring/1.0.yaml")
    assert list(shipped_texts.misworded(tmp_path)), "its words are not those of today"


def test_a_word_that_is_part_of_a_title_is_left_alone() -> None:
    twin = Twin(say="대책", but=("방사능 방재 대책법",))
    law = "「원자력시설 등의 방호 및 방사능 방재 대책법」"
    assert twin.found_in(law, "x.yaml") is None
    assert twin.found_in(f"{law}에 따른 대책", "x.yaml") == "대책"


def test_a_twin_of_some_files_is_looked_for_in_these_alone() -> None:
    twin = Twin(say="survey", only_in=("pages/**",), except_in=("pages/verify.py",))
    found = [twin.found_in("a survey", file) for file in ("pages/home.py", "pages/verify.py", "README.md")]
    assert found == ["survey", None, None]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  - id: user\n", "  - id: operator\n", "a second time: operator"),
        ('    term: {ko: "이용자", en: "user"}', '    term: {ko: "이용자"}', "'en' is missing"),
        ('{say: "리스크"}', '{say: "리스크("}', "no regular expression"),
        ('{say: "리스크"}', '{says: "리스크"}', "no such key"),
    ],
)
def test_a_mistake_in_the_glossary_is_named(old: str, new: str, what: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    with pytest.raises(InvalidFileError, match=what):
        shaped(parse(text.replace(old, new, 1), FILE.name), Glossary)


@pytest.mark.slow
def test_the_screen_shows_every_term_and_its_twin_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitors(open_office(tmp_path, monkeypatch), monkeypatch).sign_in(KIM)
    screen = visitor.open("glossary").sound()
    shown = re.findall(
        r'<td data-head="용어"><b>(.*?)</b></td><td data-head="영어"><span lang="en">(.*?)</span></td>', screen.html
    )
    assert shown == [(one.term.ko, one.term.en) for one in glossary.glossary().sorted("ko")]
    assert ("관리방안", "measure") in shown
    assert "glossary" in visitor.open("home").sound().html, "the foot of every screen leads to it"


def test_examples_call_a_measure_by_its_word() -> None:
    for file in sorted((shipped_texts.ROOT / "examples").glob("*.yaml")):
        assert not re.search("대책 m[0-9]", file.read_text("utf-8")), file.name
