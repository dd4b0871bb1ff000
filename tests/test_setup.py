"""What the set-up and the files around the code promise."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments.release import version
from commands.main import app

ROOT = Path(__file__).resolve().parents[1]
LOCKS = [
    ROOT / name
    for name in (
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-engines.lock",
        "requirements-s3.lock",
        "requirements-spark.lock",
        "requirements-torture.lock",
        "requirements-workers.lock",
    )
]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_every_package_with_its_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text and "index-url" not in text and "find-links" not in text
    packages = re.findall(r"^([a-z0-9._-]+)==\S+ \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE)
    assert (
        len(packages)
        == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
        > (20 if lock.name in ("requirements.lock", "requirements-dev.lock") else 0)
    )


def test_what_is_imported_is_declared_with_a_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = project.split("dependencies = [\n", 1)[1].split("\n]", 1)[0].strip().splitlines()
    assert all("#" in line for line in listed)
    names = tomllib.loads(project)["project"]["dependencies"]
    for given in ("streamlit", "sqlmodel", "pandas", "plotly", "weasyprint", "pyyaml"):
        assert any(name.startswith(given) for name in names)


def _set_up(tmp_path: Path, commands: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    """setup.sh in a copy, with nothing on the path but these commands and a few basics."""
    shutil.copy(ROOT / "setup.sh", tmp_path)
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for basic in ("sh", "dirname", "grep", "cat", "sha256sum", "cut"):
        (bin_ / basic).symlink_to(shutil.which(basic) or basic)
    for name, script in commands.items():
        (bin_ / name).write_text(f"#!/bin/sh\n{script}\n")
        (bin_ / name).chmod(0o755)
    environment = {"PATH": str(bin_), **more}
    return subprocess.run(
        ["./setup.sh", "run"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )


def _python(version: str, *, has_venv: bool) -> str:
    """A command that answers as a Python of this version does, with or without what makes a .venv."""
    fit = "0" if version in ("3.11", "3.12", "3.13") else "1"
    return f"""case "$2" in *ensurepip*) exit {0 if has_venv else 1};; *print*) echo {version};; *) exit {fit};; esac"""


def test_without_python_one_sentence_names_those_that_will_do_and_the_command(tmp_path: Path) -> None:
    found = _set_up(tmp_path, {"python3.12": "exit 127"})  # a name without a program behind it
    assert found.returncode == 1
    assert found.stderr == "Python 3.11, 3.12 or 3.13 is missing; install one: apt-get install python3\n"


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_without_root_and_sudo_one_sentence_names_the_packages_and_the_command(version: str, tmp_path: Path) -> None:
    """And the first Python that works is taken: an earlier name without a program behind it is passed over."""
    commands = dict.fromkeys(("python3.11", "python3.12", "python3.13"), "exit 127")
    commands |= {f"python{version}": _python(version, has_venv=False), "dpkg-query": "exit 1", "id": "echo 1000"}
    found = _set_up(tmp_path, commands)
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "fonts-nanum" in found.stderr and f"python{version}-venv" in found.stderr
    assert "install them as root: apt-get install libpango-1.0-0" in found.stderr


def test_the_browser_that_the_tests_drive_is_what_the_set_up_installs() -> None:
    (program,) = re.findall(
        r'^CHROMIUM = "/usr/bin/(.+)"$', (ROOT / "tests/browser/conftest.py").read_text("utf-8"), re.M
    )
    (packages,) = re.findall(r'^    packages="\$packages (.+)"$', (ROOT / "setup.sh").read_text("utf-8"), re.M)
    assert program in packages.split()


def test_a_python_that_is_named_but_too_old_or_too_new_is_refused_in_a_sentence(tmp_path: Path) -> None:
    commands = {"python3.14": _python("3.14", has_venv=True), "python3.11": _python("3.11", has_venv=True)}
    found = _set_up(tmp_path, commands, PYTHON="python3.14")
    assert found.returncode == 1
    assert found.stderr.startswith("PYTHON=python3.14 is no Python 3.11, 3.12 or 3.13 that works")
    assert found.stderr.count("\n") == 1


def test_a_python_other_than_that_of_the_environment_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    own = tmp_path / ".venv" / "bin"
    own.mkdir(parents=True)
    (own / "python").write_text(f"#!/bin/sh\n{_python('3.11', has_venv=True)}\n")
    (own / "python").chmod(0o755)
    commands = {"python3.12": _python("3.12", has_venv=True), "dpkg-query": "echo installed"}
    found = _set_up(tmp_path, commands, PYTHON="python3.12")
    assert (found.returncode, found.stderr) == (1, ".venv holds Python 3.11, not 3.12; remove it: rm -r .venv\n")


def test_the_release_stands_in_one_place_and_is_said_wherever_it_matters() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        stated = tomllib.load(file)["project"]["version"]
    assert version() == stated
    said = CliRunner().invoke(app, ["--version"])
    assert (said.exit_code, said.output) == (0, f"haetae {stated}\n")
    assert f"\n## {stated} " in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_room_that_contributors_are_sent_to_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:questionnaires|assessments|exports|pages|commands|tests)/[\w/.-]*)`", text))
    assert len(named) > 10
    assert not [path for path in named if not (ROOT / path).exists()]
    rows = re.findall(r"^\| `((?:assessments|exports)/)([^`|]*)`((?:, `\w+/`)+) \|", text, re.MULTILINE)
    inner = [(top, name) for top, _, more in rows for name in re.findall(r"`(\w+)/`", more)]
    assert len(inner) > 5
    assert not [(top, name) for top, name in inner if not (ROOT / top / name).is_dir()]
    tests = set(re.findall(r"`(test_\w+\.py)`", text))
    assert not [name for name in tests if not (ROOT / "tests" / name).is_file()]
