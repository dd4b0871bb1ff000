"""Twenty-five editors at the deeds, in five processes, beside people at their screens: no answer is lost, and the chain holds.

A short while in `make test`; a minute and five screens with HAETAE_TORTURE=1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict

import pytest
from playwright.sync_api import Browser, expect

from assessments.storage import history, reader
from assessments.storage.database import Database
from tests import editing
from tests.browser.conftest import ROOT, Server, Visitor, complaints_checked, context_of

pytestmark = pytest.mark.browser
IS_TORTURE = bool(os.environ.get("HAETAE_TORTURE"))
SCREENS = 5 if IS_TORTURE else 2
WRITES, SECONDS = (1, 60) if IS_TORTURE else (4, 0)
PROCESSES = 5
FIELD = "period_and_frequency"


def test_no_answer_is_lost_and_the_chain_holds(server: Server, browser: Browser) -> None:
    contexts = [context_of(browser, viewport={"width": 1280, "height": 900}) for _ in range(SCREENS)]
    opened = [complaints_checked(context) for context in contexts]
    visitors = [Visitor(one.__enter__(), server.address) for one in opened]
    numbers = []
    for visitor in visitors:
        visitor.sign_in("hana")
        numbers.append(visitor.start("채용"))
    boxes = []
    for visitor, number in zip(visitors, numbers, strict=True):
        visitor.go(f"/answer?assessment={number}&questionnaire=impact&section=target")
        boxes.append(visitor.page.locator(f".st-key-a{number}-1-impact-{FIELD}-box"))

    words = [sys.executable, "-m", "tests.editing"]
    editors = [
        subprocess.Popen(
            [*words, str(first), str(WRITES), str(SECONDS), *numbers],
            cwd=ROOT,
            env={**os.environ, "HAETAE_HOME": str(server.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for first in range(0, PROCESSES * editing.EDITORS, editing.EDITORS)
    ]
    typed, turn = [""] * SCREENS, 0
    while any(process.poll() is None for process in editors) or turn == 0:
        turn += 1
        for place, box in enumerate(boxes):
            typed[place] = f"화면 {place}에서 {turn}번째로 적은 글."
            control = box.get_by_role("textbox").first
            control.fill(typed[place])
            control.blur()
        for box in boxes:
            expect(box.locator(".h-saved")).to_contain_text("저장됨")
    told = [json.loads(process.communicate(timeout=600)[0]) for process in editors]

    assert [failure for one in told for failure in one["failures"]] == []
    acknowledged: dict[int, dict[int, str]] = defaultdict(dict)
    for one in told:
        for number, version, text in one["acknowledged"]:
            assert version not in acknowledged[number], "two were told that the same version is theirs"
            acknowledged[number][version] = text
    assert sum(map(len, acknowledged.values())) >= WRITES * PROCESSES * editing.EDITORS
    database = Database(f"sqlite:///{server.home / 'haetae.db'}")
    with database.reading() as session:
        for number, versions in acknowledged.items():
            assert sorted(versions) == list(range(1, len(versions) + 1)), "none is missing in between"
            stored = reader.get_assessment(session, number).responses[editing.QUESTIONNAIRE]
            assert stored[editing.QUESTION].answer == versions[len(versions)]
        for place, shown in enumerate(numbers):
            answers = reader.get_assessment(session, int(shown)).responses["impact"]
            assert answers[FIELD].answer == typed[place]
        assert history.verify(session).is_intact
    database.engine.dispose()
    for one, context in zip(opened, contexts, strict=True):
        one.__exit__(None)
        context.close()
