"""`haetae supervise`: the page of a supervisor over a table of verified reports, on this computer only."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

from assessments import network
from commands._output import errors_told, tell
from commands.serve import ROOT, check_free
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


def supervise(
    table: Annotated[Path, typer.Argument(help="A table that `haetae verify FOLDER --table` wrote.")],
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8502,
    language: Annotated[
        Literal["ko", "en"], typer.Option("--language", help="Language of what is printed here.")
    ] = "en",
) -> None:
    """Look at many verified reports: filters, pictures, findings, each report. It reads that table and nothing else."""
    with errors_told(language):
        from exports.collection import reading

        reading.read(table)
        check_free(port)
        key = secrets.token_urlsafe(24)
        tell(TEXTS.text("supervising", file=legible(str(table)))[language])
        tell(f"  http://{network.LOOPBACK}:{port}/enter?key={key}")
        tell(TEXTS["stop_it"][language])
        sys.stdout.flush()
        raise typer.Exit(_serve(table.resolve(), port, key))


def _serve(table: Path, port: int, key: str) -> int:
    """Until it is stopped. Its home is an empty folder that goes with it: no operator's, and opened to nobody beyond."""
    server = [sys.executable, "-m", "streamlit", "run", "supervision.py"]
    server += [f"--server.address={network.LOOPBACK}", f"--server.port={port}"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HAETAE_")}
    with TemporaryDirectory(prefix="haetae-supervise-") as home:
        own = {"HAETAE_HOME": home, "HAETAE_SUPERVISED_TABLE": str(table), "HAETAE_SUPERVISION_KEY": key}
        running = subprocess.Popen(server, cwd=ROOT, env={**inherited, **own, "FORWARDED_ALLOW_IPS": ""})  # noqa: S603 - our own interpreter, fixed arguments
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        try:
            return max(0, running.wait())  # below: by the signal that was passed on
        except KeyboardInterrupt:
            return 0
        finally:
            running.terminate()
            running.wait()
