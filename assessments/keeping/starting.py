"""What is looked at before anything is served: prepare. The folder, its rights, the database, files that no row knows."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from pathlib import Path

from sqlalchemy import text

from assessments.decision_log.intake import waiting
from assessments.errors import AssessmentError
from assessments.home import home, make_private
from assessments.model import Text
from assessments.storage import database, evidence_files
from assessments.storage.database import Session

RESTORING = "restore-unfinished"
"""A file of this name stands in the home folder while a restore moves things into place."""


def prepare() -> tuple[Text, ...]:
    """Brings the home folder and its database up to this program; what whoever runs it is to be told.

    Raises: NewerDatabaseError; AssessmentError where the folder cannot be written to, a restore was broken off, or the
    database is damaged, another program's or without its triggers.
    """
    folder = home()
    _check_writable(folder)
    if (folder / RESTORING).exists():
        raise AssessmentError(
            f"A restore into {folder} was broken off: what lies there is of two homes. Run it again: haetae restore DIR --replace",
            f"{folder}에 대한 복원이 중간에 끊겨 두 홈의 파일이 섞여 있습니다. 다시 실행하십시오: haetae restore DIR --replace",
        )
    made = database.prepare()
    remarks = [*_tell_privacy(folder, made.path)]
    if made.path is not None:
        with database.transaction() as session:  # no other transaction is under way, so no file waits for its row
            remarks += sweep(session)
        waiting.break_off()
    return tuple(remarks)


def _check_writable(folder: Path) -> None:
    probe = folder / f".probe.{secrets.token_hex(4)}"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise AssessmentError(
            f"{folder} cannot be written to ({error.strerror}): nothing could be saved and nobody could sign in. Give the "
            "account that runs Haetae the right to write there, free some space, or set HAETAE_HOME to another folder.",
            f"{folder}에 쓸 수 없습니다({error.strerror}). 이대로는 저장도 로그인도 할 수 없습니다. Haetae를 실행하는 계정에 쓰기 권한을 "
            "주거나 공간을 확보하십시오. 다른 폴더를 쓰려면 HAETAE_HOME을 지정하십시오.",
        ) from None


def _tell_privacy(folder: Path, database_file: str | None) -> list[Text]:
    more = [Path(database_file + ending) for ending in ("", "-wal", "-shm")] if database_file else []
    found = make_private(folder, *more)
    remarks = []
    if found.closed:
        names = _names(found.closed, folder)
        remarks.append(
            Text(
                en=f"Open to other users of this computer until now, closed: {names}.",
                ko=f"지금까지 이 컴퓨터의 다른 사용자에게 열려 있던 것을 막았습니다: {names}",
            )
        )
    if found.open:
        names = _names(found.open, folder)
        remarks.append(
            Text(
                en=f"Other users of this computer can read or change this, and it could not be closed: {names}. "
                "Let the account that runs Haetae own it, then close it with chmod go-rwx.",
                ko=f"이 컴퓨터의 다른 사용자가 읽거나 바꿀 수 있으며 막지 못했습니다: {names}. Haetae를 실행하는 계정의 소유로 바꾼 뒤 "
                "chmod go-rwx로 막으십시오.",
            )
        )
    return remarks


def _names(paths: tuple[Path, ...], folder: Path) -> str:
    """The first few, as they lie below the folder."""
    shown = [str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths]
    first = ", ".join(str(folder) if name == "." else name for name in shown[:12])
    return first + (f" … ({len(shown)})" if len(shown) > 12 else "")


def sweep(session: Session) -> list[Text]:
    """Removes evidence files whose removal the history tells and that no revision has any more; names others no row knows.

    A removal that was saved and then broken off, before its file went, would otherwise keep personal data for good. A file
    that the history does not know is left: an older database may have been put in place by hand.
    """
    known = set(session.connection().execute(text("SELECT stored_name FROM evidence")).scalars())
    strange = [path for path in evidence_files.listed(evidence_files.EVIDENCE) if path.name not in known]
    if not strange:
        return []
    removed = _digests_removed(session)
    left = []
    for path in strange:
        if hashlib.sha256(path.read_bytes()).hexdigest() in removed:
            path.unlink(missing_ok=True)
        else:
            left.append(path)
    if not left:
        return []
    names = _names(tuple(left), home())
    return [
        Text(
            en=f"Files that the database does not know: {names}. They are left where they are. An upload that was broken off "
            "leaves such a file; if the database was exchanged, put back the one that belongs to them.",
            ko=f"데이터베이스가 모르는 파일이 있습니다: {names}. 그대로 두었습니다. 올리기가 중간에 끊기면 이런 파일이 남습니다. "
            "데이터베이스를 바꿔 넣었다면 이 파일들에 맞는 것으로 되돌리십시오.",
        )
    ]


def _digests_removed(session: Session) -> set[str]:
    rows = session.connection().execute(
        text(
            "SELECT value FROM event_value JOIN event USING (seq) "
            "WHERE kind = 'remove_evidence' AND name = 'evidence' AND value IS NOT NULL"
        )
    )
    return {json.loads(value).get("sha256", "") for value in rows.scalars()}
