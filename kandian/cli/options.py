"""Options and arguments that several commands have, and what they share in carrying them out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

OutDir = Annotated[Path, typer.Option("--out", metavar="DIR", help="Results go to DIR/SESSION_ID.")]
StoreDir = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="Finished work is kept here. (OUT/.store)")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="Settings of the stages. (kandian.toml, if here)")
]
WorkerCount = Annotated[int | None, typer.Option("--workers", metavar="N", help="Tasks at once. (one a core)")]
LedgerAddress = Annotated[
    str | None, typer.Option("--ledger", metavar="URL", help="Where people's edits are kept. (OUT/ledger.db)")
]
EditorName = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Whose work it is. (the account's name)")]


def parse_session_id(argument: str) -> str:
    """The session id of an argument: a shell that completes the folder's name puts a slash behind it."""
    return argument.rstrip("/") or argument


def editor_or_account(editor: str | None) -> str:
    """The name that edits are signed with: the given one, else the account's."""
    import getpass

    return editor or getpass.getuser()


def print_json(value: object) -> None:
    """What --json prints: one document on standard output, dataclasses as objects."""
    from pipeline.engine.serialization import type_adapter

    sys.stdout.write(type_adapter(object).dump_json(value, indent=1).decode() + "\n")
