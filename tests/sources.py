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
    """Every node of the file, in the order of `ast.walk`, which takes twice as long for every file of the program."""
    all_nodes: list[ast.AST] = [tree(file)]
    for node in all_nodes:  # it grows while it is gone through
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                all_nodes += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                all_nodes.append(value)
    return tuple(all_nodes)
