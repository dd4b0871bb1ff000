"""Tables as CSV for spreadsheets: csv_of. UTF-8 with BOM; nothing that somebody wrote becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from assessments.register_file.columns import FORMULA_STARTS
from exports.forms.tables import Figure, Value


def csv_of(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A cell that would start a formula is prefixed with an apostrophe."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([harmless(cell) for cell in head])
    lines.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: Value) -> Value:
    """The cell as CSV holds it, no formula whatever somebody wrote."""
    if isinstance(cell, Figure):
        return str(cell.value)
    if isinstance(cell, date):
        return cell.isoformat()
    return "'" + cell if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS) else cell
