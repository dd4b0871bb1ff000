"""What is installed and what is known against it: `make audit`, or `python -m tests.audit`.

Writes a bill of materials (CycloneDX) of each lock file, then asks a service of advisories about every pinned package. Ends with
0 only if every package was asked about and none has a known hole; 1: some have; 3: not every package could be asked about, which
is no good news, whatever the service says.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-engines.lock",
    "requirements-s3.lock",
    "requirements-spark.lock",
    "requirements-workers.lock",
)
FOLDER = ROOT / ".audit"
SERVICES = ("osv", "pypi")
"""Asked in this order, until one answers for every package."""
CLEAN, HOLES, UNKNOWN = 0, 1, 3
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)
_PATIENCE_SECONDS = 900


@dataclass(frozen=True)
class Audit:
    """What a service said of a lock."""

    service: str
    audited: frozenset[str]
    """Packages that it knew and looked up."""
    holes: Mapping[str, tuple[str, ...]]
    """Package with version → ids of advisories, each with the version that mends it where there is one."""
    trouble: str = ""
    """Why it said nothing; empty: it answered."""


def pins(lock: Path) -> dict[str, str]:
    """Package → version."""
    return {_named(name): version for name, version in _PIN.findall(lock.read_text("utf-8"))}


def _named(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def bill(lock: Path, file: Path, *, is_validated: bool = True) -> dict[str, Any]:
    """Writes the bill of materials of a lock. is_validated: against the schema of CycloneDX, which takes nine tenths of the time.

    Raises: ValueError where it lacks a package, a version or a digest of the lock.
    """
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--pyproject", str(ROOT / "pyproject.toml")]
    command += ["--mc-type", "application", "--output-reproducible", "--sv", "1.6", "--of", "JSON", "-o", str(file)]
    command += ["--validate" if is_validated else "--no-validate"]
    subprocess.run([*command, str(lock)], check=True, capture_output=True, timeout=_PATIENCE_SECONDS)
    made: dict[str, Any] = json.loads(file.read_text("utf-8"))
    listed = {_named(part["name"]): part for part in made["components"]}
    wanted, text = pins(lock), lock.read_text("utf-8")
    lacking = [
        f"{name} {version}"
        for name, version in wanted.items()
        if listed.get(name, {}).get("version") != version
        or not (digests := _digests(listed[name]))
        or not all(f"sha256:{digest}" in text for digest in digests)
    ]
    if lacking or set(listed) != set(wanted):
        stray = sorted(set(listed) - set(wanted))
        raise ValueError(f"The bill of {lock.name} is not that of the lock: lacking {lacking}, stray {stray}")
    return made


def _digests(component: Mapping[str, Any]) -> list[str]:
    references = component.get("externalReferences", [])
    return [digest["content"] for reference in references for digest in reference.get("hashes", [])]


def asked(lock: Path, service: str) -> Audit:
    """What the service knows of every package of the lock."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--disable-pip", "--require-hashes"]
    command += ["--progress-spinner", "off", "--format", "json", "--timeout", "15", "-s", service]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return Audit(service, frozenset(), {}, said[-1][:200] if said else f"it ended with {done.returncode}")
    return read(service, told)


def read(service: str, told: Mapping[str, Any]) -> Audit:
    """What pip-audit wrote. A package that it skipped was not looked up, though it then speaks of no known holes."""
    known = [each for each in told["dependencies"] if "skip_reason" not in each]
    holes = {
        f"{each['name']} {each['version']}": tuple(
            f"{hole['id']} (mended in {', '.join(hole['fix_versions']) or 'no release yet'})" for hole in each["vulns"]
        )
        for each in known
        if each["vulns"]
    }
    return Audit(service, frozenset(_named(each["name"]) for each in known), holes)


def verdict(lock: Path, audits: Sequence[Audit]) -> tuple[int, list[str]]:
    """What is to be said of a lock, and how the command ends."""
    wanted, lines = set(pins(lock)), list[str]()
    holes = {package: ids for audit in audits for package, ids in audit.holes.items()}
    unasked = wanted - {name for audit in audits for name in audit.audited}
    for package, ids in sorted(holes.items()):
        lines.append(f"{lock.name}: {package} has known holes: {', '.join(ids)}")
    if unasked:
        told = [f"{audit.service}: {audit.trouble}" for audit in audits if audit.trouble]
        lines.append(
            f"{lock.name}: NOT AUDITED: {len(unasked)} of {len(wanted)} packages could not be looked up"
            f"{' (' + '; '.join(told) + ')' if told else ''}. Run it again where a service of advisories can be reached."
        )
    if holes:
        return HOLES, lines
    if unasked:
        return UNKNOWN, lines
    return CLEAN, [f"{lock.name}: {len(wanted)} packages looked up, none has a known hole."]


def audited(lock: Path) -> list[Audit]:
    """Every service until the packages are all known."""
    audits: list[Audit] = []
    for service in SERVICES:
        audits.append(asked(lock, service))
        if set(pins(lock)) <= {name for audit in audits for name in audit.audited}:
            break
    return audits


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the bills of materials")
    parser.add_argument("--only", choices=("bill", "advisories"), help="one of both")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    ends = [CLEAN]
    for name in LOCKS:
        lock = ROOT / name
        if chosen.only != "advisories":
            file = chosen.out / f"{lock.stem}.cdx.json"
            made = bill(lock, file)
            sys.stdout.write(f"{lock.name}: {len(made['components'])} packages in {file}\n")
        if chosen.only != "bill":
            end, lines = verdict(lock, audited(lock))
            ends.append(end)
            sys.stdout.write("\n".join(lines) + "\n")
    return HOLES if HOLES in ends else max(ends)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
