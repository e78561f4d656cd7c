"""A client of a language model: one question by HTTP, in the format of OpenAI's chat completions."""

import json
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

from domain.clock import Seconds
from domain.errors import InvalidValue, SettingsError, ToolError
from pipeline.engine.serialization import type_adapter
from pipeline.network.http_client import LOOPBACK, NoResponseError, RequestLimits, is_http_url, post

API_KEY_VARIABLE = "KANDIAN_LANGUAGE_MODEL_KEY"
MAX_ANSWER_BYTES = 1_000_000  # bytes; a title and a summary take a few hundred
RETRYABLE_STATUSES = frozenset({408, 429, 500, 502, 503, 504})  # status codes after which asking again may help
REMEDY = "look at the server and at [reword_takes] in kandian.toml; the same command asks again"


@dataclass(frozen=True, slots=True)
class ChatClient:
    """A language model at `address`, and the key to it. The key is never printed, stored or hashed.

    Raises InvalidValue for settings that cannot be, SettingsError for a key that cannot be sent. An empty `address` is
    allowed while nothing is asked.
    """

    address: str
    model: str
    timeout_s: Seconds = 30.0
    max_tokens: int = 400
    max_attempts: int = 2
    retry_pause_s: Seconds = 2.0
    api_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.address and not is_http_url(self.address):
            raise InvalidValue(f"address must be http(s)://HOST/PATH without a user or a query, not {self.address!r}")
        if self.address and not self.model:
            raise InvalidValue("an address needs a model too")
        if self.timeout_s <= 0 or self.retry_pause_s < 0 or self.max_tokens < 1 or self.max_attempts < 1:
            raise InvalidValue("timeout_s, max_tokens and max_attempts must be above 0, and retry_pause_s not below it")
        self._check_key()

    def _check_key(self) -> None:
        if self.api_key and not (self.api_key.isascii() and self.api_key.isprintable() and " " not in self.api_key):
            raise SettingsError(API_KEY_VARIABLE, "holds blanks or signs that no key has", "set it anew")
        if self.api_key and urlsplit(self.address).scheme == "http" and self.host not in LOOPBACK:
            what = f"must not be sent to {self.host} in the clear"
            raise SettingsError(API_KEY_VARIABLE, what, "give an https:// address, or unset the variable")

    @property
    def host(self) -> str:
        """The part of the address that messages name."""
        return urlsplit(self.address).hostname or ""

    def ask(self, instruction: str, data: str) -> str:
        """The model's answer, as it came. Raises ToolError where there is none after `max_attempts`."""
        body = self._body(instruction, data)
        for attempt in range(self.max_attempts):
            if attempt:
                time.sleep(self.retry_pause_s * attempt)
            try:
                return self._request(body)
            except NoResponseError as error:
                last_error = error
        raise ToolError(self.host, str(last_error), REMEDY)

    def _body(self, instruction: str, data: str) -> bytes:
        request = {
            "model": self.model,
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": data}],
            "temperature": 0,
            "max_tokens": self.max_tokens,
            "response_format": {"type": "json_object"},
            "stream": False,
        }
        return json.dumps(request, ensure_ascii=False).encode()

    def _request(self, body: bytes) -> str:
        address = f"{self.address.rstrip('/')}/chat/completions"
        status, answer = post(address, self._headers(), body, RequestLimits(self.timeout_s, MAX_ANSWER_BYTES))
        if len(answer) > MAX_ANSWER_BYTES:
            raise ToolError(self.host, f"answered with more than {MAX_ANSWER_BYTES} bytes", REMEDY)
        if status in RETRYABLE_STATUSES:
            raise NoResponseError(f"answered with status {status}")
        if status != 200:
            raise ToolError(self.host, f"answered with status {status}", REMEDY)
        return _message_content(answer, self.host)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        return headers | ({"Authorization": f"Bearer {self.api_key}"} if self.api_key else {})


@dataclass(frozen=True, slots=True)
class _CompletionMessage:
    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True}

    content: str


@dataclass(frozen=True, slots=True)
class _CompletionChoice:
    message: _CompletionMessage


@dataclass(frozen=True, slots=True)
class _ChatCompletion:
    """The fields of a chat completion that are read."""

    choices: tuple[_CompletionChoice, ...]


def _message_content(body: bytes, host: str) -> str:
    from pydantic import ValidationError

    try:
        choices = type_adapter(_ChatCompletion).validate_json(body).choices
    except ValidationError as error:
        raise ToolError(host, "answered with something that is no chat completion", REMEDY) from error
    if not choices:
        raise ToolError(host, "answered with a chat completion without a choice", REMEDY)
    return choices[0].message.content
