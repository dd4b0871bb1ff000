"""The libraries of a task loaded in half the time: quickly.

WeasyPrint looks for its libraries by names that only other systems have, each time with up to three programs, and reads
all that fontTools knows of tables, which it needs only where HarfBuzz cannot cut a font down. pyHanko's client for time
stamps reads every authority that the system trusts.
"""

from __future__ import annotations

import ctypes.util
import importlib
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_SELDOM_USED = ("fontTools.subset", "fontTools.varLib.instancer")


class _Later(ModuleType):
    """Stands where a module will stand, which is read when something of it is called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*given: Any, **named: Any) -> Any:
            return getattr(_read(self), name)(*given, **named)

        return call


def _read(stand_in: ModuleType) -> ModuleType:
    name = stand_in.__name__
    if sys.modules.get(name) is stand_in:
        del sys.modules[name]
    return importlib.import_module(name)


@contextmanager
def quickly() -> Iterator[None]:
    """While the modules of a task are imported, in a process that never connects to anything.

    On Linux WeasyPrint finds its libraries by the names that Linux has.
    """
    search, trust = ctypes.util.find_library, ssl.create_default_context
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    ssl.create_default_context = lambda *_, **__: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name in _SELDOM_USED:
        sys.modules.setdefault(name, _Later(name))
    try:
        yield
    finally:
        ctypes.util.find_library, ssl.create_default_context = search, trust
