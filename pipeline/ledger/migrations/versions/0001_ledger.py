"""The first ledger: edits, publications, and what can be found in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_edits()
    _create_publications()
    _create_promises_and_explanations()
    _create_passages()
    _create_deliveries()
    _create_tokens()


def _create_edits() -> None:
    op.create_table(
        "edits",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("edit", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "number", name="pk_edits"),
    )


def _create_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("duration", sa.Float, nullable=False),
        sa.Column("highlights", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "revision", name="pk_publications"),
    )


def _create_promises_and_explanations() -> None:
    op.create_table(
        "promises",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("highlight_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("start", sa.Float, nullable=False),
        sa.Column("end", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "highlight_id", name="pk_promises"),
        sa.ForeignKeyConstraint(
            ["session_id", "revision"],
            ["publications.session_id", "publications.revision"],
            name="fk_promises_publications",
        ),
    )
    op.create_table(
        "explanations",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("highlight_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("is_main", sa.Boolean, nullable=False),
        sa.Column("is_best", sa.Boolean, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("start", sa.Float, nullable=False),
        sa.Column("end", sa.Float, nullable=False),
        sa.Column("seek", sa.Float, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "highlight_id", "product_id", name="pk_explanations"),
    )
    op.create_index("ix_explanations_product_id", "explanations", ["product_id"])


def _create_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
        sa.Column("cues", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
    )
    op.create_index("ix_passages_session_id_last", "passages", ["session_id", "last"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_FTS_STATEMENTS:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX passage_words ON passages USING gin (to_tsvector('simple', words))")


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )


SQLITE_FTS_STATEMENTS = (
    "CREATE VIRTUAL TABLE passage_words USING fts5(words, content='passages', content_rowid='id', detail='full')",
    "CREATE TRIGGER passage_said AFTER INSERT ON passages BEGIN"
    " INSERT INTO passage_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER passage_gone AFTER DELETE ON passages BEGIN"
    " INSERT INTO passage_words(passage_words, rowid, words) VALUES ('delete', old.id, old.words); END",
)
"""FTS5 without a copy of the text: triggers tell it what comes and goes."""


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("session_id", "revision", "address", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["session_id", "revision"],
            ["publications.session_id", "publications.revision"],
            name="fk_deliveries_publications",
        ),
    )
    op.create_index("ix_deliveries_due_at", "deliveries", ["due_at"])
