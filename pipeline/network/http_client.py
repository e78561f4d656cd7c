"""The one module that opens connections: one POST by HTTP.

It follows no redirect, keeps no cookie and reads no proxy from the environment. Time and size are bounded.
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
class RequestLimits:
    """The limits of one request: seconds in all, and bytes of the answer."""

    timeout_s: Seconds
    max_answer_bytes: int


class NoResponseError(Exception):
    """No answer this time. A later attempt may succeed."""


def is_http_url(address: str) -> bool:
    """Whether `address` is http(s)://HOST/PATH without a user, a query or a fragment."""
    try:
        parts = urlsplit(address)
        is_complete = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return is_complete and is_plain and address.isascii() and address.isprintable() and " " not in address


def post(address: str, headers: Mapping[str, str], body: bytes, limits: RequestLimits) -> tuple[int, bytes]:
    """Status and answer. Raises NoResponseError where no whole answer came.

    A watchdog closes the socket after `timeout_s` in all, because a socket's own timeout limits each read alone.
    """
    parts = urlsplit(address)
    connection = _open_connection(parts, limits.timeout_s)
    has_hung_up = Event()
    watchdog: Timer | None = None
    try:
        connection.connect()
        watchdog = Timer(limits.timeout_s, _shut_down, [connection.sock, has_hung_up])
        watchdog.daemon = True
        watchdog.start()
        connection.request("POST", parts.path or "/", body, dict(headers))
        with connection.getresponse() as response:
            response_body = response.read(limits.max_answer_bytes + 1)
    except (OSError, HTTPException) as error:
        is_timeout = has_hung_up.is_set() or isinstance(error, TimeoutError)
        timeout_message = f"gave no answer within {limits.timeout_s:g} s"
        raise NoResponseError(timeout_message if is_timeout else f"cannot be reached ({_error_text(error)})") from error
    finally:
        if watchdog is not None:
            watchdog.cancel()
        connection.close()
    if has_hung_up.is_set():
        raise NoResponseError(f"gave no whole answer within {limits.timeout_s:g} s")
    return response.status, response_body


def _open_connection(address: SplitResult, timeout_s: Seconds) -> HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme == "https":
        return HTTPSConnection(host, port, timeout=timeout_s, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=timeout_s)


def _shut_down(open_socket: socket.socket, has_hung_up: Event) -> None:
    has_hung_up.set()
    with suppress(OSError):  # closed already
        open_socket.shutdown(socket.SHUT_RDWR)


def _error_text(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
