"""`kandian token`: who may use the API."""

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import UsageError
from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, LedgerAddress, OutDir, print_json

if TYPE_CHECKING:
    from pipeline.ledger.tokens import ApiToken

MAX_LIFETIME_DAYS = 3650  # ten years; a token for longer should not expire, and be revoked when it must

token_app = typer.Typer(help="Who may use the API: tokens of services and editors.", no_args_is_help=True)
app.add_typer(token_app, name="token")


class ScopeChoice(StrEnum):
    """As pipeline.ledger.tokens has them (a test compares them); of a list, typer takes no Literal."""

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
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.ledger.tokens import add_token

    if days is not None and days > MAX_LIFETIME_DAYS:
        raise UsageError("--days", f"must be 1 to {MAX_LIFETIME_DAYS}", "leave it out for a token that does not expire")
    with closing(open_configured_ledger(out, ledger)) as opened:
        issued = add_token(opened, name, [each.value for each in scope], timedelta(days=days) if days else None)
    print(f"{_format_token(issued.token)}; it is shown this once:", file=sys.stderr)
    print(issued.secret)
    return 0


@token_app.command("list")
@with_exit_code
def token_list(out: OutDir = Path("out"), ledger: LedgerAddress = None, as_json: AsJson = False) -> int:
    """Say which tokens there are, what each lets do and when it was last used."""
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.ledger.tokens import read_tokens

    with closing(open_configured_ledger(out, ledger)) as opened, opened.read_transaction() as connection:
        tokens = read_tokens(connection)
    if as_json:
        print_json(tokens)
        return 0
    for token in tokens:
        print(_format_token(token))
    if not tokens:
        print("no token yet; make one with: kandian token add NAME --scope read")
    return 0


@token_app.command("revoke")
@with_exit_code
def token_revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As token list says.")],
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Let a token open nothing any more."""
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.ledger.tokens import revoke_token

    with closing(open_configured_ledger(out, ledger)) as opened:
        print(_format_token(revoke_token(opened, token_id)))
    return 0


def _format_token(token: "ApiToken") -> str:
    used = f"last used {token.last_used}" if token.last_used else "never used"
    return printable(f"{token.id} {token.name}: {' '.join(token.scopes)}, {_validity_text(token)}, {used}")


def _validity_text(token: "ApiToken") -> str:
    if token.revoked_at is not None:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    if token.expires_at is None:
        return "does not expire"
    return f"{'good until' if token.is_valid(datetime.now(UTC)) else 'expired'} {token.expires_at:%Y-%m-%d %H:%M}Z"
