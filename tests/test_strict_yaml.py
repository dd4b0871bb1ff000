"""YAML traps: each is handled or refused in a sentence with its line."""

from __future__ import annotations

import pytest

from questionnaires.problems import InvalidFileError
from questionnaires.strict_yaml import MAX_BYTES, parse


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: no", {"a": "no"}),
        ("a: on", {"a": "on"}),
        ("no: 1", {"no": 1}),
        ("a: 1.0", {"a": "1.0"}),
        ("a: 1.10", {"a": "1.10"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("a: 2026-01-22", {"a": "2026-01-22"}),
        ("a: 014", {"a": "014"}),
        ("a: 0x1f", {"a": "0x1f"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: .inf", {"a": ".inf"}),
        ("a: 12", {"a": 12}),
        ("a: -3", {"a": -3}),
        ('a: "12"', {"a": "12"}),
        ("a: true", {"a": True}),
        ("a: null\nb: ~\nc:", {"a": None, "b": None, "c": None}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("a: |\n  가\n  나\n", {"a": "가\n나\n"}),
        ("", None),
    ],
)
def test_what_was_written_is_what_is_read(text: str, data: object) -> None:
    assert parse(text, "x.yaml").data == data


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' stands here a second time"),
        ("a: &x [1]\nb: *x", 1, "anchors and aliases"),
        ("a: !!int 1", 1, "the tag"),
        ("a:\n\t- b", 2, "not YAML"),
        ("a: [", 2, "not YAML"),
        ("[" * 3000 + "]" * 3000, 1, "levels are nested"),
        ("{a: " * 3000, 1, "levels are nested"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("? [a]\n: b", 1, "a key is a list"),
        ("a: 1234567890123456", 1, "more than 15 digits"),
        ("a: b\x00c", 0, "not YAML"),
        ("a: " + "x" * MAX_BYTES, 0, "bytes; at most"),
        (b"a: 1\nb: \xff\xfe", 2, "not UTF-8"),
        ("가: 1\n나: 2".encode("cp949"), 1, "not UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_a_trap_is_refused_with_its_line(text: str | bytes, line: int, words: str) -> None:
    with pytest.raises(InvalidFileError) as caught:
        parse(text, "x.yaml")
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == ("x.yaml", line)
    assert words in problem.what
    assert problem.remedy.endswith(".")


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    rows = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(InvalidFileError, match="line 1: anchors"):
        parse("\n".join(rows), "bomb.yaml")


def test_all_repeated_keys_are_named() -> None:
    with pytest.raises(InvalidFileError) as caught:
        parse("a: 1\na: 2\nb: {c: 1, c: 2}", "x.yaml")
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_each_part_knows_its_line() -> None:
    parsed = parse("a:\n  - b: 1\n  - c: 2\nd: {e: 3}", "x.yaml")
    assert parsed.line(("a", 1, "c")) == 3
    assert parsed.line(("d", "e")) == 4
    assert parsed.line(("d", "e", "nothing", 7)) == 4
