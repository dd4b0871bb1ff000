"""What a mapping file can say, the log's screen can set; what was guessed waits for a yes, and the file is read again at once."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.testing.v1.element_tree import Block

from assessments.decision_log.intake import counting, waiting
from assessments.decision_log.intake.waiting import ReadingSettings, Stage
from assessments.decision_log.reading.columns import Column, LogMapping, mapping_of
from assessments.decision_log.reading.preview_model import LogPreview
from pages._server import gate, log_upload, sign_in
from tests import doors
from tests.asgi import ask
from tests.office import KIM, Office, open_office
from tests.screens import Screen, Visitors

pytestmark = pytest.mark.usefixtures("read_here")
KOREAN = "접수번호,AI결과,최종결정,검토자,성별\n"
ROWS = [
    f"A-{n},{'추천' if n % 2 else '비추천'},{'합격' if n % 2 else '불합격'},검토{n % 3},{'남' if n % 4 else '여'}"
    for n in range(30)
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    one = open_office(tmp_path, monkeypatch)
    one.start()
    return one


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(office, monkeypatch).sign_in(KIM)


def hand_in(content: str | bytes, name: str = "기록.csv", settings: ReadingSettings | None = None) -> LogPreview:
    raw = content.encode() if isinstance(content, str) else content
    counting.look(waiting.take_in(1, 1, name, io.BytesIO(raw)), settings)
    return wait()


def wait() -> LogPreview:
    until = time.monotonic() + 120
    while (one := waiting.pending(1, 1)) and one.stage.is_running:
        assert time.monotonic() < until
        time.sleep(0.05)
    return one.preview() if one else LogPreview()


def again(visitors: Visitors) -> Screen:
    wait()
    return visitors.open("log", assessment=1)


def say(screen: Screen, key: str, value: object) -> Screen:
    """The field is filled and left."""
    screen.enter(key, value).app.run()
    return screen.sound()


def mapping() -> LogMapping:
    one = waiting.pending(1, 1)
    assert one is not None
    return one.settings().mapping


@pytest.mark.slow
def test_different_words_are_matched_on_the_screen_and_the_log_is_counted(office: Office, visitors: Visitors) -> None:
    seen = hand_in(KOREAN + "\n".join(ROWS) + "\n")
    assert seen.hindrance is not None and seen.through is not None
    screen = visitors.open("log", assessment=1)
    assert "같은 값이 하나도 없어" in screen.html
    say(screen, "log1-value-추천", "합격")
    screen = again(visitors)
    say(screen, "log1-value-비추천", "불합격")
    screen = again(visitors)
    assert mapping().values == {"합격": ["추천"], "불합격": ["비추천"]}
    assert "같은 값이 하나도 없어" not in screen.html
    assert "추정하였으나 아직 확인하지 않은 내용" in screen.html
    screen.click("log1-run")
    assert "확인하거나 고친 뒤" in screen.html
    one = waiting.pending(1, 1)
    assert one is not None and one.stage is Stage.ARRIVED  # a guess waits for its yes
    screen.click("log1-yes")
    screen = again(visitors)
    assert mapping().favourable == ["합격"]
    screen.app.button(key="log1-run").click().run()
    screen = again(visitors)
    log = office.read(1).log
    assert log is not None
    assert (log.analysis.source.used, log.analysis.whole.divergence.count) == (30, 0)


def places(screen: Screen) -> dict[str, tuple[int, ...]]:
    """Each field's and fold's id or title → its place in the tree of the screen."""
    found: dict[str, tuple[int, ...]] = {}

    def walk(block: Block, place: tuple[int, ...]) -> None:
        for number, node in block.children.items():
            here = (*place, number)
            if isinstance(node, Block):
                if node.type == "expander":
                    found[node.proto.label] = here
                walk(node, here)
            elif identity := getattr(node.proto, "id", ""):
                found[identity] = here

    walk(screen.app.main, ())
    return found


@pytest.mark.slow
def test_no_field_moves_while_the_file_is_read_again(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    hand_in(KOREAN + "\n".join(ROWS) + "\n")
    turns = threading.Event()
    monkeypatch.setattr(counting, "_has_turn", lambda *_: turns.is_set())
    screen = visitors.open("log", assessment=1)
    before = places(screen)
    say(screen, "log1-value-추천", "합격")
    assert "파일을 다시 읽고 있습니다" in screen.html
    during = places(screen)
    turns.set()
    after = places(again(visitors))
    assert any("log1-value-" in field for field in before) and "결과 값의 뜻" in before
    for others in (during, after):
        assert {field: place for field, place in others.items() if field in before} == {
            field: place for field, place in before.items() if field in others
        }
        assert len(before.keys() & others.keys()) > 30


@pytest.mark.slow
def test_the_screen_tells_how_the_file_was_read(visitors: Visitors) -> None:
    rows = [
        f"A-{n},{'적합' if n % 2 else '부적합'},{'적합' if n % 3 else 'NULL'},{'Kim' if n % 2 else 'kim '},남"
        for n in range(30)
    ]
    hand_in(("결정 기록 2026\n" + KOREAN + "\n".join(rows) + "\n합계,30,,,\n").encode("cp949"))
    html = visitors.open("log", assessment=1).html
    for told in (
        "CP949",
        "쉼표",
        "머리글 행",
        "접수번호",
        "추정: 알려진 말",
        "NULL",
        "kim␣",
        "합계 행",
        "결정 기록 2026",
    ):
        assert told in html or told.replace("␣", "") in html, told
    english = visitors.sign_in(KIM, "en").open("log", assessment=1).html
    for told in ("Encoding", "guessed, for it is the known word", "it is a total line", "What bears on the figures"):
        assert told in english, told


@pytest.mark.slow
def test_a_header_that_was_not_found_is_named_on_the_screen_and_the_file_stays(visitors: Visitors) -> None:
    rows = "\n".join(f"{n},가,{n % 2},가" for n in range(30))
    seen = hand_in("심사,대장,2026,년\n번,모형,사람,여분\n" + rows + "\n")
    assert seen.missing_columns
    screen = visitors.open("log", assessment=1)
    say(screen, "log1-header-line", "2")
    screen = again(visitors)
    for column, header in ((Column.CASE, "번"), (Column.OUTPUT, "모형"), (Column.DECISION, "사람")):
        screen.app.selectbox(key=f"log1-{column}").set_value(header).run()
        screen = again(visitors)
    assert mapping().header_line == 2
    assert mapping().columns == {Column.CASE: "번", Column.OUTPUT: "모형", Column.DECISION: "사람"}
    say(screen, "log1-header-line", "둘째")
    assert "이렇게 정할 수 없습니다. 정수로 적어야 합니다." in screen.html
    screen = again(visitors)
    broken = b"time_zone: Mars/Base\ncolour: red\n" + b"".join(b"more%d: 1\n" % n for n in range(7))
    screen.app.file_uploader(key="log1-load").upload("대응표.yaml", broken, "application/yaml").run()
    assert "대응표.yaml 1행: time_zone: ‘Mars/Base’ 시간대는 없습니다." in screen.html
    assert "대응표.yaml 2행: colour: 이런 키는 없습니다." in screen.html
    assert "대응표.yaml 9행: more6: 이런 키는 없습니다." in screen.html  # behind the first few, but there
    assert "문제를 9건 찾았습니다." in screen.html and "4건 더 보기" in screen.html
    screen = again(visitors)
    say(screen, "log1-header-line", "999")
    screen = again(visitors)
    assert "999행은 파일에 없습니다" in screen.html  # the file stays, and the line can be corrected
    assert screen.entered("log1-header-line")["value"] == "999"


@pytest.mark.slow
def test_every_other_setting_of_a_mapping_has_a_field(visitors: Visitors) -> None:
    rows = [
        f"A-{n},승인,{'보류' if n % 5 == 0 else '승인'},{'auto_kim' if n % 3 else '이나'},{'남' if n % 2 else '여'}"
        for n in range(30)
    ]
    hand_in(KOREAN + "\n".join(rows) + "\n")
    screen = visitors.open("log", assessment=1)
    screen.click("log1-run")
    for kind, key, value in (
        ("field", "log1-not_favourable", ["보류"]),
        ("field", "log1-undecided", ["보류"]),
        ("field", "log1-favourable", ["승인", "보류"]),
        ("field", "log1-human_reviewers", ["이나"]),
        ("field", "log1-automatic_reviewers", ["auto_kim"]),
        ("field", "log1-automatic_values", ["자동"]),
        ("field", "log1-missing", ["모름"]),
        ("field", "log1-totals", ["총원"]),
        ("selectbox", "log1-encoding", "utf-8"),
        ("selectbox", "log1-delimiter", ","),
        ("selectbox", "log1-order", "dmy"),
        ("field", "log1-zone", "UTC"),
        ("field", "log1-name-sex-여", "여성"),
        ("field", "log1-same", "김 = auto_kim; Kim"),
        ("field", "log1-group-성별", "gender"),
    ):  # fmt: skip
        if kind == "field":
            say(screen, key, value)
        else:
            screen.app.selectbox(key=key).set_value(value).run()
            screen.sound()
    said = mapping()
    assert (said.not_favourable, said.undecided, said.favourable) == (["보류"], ["보류"], ["승인", "보류"])
    assert (said.human_reviewers, said.automatic_reviewers, said.automatic_values) == (["이나"], ["auto_kim"], ["자동"])
    assert said.missing is not None and "모름" in said.missing and "null" in said.missing
    assert (said.totals, said.encoding, said.delimiter, said.date_order) == (["총원"], "utf-8", ",", "dmy")
    assert said.time_zone == "UTC"
    assert said.names == {"sex": {"여성": ["여"]}, "reviewer": {"김": ["auto_kim", "Kim"]}}
    assert said.groups == {"gender": "성별"}
    for key, value in (("cut", "0.5"), ("then", "승인"), ("otherwise", "거절")):
        say(screen, f"log1-{key}", value)
    wait()
    assert mapping().cutoff is not None


@pytest.mark.slow
def test_reviewers_that_may_be_machines_are_asked_about_before_counting(visitors: Visitors) -> None:
    rows = [f"A-{n},승인,승인,{'자동심사봇' if n % 3 else '이나'},남" for n in range(30)]
    hand_in(KOREAN + "\n".join(rows) + "\n")
    screen = visitors.open("log", assessment=1)
    screen.click("log1-yes")
    screen = again(visitors)
    assert "다음 검토자는 사람입니까? 자동심사봇" in screen.html
    screen.click("log1-run")
    assert "사람인지 정하십시오" in screen.html
    screen.click("log1-are-machines")
    seen = wait()
    assert mapping().automatic_reviewers == ["자동심사봇"]
    assert seen.through is not None and not seen.through.guesses.machines


@pytest.mark.slow
def test_sheets_are_chosen_on_the_screen(visitors: Visitors) -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        for place, headers in enumerate((["접수번호", "AI결과", "최종결정"], ["case id", "ai output", "decision"])):
            sheet = book.add_worksheet(f"표{place}")
            for line, cells in enumerate([headers, *([f"{place}-{n}", "승인", "승인"] for n in range(12))]):
                sheet.write_row(line, 0, cells)
    seen = hand_in(packed.getvalue(), "기록.xlsx")
    assert seen.problem is not None and seen.place.sheets == ("표0", "표1")
    screen = visitors.open("log", assessment=1)
    say(screen, "log1-sheets", ["표1"])
    seen = wait()
    assert seen.hindrance is None and seen.through is not None and seen.through.total == 12


@pytest.mark.slow
def test_a_mapping_goes_on_to_the_next_log_without_names_of_people(office: Office, visitors: Visitors) -> None:
    said = LogMapping.model_validate(
        {
            "columns": {"case": "접수번호", "ai_output": "AI결과", "decision": "최종결정", "reviewer": "검토자"},
            "values": {"합격": ["추천"], "불합격": ["비추천"]},
            "favourable": ["합격"],
            "human_reviewers": ["검토1"],
        }
    )
    hand_in(KOREAN + "\n".join(ROWS) + "\n", settings=ReadingSettings(said, ()))
    screen = visitors.open("log", assessment=1)
    screen.app.button(key="log1-run").click().run()
    again(visitors)
    log = office.read(1).log
    assert log is not None and log.mapping == said.without_people()
    with office.database.reading() as session:
        earlier = waiting.earlier(session, office.read(1))
    seen = hand_in(KOREAN + "\n".join(ROWS) + "\n", "다음달.csv", earlier)
    assert seen.mapping.values == {"합격": ["추천"], "불합격": ["비추천"]} and seen.hindrance is None
    assert "앞선 기록(기록.csv)의 대응표" in visitors.open("log", assessment=1).html
    seen = hand_in("case id,ai output,decision\n" + "\n".join(f"{n},ok,ok" for n in range(20)), "다른.csv", earlier)
    assert seen.mapping == LogMapping() and seen.hindrance is None  # other columns: as if there had been none


@pytest.mark.slow
def test_the_mapping_is_saved_as_a_file_that_the_command_reads(office: Office, visitors: Visitors) -> None:
    hand_in(KOREAN + "\n".join(ROWS) + "\n", settings=ReadingSettings(LogMapping(values={"합격": ["추천"]})))
    app = Starlette(routes=[*sign_in.ROUTES, *log_upload.ROUTES], middleware=[Middleware(gate.Gate)])
    assert ask(app, "/files/log/1/mapping.yaml").status == 401
    answer = ask(app, "/files/log/1/mapping.yaml", cookies=doors.cookies_of("kim"))
    assert answer.status == 200
    read = mapping_of(answer.text.encode(), "mapping.yaml")
    assert read.values == {"합격": ["추천"]} and read.columns[Column.OUTPUT] == "AI결과"


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=20) | st.sampled_from(
    [
        "yes",
        "no",
        "null",
        "~",
        "1",
        "1.0",
        "2026-01-02",
        "12:30",
        "#",
        "-",
        "=1",
        "*a",
        "&b",
        "!c",
        "- x",
        "a: b",
        "true",
    ]
)


@given(st.lists(TEXTS, max_size=5), st.dictionaries(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), max_size=3), TEXTS)
def test_a_mapping_comes_back_from_its_file_as_it_was(
    missing: list[str], values: dict[str, list[str]], header: str
) -> None:
    before = LogMapping(columns={Column.CASE: header}, missing=missing, values=values, totals=missing or None)
    assert mapping_of(before.to_yaml().encode(), "mapping.yaml") == before
