"""Tokens: shown once, kept as digests, good until they end. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.errors import UsageError
from pipeline.ledger.database import Ledger
from pipeline.ledger.tables import tokens
from pipeline.ledger.tokens import add_token, authenticate_token, read_tokens, revoke_token


def test_a_token_is_known_by_its_secret_and_marked_with_the_day_of_its_use(ledger: Ledger) -> None:
    issued = add_token(ledger, "编辑甲", ["edit", "read", "edit"])
    assert issued.token.scopes == ("read", "edit")
    authenticated = authenticate_token(ledger, issued.secret)
    assert authenticated == issued.token
    with ledger.read_transaction() as connection:
        (used,) = read_tokens(connection)
    assert used.last_used == datetime.now(UTC).date()
    assert authenticate_token(ledger, issued.secret + "x") is None


def test_the_ledger_does_not_hold_the_secret(ledger: Ledger) -> None:
    issued = add_token(ledger, "服务", ["publish"])
    with ledger.read_transaction() as connection:
        (row,) = connection.execute(select(tokens)).all()
    assert issued.secret not in " ".join(map(str, row))
    assert len(issued.secret) > 43


def test_a_token_ends_by_its_time_or_by_being_revoked(ledger: Ledger) -> None:
    old = add_token(ledger, "旧", ["read"], timedelta(seconds=-1))
    gone = add_token(ledger, "走", ["read"], timedelta(days=1))
    first, again = (revoke_token(ledger, gone.token.id) for _ in range(2))
    assert first.revoked_at is not None
    assert again == first
    assert [authenticate_token(ledger, issued.secret) for issued in (old, gone)] == [None, None]


def test_a_token_needs_a_name_and_a_scope(ledger: Ledger) -> None:
    for name, scopes in ((" ", ["read"]), ("a\nb", ["read"]), ("甲", [])):
        with pytest.raises(UsageError):
            add_token(ledger, name, scopes)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="is not there"):
        revoke_token(ledger, "nobody")
