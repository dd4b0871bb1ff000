"""`haetae bundle`: several reports in one ZIP with an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands._output import complain, errors_told

if TYPE_CHECKING:
    from exports.record.record import Record

    Made = tuple[bytes, Record]


def bundle(
    files: Annotated[list[Path], typer.Argument(help="Reports (PDF), or record.json to be rendered as drafts.")],
    out: Annotated[Path, typer.Option("--out", help="The ZIP to write.")],
    language: Annotated[
        Literal["ko", "en"] | None,
        typer.Option("--language", help="Of the index and errors; without it the index is Korean, errors are English."),
    ] = None,
) -> None:
    """Pack reports with index.html and index.csv; records are rendered two at a time."""
    from exports.forms import bundle as packing
    from exports.printing.renderings import AT_ONCE

    draft = out.with_name(out.name + ".part")
    with errors_told(language or "en"):
        for file in files:
            file.stat()  # what is missing is said before anything is rendered
        try:
            with ThreadPoolExecutor(AT_ONCE) as workers, draft.open("wb") as stream:
                for piece in packing.packed(_with_progress(workers.map(_made, files), files), language or "ko"):
                    stream.write(piece)
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
    complain(f"{out}: {len(files)} reports, {out.stat().st_size:,} bytes.")


def _with_progress(done: Iterator[Made], files: Sequence[Path]) -> Iterator[Made]:
    for file, result in zip(files, done, strict=True):
        complain(f"{file}: ready.")
        yield result


def _made(file: Path) -> Made:
    from exports.printing import pdf
    from exports.record import attached

    content = file.read_bytes()
    record = attached.read_file(content)
    return (content if content[:5] == b"%PDF-" else pdf.render(record)), record
