"""Open the ledger, and read or write it in transactions."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from domain.errors import ToolError, UsageError
from pipeline.ledger.migrate import migrate_to_latest

LOCK_TIMEOUT_S = 30.0  # for another writer to finish; an editor's write takes milliseconds
RETRY_INTERVAL_S = 0.01
MAX_CONNECTIONS = 16  # of one process; SQLite would open those beyond its pool each time
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ADVISORY_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))")
REMEDY = "look at the database, then try again"


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger. Close it when done."""

    engine: Engine

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger throughout."""
        with _translate_errors(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write_transaction(self, lock_key: str) -> Iterator[Connection]:
        """A transaction that no other with the same `lock_key` (mostly a session's id) overlaps. Nothing is kept if it
        raises.
        """
        with _translate_errors(self.engine), self.engine.connect().execution_options(is_writing=True) as connection:
            connection.begin()
            if self.engine.dialect.name == POSTGRESQL:
                connection.execute(ADVISORY_LOCK, {"id": lock_key})
            yield connection
            connection.commit()


def sqlite_url(file: Path) -> str:
    """The database URL of a ledger in a file."""
    return URL.create(SQLITE, database=str(file.absolute())).render_as_string()


def open_ledger(url: str) -> Ledger:
    """Open the ledger at a database URL; its tables are made or migrated if need be.

    Raises UsageError where `url` is no such URL, ToolError where the database does not answer.
    """
    ledger = Ledger(_create_engine(url))
    try:
        with _translate_errors(ledger.engine):
            migrate_to_latest(ledger.engine)
    except BaseException:
        ledger.close()
        raise
    return ledger


def _create_engine(ledger_url: str) -> Engine:
    remedy = "give sqlite:///FILE or postgresql://USER@HOST/NAME"
    try:
        url = make_url(ledger_url)
        name = url.get_backend_name()
        if name not in (SQLITE, POSTGRESQL):
            raise UsageError("the ledger", f"cannot be kept in {name}", remedy)
        if name == POSTGRESQL:
            return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT_S}, pool_size=MAX_CONNECTIONS, max_overflow=0)
    except (ArgumentError, NoSuchModuleError) as problem:
        raise UsageError("the ledger", "its address cannot be read as a database URL", remedy) from problem
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """`_begin_sqlite` begins transactions, because the driver does it too late. In WAL mode readers never wait."""
    connection.isolation_level = None
    _enable_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _enable_wal(connection: Any) -> None:
    """Switch to write-ahead logging. It needs the database for itself, and SQLite does not wait for that."""
    deadline_s = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline_s:
                raise
            time.sleep(RETRY_INTERVAL_S)


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


@contextmanager
def _translate_errors(engine: Engine) -> Iterator[None]:
    """Raise the database's errors as ToolError, without the password in its URL."""
    try:
        yield
    except DBAPIError as problem:
        message = str(problem.orig).strip().splitlines()[0] if problem.orig else "does not answer"
        raise ToolError(f"the ledger {engine.url.render_as_string()}", message, REMEDY) from problem
    except SQLAlchemyError as problem:
        raise ToolError(f"the ledger {engine.url.render_as_string()}", str(problem), REMEDY) from problem
