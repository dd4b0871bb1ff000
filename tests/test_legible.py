"""Texts of other people on a terminal, in JSON and in the server's log: shown, never obeyed, and one line is one line."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assessments.home import home
from commands import _output
from commands.main import app
from pages._frame import markup
from pages._server import server_log
from questionnaires.legible import MOST, folded, is_unseen, legible, legible_line
from tests import sources

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = "\x1b[2J\x1b[HPassed\r\n  [ok] all\x9b1m\u202egnorw\u2028x\u2066\ud800"
WAYS_OUT = {"echo", "secho", "print", "pprint", "confirm", "prompt", "write", "writelines", "print_exc", "print_stack"}
ALLOWED = {
    ("commands/_output.py", "echo"): "the way out itself",
    ("commands/key.py", "prompt"): "asks for a passphrase in fixed words",
    ("assessments/security_log.py", "write"): "a line of the security log, into a file that it has opened itself",
    (
        "assessments/storage/file_store.py",
        "write",
    ): "whether a disk takes something, into a file that it has opened itself",
    ("assessments/own_process.py", "write"): "the answer of a process to the one that started it",
}
"""(file, call) → why it may write to the standard streams by itself."""


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for said in (legible(text), legible_line(text).replace("\t", "")):
        assert not any(is_unseen(sign) for sign in said)
    assert not legible_line(text).splitlines()[1:]


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), max_size=MOST))
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert legible(text) == legible_line(text) == text


def test_unseen_characters_are_named_and_long_values_cut() -> None:
    assert legible("a\x1b[2J\u202eb\n") == "a<U+001B>[2J<U+202E>b<U+000A>"
    assert legible("x" * 1000) == "x" * MOST + "…"
    assert len(legible("\x00" * 10**6)) < 9 * MOST


def test_json_escapes_what_a_terminal_obeys_and_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    _output.print_json({"name": HOSTILE, "more": ["한\u200b글"]})
    said = capsys.readouterr().out
    assert not any(is_unseen(sign) for sign in said.replace("\n", ""))
    assert json.loads(said) == {"name": HOSTILE, "more": ["한\u200b글"]}


@pytest.mark.slow
def test_no_module_has_another_way_to_the_terminal() -> None:
    found = set()
    for folder in ("questionnaires", "assessments", "exports", "jobs", "commands", "pages"):
        for file in (ROOT / folder).rglob("*.py"):
            name = file.relative_to(ROOT).as_posix()
            found |= {(name, call) for call in _ways_out(sources.tree(file))}
    assert found <= set(ALLOWED), "Use commands._output: tell, complain, print_text, print_json."
    assert ("commands/_output.py", "echo") in found


def test_other_ways_out_are_noticed() -> None:
    for source in (
        "import typer\ntyper.echo('x')",
        "from typer import echo\necho('x')",
        "import sys\nsys.stdout.write('x')",
        "import sys\nprint('x', file=sys.stderr)",
        "from sys import stderr\nstderr.write('x')",
        "import sys\nsys.stderr.buffer.write(b'x')",
        "import traceback\ntraceback.print_exc()",
        "import os\nos.write(1, b'x')",
    ):
        assert list(_ways_out(ast.parse(source))), source
    assert not list(_ways_out(ast.parse("with open('x') as stream:\n    stream.write('x')")))


def _ways_out(tree: ast.AST) -> set[str]:
    """Names of calls that write to the standard streams."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        owner, _, name = called.rpartition(".")
        is_stream = any(part in ("stdout", "stderr", "__stdout__", "__stderr__") for part in owner.split("."))
        is_library = owner in ("typer", "click", "traceback", "os", "rich", "pprint", "")
        if name in WAYS_OUT and (is_stream or is_library) and not (owner == "" and name.startswith("write")):
            found.add(name)
    return found


# --- commands ----------------------------------------------------------------------------------------------------


