"""`haetae sources`: every source with edition, date read and where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from commands._output import errors_told, print_json, tell
from questionnaires import crosswalk, enforcement, load
from questionnaires.checks.sources import named_sources
from questionnaires.law import law
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Source


def sources(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List every source of every questionnaire edition and of the files beside them, and the lines that rest on it."""
    with errors_told():
        rows = [
            row
            for edition in load.editions()
            for row in _rows(edition.file, edition.text, edition.questionnaire.sources)
        ]
        rows += _rows(crosswalk.FILE.name, crosswalk.FILE.read_text("utf-8"), crosswalk.crosswalk().sources)
        rows += _rows(enforcement.FILE.name, enforcement.FILE.read_text("utf-8"), enforcement.enforcement().sources)
    if as_json:
        print_json({"sources": rows, **law().model_dump(mode="json")})
        return
    for row in rows:
        tell(f"{row['file']}  {row['id']}  [{row['kind']}]  edition {row['edition']}, read {row['read_on']}")
        tell(f"    {row['title']['en']}" + (f"  {row['url']}" if row["url"] else ""))
        if row["note"]:
            tell(f"    note: {row['note']['en']}")
        tell(f"    used in lines {', '.join(str(line) for line in row['lines'])}")
    tell("")
    tell("Official guideline files")
    for file in law().files:
        copy = f", the copy read begins with {file.copy_begins}" if file.copy_begins else ""
        tell(f"{file.id}  edition {file.edition}, {file.pages} pages  SHA-256 {file.fingerprint}{copy}")
        tell(f"    {file.note.en}")
    tell(law().files_told_by.en)
    tell("")
    tell("Open questions of law")
    for question in law().open:
        looked = f", last looked for on {question.looked_for_on}" if question.looked_for_on else ""
        tell(f"{question.id}  [{question.kind}{looked}]  {question.title.en}")
        tell(f"    {question.text.en}")


def _rows(file: str, text: str, declared: Mapping[str, Source]) -> list[dict[str, Any]]:
    parsed = parse(text, file)
    lines: dict[str, list[int]] = {}
    for path, name in named_sources(parsed.data):
        lines.setdefault(name, []).append(parsed.line(path))
    return [
        {"file": file, "id": name, "lines": lines.get(name, []), **source.model_dump(mode="json")}
        for name, source in declared.items()
    ]
