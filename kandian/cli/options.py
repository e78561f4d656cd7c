"""Options that several commands have."""

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
