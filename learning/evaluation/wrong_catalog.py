"""Shows judged with a catalogue of which nothing is shown: every highlight is false then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import UsageError
from domain.evidence import EventLog
from domain.highlight import Takes
from domain.vision import ProductPhotos
from learning.evaluation.ground_truth import GroundTruth
from pipeline.engine.stage import Artefact
from pipeline.inputs.catalog import read_catalog
from pipeline.inputs.product_photos import find_photos

SECONDS_PER_HOUR: Seconds = 3600.0
OPTION = "--wrong-catalog"
REMEDY = "name a catalogue of which nothing is shown"


@dataclass(frozen=True, slots=True)
class WrongCatalog:
    """A catalogue of another show, and its photos."""

    file: Path
    catalog: Catalog
    photos: ProductPhotos

    def check_differs(self, own: Catalog, show: str, truth: GroundTruth) -> None:
        """Raises UsageError if it holds a product that `truth` explains: with the same id and title as in `own`."""
        for product_id in (each for highlight in truth.highlights for each in highlight.product_ids):
            known, other = own.by_id.get(product_id), self.catalog.by_id.get(product_id)
            if known and other and known.title == other.title:
                raise UsageError(OPTION, f"{self.file} holds {product_id}, which is explained in {show}", REMEDY)

    def inputs(self, log: EventLog) -> dict[type, Artefact]:
        """The inputs that take the place of a show's own.

        Events about products name the room's own catalogue: only the others of `log` stay.
        """
        other_events = tuple(event for event in log.events if not event.product_id)
        return {Catalog: self.catalog, ProductPhotos: self.photos, EventLog: EventLog(other_events)}


@dataclass(frozen=True, slots=True)
class WrongCatalogDots:
    """What a show of `duration` seconds gets: highlights, all false, and suggestions."""

    show: str
    duration: Seconds
    highlights: int
    suggestions: int

    @property
    def per_hour(self) -> float:
        return self.highlights / self.duration * SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class WrongCatalogScores:
    """What each show gets; dots an hour over all shows, added up, and in the worst one, which has most."""

    shows: tuple[WrongCatalogDots, ...]
    per_hour: float
    worst: str
    worst_per_hour: float

    @property
    def total(self) -> WrongCatalogDots:
        """All shows as if they were one."""
        return _add_up(self.shows)


def read_wrong_catalog(file: Path) -> WrongCatalog:
    """The catalogue in `file`, with its photos. Raises CatalogError."""
    read = read_catalog(file, None)
    return WrongCatalog(file, read.catalog, find_photos(read.catalog, read.folder).photos)


def count_dots(takes: Takes, show: str, duration: Seconds) -> WrongCatalogDots:
    """What `takes` publish and suggest."""
    return WrongCatalogDots(show, duration, len(takes.takes), len(takes.suggestions))


def summarize_dots(shows: Iterable[WrongCatalogDots]) -> WrongCatalogScores:
    """Over one show or more."""
    all_shows = tuple(shows)
    worst = max(all_shows, key=lambda show: show.per_hour)
    return WrongCatalogScores(all_shows, _add_up(all_shows).per_hour, worst.show, worst.per_hour)


def _add_up(shows: Sequence[WrongCatalogDots]) -> WrongCatalogDots:
    return WrongCatalogDots(
        "",
        sum(show.duration for show in shows),
        sum(show.highlights for show in shows),
        sum(show.suggestions for show in shows),
    )
