"""An organisation at work: people, a database in a folder, two small questionnaires, and the usual deeds.

`open_office` is what a test's fixture calls. The questionnaires are small so that a whole assessment is quick.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import URL, Dialect, Engine, make_url

from assessments import actions
from assessments.home import home
from assessments.model import Actor, AISystem, Answer, Assessment, Measure, Operator, Response, Role, Ruling, Statement
from assessments.storage import database, reader
from assessments.storage.database import Database
from assessments.storage.dialects.sqlite import SQLite
from questionnaires import load
from questionnaires.schema import Questionnaire
from tests import postgres
from tests.strategies import build, choice, scored, text

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
KIM = Actor("kim", "김하나", frozenset({Role.PRODUCT_MANAGER}))
SEO = Actor("seo", "서두리", frozenset({Role.CONTRIBUTOR}))
LEE = Actor("lee", "이서준", frozenset({Role.COMMITTEE_MEMBER}))
CHO = Actor("cho", "조은별", frozenset({Role.CHAIR}))
PARK = Actor("park", "박도윤", frozenset({Role.SIGNING_OFFICER}))
ADA = Actor("ada", "안다온", frozenset({Role.ADMINISTRATOR}))
AUD = Actor("aud", "오디트", frozenset({Role.AUDITOR}))


def pdf(drawn: bytes = b"0 0 m 100 100 l S", *, trailer: bytes = b"", more: bytes = b"") -> bytes:
    """A PDF of one page with this drawn on it. trailer, more: further entries of the trailer, a further object (number 5)."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn),
        *([more] if more else []),
    ]
    made, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, len(made))
    return made + head + table + end


PDF = pdf()

ANSWERS: Mapping[str, Mapping[str, Answer]] = {
    "hiring": {
        "used": "yes",
        "review": "none",
        "exposed": "p1",
        "reach": ("mail", "web"),
        "people": 120,
        "since": date(2026, 3, 1),
        "told": "지원자에게 안내문을 보낸다.",
        "vendors": ({"vendor": "해태", "since": date(2025, 1, 2)},),
    },
    "involvement": {"relies": "yes", "named": "yes"},
}
"""An answer for every question, of every type."""


_SHIPPED = load.FOLDER
_STATEMENTS: dict[Any, Any] = {}
ENGINE_AS_SHIPPED = SQLite.engine


@cache
def _dialect() -> Dialect:
    engine = ENGINE_AS_SHIPPED(SQLite(), make_url("sqlite://"))
    with engine.connect():  # it learns what this SQLite can do
        return engine.dialect


def _engine(self: SQLite, url: URL) -> Engine:
    """Each test has a database of its own; a statement is put into words of SQL once a process and not once a database.

    No test pulls the plug: nothing waits until the disk has it.
    """
    engine = ENGINE_AS_SHIPPED(self, url)
    event.listen(engine, "connect", _hurried)
    engine.dialect = _dialect()
    engine.update_execution_options(compiled_cache=_STATEMENTS)
    return engine


def _hurried(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


SQLite.engine = _engine  # type: ignore[method-assign]
_FURNISHED: dict[Callable[[Office], None], TemporaryDirectory[str]] = {}
"""What furnished an office → the home folder as it was then."""
_TEMPLATES: dict[Callable[[Office], None], str] = {}
"""What furnished an office → the name of its database on a server, as it was then."""


def open_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, furnish: Callable[[Office], None] | None = None
) -> Office:
    """A home folder, a database on a real file that is prepared already and the small questionnaires.

    furnish: what has happened there already; done once a process, for later tests its home is copied.
    """
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HAETAE_DATABASE_URL", raising=False)
    monkeypatch.setattr(load, "FOLDER", write_questionnaires(tmp_path / "questionnaires"))
    if postgres.is_meant():
        return _office_on_postgres(monkeypatch, furnish)
    if furnish in _FURNISHED:
        shutil.copytree(_FURNISHED[furnish].name, home(), dirs_exist_ok=True)
        return Office(database.configure())
    (home() / "haetae.db").write_bytes(fresh_database())
    office = Office(database.configure())
    if furnish is None:
        return office
    furnish(office)
    database.leave()  # so that everything is in the file
    _FURNISHED[furnish] = TemporaryDirectory()
    shutil.copytree(home(), _FURNISHED[furnish].name, dirs_exist_ok=True)
    return Office(database.configure())


