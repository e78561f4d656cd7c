"""Takes, which the machine finds, and highlights 看点, which viewers get. `HighlightsFile` is highlights.json."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan, nan, sqrt
from pathlib import Path
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.evidence import EvidenceKind
from domain.session import Language


@dataclass(frozen=True, slots=True)
class ProductChance:
    """A product that a take may be about instead, and the chance that it is."""

    product_id: str
    chance: float


@dataclass(frozen=True, slots=True)
class StartChance:
    """A place where the explanation may begin instead, and the chance that it does."""

    seek: Seconds
    chance: float


TakeEvidenceKind = EvidenceKind | Literal["talk", "start", "end", "rival"]
"""What speaks for the main product, by kind; that something is explained, begins and ends there; the next product."""


@dataclass(frozen=True, slots=True)
class TakeEvidence:
    """What speaks for a take, or, below 0, against it, in nats."""

    kind: TakeEvidenceKind
    nats: float


@dataclass(frozen=True, slots=True)
class Take:
    """One explanation as the machine sees it. `seek` is where a player should land.

    `product_confidence` is the probability that the main product is explained there; `start_confidence`, if it is, that
    the explanation begins within [-5, +10] s of `seek`. `take_number` counts the takes of its main product from 1,
    published ones first; one of them is the best. `is_tie`: the take is about one of two near-duplicates that nothing
    distinguishes; it is only ever a suggestion. `other_products`, `other_starts`: runners-up, the likeliest first.
    """

    product_ids: tuple[str, ...]
    span: Span
    seek: Seconds
    product_confidence: float
    start_confidence: float
    take_number: int
    is_best: bool
    is_tie: bool = False
    other_products: tuple[ProductChance, ...] = ()
    other_starts: tuple[StartChance, ...] = ()
    evidence: tuple[TakeEvidence, ...] = ()

    def __post_init__(self) -> None:
        if not self.product_ids:
            raise InvalidValue("a take needs at least one product")
        for chance in (self.product_confidence, self.start_confidence):
            if not 0 <= chance <= 1:
                raise InvalidValue(f"a confidence lies in [0, 1], not {chance}")

    @property
    def confidence(self) -> float:
        """The probability that both are right."""
        return self.product_confidence * self.start_confidence


@dataclass(frozen=True, slots=True)
class PublishingThresholds:
    """The least chance of the product, and of the start, of a published take; the least of the product of a
    suggestion.
    """

    product: float
    start: float
    suggestion: float


@dataclass(frozen=True, slots=True)
class Takes:
    """The takes of a show by time; `suggestions` are those below the publishing thresholds, and all ties.

    `thresholds`: those that parted them; None in artefacts of versions that did not say.
    """

    takes: tuple[Take, ...]
    suggestions: tuple[Take, ...]
    thresholds: PublishingThresholds | None = None

    def __post_init__(self) -> None:
        if any(take.is_tie for take in self.takes):
            raise InvalidValue("a tie between two products is never published")


MomentKind = Literal["price", "demo", "link", "coupon", "question"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point inside a highlight, with the words spoken there."""

    kind: MomentKind
    at: Seconds
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the machine thinks so, in words for people, with its time."""

    kind: str
    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True)
class TakeThumbnail:
    """The frame that stands for a take: a JPEG file."""

    take: Take
    file: Path


@dataclass(frozen=True, slots=True)
class TakeThumbnails:
    """The thumbnails of a show's takes and suggestions; a take has none where no frame is fit to show."""

    thumbnails: tuple[TakeThumbnail, ...]


