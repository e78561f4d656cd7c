"""The command line: one module a command, with its options and what it does.

`app` is the command itself, `options` what several commands have, `exit_codes` how they end. Only `kandian` imports
this package. Commands import what they work with when they are called, so that `--help` answers at once: at the top of
these modules stand the standard library, typer and the light part of `domain` only.
"""

from kandian.cli import (  # noqa: I001  # in the order of --help
    run,
    status,
    show,
    sweep,
    doctor,
    export,
    apply_edits,
    edits,
    publish,
    quality,
    train,
    serve,
    token,
)
from kandian.cli.app import app, main

__all__ = [
    "app",
    "apply_edits",
    "doctor",
    "edits",
    "export",
    "main",
    "publish",
    "quality",
    "run",
    "serve",
    "show",
    "status",
    "sweep",
    "token",
    "train",
]
