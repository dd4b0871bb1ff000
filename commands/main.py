"""The entry point `haetae`: app. A command is imported when it is asked for, so that it begins at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from commands._output import FAULT, complain, tell

MODULES: Mapping[str, str] = {
    "assess": "assess",
    "verify": "verify",
    "supervise": "supervise",
    "bundle": "bundle",
    "export": "export",
    "document": "document",
    "import": "import_",
    "redact": "redact",
    "check": "check",
    "template": "template",
    "sources": "sources",
    "rescore": "rescore",
    "serve": "serve",
    "work": "work",
    "upgrade": "upgrade",
    "migrate-database": "migrate_database",
    "migrate-files": "migrate_files",
    "backup": "backup",
    "restore": "restore",
    "user": "user",
    "unit": "unit",
    "key": "key",
    "log": "log",
    "history": "history",
    "erase": "erase",
    "register": "register",
    "reindex": "reindex",
    "remind": "remind",
    "bench": "bench",
    "security-log": "security_log",
}
"""Command → module here: its function of the same name, or its `app` of further commands."""


class _OnDemand(TyperGroup):
    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run the command; usage errors use our own output, and unexpected errors become a sentence."""
        if not more.pop("standalone_mode", True):
            return super().main(*arguments, **{**more, "standalone_mode": False})
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(
                    errors="backslashreplace"
                )  # a terminal that lacks a character is no reason to break off
        try:
            ended = super().main(*arguments, **{**more, "standalone_mode": False})
        except (typer.Abort, KeyboardInterrupt):
            complain("Broken off.")
            sys.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(1)
        except Exception as error:
            sys.exit(_usage(error) if hasattr(error, "format_message") else _unforeseen(error))
        sys.exit(ended if isinstance(ended, int) else 0)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in MODULES:
            return None
        module = import_module(f"commands.{MODULES[cmd_name]}")
        if hasattr(module, "app"):
            command = typer.main.get_command(module.app)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(getattr(module, MODULES[cmd_name]))
            command = typer.main.get_command(alone)
        command.name = cmd_name
        return command


def _usage(error: Any) -> int:
    """A command line that cannot be understood: how it is used, and what is wrong with it."""
    message = error.format_message()
    if message:  # without: a command with further commands was called alone, and its help stands there already
        for line in error.ctx.get_usage().split("\n") if error.ctx else ():
            complain(line)
        complain(message)
    code: int = error.exit_code
    return code


def _unforeseen(error: Exception) -> int:
    """Report an unexpected error without a traceback, which could reveal file content and helps no user."""
    place = extract_tb(error.__traceback__)[-1]
    complain(
        f"Something went wrong that nobody foresaw ({type(error).__name__}: {error}; {Path(place.filename).name}, line "
        f"{place.lineno}). Nothing was finished. Please report it, with the command that you gave."
    )
    return FAULT


app = typer.Typer(
    name="haetae",
    cls=_OnDemand,
    help="Risk assessments of high-impact AI under South Korea's AI Basic Act. It informs; it is no legal advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(is_asked: bool) -> None:
    if is_asked:
        from assessments.release import version

        tell(f"haetae {version()}")
        raise typer.Exit


@app.callback()
def _haetae(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which release this is.")
    ] = False,
) -> None:
    """Nothing else is common to all commands; a group needs it all the same."""


if __name__ == "__main__":
    app()