def _office_on_postgres(monkeypatch: pytest.MonkeyPatch, furnish: Callable[[Office], None] | None) -> Office:
    """The same on a server; the home folder holds the files."""
    if furnish in _TEMPLATES:
        shutil.copytree(_FURNISHED[furnish].name, home(), dirs_exist_ok=True)
        monkeypatch.setenv("HAETAE_DATABASE_URL", postgres.fresh(_TEMPLATES[furnish]))
        return Office(database.configure())
    monkeypatch.setenv("HAETAE_DATABASE_URL", postgres.fresh())
    home().mkdir(exist_ok=True)
    office = Office(database.configure())
    if furnish is None:
        return office
    furnish(office)
    database.leave()
    _TEMPLATES[furnish] = postgres.kept()
    _FURNISHED[furnish] = TemporaryDirectory()
    shutil.copytree(home(), _FURNISHED[furnish].name, dirs_exist_ok=True)
    return Office(database.configure())


def open_credit_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assessments: int = 0) -> Office:
    """With the questionnaires as they are shipped, one system, and so many assessments of it for credit."""
    office = open_office(tmp_path, monkeypatch)
    monkeypatch.setattr(load, "FOLDER", _SHIPPED)
    with office.database.transaction() as session:
        operator_id = actions.register_operator(session, Operator("해태 주식회사"), KIM, AT)
        system_id = actions.register_system(session, operator_id, AISystem("대출 심사모형", ""), KIM, AT)
        for _ in range(assessments):
            actions.start_assessment(session, system_id, "credit", KIM, AT)
    return office


@dataclass(frozen=True)
class Office:
    """One database and the deeds that tests need again and again."""

    database: Database

    def start(self, operator: Operator | None = None) -> int:
        """A new assessment in hiring, begun by the product manager."""
        with self.database.transaction() as session:
            named = Operator("해태 주식회사", supervisor_name="한지우", supervisor_contact="02-000-0000")
            operator_id = actions.register_operator(session, operator or named, KIM, AT)
            system_id = actions.register_system(session, operator_id, AISystem("서류 도우미", "CV helper"), KIM, AT)
            return actions.start_assessment(session, system_id, "hiring", KIM, AT)

    def answer(
        self, assessment_id: int, question: str, answer: Answer | None, seen: int = 0, note: str = "", by: Actor = KIM
    ) -> Response:
        asked, _, name = question.partition(".")
        with self.database.transaction() as session:
            given = Response(name, answer, note, lock_version=seen)
            return actions.record_response(session, assessment_id, asked, given, by, AT)

    def fill(self, assessment_id: int, by: Actor = KIM) -> None:
        """Every question that has no answer yet."""
        given = self.read(assessment_id).responses
        with self.database.transaction() as session:
            for asked, name, answer in (
                (a, name, answer) for a, some in ANSWERS.items() for name, answer in some.items()
            ):
                if name not in given.get(asked, {}):
                    actions.record_response(session, assessment_id, asked, Response(name, answer), by, AT)

    def submit(self, assessment_id: int) -> str:
        """Filled up and submitted; the frozen digest."""
        self.fill(assessment_id)
        with self.database.transaction() as session:
            actions.submit(session, assessment_id, KIM, AT)
        return self.read(assessment_id).content_sha256 or ""

    def decide(self, assessment_id: int, frozen: str, by: Actor = LEE, ruling: Ruling = Ruling.APPROVED) -> None:
        with self.database.transaction() as session:
            actions.record_decision(session, assessment_id, ruling, "충분하다.", (), frozen, by, AT)

    def sign(self, assessment_id: int, frozen: str, by: Actor = PARK) -> None:
        with self.database.transaction() as session:
            actions.sign_off(session, assessment_id, frozen, list(Statement), by, AT)

    def signed_off(self, *measures: Measure) -> int:
        """An assessment that went all the way."""
        assessment_id = self.start()
        if measures:
            with self.database.transaction() as session:
                actions.set_measures(session, assessment_id, measures, KIM, AT)
        frozen = self.submit(assessment_id)
        self.decide(assessment_id, frozen)
        self.sign(assessment_id, frozen)
        return assessment_id

    def read(self, assessment_id: int, revision: int | None = None) -> Assessment:
        with self.database.reading() as session:
            return reader.get_assessment(session, assessment_id, revision)


