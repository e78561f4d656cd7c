"""Reports of publications to a webhook: signed, tried again, and with an id by which a repeated one is known.

POST ADDRESS
Kandian-Delivery: SESSION/r3          the same at every attempt
Kandian-Signature: t=SECONDS,v1=HEX   HMAC-SHA256 of "SECONDS." and the body, by the secret
{"event": "published", "session_id": ..., "revision": 3, "highlights": "SESSION/r3/highlights.json", "count": 12}
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from domain.clock import Seconds
from domain.errors import InvalidValue, SettingsError
from domain.highlight import HighlightsFile
from pipeline.ledger.database import Ledger
from pipeline.ledger.deliveries import Delivery, claim_due_delivery, record_attempt
from pipeline.network.http_client import LOOPBACK, NoResponseError, RequestLimits, is_http_url, post

SECRET_VARIABLE = "KANDIAN_WEBHOOK_SECRET"
MIN_SECRET_LENGTH = 16  # signs
MAX_ANSWER_BYTES = 10_000  # bytes; nothing of it is read


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The section [webhook] of kandian.toml. It is off while `address` is empty."""

    address: str = ""
    timeout_s: Seconds = 10.0

    def __post_init__(self) -> None:
        if self.address and not is_http_url(self.address):
            raise InvalidValue(f"address must be http(s)://HOST/PATH without a user or a query, not {self.address!r}")
        if self.address and self.address.startswith("http:") and urlsplit(self.address).hostname not in LOOPBACK:
            raise InvalidValue("address must be https:// unless it is on this machine")
        if self.timeout_s <= 0:
            raise InvalidValue(f"timeout_s must be above 0, not {self.timeout_s}")


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """A webhook and the secret that signs its deliveries. The secret is never printed or stored."""

    settings: WebhookSettings
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if self.settings.address and len(self.secret) < MIN_SECRET_LENGTH:
            what = f"must hold at least {MIN_SECRET_LENGTH} signs: what is told is signed by it"
            raise SettingsError(SECRET_VARIABLE, what, "set it, or leave [webhook] address empty")

    def make_delivery(self, document: HighlightsFile) -> Delivery | None:
        """The delivery that reports a publication; None where the webhook is off."""
        if not self.settings.address:
            return None
        payload = {
            "event": "published",
            "session_id": document.session_id,
            "revision": document.revision,
            "highlights": f"{quote(document.session_id)}/r{document.revision}/highlights.json",
            "count": len(document.highlights),
        }
        body = json.dumps(payload, ensure_ascii=False)
        return Delivery(document.session_id, document.revision, self.settings.address, body, 0)

    def send_due(self, ledger: Ledger, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> tuple[str, ...]:
        """Send every delivery that is due. Returns a message for each address that failed; it is tried again later.

        After its first failure an address gets nothing more in this call.
        """
        problems: dict[str, str] = {}
        while self.secret and (delivery := claim_due_delivery(ledger, now(), tuple(problems))) is not None:
            problem = self._send(delivery, now())
            record_attempt(ledger, delivery, now(), problem)
            if problem is not None:
                problems[delivery.address] = f"{delivery.id}: {urlsplit(delivery.address).hostname} {problem}"
        return tuple(problems.values())

    def _send(self, delivery: Delivery, now: datetime) -> str | None:
        body, timestamp = delivery.body.encode(), str(int(now.timestamp()))
        signature = hmac.new(self.secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "Connection": "close",
            "Kandian-Delivery": quote(delivery.id),
            "Kandian-Signature": f"t={timestamp},v1={signature}",
        }
        try:
            status, _ = post(delivery.address, headers, body, RequestLimits(self.settings.timeout_s, MAX_ANSWER_BYTES))
        except NoResponseError as error:
            return str(error)
        return None if 200 <= status < 300 else f"answered with status {status}"


NO_WEBHOOK = WebhookSender(WebhookSettings(), "")


def webhook_sender_from(webhook: WebhookSettings) -> WebhookSender:
    """The webhook with the secret from the environment."""
    return WebhookSender(webhook, os.environ.get(SECRET_VARIABLE, ""))
