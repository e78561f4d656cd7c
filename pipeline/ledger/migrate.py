"""Bringing a ledger's tables up to date, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from domain.errors import ToolError

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x6B616E6469616E  # "kandian": of all that migrate at once on PostgreSQL, one does


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or change those of an older kandian. Raises ToolError for a ledger of a newer one."""
    with engine.connect() as connection:
        if _version(connection) == _newest():
            return
    with engine.connect().execution_options(is_writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        version = _version(connection)
        if version is not None and version not in _known():
            what = f"was made by a newer kandian (its tables are at {version})"
            raise ToolError("the ledger", what, "use that kandian, or name another ledger")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
