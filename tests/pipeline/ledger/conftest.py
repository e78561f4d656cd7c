"""A ledger on each kind of database. PostgreSQL is one that is named, or a server that the tests start."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pipeline.ledger.database import Ledger, open_ledger, sqlite_url

NAMED = "KANDIAN_TEST_POSTGRESQL"  # an address at which tests may make and drop databases
NOBODY = 65534  # PostgreSQL refuses to run as root


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty ledger."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "ledger.db")
    server: str = request.getfixturevalue("postgresql_server")
    name = f"kandian_{os.getpid()}_{abs(hash(tmp_path))}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = open_ledger(address)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a running server."""
    named = os.environ.get(NAMED)
    if named:
        yield named.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    programs = _programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL: install its server, or name one by {NAMED}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        if owner:
            os.chown(root, NOBODY, NOBODY)
        data, port = root / "data", _free_port()
        make = [programs / "initdb", "-D", data, "-U", "kandian", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        subprocess.run(make, check=True, capture_output=True, **owner)  # type: ignore[call-overload]
        options = f"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off"
        run = [programs / "pg_ctl", "-D", data, "-w", "-l", root / "log", "-o", options]
        subprocess.run([*run, "start"], check=True, capture_output=True, **owner)  # type: ignore[call-overload]
        try:
            yield f"postgresql+psycopg://kandian@127.0.0.1:{port}/postgres"
        finally:
            stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
            subprocess.run(stop, check=True, capture_output=True, **owner)  # type: ignore[call-overload]


def _programs() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them off the path."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((each for each in folders if (each / "initdb").exists() and (each / "pg_ctl").exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
