"""Problems of files that people hand in: told in both languages, on screens, by the command, and each with its remedy."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from assessments import people_file
from assessments.decision_log.reading.columns import mapping_of
from assessments.decision_log.triggers import read_triggers
from assessments.file import assessment_file
from assessments.file import problems as file_problems
from commands.main import app
from exports.record import appearance
from exports.seal import settings
from questionnaires.problems import InvalidFileError, Problem

ROOT = Path(__file__).resolve().parents[1]
HANGUL = re.compile("[\uac00-\ud7a3]")
LOOSE = """\
format: haetae-assessment/1
"on": 22.1.2026
domain: [hiring]
operator: {name: "", separation: 4, phone: "1"}
system: {}
example: maybe
scenarios: {id: s1}
evidence:
  - {id: "a b", title: t, size: -1}
  - {id: e1, title: {}, size: many, on: tomorrow}
measures: [{id: m1, text: t, kind: other, in_place: 1}]
decision: {ruling: perhaps}
log:
  file: a.csv
  made: {style: slow, reviewers: 501, cases: 0}
  mapping: {time_zone: Mars/Base, cutoff: {at_least: much, then: a, otherwise: b}, header_line: 0, columns: {case: x}}
  triggers:
    - {figure: ai_adoption, at_least: x, on: 2026-01-01, reason: r}
