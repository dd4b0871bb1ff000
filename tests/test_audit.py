"""The bill of materials is that of the lock, and an audit that could not look is never good news."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import audit
from tests.audit import CLEAN, HOLES, ROOT, UNKNOWN, Audit

LOCK = ROOT / "requirements.lock"


def told(*packages: tuple[str, str, list[dict[str, Any]] | None]) -> dict[str, Any]:
    """As pip-audit writes it. None: it skipped the package."""
    return {
        "dependencies": [
            {"name": name, "skip_reason": "not found"}
            if holes is None
            else {"name": name, "version": version, "vulns": holes}
            for name, version, holes in packages
        ]
    }


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.lock"
    file.write_text("one==1.0 \\\n    --hash=sha256:aa\ntwo.parts==2.0 \\\n    --hash=sha256:bb\n", "utf-8")
    return file


HOLE = {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}


def test_only_a_lock_of_which_every_package_was_looked_up_is_clean(lock: Path) -> None:
    whole = audit.read("osv", told(("one", "1.0", []), ("Two_Parts", "2.0", [])))
    assert audit.verdict(lock, [whole])[0] == CLEAN
    half = audit.read("osv", told(("one", "1.0", []), ("two.parts", "", None)))
    end, lines = audit.verdict(lock, [half])
    assert end == UNKNOWN and "NOT AUDITED: 1 of 2" in lines[-1]
    other = audit.read("pypi", told(("one", "", None), ("two.parts", "2.0", [])))
    assert audit.verdict(lock, [half, other])[0] == CLEAN, "two services know one half each"
    nothing = Audit("osv", frozenset(), {}, "no route to host")
    end, lines = audit.verdict(lock, [nothing])
    assert end == UNKNOWN and "2 of 2" in lines[0] and "no route to host" in lines[0]


def test_a_known_hole_is_told_with_what_mends_it_though_others_could_not_be_asked(lock: Path) -> None:
    found = audit.read("osv", told(("one", "1.0", [HOLE]), ("two.parts", "", None)))
    end, lines = audit.verdict(lock, [found])
    assert end == HOLES
    assert lines[0] == "requirements.lock: one 1.0 has known holes: PYSEC-1 (mended in 1.1)"
    assert "NOT AUDITED: 1 of 2" in lines[1]


@pytest.mark.slow
def test_where_no_service_can_be_reached_it_says_so_and_does_not_end_well(lock: Path) -> None:
    """The real tool, behind a proxy that is not there: by itself it would speak of no known holes, or break off."""
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:9")
    script = (
        "import sys; from pathlib import Path; from tests import audit; lock = Path(sys.argv[1]);"
        "end, lines = audit.verdict(lock, audit.audited(lock)); print(*lines, sep='\\n'); sys.exit(end)"
    )
    digests = "sha256:" + "a" * 64
    lock.write_text(f"requests==2.34.0 --hash={digests}\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", script, str(lock)],
        cwd=ROOT,
        env={**os.environ, **nowhere, "no_proxy": "", "NO_PROXY": ""},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == UNKNOWN, done.stdout + done.stderr
    assert "NOT AUDITED: 1 of 1" in done.stdout and "no known" not in done.stdout


@pytest.mark.slow
def test_the_bill_of_materials_holds_every_pin_of_the_lock_with_its_digests(tmp_path: Path) -> None:
    made = audit.bill(LOCK, tmp_path / "bill.json")
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["component"]["name"] == "haetae"
    assert len(made["components"]) == len(audit.pins(LOCK)) > 90
    again = audit.bill(LOCK, tmp_path / "again.json", is_validated=False)
    assert made == again, "nothing of the moment or the machine is in it"
    assert str(ROOT) not in (tmp_path / "bill.json").read_text("utf-8")


@pytest.mark.slow
def test_a_bill_that_is_not_the_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pins = audit.pins
    monkeypatch.setattr(audit, "pins", lambda lock: pins(lock) | {"forgotten": "1.0"})
    with pytest.raises(ValueError, match=r"forgotten 1\.0"):
        audit.bill(LOCK, tmp_path / "bill.json", is_validated=False)


def test_one_command_does_both() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "\naudit: set-up-test\n\t@$(BIN)/python -m tests.audit\n" in makefile
    assert ".audit/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
