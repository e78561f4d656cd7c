"""How well explanations of each kind are found: by language, length, form, and by the evidence that was at hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from domain.clock import Seconds
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import TrueHighlight
from learning.evaluation.metrics import LOOSE_IOU, TIGHT_IOU, Found, Pair, Prediction, counted, matched

SHORT: Seconds = 30.0  # an explanation below is short; the definition
LONG: Seconds = 90.0  # and above is long

Dimension: TypeAlias = Literal["language", "length", "form", "name", "events", "pictures"]


@dataclass(frozen=True, slots=True)
class SliceScore:
    """Truths of one kind: how many are matched at the IoU, how many have a highlight whose seek is good.

    `start_error_median` in seconds, over those matched at IoU 0.3; None where there are none.
    """

    dimension: Dimension
    kind: str
    truths: int
    recall_at_50: float
    recall_at_70: float
    seek_recall: float
    start_error_median: Seconds | None


@dataclass(frozen=True, slots=True)
class _Truth:
    """A truth, the kinds that it is of, and what became of it."""

    kinds: Mapping[Dimension, str]
    pair: Pair | None
    has_good_seek: bool


def slices(shows: Mapping[str, GoldShow], found: Mapping[str, Found]) -> tuple[SliceScore, ...]:
    """Every kind of truth that is there, pooled over the shows. Only highlights count, as in the measures."""
    truths = [truth for name, show in shows.items() for truth in _truths(show, found[name].highlights)]
    kinds = sorted({kind for truth in truths for kind in truth.kinds.items()}, key=_rank)
    return tuple(
        _score(dimension, kind, [t for t in truths if t.kinds.get(dimension) == kind]) for dimension, kind in kinds
    )


KINDS: Mapping[Dimension, tuple[str, ...]] = {
    "language": ("zh", "en"),
    "length": ("under 30 s", "30 to 90 s", "over 90 s"),
    "form": ("single", "bundle", "return"),
    "name": ("heard", "not heard"),
    "events": ("inside", "none inside"),
    "pictures": ("seen", "not seen"),
}


def _rank(kind: tuple[Dimension, str]) -> tuple[int, int]:
    return list(KINDS).index(kind[0]), KINDS[kind[0]].index(kind[1])


def _truths(show: GoldShow, predictions: Iterable[Prediction]) -> Iterator[_Truth]:
    counting = counted(predictions, show.truth)
    truths = show.truth.highlights
    pairs = {pair.truth: pair for pair in matched(counting, truths)}
    explained = set[str]()
    for place, truth in sorted(enumerate(truths), key=lambda numbered: numbered[1].start):
        kinds = _kinds(truth, show) | {"form": _form(truth, explained)}
        explained |= set(truth.product_ids)
        yield _Truth(kinds, pairs.get(place), any(p.seeks_well(truth) for p in counting))


def _kinds(truth: TrueHighlight, show: GoldShow) -> dict[Dimension, str]:
    """All but the form. Pictures are a kind only where something looked at them."""
    ids = set(truth.product_ids)
    is_named = any(
        m.kind in ("name", "alias") and truth.span.holds(m.span.start) and not ids.isdisjoint(m.product_ids)
        for m in show.mentions.mentions
    )
    has_event = any(event.product_id in ids and truth.span.holds(event.time) for event in show.events)
    kinds: dict[Dimension, str] = {
        "language": show.transcript.language,
        "length": _length(truth.span.duration),
        "name": "heard" if is_named else "not heard",
        "events": "inside" if has_event else "none inside",
    }
    if show.sightings.sightings:
        seen = any(s.span.overlap(truth.span) and not ids.isdisjoint(s.product_ids) for s in show.sightings.sightings)
        kinds["pictures"] = "seen" if seen else "not seen"
    return kinds


def _length(duration: Seconds) -> str:
    if duration < SHORT:
        return "under 30 s"
    return "30 to 90 s" if duration <= LONG else "over 90 s"


def _form(truth: TrueHighlight, explained: set[str]) -> str:
    """A bundle is one, whether or not it comes again; a return explains what was explained before."""
    if len(truth.product_ids) > 1:
        return "bundle"
    return "return" if truth.product_ids[0] in explained else "single"


def _score(dimension: Dimension, kind: str, truths: Sequence[_Truth]) -> SliceScore:
    pairs = [truth.pair for truth in truths if truth.pair]
    return SliceScore(
        dimension,
        kind,
        len(truths),
        recall_at_50=sum(pair.iou >= LOOSE_IOU for pair in pairs) / len(truths),
        recall_at_70=sum(pair.iou >= TIGHT_IOU for pair in pairs) / len(truths),
        seek_recall=sum(truth.has_good_seek for truth in truths) / len(truths),
        start_error_median=float(np.median([pair.start_error for pair in pairs])) if pairs else None,
    )
