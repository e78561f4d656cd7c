"""What happens to every request around its route: it is counted, its host is checked, its body may not be slow.

HEAD, where no route knows it, is GET without the body; a query with a NUL, which PostgreSQL cannot take, is refused.
"""

import time
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import PlacedError
from web.http.context import Served
from web.http.problems import UNPROCESSABLE, problem

BODY_TIME_S = 15.0  # for the whole body
LARGEST_BODY_BYTES = 1_000_000  # some thousand operations
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Where a route says otherwise, that stands."""


def guarded(app: ASGIApp, served: Served) -> ASGIApp:
    """`app` behind all of it."""
    return _Counted(_Headed(_Called(_Whole(_Patient(_Heads(app))), served.hosts)), served)


class _Counted:
    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app, self._metrics = app, served.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def counting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.requests.labels(route, method, str(status)).inc()
            self._metrics.latency.labels(route).observe(time.perf_counter() - began)


class _Headed:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def heading(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in FOR_ALL.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, heading)


class _Called:
    """A page elsewhere can let its own name point at this machine; its requests still say that name."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _host_of(Headers(scope=scope)) not in self._hosts:
            error = PlacedError("Host", "is not a name of this server", "name it: kandian serve --also-called NAME")
            await problem(HTTPStatus.MISDIRECTED_REQUEST, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host_of(headers: Headers) -> str:
    """The host that a request names, without its port; empty where it names none, or several."""
    named = headers.getlist("host")
    if len(named) != 1:
        return ""
    host = named[0].lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _length_of(headers: Headers) -> int:
    """The length that a body is said to have. One that says none is counted by FastAPI as it comes."""
    said = headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdigit() else 0


class _Patient:
    """Nobody sends more than there is room for, or keeps a request open by sending a byte at a time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _length_of(Headers(scope=scope)) > LARGEST_BODY_BYTES:
            error = PlacedError("body", "is too large", f"send at most {LARGEST_BODY_BYTES} bytes")
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)(scope, receive, send)
            return
        is_whole, until = False, time.monotonic() + BODY_TIME_S

        async def receiving() -> Message:
            nonlocal is_whole
            if is_whole:
                return await receive()
            try:
                with anyio.fail_after(max(0.0, until - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time") from None
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receiving, send)


class _Whole:
    """No parameter may hold a NUL: no database, name or address has one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"\0" in unquote_to_bytes(scope["query_string"]):
            error = PlacedError("query", "holds a NUL character", "leave out %00")
            await problem(UNPROCESSABLE, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _Heads:
    """Monitors ask HEAD. Routes of files know it, so that no file is read for nothing; all others know GET alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        is_unknown = False

        async def unless_unknown(message: Message) -> None:
            nonlocal is_unknown
            if message["type"] == "http.response.start":
                is_unknown = message["status"] == HTTPStatus.METHOD_NOT_ALLOWED
            if not is_unknown:
                await without_body(message)

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app(scope, receive, unless_unknown)
        if is_unknown:
            scope["method"] = "GET"
            try:
                await self._app(scope, receive, without_body)
            finally:
                scope["method"] = "HEAD"  # as it is counted
