"""`haetae serve`: what it says before a server is there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.main import app


def test_a_port_that_is_taken_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = CliRunner().invoke(app, ["serve", "--port", str(port)])
    assert said.exit_code != 0
    assert f"Port {port} is taken" in said.output and f"PORT={port + 1}" in said.output
    assert "serves at" not in said.output
    assert not list(tmp_path.iterdir())
