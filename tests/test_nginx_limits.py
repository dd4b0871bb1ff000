"""The documented nginx: an office behind one address is many people, and one session or one stranger is not."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Iterator, Sequence

import pytest

from tests.proxy import NAME, Front, free_port, nginx

pytestmark = pytest.mark.slow
MANY = 150


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Front, int]]:
    """nginx, and the port of the server that it leads to; nothing listens there yet."""
    port = free_port()
    with nginx(port, folder=tmp_path_factory.mktemp("nginx")) as front:
        yield front, port


async def _answers(front: Front, port: int, cookies: Sequence[str]) -> list[int]:
    """Status of as many requests at once, each on a connection of its own. None is answered before all have been let in or
    refused, as open pages stay open."""
    decided, settled = 0, asyncio.Event()

    def decide() -> None:
        nonlocal decided
        decided += 1
        if decided == len(cookies):
            settled.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        decide()
        await settled.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def ask(cookie: str) -> int:
        trusting = ssl.create_default_context(cafile=str(front.authority))
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port, ssl=trusting, server_hostname=NAME)
        writer.write(f"GET / HTTP/1.1\r\nHost: {NAME}:{front.port}\r\n{cookie}\r\n".encode())
        status = int((await reader.readline()).split()[1])
        if status == 429:
            decide()
        writer.close()
        return status

    async with await asyncio.start_server(serve, "127.0.0.1", port):
        return await asyncio.wait_for(asyncio.gather(*map(ask, cookies)), timeout=300)


def _session() -> str:
    return f"Cookie: haetae_language=ko; __Host-haetae_session={secrets.token_urlsafe(32)}\r\n"


def test_everybody_of_an_office_gets_in_from_one_address(behind: tuple[Front, int]) -> None:
    assert set(asyncio.run(_answers(*behind, [_session() for _ in range(MANY)]))) == {200}


@pytest.mark.parametrize(
    "cookie", ["", _session(), "Cookie: __Host-haetae_session=short\r\n"], ids=["nothing", "one session", "no session"]
)
def test_one_session_or_none_holds_no_more_than_a_browser_needs(behind: tuple[Front, int], cookie: str) -> None:
    answers = asyncio.run(_answers(*behind, [cookie] * MANY))
    assert answers.count(200) == 64 and set(answers) == {200, 429}