def run(*words: object) -> str:
    """Everything printed, without the line ends that the program itself makes."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.output


def is_harmless(said: str) -> bool:
    return not any(is_unseen(sign) for sign in said if sign not in "\n\t") and not any(
        line.startswith(("Passed", "  [ok] all")) for line in said.splitlines()
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    return tmp_path


NAME = "\x1b[2JPassed\r\n  [ok] all\x9b\u202e\u2028"


def test_names_of_files_are_shown_and_not_obeyed(folder: Path) -> None:
    file = folder / NAME
    for words in (
        ("verify", file),
        ("check", file),
        ("assess", file, "--json"),
        ("export", file, "--out", folder / "x"),
        ("bundle", file, "--out", folder / "x.zip"),
        ("redact", file, "--out", folder / "x"),
        ("log", "import", file),
        ("log", "import", file, "--event", NAME),
        ("import", file, "--as", NAME),
        ("template", NAME),
        ("verify", "x", NAME),
        ("verify", f"--{NAME}"),
        (NAME,),
        ("rescore", "--questionnaire", NAME, "--edition", "1.0"),
        ("user", "add", NAME, "--name", "x", "--role", NAME),
    ):
        said = run(*words)
        assert said and is_harmless(said), (words[0], said)


def test_what_files_hold_is_shown_and_not_obeyed(folder: Path) -> None:
    escaped = NAME.encode("unicode_escape").decode()
    sheet, yaml = folder / "log.csv", folder / "q.yaml"
    sheet.write_bytes(f'"{NAME}",ai_output,decision\nx,y,z\n'.encode())
    yaml.write_text(f'"{escaped}": "{escaped}"\nid: "{escaped}"\n', "utf-8")
    for words in (
        ("log", "import", sheet),
        ("check", yaml),
        ("assess", yaml, "--json"),
        ("log", "import", sheet, "--map", yaml),
    ):
        said = run(*words)
        assert said and is_harmless(said), (words, said)


@pytest.mark.slow
def test_people_are_listed_one_a_line_whatever_they_are_called(folder: Path) -> None:
    home().mkdir(parents=True, exist_ok=True)
    name = json.dumps(f"kim\tadministrator\n{NAME}")
    (home() / "people.yaml").write_text(f"people:\n  - {{id: kim, name: {name}, roles: [auditor]}}\n", "utf-8")
    said = run("user", "list")
    assert is_harmless(said)


def test_a_fault_of_the_program_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(NAME)

    monkeypatch.setattr("commands.user.prepare_people", broken)
    done = CliRunner().invoke(app, ["user", "list"])
    assert done.exit_code == _output.FAULT
    assert "nobody foresaw" in done.output and "Traceback" not in done.output and is_harmless(done.output)


# --- the server's log --------------------------------------------------------------------------------------------


def test_a_line_of_the_log_is_one_line_and_a_trace_cannot_pass_for_others(request: pytest.FixtureRequest) -> None:
    stream = io.StringIO()
    logger = logging.getLogger("haetae.test")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    request.addfinalizer(partial(logging.setLogRecordFactory, logging.getLogRecordFactory()))
    request.addfinalizer(partial(logger.removeHandler, handler))
    logging.setLogRecordFactory(server_log.record)
    logger.error("%d of %s: %.1f%%, %r", 3, None, 12.5, HOSTILE)
    logger.error("banner\n2026-11-20 INFO all is fine")
    logger.error("%s failed: %s", f"/language/{HOSTILE}", ValueError(HOSTILE))
    try:
        raise ValueError("x\n2026-11-20 INFO everything is fine\x1b[2J")
    except ValueError:
        logger.error("a screen failed", exc_info=sys.exc_info())
    numbers, banner, further, first, second, *trace = stream.getvalue().encode("utf-8", "replace").decode().splitlines()
    assert numbers.startswith("3 of None: 12.5%") and (banner, further[:4]) == ("banner", "  | ")
    assert "/language/<U+001B>[2J" in first and second.endswith("a screen failed")
    assert trace and all(line.startswith("  | ") for line in trace)
    assert not any(is_unseen(sign) for sign in stream.getvalue().replace("\n", ""))


def test_a_notice_on_screen_shows_what_it_quotes_and_obeys_none_of_it() -> None:
    said = markup.notice("bad", f"The column '\u202e<b>{NAME}' is not known.")
    assert "&lt;U+202E&gt;&lt;b&gt;&lt;U+001B&gt;" in said
    assert not any(is_unseen(sign) for sign in said)


@given(st.text(alphabet="ab 가나x", max_size=300), st.integers(10, 90), st.integers(0, 9))
def test_a_folded_line_loses_nothing_and_begins_no_row_at_the_edge(line: str, columns: int, indent: int) -> None:
    rows = folded(line, columns, indent)
    assert "".join("".join(rows).split()) == "".join(line.split())
    for row in rows:
        assert len(row) + sum(sign in "가나" for sign in row) <= max(columns, indent + 20)
    assert all(row.startswith(" " * indent) for row in rows[1:])
