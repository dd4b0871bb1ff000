"""Looking for garbage passes over what a server has loaded: begin, keep_setting_aside.

Python looks through all that lives, now and then, for what nobody reaches any more. Of a server that is mostly modules, templates
and questionnaires, which stay: a look took a fifth of a second, in which nobody was answered.
"""

from __future__ import annotations

import asyncio
import gc

AFTER_SECONDS = (20, 60, 300, 3600)
"""Between one time and the next; the last one goes on."""
GENERATIONS = (20_000, 20, 10)
"""New objects before a look at these; such looks before one at what outlived one; those before one at all that is not set aside."""


def begin() -> None:
    gc.set_threshold(*GENERATIONS)


def set_aside() -> None:
    """All that lives now. What was set aside before and is garbage by now is found, so that nothing adds up."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def keep_setting_aside() -> None:
    """First soon after the start, when the first screens have loaded what they need; then every hour."""
    for seconds in AFTER_SECONDS[:-1]:
        await asyncio.sleep(seconds)
        set_aside()
    while True:
        await asyncio.sleep(AFTER_SECONDS[-1])
        set_aside()
