"""What an audit finds, in words: Finding, of a Thing that came to some Harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.model import Text
from assessments.storage.history import Fault, HistoryFault


class Thing(StrEnum):
    """What was kept."""

    EVENT = "event"
    VALUE = "value"
    CHECKPOINT = "checkpoint"
    EVIDENCE = "evidence"
    REPORT = "sealed_report"
    RECORD = "record"
    REVISION = "revision"
    STEPS = "steps"


class Harm(StrEnum):
    """What happened to it."""

    ALTERED = "altered"
    MISSING = "missing"
    SWAPPED = "swapped"
    ADDED = "added"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"


_SAID: Mapping[tuple[Thing, Harm], Text] = {
    (Thing.EVIDENCE, Harm.ALTERED): Text(ko="증빙자료 파일이 바뀌었습니다.", en="The evidence file was altered."),
    (Thing.EVIDENCE, Harm.MISSING): Text(ko="증빙자료 파일이 없습니다.", en="The evidence file is missing."),
    (Thing.EVIDENCE, Harm.SWAPPED): Text(
        ko="다른 증빙자료의 파일이 이 자리에 있습니다.", en="The file of another piece of evidence lies in its place."
    ),
    (Thing.EVIDENCE, Harm.ADDED): Text(
        ko="등록된 해시값이 이력에 적힌 것과 다르거나 이력에 없습니다.",
        en="Its digest in the database is not the one that the history tells, or the history tells of no such evidence.",
    ),
    (Thing.EVIDENCE, Harm.CUT_OFF): Text(
        ko="이력에는 등록한 기록이 있으나 데이터베이스에 없습니다.",
        en="The history tells that it was added and not of its removal, but the database does not hold it.",
    ),
    (Thing.REPORT, Harm.ALTERED): Text(ko="봉인 보고서가 바뀌었습니다.", en="The sealed report was altered."),
    (Thing.REPORT, Harm.MISSING): Text(
        ko="봉인 보고서 파일이 없습니다.", en="The file of the sealed report is missing."
    ),
    (Thing.REPORT, Harm.SWAPPED): Text(
        ko="다른 봉인 보고서의 파일이 이 자리에 있습니다.", en="The file of another sealed report lies in its place."
    ),
    (Thing.REPORT, Harm.ADDED): Text(
        ko="등록부에 있으나 이력에는 등록한 기록이 없거나 내용이 다릅니다.",
        en="The register holds it, but the history tells of no such registration, or of other digests.",
    ),
    (Thing.REPORT, Harm.CUT_OFF): Text(
        ko="이력에는 등록한 기록이 있으나 등록부에 없습니다.",
        en="The history tells that it was registered, but the register does not hold it.",
    ),
    (Thing.REPORT, Harm.UNREADABLE): Text(
        ko="보고서에 담긴 기록을 읽을 수 없어 체크포인트를 비교하지 못했습니다.",
        en="Its record cannot be read, so its checkpoint was not compared.",
    ),
    (Thing.RECORD, Harm.ALTERED): Text(
        ko="봉인 보고서 옆에 보관된 기록이 바뀌었거나, 등록된 해시값이 다릅니다.",
        en="The record kept beside the sealed report was altered, or the register holds another digest.",
    ),
    (Thing.REVISION, Harm.ALTERED): Text(
        ko="제출된 내용이 바뀌었습니다. 제출할 때의 해시값과 맞지 않습니다.",
        en="What was submitted was altered: it no longer has the digest under which it was submitted.",
    ),
    (Thing.REVISION, Harm.UNREADABLE): Text(
        ko="제출된 내용을 읽을 수 없습니다.", en="What was submitted can no longer be read."
    ),
    (Thing.REVISION, Harm.ADDED): Text(
        ko="제출할 때의 해시값이 이력에 적힌 것과 다릅니다.",
        en="The digest under which it was submitted is not the one that the history tells.",
    ),
    (Thing.REVISION, Harm.CUT_OFF): Text(
        ko="이력에는 있으나 데이터베이스에 없습니다.", en="The history tells of it, but the database does not hold it."
    ),
    (Thing.STEPS, Harm.ALTERED): Text(
        ko="상태, 제출, 결정 또는 결재가 이력에 적힌 것과 다릅니다.",
        en="Its status, submission, decision or sign-off is not what the history tells.",
    ),
    (Thing.STEPS, Harm.ADDED): Text(
        ko="데이터베이스에 있으나 이력에는 시작한 기록이 없습니다.",
        en="The database holds it, but the history does not tell how it began.",
    ),
    (Thing.STEPS, Harm.MISSING): Text(
        ko="이력에 따르면 작성에 참여한 사람이 작성자에서 빠져 있습니다.",
        en="Somebody who wrote in it, as the history tells, is not among its authors.",
    ),
}
_OF_HISTORY: Mapping[Fault, tuple[Thing, Harm]] = {
    Fault.MISSING: (Thing.EVENT, Harm.MISSING),
    Fault.ALTERED: (Thing.EVENT, Harm.ALTERED),
    Fault.VALUE_ALTERED: (Thing.VALUE, Harm.ALTERED),
    Fault.VALUE_MISSING: (Thing.VALUE, Harm.MISSING),
    Fault.STRAY_VALUE: (Thing.VALUE, Harm.ADDED),
    Fault.CHECKPOINT: (Thing.CHECKPOINT, Harm.CUT_OFF),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is no longer what was kept."""

    thing: Thing
    harm: Harm
    which: str
    """Number of the event with the name of its value; id of the evidence; number of the register entry; assessment and revision."""
    text: Text

    def sentence(self, language: str) -> str:
        return f"{_NAMES[self.thing][language]} {self.which}: {self.text[language]}"


_NAMES: Mapping[Thing, Text] = {
    Thing.EVENT: Text(ko="이력 사건", en="Event"),
    Thing.VALUE: Text(ko="이력 값", en="Value"),
    Thing.CHECKPOINT: Text(ko="이력 체크포인트", en="Checkpoint"),
    Thing.EVIDENCE: Text(ko="증빙자료", en="Evidence"),
    Thing.REPORT: Text(ko="봉인 보고서", en="Sealed report"),
    Thing.RECORD: Text(ko="봉인 보고서의 기록", en="Record of the sealed report"),
    Thing.REVISION: Text(ko="평가 개정", en="Assessment and revision"),
    Thing.STEPS: Text(ko="평가 개정의 진행", en="Steps of assessment and revision"),
}


def finding(thing: Thing, harm: Harm, which: object) -> Finding:
    """Of a file, a register entry or a revision."""
    return Finding(thing, harm, str(which), _SAID[thing, harm])


def of_history(fault: HistoryFault) -> Finding:
    """Of the chain of events."""
    thing, harm = _OF_HISTORY[fault.fault]
    return Finding(thing, harm, f"{fault.seq}{' ' + fault.name if fault.name else ''}", fault.text)
