"""One server of one published show for all tests of the API. What a test changes, others see: each looks first."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from pipeline.ledger.location import open_configured_ledger
from pipeline.ledger.tokens import SCOPES, Scope, add_token
from pipeline.publishing.publish import publish_session
from web.app import create_app
from web.http.context import AppContext

NAME = "双十一"
SESSION = f"/v1/sessions/{NAME}"
OURS = "http://127.0.0.1:8040"


@dataclass(frozen=True)
class Site:
    """A running server, without a network. `tokens`: one of each scope."""

    served: AppContext
    app: ASGIApp
    tokens: Mapping[Scope, str]

    def visit(self, *, cookie: str = "") -> TestClient:
        """Somebody nobody knows, or a browser."""
        cookies = {"kandian": cookie} if cookie else None
        return TestClient(self.app, base_url=OURS, cookies=cookies, follow_redirects=False)

    def by(self, scope: Scope) -> TestClient:
        """Whoever has the token of that scope."""
        client = self.visit()
        client.headers["Authorization"] = f"Bearer {self.tokens[scope]}"
        return client


@pytest.fixture(scope="session")
def site(done_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    out = tmp_path_factory.mktemp("site") / "out"
    shutil.copytree(done_out, out, ignore=shutil.ignore_patterns(".store"))
    ledger = open_configured_ledger(out)
    publish_session(ledger, out, NAME, publisher="职员")
    served = AppContext(out, ledger)
    tokens = {scope: add_token(ledger, f"令牌 {scope}", [scope]).secret for scope in SCOPES}
    yield Site(served, create_app(served), tokens)
    ledger.close()


@pytest.fixture
def anyone(site: Site) -> TestClient:
    return site.visit()


@pytest.fixture
def reader(site: Site) -> TestClient:
    return site.by("read")


@pytest.fixture
def editor(site: Site) -> TestClient:
    """Who may see and change drafts: an admin."""
    return site.by("admin")
