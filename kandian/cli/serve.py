"""`kandian serve`: one process that serves one folder of results."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import KandianError, ToolError, UsageError
from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.cli.options import LedgerAddress, editor_or_account
from kandian.cli.publish import publish_and_print
from kandian.cli.run import print_outcomes, run_with_progress

if TYPE_CHECKING:
    import socket

    from pipeline.network.webhook import WebhookSender
    from web.http.context import AppContext

DELIVERY_INTERVAL_S = 30.0  # as often as a first attempt is repeated
SOCKET_BACKLOG = 2048
DEFAULT_OUT = Path("out")
EXAMPLE_SHOWS = Path("fixtures/shows")  # of a checkout
LINK_EDITOR_NAME = "browser"  # the editor of all edits through the printed link
WILDCARD_ADDRESSES = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where to listen. Port 0: any free one. `host_aliases`: more names of this machine."""

    host: str
    port: int
    host_aliases: tuple[str, ...] = ()

    @property
    def allowed_hosts(self) -> frozenset[str]:
        from web.http.context import LOOPBACK_HOSTS

        bound_hosts = () if self.host in WILDCARD_ADDRESSES else (self.host.lower(),)
        return LOOPBACK_HOSTS | {*bound_hosts, *(name.lower() for name in self.host_aliases)}


@app.command()
@with_exit_code
def serve(
    out: Annotated[Path | None, typer.Argument(metavar="[OUT]", help="Where results lie; out by default.")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8040,
    host_aliases: Annotated[
        list[str] | None, typer.Option("--also-called", metavar="NAME", help="A name by which others reach it.")
    ] = None,
    ledger: LedgerAddress = None,
) -> int:
    """Serve the API, the player and published files, to this machine unless told otherwise.

    In a checkout, without OUT and with nothing in out yet: its two small shows are made and published first.
    """
    from pipeline.network.webhook import webhook_sender_from
    from pipeline.settings import load_webhook
    from web.server import create_server

    address, notifier = ListenAddress(host, port, tuple(host_aliases or ())), webhook_sender_from(load_webhook(None))
    with closing(_bind_socket(address)) as listener:
        folder = _ensure_results(out, ledger, notifier)
        with _open_context(folder, ledger, address, notifier) as context:
            print(_startup_message(context, address, listener.getsockname()[1]), flush=True)
            Thread(target=_send_deliveries, args=[context], name="webhook", daemon=True).start()
            try:
                create_server(context).run(sockets=[listener])
            except KeyboardInterrupt:
                print("stopped", file=sys.stderr)
    return 0


def _ensure_results(out: Path | None, ledger: str | None, notifier: "WebhookSender") -> Path:
    """The folder to serve. Without one named, the default one; if that has no results, it gets those of the small
    shows of a checkout. Raises UsageError where there are no results to serve.
    """
    from pipeline.outputs.layout import TAKES_FILE

    folder = out or DEFAULT_OUT
    if any(folder.glob(f"*/{TAKES_FILE}")):
        return folder
    shows = sorted(file.parent for file in EXAMPLE_SHOWS.glob("*/catalog.json"))
    if out is not None or not shows:
        raise UsageError(str(folder), "holds no results to serve", f"make some: kandian run SESSION --out {folder}")
    _make_example_results(shows, folder, ledger, notifier)
    return folder


def _make_example_results(shows: Sequence[Path], out: Path, ledger: str | None, notifier: "WebhookSender") -> None:
    """Run and publish shows, so that there are results to serve."""
    from pipeline.inputs.find_sessions import find_sessions
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.run import RunConfig

    print(printable(f"{out} holds no results yet: making those of {EXAMPLE_SHOWS}, which takes minutes"), flush=True)
    outcomes = run_with_progress(find_sessions(shows), RunConfig(out, ledger=ledger))
    print_outcomes(outcomes)
    if exit_code_of_outcomes(outcomes):
        raise ToolError(str(EXAMPLE_SHOWS), "could not be made", "see above, then try again")
    with closing(open_configured_ledger(out, ledger)) as opened:
        for outcome in outcomes:
            publish_and_print(opened, out, outcome.session_id, editor_or_account(None), notifier)


def _send_deliveries(context: "AppContext") -> None:
    """Deliver publications to the webhook as they come, and again where that failed. Runs in a thread without end."""
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
    out: Path, ledger: str | None, listen_address: ListenAddress, notifier: "WebhookSender"
) -> "Iterator[AppContext]":
    from pipeline.ledger.location import open_configured_ledger
    from web.http.context import AppContext

    with closing(open_configured_ledger(out, ledger)) as opened:
        yield AppContext(out.resolve(), opened, listen_address.allowed_hosts, notifier)


def _bind_socket(listen_address: ListenAddress) -> "socket.socket":
    import socket

    family = socket.AF_INET6 if ":" in listen_address.host else socket.AF_INET
    try:
        return socket.create_server((listen_address.host, listen_address.port), family=family, backlog=SOCKET_BACKLOG)
    except OSError as error:
        where = f"{listen_address.host}:{listen_address.port}"
        raise UsageError(where, f"cannot be listened on ({error.strerror})", "name another --host or --port") from None


def _startup_message(context: "AppContext", listen_address: ListenAddress, port: int) -> str:
    from web.http.browser_sessions import LINK_LIFETIME_S
    from web.http.context import LOOPBACK_HOSTS

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
