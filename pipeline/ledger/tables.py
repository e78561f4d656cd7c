"""The tables of the ledger. Changes go into `migrations` too: a test compares what they make with what is here.

Times are UTC. JSON is text: it is read by the classes that wrote it, never by the database.
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
    """A time with its zone, UTC: SQLite keeps no zone, PostgreSQL gives that of the connection."""

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
    Column("highlights", Integer, nullable=False),  # how many
    Column("digest", Text, nullable=False),  # of what it holds, its number aside
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
"""Every id that was ever published: the last revision that had it, as which main product, and where."""

explanations = Table(
    "explanations",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("highlight_id", Text, primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("is_main", Boolean, nullable=False),
    Column("is_best", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    Column("seek", Float, nullable=False),
    Column("title", Text, nullable=False),
    Index(None, "product_id"),
)
"""Which product is explained where, in the last revision of every session: to be found by product."""

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column(
        "last", Float, nullable=False
    ),  # when the last cue begins that is its own: later ones are the next one's too
    Column("cues", Text, nullable=False),  # by time
    Column("words", Text, nullable=False),  # spoken.words_of each cue, a line each
    Index(None, "session_id", "last"),
)
"""What was said in every published session. Its index of words differs from database to database: see the migration."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the secret
    Column("scopes", Text, nullable=False),  # parted by spaces
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used", Date),
    UniqueConstraint("digest"),
)
"""Who may do what."""

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
"""Who is to be told of which publication, and whether that was done."""
