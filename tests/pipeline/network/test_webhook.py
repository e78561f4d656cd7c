"""Webhooks: signed, tried until they succeed, once a publication, and never a reason to fail."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from domain.errors import InvalidValue, SettingsError
from domain.highlight import HighlightsFile
from pipeline.ledger.database import Ledger, open_ledger, sqlite_url
from pipeline.ledger.deliveries import (
    CLAIM_DURATION,
    MAX_ATTEMPTS,
    add_delivery,
    count_deliveries,
    read_deliveries,
    retry_given_up_deliveries,
)
from pipeline.ledger.publications import add_publication
from pipeline.network.webhook import WebhookSender, WebhookSettings
from pipeline.publishing.publish import publish_session

SECRET = "0123456789abcdef-secret"
NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
DOCUMENT = HighlightsFile("1.0", "双十一", 1, 100.0, "zh", "r/master.m3u8", (), (), (), ())


@dataclass
class Listener:
    """A server that receives deliveries, and answers with `status`."""

    status: int = 204
    address: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.requests.append((dict(self.headers), body))
            self.send_response(listener.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        listener.address = f"http://127.0.0.1:{server.server_port}/hook"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield listener
        server.shutdown()
        thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as one:
        yield one


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_url(tmp_path / "own.db"))
    yield opened
    opened.close()


def at(time: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: time


def published(ledger: Ledger, teller: WebhookSender) -> None:
    delivery = teller.make_delivery(DOCUMENT)
    assert delivery is not None
    with ledger.write_transaction(DOCUMENT.session_id) as connection:
        add_publication(connection, DOCUMENT, "digest", "a")
        add_delivery(connection, delivery, NOON)


def test_a_publication_is_reported_once_and_can_be_checked_by_the_secret(ledger: Ledger, listener: Listener) -> None:
    teller = WebhookSender(WebhookSettings(listener.address), SECRET)
    published(ledger, teller)
    assert teller.send_due(ledger, lambda: NOON) == ()
    assert teller.send_due(ledger, lambda: NOON + timedelta(days=9)) == ()
    ((headers, body),) = listener.requests
    assert json.loads(body)["revision"] == 1
    seconds, signature = (part.partition("=")[2] for part in headers["Kandian-Signature"].split(","))
    assert signature == hmac.new(SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Kandian-Delivery"].endswith("/r1")


def test_a_delivery_that_fails_is_tried_again_later_and_later_and_at_last_no_more(
    ledger: Ledger, listener: Listener
) -> None:
    teller, now = WebhookSender(WebhookSettings(listener.address), SECRET), NOON
    waits: list[timedelta] = []
    published(ledger, teller)
    listener.status = 503
    while len(waits) < MAX_ATTEMPTS - 1:
        assert teller.send_due(ledger, at(now))
        with ledger.read_transaction() as connection:
            due_at = read_deliveries(connection, "waiting", 10)[0].due_at
        assert due_at is not None
        assert teller.send_due(ledger, at(due_at - timedelta(seconds=1))) == ()
        waits.append(due_at - now)
        now = due_at
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert teller.send_due(ledger, at(now))
    assert teller.send_due(ledger, at(now + timedelta(days=99))) == ()
    assert len(listener.requests) == MAX_ATTEMPTS
    assert len({headers["Kandian-Delivery"] for headers, _ in listener.requests}) == 1


def test_what_was_given_up_says_why_and_is_sent_again_when_asked(ledger: Ledger, listener: Listener) -> None:
    teller = WebhookSender(WebhookSettings(listener.address), SECRET)
    published(ledger, teller)
    listener.status = 503
    for day in range(MAX_ATTEMPTS):
        teller.send_due(ledger, at(NOON + timedelta(days=day)))
    with ledger.read_transaction() as connection:
        (given_up,) = read_deliveries(connection, "given_up", 10)
    assert (given_up.host, given_up.problem) == ("127.0.0.1", "answered with status 503")
    assert given_up.attempts == MAX_ATTEMPTS
    listener.status = 204
    assert retry_given_up_deliveries(ledger, NOON) == 1
    assert teller.send_due(ledger, lambda: NOON) == ()
    with ledger.read_transaction() as connection:
        assert count_deliveries(connection) == {"waiting": 0, "told": 1, "given_up": 0}


def test_of_two_who_tell_at_once_one_does_and_another_does_when_that_one_died(
    ledger: Ledger, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = WebhookSender(WebhookSettings(listener.address), SECRET)
    published(ledger, teller)
    with monkeypatch.context() as patch:
        patch.setattr(WebhookSender, "_send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            teller.send_due(ledger, lambda: NOON)
    assert teller.send_due(ledger, lambda: NOON + CLAIM_DURATION / 2) == ()
    assert listener.requests == []
    teller.send_due(ledger, lambda: NOON + CLAIM_DURATION)
    assert len(listener.requests) == 1


def test_publishing_is_done_though_nobody_answers(out: Path) -> None:
    teller = WebhookSender(WebhookSettings("http://127.0.0.1:1/hook"), SECRET)
    opened = open_ledger(sqlite_url(out / "ledger.db"))
    try:
        assert publish_session(opened, out, "双十一", publisher="a", webhook_sender=teller).is_new
        (problem,) = teller.send_due(opened)
        assert "cannot be reached" in problem
        assert SECRET not in problem
        assert not publish_session(opened, out, "双十一", publisher="a", webhook_sender=teller).is_new
    finally:
        opened.close()


def test_a_redirect_is_not_followed(ledger: Ledger, listener: Listener) -> None:
    teller = WebhookSender(WebhookSettings(listener.address), SECRET)
    published(ledger, teller)
    listener.status = 307
    (problem,) = teller.send_due(ledger, lambda: NOON)
    assert "status 307" in problem
    assert len(listener.requests) == 1


@pytest.mark.parametrize(
    "address", ["http://example.org/hook", "ftp://example.org/x", "https://u:p@example.org/", "https://", "file:///etc"]
)
def test_an_address_that_would_tell_in_the_clear_or_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidValue):
        WebhookSettings(address)


def test_without_a_secret_nothing_is_sent(listener: Listener) -> None:
    with pytest.raises(SettingsError, match="KANDIAN_WEBHOOK_SECRET"):
        WebhookSender(WebhookSettings(listener.address), "short")
