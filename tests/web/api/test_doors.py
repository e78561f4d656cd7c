"""Who may do what: every route of drafts, for every kind of caller."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from fixtures.api_site import OURS, SESSION, ApiSite
from pipeline.ledger.tokens import Scope, add_token, revoke_token
from web.app import openapi_document
from web.http.browser_sessions import COOKIE_LIFETIME_S, LINK_LIFETIME_S, BrowserSessions

pytestmark = pytest.mark.media

NEEDED: dict[tuple[str, str], Scope] = {
    ("GET", "/metrics"): "read",
    ("GET", "/v1/sessions"): "read",
    ("GET", SESSION): "read",
    ("GET", f"{SESSION}/run"): "read",
    ("GET", f"{SESSION}/publications"): "read",
    ("GET", f"{SESSION}/draft"): "read",
    ("GET", f"{SESSION}/draft/transcript"): "read",
    ("GET", f"{SESSION}/draft/exports/csv"): "read",
    ("GET", f"{SESSION}/draft/files/transcript.vtt"): "read",
    ("GET", f"{SESSION}/edits"): "read",
    ("POST", f"{SESSION}/edits"): "edit",
    ("POST", f"{SESSION}/publications"): "publish",
    ("GET", "/v1/deliveries"): "read",
    ("POST", "/v1/deliveries/retry"): "publish",
}
OPEN = (
    *("/healthz", "/readyz", f"{SESSION}/highlights", f"{SESSION}/transcript", f"{SESSION}/exports/csv"),
    *(
        "/v1/published",
        "/v1/search?q=a",
        "/v1/explanations?product=1",
        f"/published/{SESSION[13:]}/latest.json",
        "/openapi.json",
    ),
)


def call(client: TestClient, method: str, path: str) -> int:
    """The status of the call; an edit is sent that does nothing."""
    body: object = {"operations": []} if path.endswith("/edits") else None
    headers = {"If-Match": '"wrong"'}
    return client.request(method, path, json=body, headers=headers).status_code


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_a_route_of_drafts_opens_for_its_scope_and_for_admins_only(site: ApiSite, method: str, path: str) -> None:
    opened = {scope: call(site.by(scope), method, path) not in (401, 403) for scope in site.tokens}
    assert opened == {scope: scope in (NEEDED[method, path], "admin") for scope in site.tokens}
    assert call(site.visit(), method, path) == 401


def test_the_table_above_has_every_route_that_asks_who_calls() -> None:
    closed = {
        (method.upper(), path)
        for path, operations in openapi_document()["paths"].items()
        for method, operation in operations.items()
        if "security" in operation
    }
    assert len(closed) == len(NEEDED)


@pytest.mark.parametrize("path", OPEN)
def test_what_viewers_need_is_open(anyone: TestClient, path: str) -> None:
    assert anyone.get(path).status_code == 200


@pytest.mark.parametrize("path", OPEN)
def test_a_monitor_may_ask_for_the_head_alone(anyone: TestClient, path: str) -> None:
    whole, head = anyone.get(path), anyone.head(path)
    assert (head.status_code, head.headers, head.content) == (200, whole.headers, b"")


def test_head_opens_no_more_than_get_and_is_counted_as_itself(site: ApiSite) -> None:
    client = site.visit()
    assert [client.head(path).status_code for path in (SESSION, "/nowhere", "/v1/deliveries/retry")] == [401, 404, 405]
    metrics = site.by("read").get("/metrics").text
    assert 'method="HEAD",route="/v1/sessions/{session_id}",status="401"' in metrics


def test_looking_at_a_link_does_not_use_it_up(site: ApiSite) -> None:
    key = site.context.browser_sessions.create_link("浏览器", ("read",))
    assert site.visit().head("/", params={"key": key}).status_code in (200, 303)
    assert site.visit().get("/", params={"key": key}).status_code == 303


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic eDp4", "Bearer kandian_" + "A" * 43, "Bearer \xff"])
def test_a_token_that_nobody_made_opens_nothing(anyone: TestClient, header: str) -> None:
    answer = anyone.get("/v1/sessions", headers={"Authorization": header.encode("latin-1")})  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_revoked_or_expired_token_opens_nothing(site: ApiSite) -> None:
    revoked = add_token(site.context.ledger, "走了的人", ["read"])
    expired = add_token(site.context.ledger, "昨天的人", ["read"], timedelta(seconds=-1))
    client = site.visit()
    assert client.get("/v1/sessions", headers={"Authorization": f"Bearer {revoked.secret}"}).status_code == 200
    revoke_token(site.context.ledger, revoked.token.id)
    for secret in (revoked.secret, expired.secret):
        assert client.get("/v1/sessions", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_one_time_link_lets_one_browser_in(site: ApiSite) -> None:
    key = site.context.browser_sessions.create_link("浏览器", ("read",))
    answer = site.visit().get("/", params={"key": key})
    cookie = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert site.visit(cookie=answer.cookies["kandian"]).get("/v1/sessions").status_code == 200
    again = site.visit().get("/", params={"key": key})
    assert (again.status_code, "Set-Cookie" in again.headers) == (403, False)


def test_links_and_cookies_end() -> None:
    hour = [0.0]
    browsers = BrowserSessions(now=lambda: hour[0])
    late, key = browsers.create_link("晚", ("read",)), browsers.create_link("早", ("read",))
    cookie = browsers.redeem_link(key)
    assert cookie is not None
    hour[0] = LINK_LIFETIME_S
    assert browsers.redeem_link(late) is None
    assert browsers.find_session(cookie) is not None
    hour[0] = COOKIE_LIFETIME_S
    assert browsers.find_session(cookie) is None


def browser(site: ApiSite, *scopes: Scope) -> TestClient:
    cookie = site.context.browser_sessions.redeem_link(site.context.browser_sessions.create_link("浏览器", scopes))
    assert cookie is not None
    return site.visit(cookie=cookie)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-Kandian": "1", "Origin": "https://evil.example"}, 403),
        ({"X-Kandian": "1", "Origin": "null"}, 403),
        ({"X-Kandian": "1", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": OURS}, 403),
        ({"X-Kandian": "1", "Origin": OURS, "Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_a_cookie_changes_something_from_our_own_page_only(site: ApiSite, headers: dict[str, str], status: int) -> None:
    site.by("publish").post(f"{SESSION}/publications")
    assert browser(site, "publish").post(f"{SESSION}/publications", headers=headers).status_code == status


def test_a_browser_may_only_what_its_link_was_made_for(site: ApiSite) -> None:
    client = browser(site, "read")
    assert client.get("/v1/sessions").status_code == 200
    assert client.post(f"{SESSION}/publications", headers={"X-Kandian": "1"}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::2]:8040"])
def test_a_request_to_another_name_is_refused(anyone: TestClient, host: str) -> None:
    assert anyone.get("/healthz", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST:8040", "[::1]:8040"])
def test_this_machine_has_several_names(anyone: TestClient, host: str) -> None:
    assert anyone.get("/healthz", headers={"Host": host}).status_code == 200
