"""`kandian serve`: one process that serves one folder of results, to this machine unless told otherwise."""

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import uvicorn

from domain.errors import KandianError, ToolError, UsageError
from kandian.commands.review import Desk, publish_command
from kandian.commands.run import run_command
from kandian.terminal.cells import printable
from pipeline.inputs.session_source import NO_OVERRIDES
from pipeline.ledger.location import ledger_of
from pipeline.network.webhook import Teller, teller_of
from pipeline.review.draft import TAKES_FILE
from pipeline.run import Setup
from pipeline.settings import webhook_from
from web.app import create_app
from web.http.browser_sessions import LINK_LIFETIME_S
from web.http.context import LOOPBACK, Served

MOST_AT_ONCE = 1000  # connections; those beyond are told to come again
IDLE_S = 15
STOPPING_S = 5
TELL_EVERY_S = 30.0  # as often as a first attempt is repeated
BACKLOG = 2048
USUAL_OUT = Path("out")
EXAMPLES = Path("fixtures/shows")  # of a checkout
WHOSE_LINK = "browser"  # what edits of whoever opens the printed link are signed with
ALL_ADDRESSES = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen. Port 0: any that is free. `also_called`: names by which others reach this machine."""

    host: str
    port: int
    also_called: tuple[str, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        own = () if self.host in ALL_ADDRESSES else (self.host.lower(),)
        return LOOPBACK | {*own, *(name.lower() for name in self.also_called)}


def serve_command(out: Path | None, ledger: str | None, place: Place) -> int:
    """Serve until stopped; returns the exit code. Raises UsageError where there is nothing to serve, or no port."""
    teller = teller_of(webhook_from(None))
    with closing(_listening(place)) as listener:
        folder = _with_results(out, ledger)
        with _opened(folder, ledger, place, teller) as served:
            print(_greeting(served, place, listener.getsockname()[1]), flush=True)
            Thread(target=_tell, args=[served], name="teller", daemon=True).start()
            try:
                server_of(served).run(sockets=[listener])
            except KeyboardInterrupt:
                print("stopped", file=sys.stderr)
    return 0


def _with_results(out: Path | None, ledger: str | None) -> Path:
    """The folder to serve. Where none was named and the usual one has no results, those of a checkout's small shows
    are made. Raises UsageError where there are none to make."""
    folder = out or USUAL_OUT
    if any(folder.glob(f"*/{TAKES_FILE}")):
        return folder
    shows = sorted(file.parent for file in EXAMPLES.glob("*/catalog.json"))
    if out is not None or not shows:
        raise UsageError(str(folder), "holds no results to serve", f"make some: kandian run SESSION --out {folder}")
    _make(shows, folder, ledger)
    return folder


def _make(shows: Sequence[Path], out: Path, ledger: str | None) -> None:
    """Run and publish shows, so that there is something to see."""
    print(printable(f"{out} holds no results yet: making those of {EXAMPLES}, which takes minutes"), flush=True)
    code = run_command(shows, NO_OVERRIDES, Setup(out, ledger=ledger), as_json=False)
    if code:
        raise ToolError(str(EXAMPLES), "could not be made", "see above, then try again")
    publish_command([show.name for show in shows], Desk(out, ledger), None)


def _tell(served: Served) -> None:
    """Tell of publications as they come, and again what could not be told. A thread that nobody waits for."""
    while True:
        served.is_news.wait(TELL_EVERY_S)
        served.is_news.clear()
        try:
            problems = served.teller.tell_due(served.ledger)
        except KandianError as error:
            problems = (str(error),)
        for problem in problems:
            print(printable(f"not told yet of {problem}"), file=sys.stderr)


@contextmanager
def _opened(out: Path, ledger: str | None, place: Place, teller: Teller) -> Iterator[Served]:
    opened = ledger_of(out, ledger)
    try:
        yield Served(out.resolve(), opened, place.hosts, teller)
    finally:
        opened.close()


def server_of(served: Served) -> uvicorn.Server:
    """A server that only needs a socket to listen on."""
    settings = uvicorn.Config(
        create_app(served),
        log_level="warning",
        access_log=False,  # addresses hold what people search for
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=STOPPING_S,
    )
    return uvicorn.Server(settings)


def _listening(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    try:
        return socket.create_server((place.host, place.port), family=family, backlog=BACKLOG)
    except OSError as problem:
        where = f"{place.host}:{place.port}"
        raise UsageError(
            where, f"cannot be listened on ({problem.strerror})", "name another --host or --port"
        ) from None


def _greeting(served: Served, place: Place, port: int) -> str:
    key = served.browsers.invite(WHOSE_LINK, ("admin",))
    host = "127.0.0.1" if place.host in ALL_ADDRESSES else place.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    lines = [
        f"serving {served.out}; Ctrl-C stops",
        f"open {address}?key={key}  (works once, within {LINK_LIFETIME_S / 60:.0f} minutes)",
        f"API {address}openapi.json, for players {address}published/",
    ]
    if place.host not in LOOPBACK:
        lines.append("others reach it without encryption: put a proxy that speaks https before it")
    return "\n".join(printable(line) for line in lines)
