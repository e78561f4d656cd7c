"""How well each kind of explanation is found: by language, length, form, turns, evidence, and manner of the show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from domain.clock import Seconds
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.manners import MANNERS
from learning.evaluation.metrics import (
    F1_AT_50_IOU,
    F1_AT_70_IOU,
    MatchedPair,
    Prediction,
    Predictions,
    match_greedily,
    without_ignored,
)

MAX_SHORT_S: Seconds = 30.0  # shorter explanations are short
MIN_LONG_S: Seconds = 90.0  # longer ones are long
MAX_QUICK_TURN_S: Seconds = 180.0  # from the start of the first explanation to the end of the return; by definition

QUICK_TURN = "A B A in 3 min"
"""A kind of turns: a host shows one product, another one, and the first again within MAX_QUICK_TURN_S."""

SliceDimension: TypeAlias = Literal["language", "length", "form", "turns", "name", "events", "pictures", "manner"]


@dataclass(frozen=True, slots=True)
class SliceScore:
    """Truths of one kind: the shares matched at each IoU, and the share with a good seek.

    `start_error_median`: seconds, over those matched at IoU 0.3; None where there are none.
    """

    dimension: SliceDimension
    kind: str
    truths: int
    recall_at_50: float
    recall_at_70: float
    seek_recall: float
    start_error_median: Seconds | None


@dataclass(frozen=True, slots=True)
class _SlicedTruth:
    """A truth's kinds, of which a show of several manners has several, and how it was matched."""

    kinds: frozenset[tuple[SliceDimension, str]]
    pair: MatchedPair | None
    has_good_seek: bool


def score_slices(shows: Mapping[str, GoldShow], predictions: Mapping[str, Predictions]) -> tuple[SliceScore, ...]:
    """Every kind of truth that occurs, pooled over the shows. Only highlights count."""
    truths = [truth for name, show in shows.items() for truth in _sliced_truths(show, predictions[name].highlights)]
    kinds = sorted({kind for truth in truths for kind in truth.kinds}, key=_slice_order)
    return tuple(
        _slice_score(dimension, kind, [t for t in truths if (dimension, kind) in t.kinds]) for dimension, kind in kinds
    )


SLICE_KINDS: Mapping[SliceDimension, tuple[str, ...]] = {
    "language": ("zh", "en"),
    "length": ("under 30 s", "30 to 90 s", "over 90 s"),
    "form": ("single", "bundle", "return"),
    "turns": (QUICK_TURN, "slower"),
    "name": ("heard", "not heard"),
    "events": ("inside", "none inside"),
    "pictures": ("seen", "not seen"),
    "manner": MANNERS,
}


def _slice_order(kind: tuple[SliceDimension, str]) -> tuple[int, int]:
    return list(SLICE_KINDS).index(kind[0]), SLICE_KINDS[kind[0]].index(kind[1])


def _sliced_truths(show: GoldShow, predictions: Iterable[Prediction]) -> Iterator[_SlicedTruth]:
    scored = without_ignored(predictions, show.truth)
    truths = show.truth.highlights
    pairs = {pair.truth_index: pair for pair in match_greedily(scored, truths)}
    explained_ids, quick_turns = set[str](), find_quick_turns(truths)
    for truth_index, truth in sorted(enumerate(truths), key=lambda numbered: numbered[1].start):
        kinds = _slice_kinds(truth, show) | {
            "form": _form_kind(truth, explained_ids),
            "turns": QUICK_TURN if truth_index in quick_turns else "slower",
        }
        explained_ids |= set(truth.product_ids)
        manners: list[tuple[SliceDimension, str]] = [("manner", manner) for manner in show.truth.manners]
        yield _SlicedTruth(
            frozenset((*kinds.items(), *manners)), pairs.get(truth_index), any(p.has_good_seek(truth) for p in scored)
        )


