"""`kandian serve`."""

from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import LedgerAddress


@app.command()
@with_exit_code
def serve(
    out: Annotated[Path | None, typer.Argument(metavar="[OUT]", help="Where results lie; out by default.")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8040,
    host_aliases: Annotated[
        list[str] | None, typer.Option("--also-called", metavar="NAME", help="A name by which others reach it.")
    ] = None,
    ledger: LedgerAddress = None,
) -> int:
    """Serve the API, the player and published files, to this machine unless told otherwise.

    In a checkout, without OUT and with nothing in out yet: its two small shows are made and published first.
    """
    from kandian.commands.serve import ListenAddress, serve_command

    return serve_command(out, ledger, ListenAddress(host, port, tuple(host_aliases or ())))
