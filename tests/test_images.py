"""The documented image and its composition: each line leads to what is there, and says the same as the service and the proxy.

Where a runtime is at hand, the composition is read by it; the image is built in the long runs (HAETAE_TORTURE), for it fetches.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from assessments import monitoring, network
from commands.main import app
from pages._server import probes
from tests.test_deploy import ROOT, SERVICE, Unit

DEPLOY = ROOT / "docs" / "deploy"
FILE, COMPOSE = DEPLOY / "Containerfile", DEPLOY / "compose.yaml"
RUNS_ON = (
    *("assessments/", "commands/", "exports/", "pages/", "questionnaires/", "examples/"),
    *(".streamlit/", "docs/guides/", "LICENSE"),
)
"""What the program is made of and reads while it runs."""
KNOWN = ("FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD")


def lines() -> list[tuple[str, str]]:
    """Instruction and what follows, in order."""
    written = [line for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    split = [line.partition(" ") for line in written]
    return [(instruction, rest) for instruction, _, rest in split]


def said(instruction: str) -> list[str]:
    return [rest for name, rest in lines() if name == instruction]


def settings() -> dict[str, str]:
    return dict(line.split("=", 1) for line in said("ENV"))


def composition() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return parsed


def test_every_line_is_an_instruction_that_is_looked_at_here() -> None:
    assert {instruction for instruction, _ in lines()} == set(KNOWN)


def test_it_begins_with_a_debian_whose_python_the_program_runs_on() -> None:
    (base,) = said("FROM")
    (release,) = re.findall(r"/debian:(\d+)-slim$", base)
    python = {"12": (3, 11), "13": (3, 13)}[release]
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    least, below = (tuple(map(int, part.split("."))) for part in re.findall(r"[\d.]+", wanted))
    assert least <= python < below


@pytest.mark.slow
def test_what_is_installed_is_what_the_set_up_installs_and_debian_has_the_rest() -> None:
    install, set_up, account = said("RUN")
    assert set_up.startswith("./setup.sh run && ")
    assert os.access(ROOT / "setup.sh", os.X_OK)
    assert subprocess.run(["sh", "-n", "-c", " ; ".join(said("RUN"))], check=False).returncode == 0
    packages = shlex.split(install.partition("--no-install-recommends")[2])
    assert "python3-venv" in packages
    if shutil.which("apt-cache") and _has_lists():
        for package in packages:
            known = subprocess.run(["apt-cache", "show", package], capture_output=True, text=True, check=False)
            assert known.returncode == 0, package
    assert "--home-dir /var/lib/haetae" in account and "--mode 0700" in account


def _has_lists() -> bool:
    return bool(subprocess.run(["apt-cache", "show", "coreutils"], capture_output=True, check=False).stdout)


def test_user_folders_and_command_are_those_of_the_service() -> None:
    unit = Unit()
    unit.read_string(SERVICE.read_text("utf-8"))
    service = unit["Service"]
    assert said("USER") == [service["User"]]
    assert said("WORKDIR") == [service["WorkingDirectory"]]
    stated = dict(re.findall(r"^Environment=([A-Z_]+)=(.*)$", SERVICE.read_text("utf-8"), re.MULTILINE))
    assert settings()["HAETAE_HOME"] == stated["HAETAE_HOME"] == said("VOLUME")[0]
    (command,) = said("CMD")
    assert json.loads(command) == service["ExecStart"].split()
    names = [name for name, _ in lines()]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name == "RUN"), "root installs"
    assert CliRunner().invoke(app, ["serve", "--help"]).exit_code == 0


def test_its_settings_are_settings_of_the_program() -> None:
    known = {*network.VARIABLES, monitoring.LOG, monitoring.TOKEN, "HAETAE_HOME"}
    assert set(settings()) <= known
    assert set(composition()["services"]["haetae"]["environment"]) <= known
    assert monitoring._read("", settings()["HAETAE_LOG"]).is_json


def test_one_port_is_meant_everywhere() -> None:
    (port,) = said("EXPOSE")
    (command,) = said("CMD")
    assert ["--port", port] == json.loads(command)[2:4]
    assert f"127.0.0.1:{port}{probes.READY}'" in said("HEALTHCHECK")[0]
    (upstream,) = re.findall(r"server (127\.0\.0\.1:\d+);", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert upstream == f"127.0.0.1:{port}"


@contextmanager
def answering(status: int) -> Iterator[int]:
    """The port of a server that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_its_health_check_tells_a_server_that_is_ready_from_one_that_is_not() -> None:
    (check,) = said("HEALTHCHECK")
    python, flag, code = json.loads(check.partition("CMD ")[2])
    assert (python, flag) == ("/opt/haetae/.venv/bin/python", "-c")

    def ends(port: int) -> int:
        ran = code.replace(":8501", f":{port}")
        return subprocess.run([sys.executable, flag, ran], capture_output=True, check=False).returncode

    with answering(200) as port:
        assert ends(port) == 0
    assert ends(port) != 0, "nobody answers"
    with answering(503) as port:
        assert ends(port) != 0


