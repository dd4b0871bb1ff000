"""What `haetae supervise` serves beside its screen: the way in by the address that the terminal printed, and tables as files.

It answers this computer only, and whoever has that address; nothing is read but the table that was named when it began.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments.model import Actor
from exports.collection.columns import columns, finding_columns
from exports.forms import spreadsheet_csv, xlsx
from exports.forms.outputs import MEDIA_TYPES
from exports.forms.sheets import Sheet
from exports.forms.tables import Figure, Unit, Value
from pages._frame import cookies, markup, plain, translation
from pages._server import gate, pools, shell, sign_in
from pages._server.files import attachment
from pages._supervision import table
from pages._supervision.table import FILTERS, SEARCH
from questionnaires.wording import seoul_day

KEY = "HAETAE_SUPERVISION_KEY"
"""Environment variable with the secret that the printed address carries."""
SUPERVISOR = Actor("supervisor", "", frozenset())


def who(token: str | None) -> Actor | None:
    """Whoever came by the printed address."""
    key = os.environ.get(KEY, "")
    is_right = bool(key) and secrets.compare_digest((token or "").encode(), key.encode())
    return SUPERVISOR if is_right else None


def standing(tokens: Collection[str]) -> frozenset[str]:
    return frozenset(token for token in tokens if who(token) is not None)


GATE = Middleware(gate.Gate, who=who, who_acts=who, standing=standing, present=who)


async def enter(request: Request) -> Response:
    """The printed address is taken once into a cookie, so that it stands in no further address."""
    key = request.query_params.get("key", "")
    if who(key) is not None:
        answer = RedirectResponse("/", status_code=303)
        cookies.keep(answer, cookies.SESSION, key)
        return answer
    language = translation.language_of(request.cookies)
    title = translation.translate("Open the printed address", language)
    body = markup.render("server/supervision_enter.html.j2", language, title=title)
    return plain.page(language, body, title=title, status=403 if key else 200)


async def file(request: Request) -> Response:
    """A table as its picture shows it, the list, or the findings, narrowed as the address says."""
    name, ending = request.path_params["table"], request.path_params["ending"]
    if name not in (*table.TABLES, "reports", "findings") or ending not in ("csv", "xlsx"):
        return plain.sentence(translation.language_of(request.cookies), "404", 404)
    chosen = {key: request.query_params.get(key, "") for key in (*FILTERS, SEARCH)}
    return await pools.FILES.run(_file, name, ending, chosen, translation.language_of(request.cookies))


def _file(name: str, ending: str, chosen: dict[str, str], language: str) -> Response:
    supervised = table.opened()
    entries = supervised.chosen(chosen)
    rows: tuple[tuple[Value, ...], ...]
    if name in table.TABLES:
        counts = table.counts(name, entries, language)
        title, head = counts.title, counts.head
        rows = tuple((row.title, *(count.number for count in row.counts)) for row in counts.rows)
    else:
        of = finding_columns() if name == "findings" else columns()
        is_found = name == "findings"
        title = translation.translate("Found across the set" if is_found else "Reports", language)
        head = tuple(column.title[language] for column in of)
        lines = supervised.findings if name == "findings" else (entry.row for entry in entries)
        rows = tuple(tuple(_cells([column.reading(row.get(column.id), language) for column in of])) for row in lines)
    at = datetime.now(UTC)
    if ending == "csv":
        content, media_type = spreadsheet_csv.csv_of(head, rows), "text/csv; charset=utf-8"
    else:
        content = xlsx.book_of([Sheet(title, head, rows)], f"Haetae {title}", at)
        media_type = MEDIA_TYPES["xlsx"][1]
    return attachment(content, f"haetae-{name}-{seoul_day(at)}.{ending}", media_type)


def _cells(values: list[str | int | float | bool | datetime | object | None]) -> Iterator[Value]:
    for value in values:
        yield Figure(value, Unit.SHARE) if isinstance(value, float) else value  # type: ignore[misc]


ROUTES = (
    Route("/enter", enter, methods=["GET"]),
    Route("/language/{language}", sign_in.choose_language, methods=["GET"]),
    Route("/files/{table}.{ending}", file, methods=["GET"]),
    *shell.FRAME,
)
