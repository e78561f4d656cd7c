"""`kandian token`: who may use the API."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, LedgerAddress, OutDir

token_app = typer.Typer(help="Who may use the API: tokens of services and editors.", no_args_is_help=True)
app.add_typer(token_app, name="token")


class ScopeChoice(StrEnum):
    """As in tokens.Scope."""

    read = "read"
    edit = "edit"
    publish = "publish"
    admin = "admin"


@token_app.command("add")
@with_exit_code
def token_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is: edits are signed with it.")],
    scope: Annotated[list[ScopeChoice], typer.Option("--scope", help="What it lets do; again for more.")],
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, help="How long it is good.")] = None,
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Make a token and print it: this once, for only its digest is kept."""
    from kandian.commands.review import LedgerOptions
    from kandian.commands.token import token_add_command

    return token_add_command(name, [each.value for each in scope], days, LedgerOptions(out, ledger))


@token_app.command("list")
@with_exit_code
def token_list(out: OutDir = Path("out"), ledger: LedgerAddress = None, as_json: AsJson = False) -> int:
    """Say which tokens there are, what each lets do and when it was last used."""
    from kandian.commands.review import LedgerOptions
    from kandian.commands.token import token_list_command

    return token_list_command(LedgerOptions(out, ledger), as_json)


@token_app.command("revoke")
@with_exit_code
def token_revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As token list says.")],
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Let a token open nothing any more."""
    from kandian.commands.review import LedgerOptions
    from kandian.commands.token import token_revoke_command

    return token_revoke_command(token_id, LedgerOptions(out, ledger))
