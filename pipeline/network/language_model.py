"""The one module that talks to a language model: one question by HTTP, in the format of OpenAI's chat completions."""

import json
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

from domain.clock import Seconds
from domain.errors import InvalidValue, SettingsError, ToolError
from pipeline.network.http_client import LOOPBACK, Limits, NoAnswer, is_address, post

KEY_VARIABLE = "KANDIAN_LANGUAGE_MODEL_KEY"
LARGEST_BODY = 1_000_000  # bytes; a title and a summary take a few hundred
OVERLOADED = frozenset({408, 429, 500, 502, 503, 504})  # status codes after which asking again may help
REMEDY = "look at the server and at [language_model] in kandian.toml; the same command asks again"


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The section [language_model] of kandian.toml. Off while `address` is empty."""

    address: str = ""
    model: str = ""
    timeout_s: Seconds = 30.0
    most_tokens: int = 400
    attempts: int = 2
    pause_s: Seconds = 2.0

    def __post_init__(self) -> None:
        if self.address and not is_address(self.address):
            raise InvalidValue(f"address must be http(s)://HOST/PATH without a user or a query, not {self.address!r}")
        if self.address and not self.model:
            raise InvalidValue("an address needs a model too")
        if self.timeout_s <= 0 or self.pause_s < 0 or self.most_tokens < 1 or self.attempts < 1:
            raise InvalidValue("timeout_s, most_tokens and attempts must be above 0, and pause_s not below it")

    @property
    def is_on(self) -> bool:
        return bool(self.address)

    @property
    def host(self) -> str:
        """What people are told of the address."""
        return urlsplit(self.address).hostname or ""


@dataclass(frozen=True, slots=True)
class Chat:
    """A language model and the key to it. The key is never printed, stored or hashed."""

    model: LanguageModel
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.key and not (self.key.isascii() and self.key.isprintable() and " " not in self.key):
            raise SettingsError(KEY_VARIABLE, "holds blanks or signs that no key has", "set it anew")
        if self.key and urlsplit(self.model.address).scheme == "http" and self.model.host not in LOOPBACK:
            what = f"must not be sent to {self.model.host} in the clear"
            raise SettingsError(KEY_VARIABLE, what, "give an https:// address, or unset the variable")

    def ask(self, instruction: str, data: str) -> str:
        """The model's answer, as it came. Raises ToolError where there is none after `attempts`."""
        body = self._body(instruction, data)
        for attempt in range(self.model.attempts):
            if attempt:
                time.sleep(self.model.pause_s * attempt)
            try:
                return self._once(body)
            except NoAnswer as error:
                problem = error
        raise ToolError(self.model.host, str(problem), REMEDY)

    def _body(self, instruction: str, data: str) -> bytes:
        request = {
            "model": self.model.model,
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": data}],
            "temperature": 0,
            "max_tokens": self.model.most_tokens,
            "response_format": {"type": "json_object"},
            "stream": False,
        }
        return json.dumps(request, ensure_ascii=False).encode()

    def _once(self, body: bytes) -> str:
        address = f"{self.model.address.rstrip('/')}/chat/completions"
        status, answer = post(address, self._headers(), body, Limits(self.model.timeout_s, LARGEST_BODY))
        if len(answer) > LARGEST_BODY:
            raise ToolError(self.model.host, f"answered with more than {LARGEST_BODY} bytes", REMEDY)
        if status in OVERLOADED:
            raise NoAnswer(f"answered with status {status}")
        if status != 200:
            raise ToolError(self.model.host, f"answered with status {status}", REMEDY)
        return _content(answer, self.model.host)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        return headers | ({"Authorization": f"Bearer {self.key}"} if self.key else {})


@dataclass(frozen=True, slots=True)
class _Message:
    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True}

    content: str


@dataclass(frozen=True, slots=True)
class _Choice:
    message: _Message


@dataclass(frozen=True, slots=True)
class _Completion:
    """What is read of a chat completion; the rest of it is left aside."""

    choices: tuple[_Choice, ...]


def _content(body: bytes, host: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    try:
        choices = TypeAdapter(_Completion).validate_json(body).choices
    except ValidationError as error:
        raise ToolError(host, "answered with something that is no chat completion", REMEDY) from error
    if not choices:
        raise ToolError(host, "answered with a chat completion without a choice", REMEDY)
    return choices[0].message.content
