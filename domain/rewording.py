"""What a language model may say of takes: words, and nothing else. No time and no product id has a place in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The text a language model answered to one question, as it came. It is read anew whenever it is used."""

    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A title and a summary that were checked against what was said and listed."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Rewordings:
    """Better words by highlight id; empty where no language model was asked, or it gave none that could be used."""

    by_highlight: Mapping[str, Wording] = field(default_factory=dict)
