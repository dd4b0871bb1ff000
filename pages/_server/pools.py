"""Threads that keep out of each other's way: who is let in, what is handed out, coming and going. GATE, FILES, LOG, DOORS, OUTSIDE, MAIL,
HASHES.

The server's own threads read Streamlit's scripts and styles from the disk; nothing that may take long is done in them.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Pool:
    """A few threads of its own; what finds none free waits without one."""

    def __init__(self, name: str, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """In the context of whoever waits, so that the log knows whose work it is. Raises: whatever `work` raises."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, work, *arguments)


GATE = Pool("gate", 8)
"""Asks who is signed in, for every request and every message; only reads."""
FILES = Pool("files", 4)
"""Puts together what is downloaded."""
LOG = Pool("log", 1)
"""Writes the security log."""
DOORS = Pool("doors", 8)
"""Opens and ends sessions, which waits where another program writes."""
OUTSIDE = Pool("outside", 4)
"""Waits for an identity provider."""
MAIL = Pool("mail", 1)
"""Sends reminders."""
DAILY = Pool("daily", 1)
"""Counts the portfolio of the day."""
PROBES = Pool("probes", 1)
"""Looks whether the server can do its work, one look after the other."""
HASHES = Pool("hashes", 2)
"""Compares and makes hashes of passwords, each with 64 MiB and all it gets of a core."""
