"""Every button that does something, as the code of the screens draws it: its key, with a star for whatever a drawing puts there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests import sources

SCREENS = Path(__file__).parents[1] / "pages"
FRAME = SCREENS / "_frame" / "pressing.py"
PLACES = {"button": 1, "submit": 1}
"""Function of pressing → where its key stands among the arguments."""


@cache
def keys() -> Mapping[str, str]:
    """Pattern of a key → file and line of the first button that is drawn with it. Read once: it is asked for at every press."""
    drawn: dict[str, str] = {}
    for file in sorted(SCREENS.rglob("*.py")):
        if file != FRAME and "pressing" in file.read_text("utf-8"):  # by which name alone a press is known
            for pattern, line in _keys_of(sources.tree(file)):
                drawn.setdefault(pattern, f"{file.relative_to(SCREENS.parent)}:{line}")
    return drawn


def pattern_of(classes: str) -> str:
    """Which of the patterns the class of a drawn button or of what is around it fits; the one that says most. Empty: none."""
    names = [name.removeprefix("st-key-") for name in classes.split() if name.startswith("st-key-")]
    fitting = [pattern for pattern in keys() for name in names if _expression(pattern).fullmatch(name)]
    return max(fitting, key=lambda pattern: len(pattern.replace("*", "")), default="")


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """As Streamlit writes keys into classes; after each deed a button has another number."""
    parts = [re.sub(r"[^\w-]", "-", part, flags=re.ASCII) for part in pattern.split("*")]
    return re.compile(".*".join(map(re.escape, parts)) + r"(-\d+)?", re.ASCII)


def _keys_of(module: ast.Module) -> Iterator[tuple[str, int]]:
    everywhere = _assigned([part for part in module.body if not isinstance(part, ast.FunctionDef)])
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        known = everywhere | _assigned([function])
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if _is_press(call.func, known):
                yield _pattern(call.args[1], known), call.lineno
    in_functions = {node for function in functions for node in ast.walk(function)}
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call) and node not in in_functions):
        if _is_press(call.func, everywhere):
            yield _pattern(call.args[1], everywhere), call.lineno


def _assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """Name → what it is set to; of several the last."""
    names: dict[str, ast.expr] = {}
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                match target, node.value:
                    case ast.Name(id=name), value:
                        names[name] = value
                    case ast.Tuple(elts=elements), ast.Tuple(elts=values):
                        names |= {
                            element.id: value
                            for element, value in zip(elements, values, strict=True)
                            if isinstance(element, ast.Name)
                        }
    return names


def _is_press(function: ast.expr, known: dict[str, ast.expr]) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id="pressing"), attr=name):
            return name in PLACES
        case ast.Name(id=name) if name in known:
            made = known[name]
            return isinstance(made, ast.Call) and bool(made.args) and _is_press(made.args[0], {})
    return False


def _pattern(key: ast.expr, known: dict[str, ast.expr]) -> str:
    match key:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return re.sub(r"\*+", "*", "".join(_pattern(part, known) for part in parts))
        case ast.FormattedValue(value=value):
            return _pattern(value, known)
        case ast.Name(id=name) if name in known:
            return _pattern(known[name], {other: value for other, value in known.items() if other != name})
    return "*"


DOUBLE_CLICKED = {
    "an assessment": (
        "operator-*-go",
        "system-*-*-go",
        "start-*-go",
        "start-*-more",
        "together-*-*",
        "earlier-*",
        "*-yes",
        "log*-run",
        "log*-discard",
        "mark-save",
        "mark-out-*",
        "log-remove",
        "revise-*-go",
        "scenario-*-save",
        "scenario-*-remove",
        "measure-new-save",
        "measure-*-save",
        "*-attach",
        "*-again-go",
        "*-remove-*",
        "explain-*-*-*-save",
        "*-mark-go",
        "w*-*-remove-*",
        "submit-*-go",
        "return-*-*-go",
        "mark-*-*-*-save",
        "decide-*-*-go",
        "sign-*-*-go",
        "redact-*-*",
        "withdraw-*-go",
        "delete-*-go",
        "import-go",
        "screened-drop",
    ),
    "a log that is read": ("log-drop", "log-again", "*-are-people", "*-are-machines", "*-fresh", "log-stop"),
    "a start from the screening": ("start-*-bare", "start-*-more-screened"),
    "a report that is not sealed yet": ("seal-*-*",),
    "a point of a return": ("point-*-go",),
    "the register and the review queue": (
        "entry-*-go",
        "incident-new-*-go",
        "incident-*-go",
        "table-try",
        "table-go",
        "table-rest",
        "assign-go",
    ),
    "a request of somebody concerned": (
        "request-new-*-go",
        "asked-try",
        "asked-go",
        "asked-rest",
        "request-answer-*-go",
        "request-refuse-*-go",
        "request-extend-*-*-go",
        "request-give-*-go",
        "request-withdraw-*-go",
    ),
    "official documents": ("documents-*-facts-go", "documents-*-step-go", "documents-*-seal-go"),
    "a vote and a refusal": ("vote-*-go", "close-*-go", "refuse-*-*-go"),
    "what follows a decision": (
        "after-reassess-*-go",
        "after-day-*-go",
        "after-change-*-go",
        "after-done-*-go",
        "after-open-*-go",
        "after-hold-*-go",
        "after-release-*-*-go",
        "after-*-*-go",
        "still-*-*-*",
        "still-*-*-all-*-*",
    ),
    "a section given to somebody": ("section-give-*-go", "section-*-*-done", "section-*-*-back"),
    "an answer restored": ("restore-*",),
    "comments": (
        "comment-*-*-go",
        "thread-*-reply-go",
        "thread-*-resolve",
        "thread-*-reopen",
        "own-*-correct",
        "own-*-withdraw",
        "mention-*-seen",
    ),
    "a meeting of the committee": (
        "meeting-new-go",
        "meeting-*-fill",
        "meeting-*-item-go",
        "meeting-*-*-up",
        "meeting-*-*-down",
        "meeting-*-*-strike",
        "meeting-*-*-again",
        "meeting-*-who-go",
        "meeting-*-minute-*-go",
        "meeting-*-seal-go",
        "meeting-*-close-go",
        "meeting-*-change-go",
        "meeting-*-cancel-go",
        "meeting-*-addendum-go",
    ),
    "people, units and where things belong": (
        "person-new-go",
        "give-*",
        "take-*-*-*",
        "link-*",
        "link-bare-*",
        "sessions-*",
        "disable-*",
        "enable-*",
        "person-*-go",
        "*go",
        "*-move-*-go",
    ),
}
"""What is double-clicked in a browser → the buttons that are pressed for it; tests/browser/test_double_clicks.py sees to each."""
