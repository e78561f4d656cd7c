"""The score card: every measure of every method on every show, and why, as values and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import InvalidValue
from learning.evaluation.bootstrap import Intervals, intervals
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Counts, Found, Measures, count, judged, mean, measures, pooled
from learning.evaluation.operating_points import OperatingPoint, operating_points
from learning.evaluation.reliability import Calibration, calibration
from learning.evaluation.slices import SliceScore, slices

MethodsFound = Mapping[str, Mapping[str, Found]]
"""What each method found, by its name and then by show."""


@dataclass(frozen=True, slots=True)
class Score:
    """The measures, and the counts that they were made from."""

    measures: Measures
    counts: Counts


@dataclass(frozen=True, slots=True)
class ShowScore:
    """One show's score."""

    show: str
    score: Score


@dataclass(frozen=True, slots=True)
class MethodScores:
    """What one method reaches: show by show, over all (counts pooled), and each measure's mean over the shows.

    `worst` names the show of the lowest F1@0.7; where several share it, the lowest F1@0.5 and then the least right
    time decide. `intervals` are of the pooled measures, None for a single show.
    """

    method: str
    shows: tuple[ShowScore, ...]
    over_all: Score
    mean: Measures
    worst: str
    intervals: Intervals | None = None


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """Methods compared on the same shows, in the order in which they were given.

    `ablations` are the first method with fewer inputs, or with a moved log. What follows is of the first method too:
    its confidences (of highlights and suggestions), what other thresholds would publish, and what kinds of truth it
    finds.
    """

    methods: tuple[MethodScores, ...]
    ablations: tuple[MethodScores, ...]
    calibration: Calibration
    operating_points: tuple[OperatingPoint, ...]
    slices: tuple[SliceScore, ...]


def score_card(
    shows: Mapping[str, GoldShow], methods: MethodsFound, ablations: MethodsFound | None = None
) -> ScoreCard:
    """Score what each method found, by show, all on the replay clock. Where it comes from does not matter.

    Raises InvalidValue unless there is a method, and every method says what it found in exactly the shows given:
    means over different shows don't compare. A method that finds nothing gives an empty `Found`.
    """
    ablated = ablations or {}
    if not shows or not methods:
        raise InvalidValue("a score card needs at least one show with truth and one method")
    for method, found in (*methods.items(), *ablated.items()):
        if found.keys() != shows.keys():
            differing = ", ".join(sorted(found.keys() ^ shows.keys()))
            raise InvalidValue(f"{method} and the truth are not of the same shows; they differ in: {differing}")
    first = next(iter(methods.values()))
    truths = {name: show.truth for name, show in shows.items()}
    return ScoreCard(
        methods=tuple(_scores(method, found, shows) for method, found in methods.items()),
        ablations=tuple(_scores(method, found, shows) for method, found in ablated.items()),
        calibration=calibration([take for name, truth in truths.items() for take in judged(first[name].all, truth)]),
        operating_points=operating_points(truths, first),
        slices=slices(shows, first),
    )


def _scores(method: str, found: Mapping[str, Found], shows: Mapping[str, GoldShow]) -> MethodScores:
    counts = {name: count(found[name].highlights, show.truth, show.sisters) for name, show in shows.items()}
    scores = tuple(ShowScore(name, _score(counted)) for name, counted in counts.items())
    return MethodScores(
        method,
        scores,
        over_all=_score(pooled(counts.values())),
        mean=mean(show.score.measures for show in scores),
        worst=min(scores, key=_goodness).show,
        intervals=intervals(tuple(counts.values())),
    )


def _score(counts: Counts) -> Score:
    return Score(measures(counts), counts)


def _goodness(show: ShowScore) -> tuple[float, ...]:
    """Low is bad; what could not be measured counts as perfect, for it is no fault."""
    taken = show.score.measures
    values = (taken.f1_at_70, taken.f1_at_50, taken.time_share)
    return tuple(1.0 if value is None else value for value in values)


def to_json(card: ScoreCard) -> str:
    """The card as JSON, its field names as above; what could not be measured is null."""
    from pydantic import TypeAdapter

    return TypeAdapter(ScoreCard).dump_json(card, indent=2).decode()


def from_json(text: str) -> ScoreCard:
    """The card that `to_json` wrote."""
    from pydantic import TypeAdapter

    return TypeAdapter(ScoreCard).validate_json(text, strict=True)
