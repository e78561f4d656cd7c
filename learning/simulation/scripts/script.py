"""A labelled script: the utterances of a show, and the products that each is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.evidence import DiscourseRole
from domain.session import Language
from learning.evaluation.manners import Manner

MAX_PAUSE_S: Seconds = 600.0
WRITER_PATTERN = re.compile(r"-([a-z]+)\d*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One spoken sentence. `about`: explained products; `mentions`: products named in passing.

    `push`: the product whose card is pushed meanwhile; `comment`: a viewer's comment before; `pause_after`: seconds of
    silence beyond a breath.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    text: str
    about: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    role: DiscourseRole = "chat"
    host: str = ""
    push: str | None = None
    comment: str | None = None
    pause_after: Seconds | None = None

    def __post_init__(self) -> None:
        if not re.search(r"\w", self.text):
            raise InvalidValue(f"an utterance needs words, not {self.text!r}")
        if len(set(self.about)) < len(self.about):
            raise InvalidValue("about names a product twice")
        if self.pause_after is not None and not 0 <= self.pause_after <= MAX_PAUSE_S:
            raise InvalidValue(f"pause_after lies in [0, {MAX_PAUSE_S:.0f}] seconds, not {self.pause_after}")

    @property
    def product_ids(self) -> Iterator[str]:
        """Every product id that the utterance carries."""
        yield from (*self.about, *self.mentions, *((self.push,) if self.push else ()))


@dataclass(frozen=True)
class ShowScript:
    """The utterances of a show in spoken order, and a catalogue with every product that they name.

    `manners`: how the show talks, each once; none where nobody said.
    """

    id: str
    language: Language
    title: str
    catalog: Catalog
    utterances: tuple[Utterance, ...]
    manners: tuple[Manner, ...] = ()

    def __post_init__(self) -> None:
        if not self.utterances:
            raise InvalidValue("a script needs at least one utterance")
        for number, utterance in enumerate(self.utterances):
            unknown = [product_id for product_id in utterance.product_ids if product_id not in self.catalog.by_id]
            if unknown:
                raise InvalidValue(f"utterances[{number}] names {unknown[0]!r}, which the catalogue does not hold")

    @property
    def writer(self) -> str:
        """The writer: the letters before the number at the end of the id (zh-tea-t1: t), else the whole id."""
        match = WRITER_PATTERN.search(self.id)
        return match.group(1) if match else self.id