def both(*actors: Actor) -> Actor:
    """One person with the roles of several."""
    roles = frozenset(role for actor in actors for role in actor.roles)
    return replace(actors[0], roles=roles)


def after(minutes: float) -> datetime:
    """So many minutes after `AT`."""
    return AT + timedelta(minutes=minutes)


def write_questionnaires(folder: Path) -> Path:
    """The two small questionnaires as files."""
    for name, written in _questionnaires().items():
        (folder / name).mkdir(parents=True)
        (folder / name / "1.0.yaml").write_text(written, "utf-8")
    return folder


@cache
def _questionnaires() -> dict[str, str]:
    """Id → file; JSON is YAML."""
    made = (_hiring(), _involvement())
    return {
        one.id: json.dumps(one.model_dump(mode="json", by_alias=True, exclude_unset=True), ensure_ascii=False, indent=1)
        for one in made
    }


@cache
def fresh_database() -> bytes:
    """A migrated database without content, made once a run, whichever process asks first; tests of the migration make their own."""
    with TemporaryDirectory() as own:
        folder = Path(os.environ.get("HAETAE_TEST_PRINTS", own))
        file = folder / "fresh.db"
        with (folder / "fresh.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.is_file():
                made = database.open_database(f"sqlite:///{own}/made.db")
                made.prepare()
                made.close()
                shutil.copy(Path(own, "made.db"), folder / "fresh.new")
                (folder / "fresh.new").replace(file)
        return file.read_bytes()


def _hiring() -> Questionnaire:
    plain = {"source": "s1", "required": True}
    questions: list[dict[str, Any]] = [
        choice("used", ("yes", "no"), required=True),
        choice("review", ("real", "none"), required=True, shown_if={"question": "used", "is": ["yes"]}),
        scored("exposed", "exposure", (4, 0), required=True),
        {**choice("reach", ("mail", "web"), **plain), "type": "choices"},
        {"id": "people", "text": text("people"), "type": "number", "minimum": 0, "maximum": 100_000, **plain},
        {"id": "since", "text": text("since"), "type": "date", **plain},
        {"id": "told", "text": text("told"), "type": "text", **plain},
        {
            "id": "vendors",
            "text": text("vendors"),
            "type": "group",
            "source": "s1",
            "questions": [
                {"id": "vendor", "text": text("vendor"), "type": "text", "source": "s1"},
                {"id": "since", "text": text("since"), "type": "date", "source": "s1"},
            ],
        },
    ]
    routes = [
        {
            "when": {"question": "review", "is": ["none"]},
            "outcome": "high_impact",
            "because": text("x"),
            "source": "s1",
        },
        {"when": "otherwise", "outcome": "not_high_impact", "because": text("y"), "source": "s1"},
    ]
    consistency = [
        {
            "id": "exposed_to_nobody",
            "severity": "severe",
            "here": {"question": "exposed", "is": ["p0"]},
            "against": {"in": "involvement", "when": {"question": "relies", "is": ["yes"]}},
            "because": text("exposed and relied on"),
            "source": "s1",
        }
    ]
    return build(questions, routes, id="hiring", consistency=consistency)


def _involvement() -> Questionnaire:
    questions = [choice("relies", ("yes", "no"), required=True), choice("named", ("yes", "no"))]
    part = {
        "id": "authority",
        "title": text("authority"),
        "source": "s1",
        "needs": [{"when": {"question": "named", "is": ["yes"]}, "missing": text("name them"), "source": "s1"}],
    }
    claim = {"made_if": {"question": "relies", "is": ["yes"]}, "parts": [part]}
    return build(questions, id="involvement", claim=claim, method=None)
