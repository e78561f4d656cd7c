"""Quick turns: a host who shows one product, another one, and the first again within three minutes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.clock import Seconds
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import F1_AT_50_IOU, Prediction, match_greedily, without_ignored

MAX_QUICK_TURN_S: Seconds = 180.0  # from the start of the first explanation to the end of the return; by definition


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
