"""A record as a PDF: render. The layout runs in a process of its own; the same record gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assessments.errors import RenderError
from exports import limits
from exports.record import Record
from exports.renderings import Renderings

SECONDS = 60
"""Wall and processor time; the three examples take 10 to 20 on a small machine."""
LANGUAGES = ("ko", "en")


_RENDERINGS = Renderings(lambda payload: limits.in_own_process("render", payload, seconds=SECONDS))
"""Of this process: screens, downloads and commands share them."""


def render(record: Record, languages: Sequence[str] = LANGUAGES) -> bytes:
    """The report: PDF/A-3a and PDF/UA-1 in one file, with the record attached as record.json.

    languages: of the labels, the first one leads. Raises: RenderError.
    """
    head = json.dumps({"languages": list(languages)}).encode()
    try:
        return _RENDERINGS.of(head + b"\n" + record.canonical)
    except limits.OverLimitError as error:
        raise RenderError(
            f"The report could not be made: {error}. Nothing was lost. Shorten very long texts or tables, then try again; "
            "if it stays so, report the text above to whoever runs this program.",
            f"보고서를 만들지 못했습니다: {error}. 저장된 내용은 그대로 있습니다. 아주 긴 글이나 표를 줄인 뒤 다시 시도하고, 계속되면 "
            "위 문구를 프로그램 운영자에게 알려 주십시오.",
        ) from None
