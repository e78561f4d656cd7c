"""The one module that opens connections: one POST by HTTP.

Nothing is followed, remembered or taken from the environment: no redirect, cookie or proxy. Time and size are bounded.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from urllib.parse import SplitResult, urlsplit

from domain.clock import Seconds

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one request: seconds in all, and bytes of the answer."""

    timeout_s: Seconds
    largest_answer: int


class NoAnswer(Exception):
    """No answer this time; another may come."""


def is_address(address: str) -> bool:
    """Whether it is http(s)://HOST/PATH, without a user, a query or a fragment."""
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return is_whole and is_plain and address.isascii() and address.isprintable() and " " not in address


def post(address: str, headers: Mapping[str, str], body: bytes, limits: Limits) -> tuple[int, bytes]:
    """Status and answer. Raises NoAnswer where none came whole.

    A watchdog hangs up after `timeout_s` in all: each read alone might take as long, for ever.
    """
    parts = urlsplit(address)
    connection = _connection(parts, limits.timeout_s)
    is_late = Event()
    watchdog: Timer | None = None
    try:
        connection.connect()
        watchdog = Timer(limits.timeout_s, _hang_up, [connection.sock, is_late])
        watchdog.daemon = True
        watchdog.start()
        connection.request("POST", parts.path or "/", body, dict(headers))
        with connection.getresponse() as response:
            answer = response.read(limits.largest_answer + 1)
    except (OSError, HTTPException) as error:
        is_timeout = is_late.is_set() or isinstance(error, TimeoutError)
        late = f"gave no answer within {limits.timeout_s:g} s"
        raise NoAnswer(late if is_timeout else f"cannot be reached ({_told(error)})") from error
    finally:
        if watchdog is not None:
            watchdog.cancel()
        connection.close()
    if is_late.is_set():
        raise NoAnswer(f"gave no whole answer within {limits.timeout_s:g} s")
    return response.status, answer


def _connection(address: SplitResult, timeout_s: Seconds) -> HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme == "https":
        return HTTPSConnection(host, port, timeout=timeout_s, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=timeout_s)


def _hang_up(connected: socket.socket, is_late: Event) -> None:
    is_late.set()
    with suppress(OSError):  # closed already
        connected.shutdown(socket.SHUT_RDWR)


def _told(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
