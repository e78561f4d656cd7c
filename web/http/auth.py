"""Who asks, and what they may do: a bearer token, or the cookie of a browser that came in by a one-time link."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from pipeline.ledger.tokens import Scope, token_of
from web.http.context import Served
from web.http.problems import NotAllowed

COOKIE = "kandian"
OWN_HEADER = "X-Kandian"  # no form can send it, and no other site may
READING = frozenset({"GET", "HEAD", "OPTIONS"})
HOW = "send Authorization: Bearer TOKEN (kandian token add), or open the link that kandian serve prints"

BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="Made by `kandian token add`.")
BROWSER = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    scheme_name="browser",
    description=f"Got by a one-time link. Requests that change something also send the header {OWN_HEADER}.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """`name` is what edits and publications are signed with."""

    name: str
    scopes: tuple[Scope, ...]

    def may(self, scope: Scope) -> bool:
        """Admins may do everything."""
        return scope in self.scopes or "admin" in self.scopes


def _caller(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    cookie: Annotated[str | None, Security(BROWSER)],
) -> Caller:
    """Whoever asks. Raises NotAllowed where nobody known does."""
    served: Served = request.app.state.served
    if bearer is not None:
        token = token_of(served.ledger, bearer.credentials)
        if token is None:
            raise _unknown("the token is not known, has expired or was revoked")
        return Caller(token.name, token.scopes)
    visitor = served.browsers.visitor(cookie) if cookie else None
    if visitor is None:
        raise _unknown("whoever asks is not known")
    if request.method not in READING:
        _check_own_page(request)
    return Caller(visitor.name, visitor.scopes)


def _unknown(what: str) -> NotAllowed:
    return NotAllowed("Authorization", what, HOW, HTTPStatus.UNAUTHORIZED)


def _check_own_page(request: Request) -> None:
    """Browsers send cookies whichever page asks: only our own page may change something by one."""
    origin = request.headers.get("Origin")
    is_ours = origin is None or urlsplit(origin).netloc == request.headers.get("Host")
    is_same = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if OWN_HEADER not in request.headers or not is_ours or not is_same:
        raise NotAllowed(OWN_HEADER, "another site may have sent this", f"send it from our page, with {OWN_HEADER}: 1")


def needing(scope: Scope) -> Callable[[Caller], Caller]:
    """A dependency: the caller, who may do what `scope` says."""

    def allowed(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
        if not caller.may(scope):
            raise NotAllowed("Authorization", f"lacks the scope {scope}", "ask for a token that has it")
        return caller

    return allowed


Reader = Annotated[Caller, Depends(needing("read"))]
Editor = Annotated[Caller, Depends(needing("edit"))]
Publisher = Annotated[Caller, Depends(needing("publish"))]
