"""Parts of a page of questions: which are drawn anew."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.errors import StreamlitAPIException

from pages._parts import question_page, questions


def test_parts_that_a_broken_off_run_never_drew_lead_to_the_whole_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit knows none of them; whoever answered saw an error instead of the page."""
    asked_for: list[Any] = []

    def rerun(scope: Any = "app") -> None:
        asked_for.append(scope)
        if scope != "app":
            raise StreamlitAPIException("No fragment found")

    page: Any = SimpleNamespace(place=None)
    monkeypatch.setattr(question_page.st, "rerun", rerun)
    monkeypatch.setattr(question_page, "_drawn", lambda _page: SimpleNamespace(questions=()))
    monkeypatch.setattr(questions, "unsettled", lambda _place, _questions: ())
    monkeypatch.setattr(question_page, "_renew", lambda _drawn, _spoken: frozenset({"question-a", "question-b"}))
    question_page._redraw(page, "question-a")
    assert sorted(asked_for[0]) == ["part-question-a", "part-question-b"] and asked_for[1:] == ["app"]
