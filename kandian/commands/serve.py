"""What `kandian serve` does: one process that serves one folder of results, to this machine unless told otherwise."""

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from domain.errors import KandianError, ToolError, UsageError
from domain.text import printable
from kandian.commands.review import LedgerOptions, publish_command
from kandian.commands.run import run_command
from pipeline.inputs.session_source import NO_OVERRIDES
from pipeline.ledger.location import open_configured_ledger
from pipeline.network.webhook import WebhookSender, webhook_sender_from
from pipeline.outputs.layout import TAKES_FILE
from pipeline.run import RunConfig
from pipeline.settings import load_webhook
from web.http.browser_sessions import LINK_LIFETIME_S
from web.http.context import LOOPBACK_HOSTS, AppContext
from web.server import create_server

DELIVERY_INTERVAL_S = 30.0  # as often as a first attempt is repeated
SOCKET_BACKLOG = 2048
DEFAULT_OUT = Path("out")
EXAMPLE_SHOWS = Path("fixtures/shows")  # of a checkout
LINK_EDITOR_NAME = "browser"  # what edits of whoever opens the printed link are signed with
WILDCARD_ADDRESSES = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where to listen. Port 0: any that is free. `host_aliases`: names by which others reach this machine."""

    host: str
    port: int
    host_aliases: tuple[str, ...] = ()

    @property
    def allowed_hosts(self) -> frozenset[str]:
        bound_hosts = () if self.host in WILDCARD_ADDRESSES else (self.host.lower(),)
        return LOOPBACK_HOSTS | {*bound_hosts, *(name.lower() for name in self.host_aliases)}


def serve_command(out: Path | None, ledger: str | None, listen_address: ListenAddress) -> int:
    """Serve until stopped; returns the exit code. Raises UsageError where there is nothing to serve, or no port."""
    notifier = webhook_sender_from(load_webhook(None))
    with closing(_bind_socket(listen_address)) as listener:
        folder = _ensure_results(out, ledger)
        with _open_context(folder, ledger, listen_address, notifier) as context:
            print(_startup_message(context, listen_address, listener.getsockname()[1]), flush=True)
            Thread(target=_send_deliveries, args=[context], name="teller", daemon=True).start()
            try:
                create_server(context).run(sockets=[listener])
            except KeyboardInterrupt:
                print("stopped", file=sys.stderr)
    return 0


def _ensure_results(out: Path | None, ledger: str | None) -> Path:
    """The folder to serve. Where none was named and the usual one has no results, those of a checkout's small shows
    are made. Raises UsageError where there are none to make."""
    folder = out or DEFAULT_OUT
    if any(folder.glob(f"*/{TAKES_FILE}")):
        return folder
    shows = sorted(file.parent for file in EXAMPLE_SHOWS.glob("*/catalog.json"))
    if out is not None or not shows:
        raise UsageError(str(folder), "holds no results to serve", f"make some: kandian run SESSION --out {folder}")
    _make_example_results(shows, folder, ledger)
    return folder


def _make_example_results(shows: Sequence[Path], out: Path, ledger: str | None) -> None:
    """Run and publish shows, so that there is something to see."""
    print(printable(f"{out} holds no results yet: making those of {EXAMPLE_SHOWS}, which takes minutes"), flush=True)
    exit_code = run_command(shows, NO_OVERRIDES, RunConfig(out, ledger=ledger), as_json=False)
    if exit_code:
        raise ToolError(str(EXAMPLE_SHOWS), "could not be made", "see above, then try again")
    publish_command([show.name for show in shows], LedgerOptions(out, ledger), None)


def _send_deliveries(context: AppContext) -> None:
    """Tell of publications as they come, and again what could not be told. A thread that nobody waits for."""
    while True:
        context.deliveries_pending.wait(DELIVERY_INTERVAL_S)
        context.deliveries_pending.clear()
        try:
            problems = context.webhook_sender.send_due(context.ledger)
        except KandianError as error:
            problems = (str(error),)
        for problem in problems:
            print(printable(f"not told yet of {problem}"), file=sys.stderr)


@contextmanager
def _open_context(
    out: Path, ledger: str | None, listen_address: ListenAddress, notifier: WebhookSender
) -> Iterator[AppContext]:
    opened_ledger = open_configured_ledger(out, ledger)
    try:
        yield AppContext(out.resolve(), opened_ledger, listen_address.allowed_hosts, notifier)
    finally:
        opened_ledger.close()


def _bind_socket(listen_address: ListenAddress) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen_address.host else socket.AF_INET
    try:
        return socket.create_server((listen_address.host, listen_address.port), family=family, backlog=SOCKET_BACKLOG)
    except OSError as error:
        where = f"{listen_address.host}:{listen_address.port}"
        raise UsageError(where, f"cannot be listened on ({error.strerror})", "name another --host or --port") from None


def _startup_message(context: AppContext, listen_address: ListenAddress, port: int) -> str:
    link_key = context.browser_sessions.create_link(LINK_EDITOR_NAME, ("admin",))
    host = "127.0.0.1" if listen_address.host in WILDCARD_ADDRESSES else listen_address.host
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    lines = [
        f"serving {context.out}; Ctrl-C stops",
        f"open {url}?key={link_key}  (works once, within {LINK_LIFETIME_S / 60:.0f} minutes)",
        f"API {url}openapi.json, for players {url}published/",
    ]
    if listen_address.host not in LOOPBACK_HOSTS:
        lines.append("others reach it without encryption: put a proxy that speaks https before it")
    return "\n".join(printable(line) for line in lines)