def test_the_image_holds_the_program_and_no_home_key_or_secret() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]

    def is_left_out(path: str) -> bool:
        parents = [path, *(str(parent) for parent in Path(path).parents)]
        return any(fnmatch(part, pattern.removeprefix("**/")) for pattern in ignored for part in parents)

    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    needed = [
        path
        for path in tracked
        if path.startswith(RUNS_ON)
        or path in ("app.py", "setup.sh", "pyproject.toml", "requirements.lock", "README.md")
    ]
    assert len(needed) > 500 and not [path for path in needed if is_left_out(path)]
    private = (
        "var/haetae.db",
        "var/seal.key",
        ".git/config",
        ".venv/bin/python",
        "docs/deploy/secrets.env",
        "docs/deploy/tls/key.pem",
    )
    assert all(map(is_left_out, private))
    assert said("COPY") == [". ."]


def test_the_composition_opens_the_server_behind_its_proxy_alone() -> None:
    services = composition()["services"]
    haetae, nginx = services["haetae"], services["nginx"]
    opened = network.read(haetae["environment"])
    assert opened.is_open and opened.address == network.LOOPBACK and opened.believes("127.0.0.1")
    names = set(re.findall(r"server_name (\S+);", (DEPLOY / "nginx.conf").read_text("utf-8")))
    assert opened.hosts == names
    assert nginx["network_mode"] == "service:haetae" and "ports" not in nginx
    listening = set(re.findall(r"listen (\d+)", (DEPLOY / "nginx.conf").read_text("utf-8")))
    assert {port.partition(":")[2] for port in haetae["ports"]} == listening
    build = haetae["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT and ROOT / build["dockerfile"] == FILE
    mounts = dict(mount.split(":")[:2] for mount in (*haetae["volumes"], *nginx["volumes"]))
    assert mounts["home"] == settings()["HAETAE_HOME"] and "home" in composition()["volumes"]
    assert (DEPLOY / "nginx.conf").is_file() and mounts["./nginx.conf"] == "/etc/nginx/conf.d/default.conf"
    certificate = re.findall(r"ssl_certificate(?:_key)?\s+(\S+)/\w+\.pem;", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert set(certificate) == {mounts["./tls"]}
    assert haetae["read_only"] and haetae["cap_drop"] == ["ALL"]


def _runtime(*words: str) -> bool:
    docker = shutil.which("docker")
    return docker is not None and subprocess.run([docker, *words], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _runtime("compose", "version"), reason="no runtime that reads compositions is at hand")
def test_the_runtime_reads_the_composition() -> None:
    read = subprocess.run(
        ["docker", "compose", "--file", str(COMPOSE), "config", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    assert set(json.loads(read.stdout)["services"]) == {"haetae", "nginx"}


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("HAETAE_TORTURE") or not _runtime("info"),
    reason="no runtime is at hand, or not in the long runs",
)
def test_the_image_is_built_and_becomes_ready() -> None:
    name = "haetae-of-the-tests"
    build = ["docker", "build", "--file", str(FILE), "--tag", name, str(ROOT)]
    subprocess.run(build, check=True, timeout=3600)
    try:
        subprocess.run(["docker", "run", "--detach", "--name", name, name], check=True, timeout=300)
        code = json.loads(said("HEALTHCHECK")[0].partition("CMD ")[2])
        for _ in range(120):
            if (
                subprocess.run(["docker", "exec", name, *code], capture_output=True, timeout=60, check=False).returncode
                == 0
            ):
                return
        raise AssertionError(subprocess.run(["docker", "logs", name], capture_output=True, check=False).stdout.decode())
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=False)
        subprocess.run(["docker", "rmi", "--force", name], check=False)
