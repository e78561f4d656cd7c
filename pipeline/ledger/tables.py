"""The tables of the ledger. A change needs a migration too: a test compares the tables that migrations make with these.

Times are UTC. JSON is kept as text: classes read and write it, the database never looks into it.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC, with its zone. SQLite stores no zone, and PostgreSQL returns that of the connection."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Any) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

edits = Table(
    "edits",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, ... of the session
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("edit", Text, nullable=False),  # a domain.review.Edit
)
"""Append-only."""

publications = Table(
    "publications",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),  # 1, 2, ... of the session
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("duration", Float, nullable=False),
    Column("highlights", Integer, nullable=False),  # their number
    Column("digest", Text, nullable=False),  # of its content without the revision's number
    Column("document", Text, nullable=False),  # its highlights.json
)

promises = Table(
    "promises",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("highlight_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    ForeignKeyConstraint(["session_id", "revision"], ["publications.session_id", "publications.revision"]),
)
"""Every highlight id that was ever published: its last revision, and its main product and span there."""

explanations = Table(
    "explanations",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("highlight_id", Text, primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("is_main", Boolean, nullable=False),
    Column("is_best", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("product_confidence", Float, nullable=False),
    Column("start_confidence", Float, nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    Column("seek", Float, nullable=False),
    Column("title", Text, nullable=False),
    Index(None, "product_id"),
)
"""Where each product is explained, in the last revision of every session."""

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column("last", Float, nullable=False),  # start of the last cue of its own; later ones are the next passage's too
    Column("cues", Text, nullable=False),  # by time
    Column("words", Text, nullable=False),  # index_words of each cue, a line each
    Index(None, "session_id", "last"),
)
"""The transcripts of all published sessions. The full-text index depends on the database: see the migration."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the secret
    Column("scopes", Text, nullable=False),  # separated by spaces
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used", Date),
    UniqueConstraint("digest"),
)
"""API tokens and what they allow."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("address", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, index=True),  # none: delivered, or given up
    Column("delivered_at", UtcDateTime),
    Column("problem", Text),  # of the last attempt
    ForeignKeyConstraint(["session_id", "revision"], ["publications.session_id", "publications.revision"]),
)
"""Webhook deliveries: which publication goes to which address, and whether it arrived."""
