"""What a form sends, taken in with limits of size and time and never kept: received."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

MAX_FIELDS = 10


class TooLargeError(Exception):
    """More bytes were sent than are taken."""


class TooSlowError(Exception):
    """The form did not arrive in time."""


class UnreadableFormError(Exception):
    """What was sent is no form with files."""


async def received(request: Request, names: Sequence[str], *, most_bytes: int, seconds: float) -> dict[str, bytes]:
    """Name of a field → the file that was sent in it; fields without a file are left out.

    What does not fit into memory lies in a nameless temporary file, which is gone with the answer, whatever happens.
    Raises: TooLargeError, TooSlowError, UnreadableFormError.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise TooLargeError
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UnreadableFormError
    parser = MultiPartParser(
        request.headers, _counted(request, most_bytes), max_files=len(names), max_fields=MAX_FIELDS, max_part_size=4096
    )
    try:
        async with asyncio.timeout(seconds):
            form = await parser.parse()
    except TimeoutError:
        raise TooSlowError from None
    except (MultiPartException, ClientDisconnect):
        raise UnreadableFormError from None
    try:
        files = {name: form.get(name) for name in names}
        contents = {name: await one.read() for name, one in files.items() if isinstance(one, UploadFile)}
    finally:
        with suppress(OSError):
            await form.close()
    return {name: content for name, content in contents.items() if content}


async def _counted(request: Request, most_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes in; stops at the first byte too many, whatever was announced."""
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > most_bytes:
            raise TooLargeError
        yield chunk
