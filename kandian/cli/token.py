"""`kandian token`: who may use the API."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, ending_well
from kandian.cli.options import AsJson, LedgerAddress, Out

token = typer.Typer(help="Who may use the API: tokens of services and editors.", no_args_is_help=True)
app.add_typer(token, name="token")


class ScopeChoice(StrEnum):
    """As in tokens.Scope."""

    read = "read"
    edit = "edit"
    publish = "publish"
    admin = "admin"


@token.command("add")
@ending_well
def token_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is: edits are signed with it.")],
    scope: Annotated[list[ScopeChoice], typer.Option("--scope", help="What it lets do; again for more.")],
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, help="How long it is good.")] = None,
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Make a token and print it: this once, for only its digest is kept."""
    from kandian.commands.review import Desk
    from kandian.commands.token import token_add_command

    return token_add_command(name, [each.value for each in scope], days, Desk(out, ledger))


@token.command("list")
@ending_well
def token_list(out: Out = Path("out"), ledger: LedgerAddress = None, as_json: AsJson = False) -> int:
    """Say which tokens there are, what each lets do and when it was last used."""
    from kandian.commands.review import Desk
    from kandian.commands.token import token_list_command

    return token_list_command(Desk(out, ledger), as_json)


@token.command("revoke")
@ending_well
def token_revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As token list says.")],
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Let a token open nothing any more."""
    from kandian.commands.review import Desk
    from kandian.commands.token import token_revoke_command

    return token_revoke_command(token_id, Desk(out, ledger))
