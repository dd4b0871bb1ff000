"""The documented ways to run Haetae for others: settings, service, and what the server says of itself."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from assessments import network
from assessments.decision_log.intake import waiting
from commands.main import app
from pages._server import log_upload
from tests import proxy

ROOT = Path(__file__).resolve().parents[1]
SERVICE = ROOT / "docs" / "deploy" / "haetae.service"
WORKER = SERVICE.with_name("haetae-work.service")


class Unit(configparser.RawConfigParser):
    """A unit may name a setting several times."""

    def __init__(self) -> None:
        super().__init__(strict=False, delimiters=("=",))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    assert set(re.findall(r"`(HAETAE_[A-Z_]+)`", text)) == set(network.VARIABLES)


def test_the_service_runs_the_command_that_is_there_with_settings_that_may_be_started() -> None:
    unit = Unit()
    unit.read_string(SERVICE.read_text("utf-8"))
    command = unit["Service"]["ExecStart"].split()
    assert command[:2] == ["/opt/haetae/.venv/bin/haetae", "serve"]
    said = CliRunner().invoke(app, [*command[1:2], "--help"])
    assert said.exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said.output)
    assert all(option in plain for option in command if option.startswith("--"))
    named = dict(re.findall(r"^Environment=([A-Z_]+)=(.*)$", SERVICE.read_text("utf-8"), re.MULTILINE))
    settings = network.read(named)
    assert settings.is_open and settings.believes("127.0.0.1") and settings.address == "127.0.0.1"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
@pytest.mark.parametrize("file", [SERVICE, WORKER], ids=lambda file: file.stem)
def test_systemd_finds_nothing_wrong_with_the_service(tmp_path: Path, file: Path) -> None:
    text = file.read_text("utf-8").replace("/opt/haetae/.venv/bin/haetae", sys.executable)
    unit = tmp_path / file.name
    unit.write_text(text, "utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if file.name in line]) == (0, [])


def test_a_worker_is_closed_in_like_the_server_and_lets_its_printing_end() -> None:
    server, worker = Unit(), Unit()
    server.read_string(SERVICE.read_text("utf-8"))
    worker.read_string(WORKER.read_text("utf-8"))
    command = worker["Service"]["ExecStart"].split()
    assert command[:2] == ["/opt/haetae/.venv/bin/haetae", "work"]
    help_text = re.sub(r"\x1b\[[0-9;]*m", "", CliRunner().invoke(app, ["work", "--help"]).output)
    assert all(option in help_text for option in command if option.startswith("--"))
    assert worker["Service"]["KillMode"] == "mixed", "else the process that prints is told to stop too"
    walls = {"ExecStart", "Environment", "EnvironmentFile", "Restart", "KillMode", "TimeoutStopSec"}
    assert {k: v for k, v in worker["Service"].items() if k not in walls} == {
        k: v for k, v in server["Service"].items() if k not in walls
    }
    told = yaml.safe_load(WORKER.with_name("compose-workers.yaml").read_text("utf-8"))["services"]
    assert told["worker"]["command"][:2] == command[:2]
    stated = {service["environment"]["HAETAE_WORKERS"] for service in told.values()}
    assert stated == {"elsewhere"} == set(re.findall("HAETAE_WORKERS=(.*)", WORKER.read_text("utf-8")))


def test_the_proxy_takes_what_the_server_takes() -> None:
    stated = re.search(r"client_max_body_size\s+(\d+)m;", proxy.CONFIGURATION.read_text("utf-8"))
    assert stated is not None
    assert int(stated.group(1)) * 2**20 >= waiting.MAX_BYTES + log_upload.MAX_AROUND


@pytest.mark.parametrize(
    ("variables", "named"),
    [({"HAETAE_ADDRESS": "0.0.0.0"}, "HAETAE_HOSTS"), ({"HAETAE_HOSTS": "haetae.example.kr"}, "HAETAE_PROXIES")],
)
def test_what_would_be_open_without_encryption_does_not_start(
    variables: dict[str, str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(app, ["serve", "--port", str(proxy.free_port())])
    assert said.exit_code != 0
    assert named in said.output
    assert "listens" not in said.output
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_with_a_certificate_of_its_own_the_server_speaks_tls_and_nothing_else(tmp_path: Path) -> None:
    proxy.issue(tmp_path)
    home, port = tmp_path / "home", proxy.free_port()
    environment = {
        **os.environ,
        "HAETAE_HOME": str(home),
        "HAETAE_HOSTS": proxy.NAME,
        "HAETAE_TLS_CERTIFICATE": str(tmp_path / "certificate.pem"),
        "HAETAE_TLS_KEY": str(tmp_path / "key.pem"),
    }
    command = [
        sys.executable,
        "-c",
        "from commands.main import app; app()",
        "serve",
        "--port",
        str(port),
        "--examples",
        "0",
    ]
    trusting = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        answer = _asked(port, trusting, server, tmp_path / "log", "")
        assert answer.startswith("HTTP/1.1 200")
        assert "strict-transport-security: max-age=31536000; includesubdomains" in answer.lower()
        forged = _asked(port, trusting, server, tmp_path / "log", "X-Forwarded-For: 127.0.0.1\r\n")
        assert forged.startswith("HTTP/1.1 403")
        with socket.create_connection(("127.0.0.1", port), timeout=120) as plain:
            plain.sendall(b"GET /enter HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with suppress(ConnectionError):
                assert not plain.recv(100).startswith(b"HTTP")
        assert f"https://{proxy.NAME}" in (tmp_path / "log").read_text("utf-8")
    finally:
        server.terminate()
        server.wait(timeout=60)


def _asked(port: int, trusting: ssl.SSLContext, server: subprocess.Popen[bytes], log: Path, more: str) -> str:
    """The answer to GET /enter, once there is a server."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text("utf-8", "replace")
        try:
            with (
                socket.create_connection(("127.0.0.1", port), timeout=120) as plain,
                trusting.wrap_socket(plain, server_hostname=proxy.NAME) as connection,
            ):
                connection.sendall(
                    f"GET /enter HTTP/1.1\r\nHost: {proxy.NAME}:{port}\r\n{more}Connection: close\r\n\r\n".encode()
                )
                told = b""
                while part := connection.recv(65536):
                    told += part
                return told.decode("utf-8", "replace")
        except ConnectionRefusedError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer: " + log.read_text("utf-8", "replace"))
