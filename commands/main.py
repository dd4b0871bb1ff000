"""The entry point `haetae`: app."""

from __future__ import annotations

import typer

from commands import (
    assess,
    bench,
    bundle,
    check,
    export,
    import_,
    key,
    log,
    redact,
    rescore,
    serve,
    sources,
    template,
    upgrade,
    user,
    verify,
)

app = typer.Typer(
    name="haetae",
    help="Risk assessments of high-impact AI under South Korea's AI Basic Act. It informs; it is no legal advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("assess")(assess.assess)
app.command("verify")(verify.verify)
app.command("bundle")(bundle.bundle)
app.command("export")(export.export)
app.command("import")(import_.import_)
app.command("redact")(redact.redact)
app.command("check")(check.check)
app.command("template")(template.template)
app.command("sources")(sources.sources)
app.command("rescore")(rescore.rescore)
app.command("serve")(serve.serve)
app.command("upgrade")(upgrade.upgrade)
app.command("bench")(bench.bench)
app.add_typer(user.app, name="user")
app.add_typer(key.app, name="key")
app.add_typer(log.app, name="log")

if __name__ == "__main__":
    app()