@dataclass(frozen=True, slots=True)
class DescribedTake:
    """A take with words for people."""

    take: Take
    title: str
    summary: str
    moments: tuple[Moment, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DescribedTakes:
    """The described takes and suggestions of a show, by time. `warnings`: what people should check."""

    takes: tuple[DescribedTake, ...]
    suggestions: tuple[DescribedTake, ...]
    warnings: tuple[str, ...] = ()


HighlightStatus = Literal["auto", "approved", "edited", "added"]


UNTOLD_CHANCE = nan  # never kept: `Highlight` replaces it


@dataclass(frozen=True, slots=True)
class Highlight:
    """One entry of highlights.json. The first of `product_ids` is the main one; times are seconds of the replay.

    `product_confidence`: the machine's chance that the main product is explained there; `start_confidence`: if it is,
    that the explanation begins from 10 s before to 5 s after `seek`; `confidence`: that both hold, their product. They
    stay when people edit or approve: `status` says that somebody looked. What people add has 1. Files of earlier
    versions have `confidence` alone; both are its square root then.
    """

    id: str
    product_ids: tuple[str, ...]
    start: Seconds
    end: Seconds
    seek: Seconds
    confidence: float
    product_confidence: float = field(default_factory=lambda: UNTOLD_CHANCE, kw_only=True)
    start_confidence: float = field(default_factory=lambda: UNTOLD_CHANCE, kw_only=True)
    title: str
    summary: str
    moments: tuple[Moment, ...]
    reasons: tuple[Reason, ...]
    thumbnail: str | None
    take: int
    best_take: bool
    status: HighlightStatus

    def __post_init__(self) -> None:
        for name in ("product_confidence", "start_confidence"):
            if isnan(getattr(self, name)):
                object.__setattr__(self, name, sqrt(max(0.0, self.confidence)))


@dataclass(frozen=True, slots=True)
class TakeJudgement:
    """Why the machine made a take, and what it might be instead.

    `evidence`: what speaks for it and against it, in nats by kind. `other_products`: up to three runners-up, and
    `other_starts`: up to four, the likeliest first. `is_tie`: it is about one of two near-duplicates that nothing
    distinguishes.
    """

    is_tie: bool = False
    evidence: tuple[TakeEvidence, ...] = ()
    other_products: tuple[ProductChance, ...] = ()
    other_starts: tuple[StartChance, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineTake(Highlight):
    """One entry of takes.json: what the machine found, as an entry of highlights.json, and why."""

    judgement: TakeJudgement = field(default=TakeJudgement(), kw_only=True)


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """The fields of a product that anyone may see. Prices are in units of `currency`, not minor units."""

    product_id: str
    link_no: int | None
    title: str
    short_name: str
    brand: str
    category: str
    attributes: Mapping[str, str]
    price: float | None
    list_price: float | None
    currency: str
    image: str | None
    url: str | None
    service_url: str | None


@dataclass(frozen=True, slots=True)
class HighlightsFile:
    """highlights.json, schema version 1.0: the replay, its products, and where each is explained.

    `revision` is 0 until people publish. `replay` is the address of master.m3u8 relative to this file. `suggestions`
    are below the publishing threshold: for editors, never for viewers. `unexplained` are listed products without a
    highlight.
    """

    schema_version: Literal["1.0"]
    session_id: str
    revision: int
    duration: Seconds
    language: Language
    replay: str
    products: tuple[PublicProduct, ...]
    highlights: tuple[Highlight, ...]
    suggestions: tuple[Highlight, ...]
    unexplained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakesFile:
    """takes.json, schema version 1.0: all of highlights.json as the machine found it, before people's edits, and why.

    For editors, never for viewers. `thresholds`: null in files of versions that did not say them.
    """

    schema_version: Literal["1.0"]
    session_id: str
    revision: int
    duration: Seconds
    language: Language
    replay: str
    products: tuple[PublicProduct, ...]
    highlights: tuple[MachineTake, ...]
    suggestions: tuple[MachineTake, ...]
    unexplained: tuple[str, ...]
    thresholds: PublishingThresholds | None = None


@dataclass(frozen=True, slots=True)
class HighlightIndex:
    """The written index: `folder` holds highlights.json, the WebVTT files and the thumbnails."""

    folder: Path
    highlight_count: int
    suggestion_count: int


@dataclass(frozen=True, slots=True)
class LanguageModelQuestion:
    """What a language model is asked: an instruction, and the data that it is about, which is JSON text."""

    instruction: str
    data: str


@dataclass(frozen=True, slots=True)
class LanguageModelAnswer:
    """The text that a language model answered to `question`, as it came. It is checked again whenever it is used."""

    question: LanguageModelQuestion
    text: str


@dataclass(frozen=True, slots=True)
class HighlightWording:
    """A title and a summary that were checked against the transcript and the catalogue."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class RewordedHighlights:
    """Better words by highlight id; empty where no language model was asked, or it gave none that could be used.

    `warnings`: how many of its answers were not used, and why.
    """

    wording_by_highlight: Mapping[str, HighlightWording] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
