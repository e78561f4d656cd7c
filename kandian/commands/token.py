"""`kandian token add`, `list` and `revoke`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.errors import UsageError
from kandian.commands.review import Desk
from kandian.terminal.cells import printable
from pipeline.engine.serialization import adapter_of
from pipeline.ledger.location import ledger_of
from pipeline.ledger.tokens import Scope, Token, add_token, read_tokens, revoke_token

MOST_DAYS = 3650  # ten years: a token for longer had better not expire, and be revoked


def token_add_command(name: str, scopes: Sequence[Scope], days: int | None, desk: Desk) -> int:
    """Print a new token on standard output, all else on the other; returns the exit code."""
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise UsageError("--days", f"must be 1 to {MOST_DAYS}", "leave it out for a token that does not expire")
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        issued = add_token(ledger, name, scopes, timedelta(days=days) if days else None)
    finally:
        ledger.close()
    print(f"{_told(issued.token)}; it is shown this once:", file=sys.stderr)
    print(issued.secret)
    return 0


def token_list_command(desk: Desk, as_json: bool) -> int:
    """Print all tokens; returns the exit code."""
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        with ledger.reading() as connection:
            found = read_tokens(connection)
    finally:
        ledger.close()
    if as_json:
        sys.stdout.write(adapter_of(tuple[Token, ...]).dump_json(found, indent=1).decode() + "\n")
        return 0
    for token in found:
        print(_told(token))
    if not found:
        print("no token yet; make one with: kandian token add NAME --scope read")
    return 0


def token_revoke_command(token_id: str, desk: Desk) -> int:
    """Revoke a token; returns the exit code."""
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        print(_told(revoke_token(ledger, token_id)))
    finally:
        ledger.close()
    return 0


def _told(token: Token) -> str:
    used = f"last used {token.last_used}" if token.last_used else "never used"
    return printable(f"{token.id} {token.name}: {' '.join(token.scopes)}, {_standing(token)}, {used}")


def _standing(token: Token) -> str:
    if token.revoked_at is not None:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    if token.expires_at is None:
        return "does not expire"
    return f"{'good until' if token.is_good(datetime.now(UTC)) else 'expired'} {token.expires_at:%Y-%m-%d %H:%M}Z"
