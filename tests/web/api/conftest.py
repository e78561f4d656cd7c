"""One server of one published show for all tests of the API. Tests see what others changed: each reads first."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fixtures.api_site import NAME, ApiSite
from pipeline.ledger.location import open_configured_ledger
from pipeline.ledger.tokens import SCOPES, add_token
from pipeline.publishing.publish import publish_session
from web.app import create_app
from web.http.context import AppContext


@pytest.fixture(scope="session")
def site(done_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiSite]:
    out = tmp_path_factory.mktemp("site") / "out"
    shutil.copytree(done_out, out, ignore=shutil.ignore_patterns(".store"))
    ledger = open_configured_ledger(out)
    publish_session(ledger, out, NAME, publisher="职员")
    context = AppContext(out, ledger)
    tokens = {scope: add_token(ledger, f"令牌 {scope}", [scope]).secret for scope in SCOPES}
    yield ApiSite(context, create_app(context), tokens)
    ledger.close()


@pytest.fixture
def anyone(site: ApiSite) -> TestClient:
    return site.visit()


@pytest.fixture
def reader(site: ApiSite) -> TestClient:
    return site.by("read")


@pytest.fixture
def editor(site: ApiSite) -> TestClient:
    """An admin, who may see and change drafts."""
    return site.by("admin")
