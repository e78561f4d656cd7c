"""Migrate the tables of a ledger to the latest version, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from domain.errors import ToolError

MIGRATIONS_DIR = Path(__file__).parent / "migrations"
MIGRATION_LOCK_ID = 0x6B616E6469616E  # "kandian"; on PostgreSQL one process migrates at a time


def migrate_to_latest(engine: Engine) -> None:
    """Make the tables, or migrate those of an older version. Raises ToolError for the ledger of a newer one."""
    with engine.connect() as connection:
        if _current_revision(connection) == _head_revision():
            return
    with engine.connect().execution_options(is_writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK_ID})
        revision = _current_revision(connection)
        if revision is not None and revision not in _known_revisions():
            message = f"was made by a newer kandian (its tables are at {revision})"
            raise ToolError("the ledger", message, "use that kandian, or name another ledger")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR).replace("%", "%%"))
    return config


def _head_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _known_revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
