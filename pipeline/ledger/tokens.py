"""API tokens of services and editors. The ledger keeps a digest only: a token is shown once, when it is made."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, insert, select, update

from domain.errors import UsageError
from pipeline.ledger.database import Ledger
from pipeline.ledger.tables import tokens

Scope = Literal["read", "edit", "publish", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What a token allows: to see drafts, to edit them, to publish them, or everything."""

TOKEN_PREFIX = "kandian_"  # by which people and scanners for leaked secrets recognise it
SECRET_BYTES = 32  # too many random bits to guess one from its plain SHA-256
ID_BYTES = 4
MAX_NAME_LENGTH = 100
WRITE_LOCK_KEY = "tokens"  # one writer at a time


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret. `last_used` is a day, UTC: a time would log how people work."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used: date | None

    def is_valid(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token, and the secret that its owner sends."""

    token: ApiToken
    secret: str


def secret_digest(secret: str) -> str:
    """The SHA-256 of a secret, which is all that is stored."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def add_token(ledger: Ledger, name: str, scopes: Iterable[Scope], lifetime: timedelta | None = None) -> IssuedToken:
    """Make a token. Raises UsageError for a name that cannot be printed, or without a scope."""
    ordered_scopes = tuple(scope for scope in SCOPES if scope in set(scopes))
    if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_LENGTH:
        raise UsageError("token", "needs a printable name", "say whose it is, in 100 characters at most")
    if not ordered_scopes:
        raise UsageError("token", "needs a scope", f"name one or more of {', '.join(SCOPES)}")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    now = datetime.now(UTC)
    token = ApiToken(
        secrets.token_hex(ID_BYTES), name, ordered_scopes, now, now + lifetime if lifetime else None, None, None
    )
    row = {column: getattr(token, column) for column in ApiToken.__dataclass_fields__}
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        connection.execute(
            insert(tokens).values(**row | {"scopes": " ".join(ordered_scopes), "digest": secret_digest(secret)})
        )
    return IssuedToken(token, secret)


def read_tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """All tokens, the oldest first."""
    return tuple(
        _token_from_row(row._mapping)
        for row in connection.execute(_select_tokens().order_by(tokens.c.made_at, tokens.c.id))
    )


def revoke_token(ledger: Ledger, token_id: str) -> ApiToken:
    """Revoke a token. Raises UsageError for an unknown id."""
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        unrevoked = update(tokens).where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
        connection.execute(unrevoked.values(revoked_at=datetime.now(UTC)))
        row = connection.execute(_select_tokens().where(tokens.c.id == token_id)).first()
    if row is None:
        raise UsageError(f"token {token_id}", "is not there", "kandian token list has all ids")
    return _token_from_row(row._mapping)


def authenticate_token(ledger: Ledger, secret: str) -> ApiToken | None:
    """The valid token with this secret, marked as used today; None where there is none."""
    now = datetime.now(UTC)
    with ledger.read_transaction() as connection:
        row = connection.execute(_select_tokens().where(tokens.c.digest == secret_digest(secret))).first()
    token = None if row is None else _token_from_row(row._mapping)
    if token is None or not token.is_valid(now):
        return None
    if token.last_used != now.date():
        with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
            connection.execute(update(tokens).where(tokens.c.id == token.id).values(last_used=now.date()))
    return token


def _select_tokens() -> Any:
    return select(*(column for column in tokens.c if column.name != "digest"))


def _token_from_row(row: Any) -> ApiToken:
    return ApiToken(**{**row, "scopes": tuple(row["scopes"].split())})
