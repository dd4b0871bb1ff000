"""What the program says: in catalogues of both languages, whole, used, with particles that fit; no Hangul in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml
from pydantic_core.core_schema import ErrorType

from assessments.errors import AssessmentError
from assessments.model import WithheldKind
from exports.record import redaction
from exports.seal import keys, pades
from pages._frame import translation
from questionnaires import filling
from questionnaires import texts as catalogues
from questionnaires.particles import with_particle
from questionnaires.texts import Texts, Told, joined, texts_of
from questionnaires.vocabulary import Text
from tests.sources import FOLDERS, ROOT, files, nodes

NAMES = (
    "texts.yaml",
    "problems.yaml",
    "people_problems.yaml",
    "setting_problems.yaml",
    "labels.yaml",
    "verification.yaml",
)
CATALOGUES = [file for folder in FOLDERS for name in NAMES for file in sorted((ROOT / folder).rglob(name))]
SOURCES = [file for file in files() if "versions" not in file.parts]
FILLING = ("_", "many", "text", "told", "refused", "_refused", "_t", "say", "word")
"""Functions that fill a text in with what they are called with by name."""
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
MECHANICAL = re.compile("\\([은는이가을를과와으]\\)|[은는이가을를과와]\\([은는이가을를과와]\\)")
each_catalogue = pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: str(file.relative_to(ROOT)))


def filled(entry: Told) -> Iterator[Text]:
    yield entry.what
    if entry.remedy is not None:
        yield entry.remedy


def entries(file: Path) -> dict[str, list[Text]]:
    texts = Texts(file)
    return {key: list(filled(texts._entries[key])) for key in texts}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# --- catalogues ---------------------------------------------------------------------------------------------------------


def test_all_catalogues_are_found() -> None:
    assert len(CATALOGUES) > 8


@pytest.mark.first_in_check
@each_catalogue
def test_a_catalogue_says_each_key_once_in_both_languages(file: Path) -> None:
    node = yaml.compose(file.read_text("utf-8"))
    keys = [key.value for key, _ in node.value]
    assert sorted(set(keys)) == sorted(keys)
    for key, texts in entries(file).items():
        for text in texts:
            assert HANGUL.search(text.ko) or not re.search("[a-z]{4}", re.sub(r"\{[^}]*\}", "", text.ko)), key
            assert not HANGUL.search(re.sub(r"「[^」]*」|\([^)]*\)|sqlite:\S+", "", text.en)), key


ENGLISH_ONLY = {"why", "message"}
"""What another program said, which is English: Korean readers are told in words of their own instead."""


@each_catalogue
def test_both_languages_have_the_same_places(file: Path) -> None:
    differing = {
        key: places(text.ko) ^ places(text.en)
        for key, texts in entries(file).items()
        for text in texts
        if places(text.ko) != places(text.en) and not places(text.en) & ENGLISH_ONLY
    }
    assert differing == {}


@each_catalogue
def test_no_particle_is_left_for_the_reader_to_choose(file: Path) -> None:
    assert [key for key, texts in entries(file).items() if any(MECHANICAL.search(text.ko) for text in texts)] == []


def test_no_particle_is_left_to_choose_in_the_words_of_the_screens() -> None:
    po = ROOT / "pages" / "_frame" / "locale" / "ko" / "LC_MESSAGES" / "haetae.po"
    assert MECHANICAL.findall(po.read_text("utf-8")) == []


@cache
def strings_of(file: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """Strings in the code of a file, and what strings that it puts together look like."""
    fixed, made = set(), []
    for node in nodes(file):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            fixed.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z0-9_]+" for part in node.values]
            if any(isinstance(part, ast.Constant) and re.search("[a-z]{2}", part.value) for part in node.values):
                made.append(re.compile("".join(parts)))
    return fixed, made


@cache
def used_in(folder: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """Like strings_of, for all files of a folder."""
    of_files = [strings_of(file) for file in SOURCES if folder in file.parents]
    return set().union(*(fixed for fixed, _ in of_files)), [pattern for _, made in of_files for pattern in made]


OF_PYDANTIC = set(get_args(ErrorType))


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "file",
    [file for file in CATALOGUES if file.name not in ("labels.yaml", "verification.yaml")],
    ids=lambda file: str(file.relative_to(ROOT)),
)
@pytest.mark.slow
def test_every_key_is_used(file: Path) -> None:
    top = file.relative_to(ROOT).parts[0]
    fixed, made = used_in(ROOT if top == "questionnaires" else ROOT / top)
    unused = [
        key
        for key in Texts(file)
        if key not in fixed and key not in OF_PYDANTIC and not any(pattern.fullmatch(key) for pattern in made)
    ]
    assert unused == []


JOINED = re.compile("['\"]([a-z_]+_)['\"] *[~+]")
MADE_OF_TWO = {"labels.yaml": ("scale", "duration", "likelihood"), "verification.yaml": ("ok", "bad", "open", "note")}
"""What stands before, in the words of reports, or behind, in those of verification, where a key is put together of two values."""


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", MADE_OF_TWO)
@pytest.mark.slow
def test_every_fixed_word_is_used(name: str) -> None:
    fixed, made = used_in(ROOT)
    sources = [file for file in SOURCES if "exports" in file.parts or "pages" in file.parts]
    templates = [*(ROOT / "exports").rglob("*.j2"), *(ROOT / "pages").rglob("*.j2")]
    for source in [*sources, *templates]:
        text = source.read_text("utf-8")
        fixed |= set(re.findall("['\"]([a-z0-9_]+)['\"]", text))
        made += [re.compile(f"{before}[a-z0-9_]+") for before in JOINED.findall(text)]
    made.append(re.compile("s_(" + "|".join(map(re.escape, fixed)) + ")"))  # the title of a section

    def is_made(key: str) -> bool:
        first, last = (key.partition("_"), key.rpartition("_"))
        of_two = first[0] if name == "labels.yaml" else last[2] if last[0] in fixed else ""
        return of_two in MADE_OF_TWO[name] or any(pattern.fullmatch(key) for pattern in made)

    file = ROOT / "exports" / "words" / name
    assert [key for key in Texts(file) if key not in fixed and not is_made(key)] == []


def told_keys() -> Iterator[tuple[Path, str, set[str]]]:
    """Keys that a module takes by name out of the catalogue of its folder, with the names of the values."""
    for file in SOURCES:
        if "TEXTS = texts_of(__file__)" not in file.read_text("utf-8"):
            continue
        for node in nodes(file):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("text", "told")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "TEXTS"
                and isinstance(node.args[0], ast.Constant)
                and all(one.arg for one in node.keywords)
            ):
                yield file, node.args[0].value, {one.arg for one in node.keywords if one.arg}


def test_every_key_that_is_asked_for_is_there_and_gets_its_values() -> None:
    wrong = []
    for file, key, given in told_keys():
        texts = texts_of(str(file))
        if key not in texts:
            wrong.append((file.name, key))
            continue
        wanted = set().union(*(places(one.ko) | places(one.en) for one in filled(texts._entries[key])))
        if wanted != given:
            wrong.append((file.name, key, wanted ^ given))
    assert wrong == []


# --- errors -------------------------------------------------------------------------------------------------------------


@cache
def modules_and_names(file: Path) -> dict[str, tuple[str, str]]:
    """Name of a class in a module → the module that defines it, and its name there."""
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    found = {}
    for node in nodes(file):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: (node.module, one.name) for one in node.names}
        elif isinstance(node, ast.ClassDef):
            found[node.name] = (module, node.name)
    return found


def errors() -> set[tuple[str, str]]:
    """AssessmentError and every class below it."""
    known = {(AssessmentError.__module__, AssessmentError.__name__)}
    classes = []
    for file in SOURCES:
        names = modules_and_names(file)
        for node in nodes(file):
            if isinstance(node, ast.ClassDef):
                bases = {names.get(base.id) for base in node.bases if isinstance(base, ast.Name)}
                classes.append((names[node.name], bases))
    while more := {name for name, bases in classes if bases & known} - known:
        known |= more
    return known


@pytest.mark.slow
def test_every_error_is_told_by_a_catalogue() -> None:
    """Or brings texts of one along, from another process or a thread that has ended (`Told`)."""
    known, made, bare = errors(), 0, []
    for file in SOURCES:
        names = modules_and_names(file)
        for node in nodes(file):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and names.get(node.func.id) in known
            ):
                continue
            made += 1
            first = node.args[0] if node.args else None
            if first is not None and not re.match(r"(\w+\.)*told\(|Told\(|told$", ast.unparse(first)):
                bare.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert made > 150
    assert bare == []


def test_an_error_shows_what_is_wrong_and_then_what_to_do() -> None:
    error = AssessmentError(Told(Text(ko="없습니다.", en="It is gone."), Text(ko="찾으십시오.", en="Look for it.")))
    assert error.text == Text(ko="없습니다. 찾으십시오.", en="It is gone. Look for it.")
    assert str(error) == error.text.en and error.remedy == Text(ko="찾으십시오.", en="Look for it.")
    assert AssessmentError(Told(Text(ko="끝.", en="End."))).text.en == "End."


# --- Python -------------------------------------------------------------------------------------------------------------


def test_no_python_holds_hangul() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in (*SOURCES, ROOT / "app.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if HANGUL.search(line)
    ]
    assert found == []


# --- particles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("중앙값", "중앙값이"),
        ("빈도", "빈도가"),
        ("값 (초)", "값 (초)이"),
        ("AUC", "AUC가"),
        ("URL", "URL이"),
        ("log.csv", "log.csv가"),
        ("file", "file이"),
        ("7", "7이"),
        ("2", "2가"),
        ("10", "10이"),
        ("e3…", "e3…이"),
        ("漢", "漢가"),
        ("", "가"),
    ],
)
def test_a_word_takes_the_particle_of_its_last_sound(word: str, said: str) -> None:
    assert with_particle(word, "이", "가") == said


@pytest.mark.parametrize(
    ("word", "said"), [("서울", "서울로"), ("부산", "부산으로"), ("광주", "광주로"), ("1", "1로"), ("3", "3으로")]
)
def test_after_an_l_the_particle_of_direction_is_the_one_for_a_vowel(word: str, said: str) -> None:
    assert with_particle(word, "으로", "로") == said


def test_values_and_particles_go_into_their_places(tmp_path: Path) -> None:
    file = tmp_path / "texts.yaml"
    file.write_text(
        "there: {ko: '‘{name:’은/는} {n:,}건의 {place:으로/로} 갔습니다.', en: \"'{name}' went to {place}, {n:,} times.\"}\n"
        "gone:\n  what: {ko: '{name:이/가} 없습니다.', en: '{name} is gone.'}\n  remedy: {ko: 찾으십시오., en: Look.}\n",
        "utf-8",
    )
    texts = Texts(file)
    place = Text(ko="서울", en="Seoul")
    assert texts.text("there", name="이름", n=1200, place=place) == Text(
        ko="‘이름’은 1,200건의 서울로 갔습니다.", en="'이름' went to Seoul, 1,200 times."
    )
    told = texts.told("gone", name="{x}")
    assert told.text == joined(Text(ko="{x}가 없습니다.", en="{x} is gone."), Text(ko="찾으십시오.", en="Look."))


@pytest.mark.parametrize(
    "entry", ["{ko: a}", "{ko: a, en: b, c}", "{what: {ko: a, en: b}, remedies: {}}", "[]", "{remedy: {ko: a, en: b}}"]
)
def test_an_entry_of_another_shape_is_refused(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "texts.yaml"
    file.write_text(f"key: {entry}\n", "utf-8")
    with pytest.raises(ValueError, match=r"texts.yaml, key"):
        Texts(file)["key"]


# --- what stands in files that were made before -----------------------------------------------------------------------------


def test_words_that_stand_in_seals_certificates_and_copies_never_change() -> None:
    assert pades.REASON == "고영향 인공지능 위험평가 보고서의 봉인 / Seal of a risk assessment report"
    assert keys.SELF_MADE == "self-made certificate (자체 제작 인증서)"
    assert redaction.MARKERS == {
        WithheldKind.TRADE_SECRET: "[영업비밀로 제외] / [withheld: trade secret]",
        WithheldKind.PERSONAL: "[개인정보로 제외] / [withheld: personal]",
    }


def test_thousands_are_set_apart_in_amounts_and_in_nothing_else() -> None:
    """In whatever way a text is filled in; a number that names something, such as a year, stays as it is written."""
    for language in ("ko", "en"):
        many = translation.translate_many("{count} assessment", "{count} assessments", 12_345, language)
        assert "12,345" in many
        assert "2026" in translation.translate("Q{number} {year}", language, number=4, year=2026)
        assert (
            translation.translate("{count} of {total}", language, count=1000, total=2_000_000) == "1,000 of 2,000,000"
        )
        assert translation.translate_many("{count:05d} x", "{count:05d} x", 1000, language) == "01000 x"
    text = Text(ko="{count:은/는} {number}", en="{count} {number} {is_any}")
    filled = catalogues._filled(text, {"count": 1000, "number": 1000, "is_any": True})
    assert (filled.ko, filled.en) == ("1,000은 1000", "1,000 1000 True")


def test_whatever_is_counted_for_a_text_is_an_amount_in_it() -> None:
    """Beside one that is set apart another would stand that is not: 1200 of 5,000 stand out."""
    missed = {
        f"{file.name}, {call.lineno}: {value.arg}"
        for file in SOURCES
        for call in nodes(file)
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in FILLING
        for value in call.keywords
        if value.arg not in filling.AMOUNTS
        and isinstance(value.value, ast.Call)
        and getattr(value.value.func, "id", "") in ("len", "sum")
    }
    assert not missed
    assert translation.translate("And {count} more.", "en", count=1200) == "And 1,200 more."
    assert "1,200" in translation.translate("And {count} more.", "ko", count=1200)
    for name in ("flagged", "without"):  # people, as `tested` and `people` are
        assert translation.translate(f"{{{name}}}", "en", **{name: 1200}) == "1,200"
    load = texts_of(str(ROOT / "assessments/decision_log/judging/own_words.py"))
    sentence = load.text("load", claimed=1000, half=1200, most=1400, days=2500).en
    assert all(number in sentence for number in ("1,000", "1,200", "1,400", "2,500"))
