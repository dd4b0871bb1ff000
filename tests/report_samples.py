"""Makers for the tests of records, reports and seals: small questionnaires, an assessment, its decision, a record."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from assessments.content.canonical import content_sha256
from assessments.file import assessment_file
from assessments.model import (
    AISystem,
    Answer,
    Assessment,
    Ballot,
    Committee,
    Condition,
    Decision,
    EditionRef,
    Evidence,
    Grading,
    Impact,
    Json,
    Measure,
    Operator,
    Origin,
    Person,
    Response,
    Ruling,
    Scenario,
    SignOff,
    Statement,
    Status,
    Vote,
)
from exports.printing import document
from exports.record import record
from exports.record.record import Record
from exports.report.report import Report
from exports.seal import keys, pades
from exports.verification import reprint
from exports.verification.reprint import Pages
from questionnaires import load
from questionnaires.load import Edition
from tests import prints

AT = datetime(2026, 11, 20, 5, 12, 9, tzinfo=UTC)
SEALED_AT = AT + timedelta(minutes=3)

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLDER = Path(__file__).parent / "report_questionnaires"
TEXTS = {name: (FOLDER / name / "1.0.yaml").read_text("utf-8") for name in ("hiring", "involvement", "impact")}
"""Three small questionnaires with one question of every type."""


def edition(name: str, text: str | None = None, is_released: bool = True) -> Edition:
    text = text or TEXTS[name]
    questionnaire = load.read_once(text, f"{name}/1.0.yaml")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Edition(questionnaire, digest, text, f"{name}/{questionnaire.version}.yaml", is_released)


def editions(**texts: str) -> dict[str, Edition]:
    """The three samples; a text given by name stands in for one."""
    return {name: edition(name, texts.get(name)) for name in TEXTS}


def known_folder(folder: Path, **texts: str) -> Path:
    """A folder of released questionnaires as a verifier has it."""
    rows = []
    for name, one in editions(**texts).items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / f"{one.version}.yaml").write_text(one.text, "utf-8")
        rows.append(f"{one.sha256}  {one.file}")
    (folder / "released.sha256").write_text("\n".join(["# 2026-11-01", *rows]) + "\n")
    return folder


ANSWERS: dict[str, dict[str, Answer]] = {
    "hiring": {
        "grades_profiles": "yes",
        "grading_words": "지원서의 문장을 다섯 등급으로 나눕니다. <b>굵게</b> & file:///etc/passwd",
        "applicants": 4200,
        "checks": ("bias",),
        "started_on": date(2026, 3, 2),
        "reviewers": ({"reviewer": "인사팀장", "cases": 120}, {"reviewer": "Recruiter", "cases": 80}),
        "human_step": "real",
    },
    "involvement": {"claims": "yes", "can_override": "yes"},
    "impact": {"usage": "Every application is read by the system before a recruiter opens it.", "hours": "2.5"},
}


def assessment(
    used: dict[str, Edition] | None = None,
    answers: dict[str, dict[str, Answer]] | None = None,
    *,
    is_example: bool = False,
) -> Assessment:
    used = used or editions()
    given = answers or ANSWERS
    return Assessment(
        system=AISystem(
            "지원서 분류기 〈해온〉",
            "Application sorter Haeon",
            "3.2",
            "지원서를 읽고 등급을 매깁니다.",
            "Reads and grades applications.",
        ),
        operator=Operator(
            "주식회사 다온인사",
            "110111-1234567",
            "서울특별시 중구 세종대로 110",
            "김하늘",
            "이서준",
            "supervisor@example.com",
            is_example=is_example,
        ),
        domain="hiring",
        on=date(2026, 11, 20),
        editions=tuple(EditionRef(one.id, one.version, one.sha256) for one in used.values()),
        responses={
            asked: {
                name: Response(name, answer, "근거 note" if name == "human_step" else "")
                for name, answer in rows.items()
            }
            for asked, rows in given.items()
        },
        evidence=(
            Evidence(
                "ev1",
                "검토자 임명장",
                "임명장.pdf",
                "ab" * 32,
                20_480,
                "application/pdf",
                part="authority",
                on=date(2026, 10, 1),
            ),
        ),
        scenarios=(
            Scenario(
                "s1",
                "장애가 있는 지원자의 글이 낮은 등급을 받는다.",
                affected_direct="지원자",
                impacts=(
                    Impact(
                        "평등권",
                        "면접 기회를 잃는다.",
                        Grading("severe", "long", "high"),
                        Grading("severe", "short", "low"),
                        "사람이 다시 읽음",
                    ),
                ),
            ),
        ),
        measures=(
            Measure("m1", "낮은 등급을 사람이 다시 읽는다.", "인사팀", date(2027, 1, 31), True, "prevention", ("s1",)),
        ),
        authors=(Person("p1", "박지우"),),
    )


REPORTED = Condition("분기마다 편향 시험 결과를 보고한다.", "한도윤", date(2027, 3, 31))


def signed_off(plain: Assessment, *, origin: Origin = Origin.RECORDED) -> Assessment:
    """Decided and signed off on exactly its content."""
    digest = content_sha256(plain)
    return replace(
        plain,
        status=Status.SIGNED_OFF,
        content_sha256=digest,
        origin=origin,
        decision=Decision(
            Ruling.APPROVED_WITH_CONDITIONS,
            "사람의 재검토를 전제로 승인합니다.",
            Person("p2", "최유나"),
            AT,
            digest,
            (REPORTED,),
        ),
        committee=Committee(3),
        votes=(
            Vote(Person("p4", "남지안"), Ballot.RECUSED, "개발에 참여하였습니다.", AT, digest),
            Vote(Person("p5", "도해린"), Ballot.APPROVE, "대조 시험을 확인하였습니다.", AT, digest),
            Vote(Person("p7", "마리온"), Ballot.ABSTAIN, "기술 자료를 더 보아야 합니다.", AT, digest),
            Vote(Person("p6", "류하준"), Ballot.REJECT, "이의 제기 기간이 너무 짧습니다.", AT, digest),
            Vote(
                Person("p2", "최유나"),
                Ballot.APPROVE_WITH_CONDITIONS,
                "시험을 계속해야 합니다.",
                AT,
                digest,
                True,
                (REPORTED,),
            ),
        ),
        sign_off=SignOff(Person("p3", "정민호"), AT, digest, statements=tuple(Statement)),
    )


def sealed_record(**texts: str) -> Record:
    """A record that may be sealed."""
    used = editions(**texts)
    return record.build(signed_off(assessment(used)), used, at=AT, document_id="HT-2026-0007")


def report(languages: tuple[str, ...]) -> Report:
    """The view of `sealed_record`."""
    made = sealed_record()
    return Report(made, record.recompute(made), languages)


def draft_record(*, is_example: bool = False) -> Record:
    used = editions()
    return record.build(assessment(used, is_example=is_example), used, at=AT, document_id="HT-2026-0008")


PRINTED = frozenset(
    {(domain, language) for domain in ("credit", "hiring", "medical") for language in ("ko", "en")}
    | {("hiring", "both"), ("logs/rubber-stamp", "ko")}
)
"""Examples and the languages in which `make test` lays them out; each takes seconds. The long runs do all."""


@cache
def example(name: str) -> Record:
    """Of a shipped example, and always the same, so that it is printed once. name: of its file below `examples`."""
    stated = assessment_file.read_file(EXAMPLES / f"{name}.yaml")
    return record.build(stated.assessment, stated.editions, at=AT, document_id="HT-1")


# --- rendered and sealed, once a test run ------------------------------------------------------------------------


@cache
def rendered() -> bytes:
    """The report of `sealed_record`, not yet sealed."""
    return printed(sealed_record(), ("ko", "en"), document.printed_by())


prints.share()
made_anew = document.make
"""What the program itself does, whatever a test puts in its place."""


@cache
def _printed(raw: bytes, languages: tuple[str, ...], by: str) -> bytes:
    with prints.whole():
        return made_anew(record.read(raw), languages, by)


def printed(made_from: Record, languages: tuple[str, ...], by: str | None = None) -> bytes:
    """What the program prints of a record, each once a test run, whichever process asks first."""
    return _printed(made_from.canonical, languages, document.printed_by() if by is None else by)


@cache
def _briefly(raw: bytes, languages: tuple[str, ...]) -> bytes:
    with prints.briefly():
        return made_anew(record.read(raw), languages)


def printed_briefly(made_from: Record, languages: tuple[str, ...]) -> bytes:
    """Its first page only, for what is done with a file whatever its pages tell."""
    return _briefly(made_from.canonical, languages)


def compared(pdf: bytes, seen: Json, make: reprint.Print | None = None) -> Pages:
    """The pages of an examined file with those that the program prints, without the process of its own. make: instead of `printed`."""
    given = seen["reprint"]
    attached = record.read(given["record"].encode())
    return reprint.judged(
        pdf, attached, given["languages"], given["printed_by"], make or printed, document.printed_by()
    )


@cache
def signer(start: datetime = AT - timedelta(days=1), lifetime: timedelta | None = None) -> keys.Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    return keys.Signer(key, keys.self_made_certificate(key, start, lifetime))


@cache
def sealed() -> bytes:
    return pades.seal(rendered(), signer(), SEALED_AT)
