"""The first ledger: edits, publications, and what can be found in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _edits()
    _publications()
    _what_is_found_in_them()


def _edits() -> None:
    op.create_table(
        "edits",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("edit", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "number", name="pk_edits"),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "revision", name="pk_publications"),
    )


def _what_is_found_in_them() -> None:
    op.create_table(
        "promises",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("highlight_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
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
        sa.PrimaryKeyConstraint("session_id", "highlight_id", "product_id", name="pk_explanations"),
    )
    op.create_index("ix_explanations_product_id", "explanations", ["product_id"])