def _slice_kinds(truth: TrueHighlight, show: GoldShow) -> dict[SliceDimension, str]:
    """All kinds but the form, the turns and the manners. Pictures count only where there are sightings."""
    ids = set(truth.product_ids)
    is_named = any(
        m.kind in ("name", "alias") and truth.span.contains(m.span.start) and not ids.isdisjoint(m.product_ids)
        for m in show.mentions.mentions
    )
    has_event = any(event.product_id in ids and truth.span.contains(event.time) for event in show.events)
    kinds: dict[SliceDimension, str] = {
        "language": show.transcript.language,
        "length": _length_kind(truth.span.duration),
        "name": "heard" if is_named else "not heard",
        "events": "inside" if has_event else "none inside",
    }
    if show.sightings.sightings:
        is_seen = any(
            s.span.overlap(truth.span) and not ids.isdisjoint(s.product_ids) for s in show.sightings.sightings
        )
        kinds["pictures"] = "seen" if is_seen else "not seen"
    return kinds


def _length_kind(duration: Seconds) -> str:
    if duration < MAX_SHORT_S:
        return "under 30 s"
    return "30 to 90 s" if duration <= MIN_LONG_S else "over 90 s"


def _form_kind(truth: TrueHighlight, explained_ids: set[str]) -> str:
    """ "bundle" for several products; "return" for a product that was explained before."""
    if len(truth.product_ids) > 1:
        return "bundle"
    return "return" if truth.product_ids[0] in explained_ids else "single"


def _slice_score(dimension: SliceDimension, kind: str, truths: Sequence[_SlicedTruth]) -> SliceScore:
    pairs = [truth.pair for truth in truths if truth.pair]
    return SliceScore(
        dimension,
        kind,
        len(truths),
        recall_at_50=sum(pair.iou >= F1_AT_50_IOU for pair in pairs) / len(truths),
        recall_at_70=sum(pair.iou >= F1_AT_70_IOU for pair in pairs) / len(truths),
        seek_recall=sum(truth.has_good_seek for truth in truths) / len(truths),
        start_error_median=float(np.median([pair.start_error for pair in pairs])) if pairs else None,
    )


@dataclass(frozen=True, slots=True)
class QuickTurnCounts:
    """How many truths lie inside quick turns, and how many of them are found at IoU .5."""

    truths: int = 0
    found: int = 0

    @property
    def found_share(self) -> float | None:
        """In [0, 1]; None where there are no such truths."""
        return self.found / self.truths if self.truths else None


def find_quick_turns(truths: Sequence[TrueHighlight]) -> frozenset[int]:
    """The indices of the truths inside quick turns (A B A).

    A truth is inside when a product that it explains is explained again after another truth without this product, all
    within MAX_QUICK_TURN_S; so are that other truth and the return.
    """
    order = sorted(range(len(truths)), key=lambda index: truths[index].start)
    inside = set[int]()
    for place, first in enumerate(order):
        for other_place in range(place + 2, len(order)):
            turn = order[place : other_place + 1]
            if truths[turn[-1]].end - truths[first].start <= MAX_QUICK_TURN_S:
                inside.update(_members(truths, turn))
    return frozenset(inside)


def _members(truths: Sequence[TrueHighlight], turn: Sequence[int]) -> Iterator[int]:
    """The truths of `turn` (indices, by start) that make it a quick turn from its first to its last; maybe none."""
    returning = set(truths[turn[0]].product_ids) & set(truths[turn[-1]].product_ids)
    between = [index for index in turn[1:-1] if returning.isdisjoint(truths[index].product_ids)]
    if returning and between:
        yield from (turn[0], *between, turn[-1])


def count_quick_turns(predictions: Iterable[Prediction], truth: GroundTruth) -> QuickTurnCounts:
    """What `predictions` find inside the quick turns of one show. Both are on the replay clock."""
    inside = find_quick_turns(truth.highlights)
    pairs = match_greedily(without_ignored(predictions, truth), truth.highlights)
    found = {pair.truth_index for pair in pairs if pair.iou >= F1_AT_50_IOU}
    return QuickTurnCounts(len(inside), len(inside & found))


def pool_quick_turns(counts: Iterable[QuickTurnCounts]) -> QuickTurnCounts:
    """All shows as if they were one."""
    all_counts = tuple(counts)
    return QuickTurnCounts(sum(each.truths for each in all_counts), sum(each.found for each in all_counts))
