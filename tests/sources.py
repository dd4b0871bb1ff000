"""The program's own Python, each file read once a process: files, tree, nodes."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("questionnaires", "assessments", "exports", "jobs", "commands", "pages")


@cache
def files(*folders: str) -> tuple[Path, ...]:
    """Of these folders, each named from the top of the repository; none named: of all."""
    return tuple(file for folder in folders or FOLDERS for file in sorted((ROOT / folder).rglob("*.py")))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Every node of the file."""
    return tuple(ast.walk(tree(file)))
