"""What a server holds in its own process or on its own disk is known, and docs/several-servers.md says what becomes of it.

A second server sees neither: what it needs to see belongs into the database or into the store of files.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("assessments", "exports", "jobs", "pages")
IN_PROCESS = {
    "assessments/content/uploads.py": "what is in a file, by its content",
    "assessments/decision_log/engines/repeating.py": "threads of one count",
    "assessments/decision_log/engines/spark.py": "a thread that watches one count at a cluster",
    "assessments/decision_log/intake/counting.py": "threads that wait for a log being read; how far it is stands in the database",
    "assessments/decision_log/kept_log.py": "figures as read, by the row they come from",
    "assessments/decision_log/reading/duplicates.py": "threads of one reading",
    "assessments/decision_log/reading/streaming.py": "threads of one reading",
    "assessments/decision_log/statistics/analysis.py": "threads of one analysis",
    "assessments/derivation.py": "what follows from answers, by the answers",
    "assessments/own_process.py": "a thread that feeds a process",
    "assessments/ready_process.py": "a process that is ready to print",
    "assessments/rescoring.py": "threads of one rescoring",
    "assessments/scanning.py": "files that the scanner let through a moment ago",
    "assessments/storage/database.py": "whose turn it is to write in this process; others wait in the database",
    "assessments/timing.py": "who measures this process",
    "assessments/storage/file_store.py": "threads that wait for a store's answers",
    "exports/collection/run.py": "threads of one run of a command",
    "exports/printing/renderings.py": "what is being printed, and was just printed, by its content",
    "jobs/built_in.py": "threads of jobs; the jobs are rows of the database",
    "jobs/elsewhere.py": "threads of a worker's jobs; the jobs are rows of the database",
    "jobs/work.py": "a thread that gives signs of life into the database",
    "pages/_parts/bundle.py": "threads that put a bundle together",
    "pages/_server/admission.py": "places at this server, which guard its own processor",
    "pages/_server/counting.py": "counts of a server that is alone",
    "pages/_server/pools.py": "threads of this server",
    "pages/_server/uploading.py": "files that were chosen on a page and are not used yet",
    "pages/_server/watch.py": "how often strangers were noted in this machine's log",
}
"""Module → what it holds, which no other server has to see."""
ON_DISK = {
    "assessments/decision_log/intake/waiting.py": "a file while it arrives",
    "assessments/file/decision_log.py": "pseudonym.key, alike on all servers, which is checked",
    "assessments/keeping/auditing.py": "up to where this server verified the history",
    "assessments/keeping/backup.py": "a backup, where it was asked for",
    "assessments/keeping/leftovers.py": "what was left half done here",
    "assessments/keeping/readiness.py": "how much room there is",
    "assessments/keeping/starting.py": "settings of seal, report and provider, which are compared",
    "assessments/people.py": "people.yaml of a former release, taken over at the first start",
    "assessments/security_log.py": "the log of this machine",
    "assessments/storage/database.py": "where the SQLite file is",
    "assessments/storage/file_store.py": "where files are unless HAETAE_FILES_URL says otherwise",
    "jobs/documents.py": "the sealing key",
    "jobs/own_key.py": "the sealing key, alike on all servers, which is checked",
    "jobs/reports.py": "the sealing key",
    "pages/_parts/oversight.py": "when the last backup was made here",
    "pages/_server/entering.py": "settings of the provider",
    "pages/_server/outside.py": "settings of the provider",
    "pages/_server/reports.py": "certificates",
    "pages/_server/sign_in.py": "settings of the provider",
    "pages/_server/verify.py": "certificates",
    "pages/settings.py": "certificates and settings",
}
"""Module that asks for the home folder → what of it."""
SCREENS = {"pages/revisions.py"}
"""Run from the first line to the last each time; what they name outside functions is gone then."""
_HOLDS = re.compile(
    r"\bthreading\.(?:R?Lock|(?:Bounded)?Semaphore|Condition|Thread|local)\("
    r"|^[ \t]*from (?:threading import|concurrent\.futures import .*ThreadPoolExecutor)|\bMemoryStorage\b"
    r"|^\w+: (?!Mapping|Sequence|tuple|frozenset)[^=\n]* = (?:\{\}|\[\]|set\(\))$",
    re.MULTILINE,
)
"""What makes threads, locks or counts, and a collection of the module that is empty at first and therefore gets filled."""
_HOME = re.compile(r"^[ \t]*from assessments\.home import .*\b(?:home|draft_folder)\b", re.MULTILINE)


def modules_with(pattern: re.Pattern[str]) -> set[str]:
    files = (file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    return {file.relative_to(ROOT).as_posix() for file in files if pattern.search(file.read_text("utf-8"))}


def test_what_a_process_holds_is_known_and_needed_by_no_other() -> None:
    assert modules_with(_HOLDS) - SCREENS == set(IN_PROCESS)


def test_what_a_server_has_on_its_own_disk_is_known() -> None:
    assert modules_with(_HOME) == set(ON_DISK)
