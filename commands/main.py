"""The entry point `haetae`: app. A command is imported when it is asked for, so that it begins at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

MODULES: Mapping[str, str] = {
    "assess": "assess",
    "verify": "verify",
    "bundle": "bundle",
    "export": "export",
    "import": "import_",
    "redact": "redact",
    "check": "check",
    "template": "template",
    "sources": "sources",
    "rescore": "rescore",
    "serve": "serve",
    "upgrade": "upgrade",
    "bench": "bench",
    "user": "user",
    "key": "key",
    "log": "log",
}
"""Command → module here: its function of the same name, or its `app` of further commands."""


class _OnDemand(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in MODULES:
            return None
        module = import_module(f"commands.{MODULES[cmd_name]}")
        if hasattr(module, "app"):
            found = typer.main.get_command(module.app)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(getattr(module, MODULES[cmd_name]))
            found = typer.main.get_command(alone)
        found.name = cmd_name
        return found


app = typer.Typer(
    name="haetae",
    cls=_OnDemand,
    help="Risk assessments of high-impact AI under South Korea's AI Basic Act. It informs; it is no legal advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _haetae() -> None:
    """Nothing is common to all commands; a group needs it all the same."""


if __name__ == "__main__":
    app()
