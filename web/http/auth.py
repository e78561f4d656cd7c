"""Authentication and scopes: by a bearer token, or by the cookie of a browser that used a one-time link."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from pipeline.ledger.tokens import Scope, authenticate_token
from web.http.context import Context
from web.http.problems import AccessDeniedError

COOKIE_NAME = "kandian"
CSRF_HEADER = "X-Kandian"  # forms cannot send it, and other sites may not
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
AUTHENTICATION_REMEDY = (
    "send Authorization: Bearer TOKEN (kandian token add), or open the link that kandian serve prints"
)

BEARER_SCHEME = HTTPBearer(auto_error=False, scheme_name="token", description="Made by `kandian token add`.")
COOKIE_SCHEME = APIKeyCookie(
    name=COOKIE_NAME,
    auto_error=False,
    scheme_name="browser",
    description=f"Got by a one-time link. Requests that change something also send the header {CSRF_HEADER}.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `name` signs edits and publications."""

    name: str
    scopes: tuple[Scope, ...]

    def has_scope(self, scope: Scope) -> bool:
        """Whether the caller may do what `scope` says. Admins may do everything."""
        return scope in self.scopes or "admin" in self.scopes


def _authenticate(
    request: Request,
    context: Context,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER_SCHEME)],
    cookie: Annotated[str | None, Security(COOKIE_SCHEME)],
) -> Caller:
    """The caller. Raises AccessDeniedError for an unknown one."""
    if bearer is not None:
        token = authenticate_token(context.ledger, bearer.credentials)
        if token is None:
            raise _unauthenticated("the token is not known, has expired or was revoked")
        return Caller(token.name, token.scopes)
    browser_session = context.browser_sessions.find_session(cookie) if cookie else None
    if browser_session is None:
        raise _unauthenticated("whoever asks is not known")
    if request.method not in SAFE_METHODS:
        _check_csrf(request)
    return Caller(browser_session.name, browser_session.scopes)


def _unauthenticated(what: str) -> AccessDeniedError:
    return AccessDeniedError("Authorization", what, AUTHENTICATION_REMEDY, HTTPStatus.UNAUTHORIZED)


def _check_csrf(request: Request) -> None:
    """Refuse a change that another site's page may have sent: browsers add the cookie whichever page asks."""
    origin = request.headers.get("Origin")
    is_own_origin = origin is None or urlsplit(origin).netloc == request.headers.get("Host")
    is_same_origin_fetch = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if CSRF_HEADER not in request.headers or not is_own_origin or not is_same_origin_fetch:
        raise AccessDeniedError(
            CSRF_HEADER, "another site may have sent this", f"send it from our page, with {CSRF_HEADER}: 1"
        )


def require_scope(scope: Scope) -> Callable[[Caller], Caller]:
    """A dependency of routes: the caller, who must have `scope`."""

    def authorize(caller: Annotated[Caller, Depends(_authenticate)]) -> Caller:
        if not caller.has_scope(scope):
            raise AccessDeniedError("Authorization", f"lacks the scope {scope}", "ask for a token that has it")
        return caller

    return authorize


Reader = Annotated[Caller, Depends(require_scope("read"))]
Editor = Annotated[Caller, Depends(require_scope("edit"))]
Publisher = Annotated[Caller, Depends(require_scope("publish"))]
