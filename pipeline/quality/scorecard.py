"""The score card: every measure of every method on every show, as values, as a table for people, and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from domain.errors import InvalidValue
from pipeline.quality.measures import Counts, Measures, Prediction, count, mean, measures, pooled
from pipeline.quality.truth import Truth

NOT_MEASURED = "-"
HEADINGS = ("F1@.5", "F1@.7", "prec", "rec", "false", "time", "start", "p90", "found")

LEGEND = """\
- all shows: the counts added up; mean: over the shows that have the measure; worst show: lowest F1@.7, then F1@.5
- F1@x: one truth matched by one highlight that overlaps it by x (IoU) and names only products of it
- prec: share of highlights whose seek is from 5 s before to 10 s after such a truth's start
- rec: share of truths with such a highlight
- false: share of highlights that overlap no such truth by 10 % of themselves
- time: share of seconds with the right product, or rightly none
- start, p90: median and 90th percentile of the error of starts, in seconds, of pairs that overlap by 0.3
- found: highlights/truths"""


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
    time decide.
    """

    method: str
    shows: tuple[ShowScore, ...]
    over_all: Score
    mean: Measures
    worst: str


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """Methods compared on the same shows, in the order in which they were given."""

    methods: tuple[MethodScores, ...]


def score_card(truths: Mapping[str, Truth], methods: Mapping[str, Mapping[str, Sequence[Prediction]]]) -> ScoreCard:
    """Score each method's highlights, by show, against the truths, all on the replay clock.

    Raises InvalidValue unless every method says what it found in exactly the shows of `truths`: means over different
    shows don't compare. A method that finds nothing gives an empty sequence.
    """
    if not truths:
        raise InvalidValue("a score card needs at least one show with truth")
    for method, found in methods.items():
        if found.keys() != truths.keys():
            differing = ", ".join(sorted(found.keys() ^ truths.keys()))
            raise InvalidValue(f"{method} and the truth are not of the same shows; they differ in: {differing}")
    return ScoreCard(tuple(_scores(method, found, truths) for method, found in methods.items()))


def _scores(method: str, found: Mapping[str, Sequence[Prediction]], truths: Mapping[str, Truth]) -> MethodScores:
    shows = tuple(ShowScore(show, _score(count(found[show], truth))) for show, truth in truths.items())
    over_all = _score(pooled(show.score.counts for show in shows))
    return MethodScores(method, shows, over_all, mean(s.score.measures for s in shows), min(shows, key=_goodness).show)


def _score(counts: Counts) -> Score:
    return Score(measures(counts), counts)


def _goodness(show: ShowScore) -> tuple[float, ...]:
    """Low is bad; what could not be measured counts as perfect, for it is no fault."""
    taken = show.score.measures
    values = (taken.f1_at_70, taken.f1_at_50, taken.time_share)
    return tuple(1.0 if value is None else value for value in values)


def render_text(card: ScoreCard) -> str:
    """The card as aligned Markdown tables: the methods over all shows, each show by show, and what it all means."""
    summary = _table("method", [row for method in card.methods for row in _summary(method)])
    details = [_table(method.method, _details(method)) for method in card.methods]
    return "\n\n".join([summary, *details, LEGEND]) + "\n"


def _summary(method: MethodScores) -> list[tuple[str, list[str]]]:
    worst = next(show.score for show in method.shows if show.show == method.worst)
    return [
        (f"{method.method}, all shows", _cells(method.over_all)),
        (f"{method.method}, mean", [*_measured(method.mean), ""]),
        (f"{method.method}, worst show", _cells(worst)),
    ]


def _details(method: MethodScores) -> list[tuple[str, list[str]]]:
    names = [show.show + (" (worst)" if show.show == method.worst else "") for show in method.shows]
    return [(name, _cells(show.score)) for name, show in zip(names, method.shows, strict=True)]


def _cells(score: Score) -> list[str]:
    return [*_measured(score.measures), f"{score.counts.highlights}/{score.counts.truths}"]


def _measured(taken: Measures) -> list[str]:
    shares = (
        taken.f1_at_50,
        taken.f1_at_70,
        taken.seek_precision,
        taken.seek_recall,
        taken.false_share,
        taken.time_share,
    )
    errors = (taken.start_error_median, taken.start_error_p90)
    return [_number(share, 2) for share in shares] + [_number(error, 1) for error in errors]


def _number(value: float | None, digits: int) -> str:
    return NOT_MEASURED if value is None else f"{value:.{digits}f}"


def _table(name: str, rows: Iterable[tuple[str, list[str]]]) -> str:
    """A Markdown table with first column `name`; widths in cells, so that it is straight in a terminal too."""
    lines = [[name, *HEADINGS], *([first, *rest] for first, rest in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    rule = [":" + "-" * (widths[0] + 1)] + ["-" * (width + 1) + ":" for width in widths[1:]]
    head, *body = (_line(line, widths) for line in lines)
    return "\n".join([head, "|" + "|".join(rule) + "|", *body])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    gaps = [" " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    numbers = [f" {gap}{cell} " for cell, gap in zip(cells[1:], gaps[1:], strict=True)]
    return "|" + "|".join([f" {cells[0]}{gaps[0]} ", *numbers]) + "|"


def to_json(card: ScoreCard) -> str:
    """The card as JSON, its field names as above; what could not be measured is null."""
    from pydantic import TypeAdapter

    return TypeAdapter(ScoreCard).dump_json(card, indent=2).decode()


def from_json(text: str) -> ScoreCard:
    """The card that `to_json` wrote."""
    from pydantic import TypeAdapter

    return TypeAdapter(ScoreCard).validate_json(text, strict=True)
