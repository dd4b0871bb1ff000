"""What a form sends, taken in with limits of number, size and time and never kept: received for files, body for a few fields."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

MAX_FIELDS = 10
MAX_FIELD_BYTES = 4096
MAX_FORM_BYTES = 4096


class TooLargeError(Exception):
    """More bytes were sent than are taken."""


class TooSlowError(Exception):
    """The form did not arrive in time."""


class UnreadableFormError(Exception):
    """The request body is no form with files."""


@asynccontextmanager
async def received(
    request: Request, names: Sequence[str], *, most_bytes: int, seconds: float
) -> AsyncIterator[dict[str, UploadFile]]:
    """Name of a field → the file that was sent in it; fields without a file, or with an empty one, are left out.

    What does not fit into memory lies in a nameless temporary file, which is gone once the block is left, whatever happens.
    Raises: TooLargeError, TooSlowError, UnreadableFormError.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise TooLargeError
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UnreadableFormError
    counted = _Counted(request, most_bytes)
    try:
        async with asyncio.timeout(seconds):
            form = await counted.form(max_files=len(names), max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    except TimeoutError:
        raise TooSlowError from None
    except (HTTPException, MultiPartException, ClientDisconnect):
        raise UnreadableFormError from None
    try:
        files = {name: form.get(name) for name in names}
        yield {name: upload for name, upload in files.items() if isinstance(upload, UploadFile) and upload.size}
    finally:
        await form.close()


class _Counted(Request):
    """A request whose body ends with the first byte too many, whatever was announced."""

    def __init__(self, request: Request, most_bytes: int) -> None:
        taken = 0

        async def receive() -> Message:
            nonlocal taken
            message = await request.receive()
            taken += len(message.get("body", b""))
            if taken > most_bytes:
                raise TooLargeError
            return message

        super().__init__(request.scope, receive)


async def body(request: Request, most_bytes: int = MAX_FORM_BYTES) -> bytes:
    """Body of a small form; empty if it is larger than any form of ours."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > most_bytes:
            return b""
    return content
