"""Every text that is shipped, with its place and language: texts; and misworded, which holds them against the glossary.

Korean is read wherever it stands; English where it is known to be a text: beside its Korean, in the catalogue of the
screens, in what the commands say of themselves, in the documents.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from questionnaires.glossary import Language, twins
from questionnaires.problems import Problem

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("questionnaires", "assessments", "exports", "pages", "commands")
DOCUMENTS = ("README.md", "SECURITY.md", "exports/verification/VERIFYING.md", "questionnaires/README.md")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_MAY_BE_KOREAN = re.compile(_HANGUL.pattern + r"|\\[uUN]")
"""In a program: Korean, or what can stand for it in a literal."""
_CODE = re.compile(r"```.*?```|`[^`\n]*`|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class ShippedText:
    """One text in one language."""

    file: str
    """From the top of the repository."""
    line: int
    language: Language
    text: str


def misworded(root: Path = ROOT) -> Iterator[Problem]:
    """Words in shipped texts for which the glossary has another."""
    for text in texts(root):
        for twin in twins(text.text, text.language, text.file):
            what = f"'{twin.written}' stands for what is called '{twin.term.term[text.language]}' ({twin.term.id} in the glossary)."
            yield Problem(text.file, text.line, what, "Use that word, or add the phrase to what glossary.yaml allows.")


def texts(root: Path = ROOT) -> Iterator[ShippedText]:
    """What a release shipped before (`earlier`) is left as it was, and examples are told by their operators."""
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*")):
            name = file.relative_to(root).as_posix()
            if "/earlier/" in name or "__pycache__" in name:
                continue
            if file.suffix == ".yaml":
                yield from _of_yaml(file, name)
            elif file.suffix == ".py":
                yield from _of_python(file, name)
            elif file.suffix == ".po":
                yield from _of_catalogue(file, name)
            elif file.suffix == ".j2":
                yield from _lines(file.read_text("utf-8"), name)
    for name in DOCUMENTS:
        if (root / name).is_file():
            yield from _of_document(root / name, name)


def _of_yaml(file: Path, name: str) -> Iterator[ShippedText]:
    def below(node: yaml.Node | None) -> Iterator[ShippedText]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                language: Language | None = "ko" if key.value == "ko" else "en" if key.value == "en" else None
                if language and isinstance(value, yaml.ScalarNode):
                    yield ShippedText(name, value.start_mark.line + 1, language, value.value)
                else:
                    yield from below(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from below(value)

    yield from below(yaml.compose(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def _of_python(file: Path, name: str) -> Iterator[ShippedText]:
    """Korean literals, the English ones beside them in a call, and in commands every literal: their help is made of them."""
    is_command = name.startswith("commands/") and "/_" not in name
    source = file.read_text("utf-8")
    if not is_command and not _MAY_BE_KOREAN.search(source):
        return
    nodes = list(ast.walk(ast.parse(source)))
    comments = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Call):
            exprs = [*node.args, *(keyword.value for keyword in node.keywords)]
            literals = [(expr, text) for expr in exprs if (text := _literal(expr))]
            if any(_HANGUL.search(text) for _, text in literals):
                for expr, text in literals:
                    yield ShippedText(name, expr.lineno, "ko" if _HANGUL.search(text) else "en", text)
        elif isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in comments:
            text = _literal(node)
            if text and _HANGUL.search(text):
                yield ShippedText(name, node.lineno, "ko", text)
        if is_command and isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield ShippedText(name, node.lineno, "en", node.value)


def _literal(node: ast.AST) -> str:
    """The text of a literal, with {} for what is put in; empty for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def _of_catalogue(file: Path, name: str) -> Iterator[ShippedText]:
    written: list[str] = []
    language: Language = "en"
    start = 0
    for line, row in enumerate((*file.read_text("utf-8").splitlines(), "msgid"), 1):
        key, _, rest = row.partition(" ") if row.startswith("msg") else ("", "", row)
        if key:
            if text := "".join(written):
                yield ShippedText(name, start, language, text)
            written, start = [], line
            language = "ko" if key.startswith("msgstr") else "en"
        if rest.startswith('"'):
            written.append(rest[1:-1].replace('\\"', '"'))


def _of_document(file: Path, name: str) -> Iterator[ShippedText]:
    """Without code, which stays as blank lines so that lines keep their numbers."""
    yield from _lines(
        _CODE.sub(lambda match: "\n" * match.group().count("\n"), file.read_text("utf-8")), name, both=True
    )


def _lines(text: str, name: str, *, both: bool = False) -> Iterable[ShippedText]:
    for line, row in enumerate(text.splitlines(), 1):
        if _HANGUL.search(row):
            yield ShippedText(name, line, "ko", row)
        if both:
            yield ShippedText(name, line, "en", row)
