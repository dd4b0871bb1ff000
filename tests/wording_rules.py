"""Places that word a percentage, a duration, a day or a difference by themselves: own_wordings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_AFTER_VALUE = re.compile(r"^\s?(?:%(?!\w)|초|분(?!의|기|야)|시간|s\b|sec\b|min\b|h\b|seconds?\b|minutes?\b|hours?\b)")
_FORMATS = re.compile(r"\.?\d*%$")
_DAYS = {"on", "due", "until", "since", "first_day", "last_day", "expires_on", "started_on", "read_on"}
_TEXTS = {"_", "many", "say", "translate", "translate_many", "text", "told"}
_HUNDRED = 100


def own_wordings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and what is done there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from _in_string(node)
        elif isinstance(node, ast.Call):
            yield from _in_call(node)


def _in_string(node: ast.JoinedStr) -> Iterator[tuple[int, str]]:
    for at, part in enumerate(node.values):
        if not isinstance(part, ast.FormattedValue):
            continue
        after = node.values[at + 1] if at + 1 < len(node.values) else None
        if _is_hundredfold(part.value):
            yield part.lineno, "a share is made a percentage"
        if part.format_spec is not None and _FORMATS.search(ast.unparse(part.format_spec).strip("'\"f")):
            yield part.lineno, "a percentage is formatted"
        if isinstance(part.value, ast.Attribute) and part.value.attr in _DAYS and not _is_code(node):
            yield part.lineno, f"a day stands in a text as computers write it: {part.value.attr}"
        if isinstance(after, ast.Constant) and isinstance(after.value, str) and _AFTER_VALUE.match(after.value):
            yield part.lineno, f"a unit stands behind a value:{after.value[:8]}"


def _in_call(node: ast.Call) -> Iterator[tuple[int, str]]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "strftime":
        yield node.lineno, "a time is formatted"
    if name in _TEXTS:
        for word in node.keywords:
            if isinstance(word.value, ast.Call) and getattr(word.value.func, "attr", "") == "isoformat":
                yield node.lineno, f"a day goes into a text as computers write it: {word.arg}"
            if _is_hundredfold(word.value):
                yield node.lineno, "a percentage goes into a text as a number"


def _is_code(node: ast.JoinedStr) -> bool:
    """Whether no words stand around the values: a key, an address, a file's name."""
    return not any(isinstance(part, ast.Constant) and " " in str(part.value) for part in node.values)


def _is_hundredfold(value: ast.AST) -> bool:
    return any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Mult)
        and any(isinstance(side, ast.Constant) and side.value == _HUNDRED for side in (part.left, part.right))
        for part in ast.walk(value)
        if not isinstance(value, ast.Call)
    )
