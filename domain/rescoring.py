"""The second look of speech: a few stretches heard again, to decide between what was read first and a name."""

from dataclasses import dataclass

from domain.clock import Span
from domain.errors import InvalidValue
from domain.evidence import Mention, MentionKind
from domain.session import Language


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to read a window: `name` in place of the characters [start, end) of its text."""

    name: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InvalidValue(f"a reading takes the place of at least one character, not [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class Window:
    """A few seconds to hear again. `text`: what was heard first; `readings`: what it may have been instead.

    `names` are those that may be said here, the readings' among them: what a recogniser is told to listen for. Of the
    catalogue a window knows nothing else, so that it is heard again only when its own candidates change.
    """

    span: Span
    language: Language
    text: str
    readings: tuple[Reading, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if any(reading.end > len(self.text) for reading in self.readings):
            raise InvalidValue(f"a reading ends behind the {len(self.text)} characters of its window")


@dataclass(frozen=True, slots=True)
class Place:
    """What a reading would mean: these products, named at `span`, in this sentence of the transcript.

    `known`: nats that the words have already earned them as what they were heard.
    """

    kind: MentionKind
    product_ids: tuple[str, ...]
    span: Span
    sentence: int
    known: float = 0.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A window and, for each of its readings, what it would mean."""

    window: Window
    places: tuple[Place, ...]

    def __post_init__(self) -> None:
        if len(self.places) != len(self.window.readings):
            raise InvalidValue(f"{len(self.window.readings)} readings need as many places, not {len(self.places)}")


@dataclass(frozen=True, slots=True)
class Doubts:
    """Where a second look may decide something, by time."""

    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Reheard:
    """A window heard again. `gains`: nats by which each reading explains the sound better than what was heard first.

    A reading that does not leave a decoy far enough behind has less: what is missing to that.
    """

    window: Window
    gains: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """All windows that were heard again, and the mentions that came of it, by time. Empty where captions are given."""

    reheard: tuple[Reheard, ...] = ()
    mentions: tuple[Mention, ...] = ()