"""


def of_file(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidFileError) as caught:
        assessment_file.read_text(text, "a.yaml", ROOT / "examples", today=date(2026, 11, 21))
    return caught.value.problems


def check_korean(found: tuple[Problem, ...]) -> None:
    for problem in found:
        assert HANGUL.search(problem.what_ko) and HANGUL.search(problem.remedy_ko), problem
        assert not re.search(
            r"Input should|should be|valid |[Ff]ield required|there is|cannot", problem.sentence("ko")
        ), problem
        assert not HANGUL.search(problem.what + problem.remedy), problem


def test_every_kind_against_an_assessment_file_is_in_its_catalogue_and_used() -> None:
    code = "".join(
        (ROOT / "assessments" / "file" / name).read_text("utf-8") for name in ("assessment_file.py", "problems.py")
    )
    known = yaml.safe_load(file_problems.TEXTS.file.read_text("utf-8"))
    assert [kind for kind in known if f'"{kind}"' not in code and kind != "head"] == []
    named = re.findall(r'(?:_note|StatedProblem)\((?:place|\([^()]*(?:\([^()]*\))?[^()]*\)), "([a-z0-9_]+)"', code)
    assert len(named) > 20 and set(named) <= set(known)


def test_every_place_that_a_shape_refuses_is_told_in_korean_too() -> None:
    found = of_file(LOOSE)
    check_korean(found)
    assert len(found) >= 20
    told = "\n".join(problem.sentence("ko") for problem in found)
    assert "(값이 올바르지" not in told and told.count("값이 올바르지 않습니다.") <= 1
    assert "a.yaml 4행: operator.phone: 이런 키는 없습니다. 키를 지우거나 철자를 고치십시오." in told
    assert "쓸 수 있는 값: 'prevention', 'mitigation', 'recovery'." in told


@pytest.mark.parametrize(
    "more",
    [
        "answers: {impact: {purpose: 5}, nowhere: {}}",
        'measures: [{id: m1, text: "a\\u0001b", scenarios: [s9]}]',
        "log: {file: nowhere.csv}",
        "log: {file: ../pyproject.toml}",
        "log: {made: {style: attentive, reviewers: 3, cases: 10}}",
        "log: {file: a.csv, made: {style: attentive, reviewers: 3, cases: 10}}",
        "evidence: [{id: e1, title: t, part: none, on: 2026-11-22}, {id: e1, title: t, file: nowhere.pdf}]",
        "editions: {medical: '1.0'}",
        "editions: {hiring: '99.0'}",
        "withheld: [{path: nothing, kind: personal, reason: r}]",
        "explanations: [{check: none, text: t}]",
        "decision: {ruling: approved, reason: r, conditions: [c], by: {name: A}, on: 2026-11-20,"
        " sign_off: {by: {name: A}, on: 2026-11-19}}",
        "author: {name: A}\nauthors: [{name: B}]",
        "domain: &a x",
        "answers: {",
        "answers: {a: 1, a: 2}",
        "--- second",
    ],
)
def test_what_stands_against_a_file_is_told_in_korean_too(more: str) -> None:
    head = 'format: haetae-assessment/1\n"on": 2026-11-20\ndomain: hiring\n'
    check_korean(of_file(f'{head}operator: {{name: "O"}}\nsystem: {{name: {{en: "S"}}}}\n{more}\n'))


def test_mappings_triggers_settings_and_people_are_told_in_korean_too(tmp_path: Path) -> None:
    (tmp_path / "triggers.yaml").write_text(
        "triggers:\n  - {figure: empty_reasons, at_least: 5, on: 2026-01-01, reason: r}\n"
        "  - {figure: empty_reasons, at_most: 500, on: 2026-01-01, reason: r}\n  - {figure: none}\n",
        "utf-8",
    )
    (tmp_path / "report.yaml").write_text("accent: '#ffffff'\n", "utf-8")
    (tmp_path / "seal.yaml").write_text("timestamp: {url: x, seconds: 0}\nother: 1\n", "utf-8")
    (tmp_path / "people.yaml").write_text(
        "- {id: A, name: N, roles: [author]}\n- {id: a, name: N, roles: [king]}\n- x\n", "utf-8"
    )
    readings = (
        lambda: mapping_of(b"columns: {decided: x}\ndate_order: ymd\ncolour: red\nencoding: latin\n", "m.yaml"),
        lambda: read_triggers(tmp_path / "triggers.yaml"),
        lambda: appearance.read(tmp_path),
        lambda: settings.read(tmp_path),
        lambda: people_file.read(tmp_path),
    )
    for reading in readings:
        with pytest.raises(InvalidFileError) as caught:
            reading()
        check_korean(caught.value.problems)


def test_the_command_tells_problems_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(LOOSE, "utf-8")
    korean = CliRunner().invoke(app, ["assess", str(file), "--json", "--language", "ko"])
    english = CliRunner().invoke(app, ["assess", str(file), "--json"])
    assert korean.exit_code == english.exit_code == 2
    assert "operator.phone: 이런 키는 없습니다." in korean.stderr and "저장한 것은 없습니다." in korean.stderr
    assert "operator.phone: there is no such key." in english.stderr and not HANGUL.search(english.stderr)


def test_what_has_no_korean_is_told_in_english() -> None:
    problem = Problem("q.yaml", 3, "this is wrong.", "Mend it.")
    assert problem.sentence("ko").endswith("this is wrong. Mend it.")


@pytest.mark.parametrize(
    ("content", "what", "remedy", "korean"),
    [
        ("", "log.csv is empty.", "Export the log again.", "다시 내보내십시오."),
        ("a,b\n1,2\n", "no header with at least three columns.", "The first line must name the columns", "첫 줄에"),
        ("foo,bar,baz\n1,2,3\n", "was taken for the header: foo, bar, baz.", "Name them in a mapping", "columns에"),
        (
            "case_id,ai_output,decision\n1,yes,good\n2,no,bad\n",
            "nothing can be compared.",
            "under `values`",
            "values에",
        ),
        ("%PDF-1.7\n", "log.csv is a PDF file;", "Save it as CSV (UTF-8).", "CSV(UTF-8)로 저장하십시오."),
    ],
)
def test_a_refused_log_of_an_assessment_file_brings_its_own_remedy(
    content: str, what: str, remedy: str, korean: str, tmp_path: Path
) -> None:
    (tmp_path / "log.csv").write_text(content, "utf-8")
    head = 'format: haetae-assessment/1\n"on": 2026-11-20\ndomain: hiring\n'
    text = f'{head}operator: {{name: "O"}}\nsystem: {{name: {{en: "S"}}}}\nlog: {{file: log.csv}}\n'
    with pytest.raises(InvalidFileError) as caught:
        assessment_file.read_text(text, "a.yaml", tmp_path, today=date(2026, 11, 21))
    (problem,) = caught.value.problems
    assert what in problem.what and remedy in problem.remedy and remedy not in problem.what
    assert korean in problem.remedy_ko and korean not in problem.what_ko
    assert not problem.remedy.startswith("Correct the file")


@pytest.mark.slow
def test_every_refusal_of_a_log_has_a_remedy_in_the_catalogue() -> None:
    folder = ROOT / "assessments" / "decision_log"
    texts = yaml.safe_load((folder / "texts.yaml").read_text("utf-8"))
    code = "".join(file.read_text("utf-8") for file in folder.rglob("*.py") if "intake" not in file.parts)
    keys = set(re.findall(r'refused\(\s*"([a-z0-9_]+)"', code)) | {"column_twice", "no_such_column"}
    assert len(keys) > 25
    assert [key for key in sorted(keys) if "remedy" not in texts.get(key, {})] == []
    assert "raise LogRefusedError(" not in code
