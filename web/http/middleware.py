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

from domain.errors import LocatedError
from web.http.context import AppContext
from web.http.problems import UNPROCESSABLE, problem_response

BODY_TIMEOUT_S = 15.0  # for the whole body
MAX_BODY_BYTES = 1_000_000  # some thousand operations
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
DEFAULT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Where a route says otherwise, that stands."""


def add_middleware(app: ASGIApp, context: AppContext) -> ASGIApp:
    """`app` behind all of it."""
    return _RequestMetricsMiddleware(
        _DefaultHeadersMiddleware(
            _HostCheckMiddleware(
                _NulQueryMiddleware(_BodyLimitMiddleware(_HeadAsGetMiddleware(app))), context.allowed_hosts
            )
        ),
        context,
    )


class _RequestMetricsMiddleware:
    def __init__(self, app: ASGIApp, context: AppContext) -> None:
        self._app, self._metrics = app, context.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_at, status = time.perf_counter(), 500

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            self._metrics.requests.labels(route, method, str(status)).inc()
            self._metrics.latency.labels(route).observe(time.perf_counter() - started_at)


class _DefaultHeadersMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in DEFAULT_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _HostCheckMiddleware:
    """A page elsewhere can let its own name point at this machine; its requests still say that name."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _requested_host(Headers(scope=scope)) not in self._hosts:
            error = LocatedError("Host", "is not a name of this server", "name it: kandian serve --also-called NAME")
            await problem_response(HTTPStatus.MISDIRECTED_REQUEST, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _requested_host(headers: Headers) -> str:
    """The host that a request names, without its port; empty where it names none, or several."""
    host_headers = headers.getlist("host")
    if len(host_headers) != 1:
        return ""
    host = host_headers[0].lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _declared_body_length(headers: Headers) -> int:
    """The length that a body is said to have. One that says none is counted by FastAPI as it comes."""
    content_length = headers.get("content-length", "0")
    return int(content_length) if content_length.isascii() and content_length.isdigit() else 0


class _BodyLimitMiddleware:
    """Nobody sends more than there is room for, or keeps a request open by sending a byte at a time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared_body_length(Headers(scope=scope)) > MAX_BODY_BYTES:
            error = LocatedError("body", "is too large", f"send at most {MAX_BODY_BYTES} bytes")
            await problem_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)(scope, receive, send)
            return
        is_body_complete, deadline = False, time.monotonic() + BODY_TIMEOUT_S

        async def receive_before_deadline() -> Message:
            nonlocal is_body_complete
            if is_body_complete:
                return await receive()
            try:
                with anyio.fail_after(max(0.0, deadline - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time") from None
            is_body_complete = not message.get("more_body", False)
            return message

        await self._app(scope, receive_before_deadline, send)


class _NulQueryMiddleware:
    """No parameter may hold a NUL: no database, name or address has one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"\0" in unquote_to_bytes(scope["query_string"]):
            error = LocatedError("query", "holds a NUL character", "leave out %00")
            await problem_response(UNPROCESSABLE, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _HeadAsGetMiddleware:
    """Monitors ask HEAD. Routes of files know it, so that no file is read for nothing; all others know GET alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        is_method_not_allowed = False

        async def send_unless_not_allowed(message: Message) -> None:
            nonlocal is_method_not_allowed
            if message["type"] == "http.response.start":
                is_method_not_allowed = message["status"] == HTTPStatus.METHOD_NOT_ALLOWED
            if not is_method_not_allowed:
                await send_without_body(message)

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app(scope, receive, send_unless_not_allowed)
        if is_method_not_allowed:
            scope["method"] = "GET"
            try:
                await self._app(scope, receive, send_without_body)
            finally:
                scope["method"] = "HEAD"  # as it is counted
