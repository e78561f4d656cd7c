"""What happens to every request around its route: metrics, default headers, refusals, a deadline for the body, HEAD."""

import time
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import anyio
from fastapi import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import LocatedError
from web.http.context import AppContext
from web.http.metrics import Metrics
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
"""A route may set another value."""


def add_middleware(app: ASGIApp, context: AppContext) -> ASGIApp:
    """`app` behind all middleware. What is not HTTP goes to `app` directly."""
    http_app = _with_refusals(_with_body_deadline(_with_head_as_get(app)), context.allowed_hosts)
    http_app = _with_metrics(_with_default_headers(http_app), context.metrics)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await (http_app if scope["type"] == "http" else app)(scope, receive, send)

    return dispatch


def _with_metrics(app: ASGIApp, metrics: Metrics) -> ASGIApp:
    """Count every request by route, method and status, and observe its latency."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        started_at, status = time.perf_counter(), 500

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, send_counted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            metrics.requests.labels(route, method, str(status)).inc()
            metrics.latency.labels(route).observe(time.perf_counter() - started_at)

    return counted


def _with_default_headers(app: ASGIApp) -> ASGIApp:
    async def with_headers(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in DEFAULT_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, send_with_headers)

    return with_headers


def _with_refusals(app: ASGIApp, hosts: frozenset[str]) -> ASGIApp:
    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        await (_refusal(scope, hosts) or app)(scope, receive, send)

    return refusing


def _refusal(scope: Scope, hosts: frozenset[str]) -> Response | None:
    """The answer to a request that no route should see, else None.

    Another site can let its own name point at this machine (DNS rebinding), but its requests still carry that name in
    Host. No parameter may hold a NUL, because PostgreSQL cannot store one.
    """
    headers = Headers(scope=scope)
    if _requested_host(headers) not in hosts:
        error = LocatedError("Host", "is not a name of this server", "name it: kandian serve --also-called NAME")
        return problem_response(HTTPStatus.MISDIRECTED_REQUEST, error)
    if b"\0" in unquote_to_bytes(scope["query_string"]):
        return problem_response(UNPROCESSABLE, LocatedError("query", "holds a NUL character", "leave out %00"))
    if _declared_body_length(headers) > MAX_BODY_BYTES:
        error = LocatedError("body", "is too large", f"send at most {MAX_BODY_BYTES} bytes")
        return problem_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    return None


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
    """The body's length by Content-Length; 0 without one, where FastAPI counts the bytes as they come."""
    content_length = headers.get("content-length", "0")
    return int(content_length) if content_length.isascii() and content_length.isdigit() else 0


def _with_body_deadline(app: ASGIApp) -> ASGIApp:
    """Nobody can keep a request open by sending a byte at a time."""

    async def with_deadline(scope: Scope, receive: Receive, send: Send) -> None:
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

        await app(scope, receive_before_deadline, send)

    return with_deadline


def _with_head_as_get(app: ASGIApp) -> ASGIApp:
    """Answer HEAD, which monitors send. Routes of files know it and read no file; for others it is GET without
    the body.
    """

    async def head_as_get(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await app(scope, receive, send)
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

        await app(scope, receive, send_unless_not_allowed)
        if is_method_not_allowed:
            scope["method"] = "GET"
            try:
                await app(scope, receive, send_without_body)
            finally:
                scope["method"] = "HEAD"  # for the metrics

    return head_as_get
