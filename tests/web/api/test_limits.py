"""Limits: of bodies, pages, ids; and what every answer carries."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from fixtures.api_site import OURS, SESSION, ApiSite
from pipeline.ledger.location import open_configured_ledger
from web.app import create_app
from web.http import middleware
from web.http.context import AppContext

pytestmark = pytest.mark.media


def test_a_body_of_more_than_a_megabyte_is_refused_however_it_is_sent(editor: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(11))

    for body in (b"x" * 1_100_000, pieces()):
        headers = {"Content-Type": "application/json", "If-Match": '"0"'}
        answer = editor.post(f"{SESSION}/edits", content=body, headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


def test_a_body_that_does_not_come_is_not_waited_for(site: ApiSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_TIMEOUT_S", 0.02)
    messages: list[Any] = []
    token = site.tokens["edit"].encode()
    headers = [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer " + token), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{SESSION}/edits",
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
    }

    async def receive() -> Any:
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        messages.append(message)

    async def call() -> None:
        await site.app(scope, receive, send)

    anyio.run(call)
    assert messages[0]["status"] == 408


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/sessions?limit=0", "/v1/sessions?limit=201", "/v1/sessions?limit=x", "/v1/search", "/v1/search?q="),
        *(f"/v1/search?q={'a' * 201}", "/v1/explanations?product=%00", f"{SESSION}/transcript?begin=-1"),
        *(f"/v1/search?q={'%E5%8F%8C' * 65}", "/v1/search?q=a&after=1", "/v1/search?q=a&after=nan:a"),
        *(f"{SESSION}/transcript?limit=1001", f"{SESSION}/exports/exe", f"/v1/sessions?after={'a' * 201}"),
    ],
)
def test_what_is_asked_for_has_limits(reader: TestClient, path: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("session_id", ["..", ".store", "%2e%2e", "a%5cb", "a:b", "%20", "%00", "a%0ab", "a" * 201])
def test_what_cannot_be_the_id_of_a_session_names_none(reader: TestClient, session_id: str) -> None:
    assert reader.get(f"/v1/sessions/{session_id}/draft").status_code in (404, 422)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/v1/search?q=a&session_id=%00",
            "/v1/search?q=a%00b",
            "/v1/search?q=a&after=1.000000:%00",
            "/v1/sessions?after=%00",
        ),
        *(f"{SESSION}/exports/json-ld?page=https://a.cn/%00", "/healthz?unknown=%00", "/healthz?%00"),
    ],
)
def test_a_parameter_with_a_nul_is_refused(reader: TestClient, path: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.json()["where"]) == (422, "query")
    assert reader.get(path.replace("%00", "%2500")).status_code == 200


def test_a_method_that_a_route_does_not_know_is_refused_as_a_problem(anyone: TestClient) -> None:
    answer = anyone.delete("/healthz")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize("path", ["/healthz", "/v1/sessions", "/nowhere", "/", f"{SESSION}/highlights"])
def test_every_answer_carries_what_browsers_must_know(anyone: TestClient, path: str) -> None:
    headers = anyone.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_whoever_asks_is_not_told_which_database_does_not_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = open_configured_ledger(tmp_path)
    with ledger.write_transaction("s") as connection:
        connection.exec_driver_sql("DROP TABLE explanations")
    answer = TestClient(create_app(AppContext(tmp_path, ledger)), base_url=OURS).get("/v1/explanations?product=1")
    ledger.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "sqlite" not in answer.text
    assert "sqlite" in capsys.readouterr().err


def test_an_error_does_not_tell_where_the_results_lie(site: ApiSite, reader: TestClient) -> None:
    report = site.context.out / "空" / "takes.json"
    report.parent.mkdir()
    report.write_text("[]", encoding="utf-8")
    answer = reader.get("/v1/sessions/空/draft")
    report.unlink()
    report.parent.rmdir()
    assert answer.status_code == 422
    assert str(site.context.out) not in answer.text
    assert answer.json()["remedy"]
