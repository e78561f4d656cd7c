"""Run by Alembic: migrations happen in the transaction that migrate.py began."""

from alembic import context

from pipeline.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
