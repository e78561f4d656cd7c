"""`kandian token add`, `list` and `revoke`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.errors import UsageError
from domain.text import printable
from kandian.cli.publish import LedgerOptions
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.location import open_configured_ledger
from pipeline.ledger.tokens import ApiToken, Scope, add_token, read_tokens, revoke_token

MAX_LIFETIME_DAYS = 3650  # ten years: a token for longer had better not expire, and be revoked


def token_add_command(name: str, scopes: Sequence[Scope], days: int | None, ledger_options: LedgerOptions) -> int:
    """Print a new token on standard output, all else on the other; returns the exit code."""
    if days is not None and not 1 <= days <= MAX_LIFETIME_DAYS:
        raise UsageError("--days", f"must be 1 to {MAX_LIFETIME_DAYS}", "leave it out for a token that does not expire")
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        issued = add_token(ledger, name, scopes, timedelta(days=days) if days else None)
    finally:
        ledger.close()
    print(f"{_format_token(issued.token)}; it is shown this once:", file=sys.stderr)
    print(issued.secret)
    return 0


def token_list_command(ledger_options: LedgerOptions, as_json: bool) -> int:
    """Print all tokens; returns the exit code."""
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        with ledger.read_transaction() as connection:
            tokens = read_tokens(connection)
    finally:
        ledger.close()
    if as_json:
        sys.stdout.write(type_adapter(tuple[ApiToken, ...]).dump_json(tokens, indent=1).decode() + "\n")
        return 0
    for token in tokens:
        print(_format_token(token))
    if not tokens:
        print("no token yet; make one with: kandian token add NAME --scope read")
    return 0


def token_revoke_command(token_id: str, ledger_options: LedgerOptions) -> int:
    """Revoke a token; returns the exit code."""
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        print(_format_token(revoke_token(ledger, token_id)))
    finally:
        ledger.close()
    return 0


def _format_token(token: ApiToken) -> str:
    used = f"last used {token.last_used}" if token.last_used else "never used"
    return printable(f"{token.id} {token.name}: {' '.join(token.scopes)}, {_validity_text(token)}, {used}")


def _validity_text(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    if token.expires_at is None:
        return "does not expire"
    return f"{'good until' if token.is_valid(datetime.now(UTC)) else 'expired'} {token.expires_at:%Y-%m-%d %H:%M}Z"
