"""What is right and what went wrong, take by take and truth by truth, in one word each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from domain.clock import Seconds
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import TrueHighlight
from learning.evaluation.metrics import Found, Prediction, counted, is_false, is_wrong_sister

TakeVerdict: TypeAlias = Literal["right", "early", "late", "wrong sister", "wrong product", "false", "not counted"]
"""`early` and `late`: the right product, but a viewer lands outside the window. `false`: nothing is explained there."""

TruthVerdict: TypeAlias = Literal["found", "early", "late", "suggested", "wrong sister", "wrong product", "missed"]
"""`suggested`: only a suggestion is about it, so viewers see nothing. `wrong ...`: a highlight says another product."""


@dataclass(frozen=True, slots=True)
class JudgedTake:
    """A take and its verdict. `start_error`: seek after true start, signed; None where it is not about any truth."""

    take: Prediction
    is_published: bool
    verdict: TakeVerdict
    start_error: Seconds | None


@dataclass(frozen=True, slots=True)
class JudgedTruth:
    """A truth and its verdict. `start_error`: where the nearest highlight about it lands after its start, signed."""

    truth: TrueHighlight
    verdict: TruthVerdict
    start_error: Seconds | None


def judged_takes(show: GoldShow, found: Found) -> tuple[JudgedTake, ...]:
    """Every highlight and suggestion, by time."""
    takes = [(take, True) for take in found.highlights] + [(take, False) for take in found.suggestions]
    judged = (JudgedTake(take, is_published, *_of_take(take, show)) for take, is_published in takes)
    return tuple(sorted(judged, key=lambda each: each.take.span))


def judged_truths(show: GoldShow, found: Found) -> tuple[JudgedTruth, ...]:
    """Every truth, by time."""
    highlights, suggestions = counted(found.highlights, show.truth), counted(found.suggestions, show.truth)
    judged = (JudgedTruth(truth, *_of_truth(truth, show, highlights, suggestions)) for truth in show.truth.highlights)
    return tuple(sorted(judged, key=lambda each: each.truth.span))


def _of_take(take: Prediction, show: GoldShow) -> tuple[TakeVerdict, Seconds | None]:
    truths = show.truth.highlights
    if not counted([take], show.truth):
        return "not counted", None
    shown = _nearest(take.seek - truth.start for truth in truths if take.seeks_well(truth))
    if shown is not None:
        return "right", shown
    error = _nearest(take.seek - truth.start for truth in truths if _is_about(take, truth))
    if error is not None:
        return ("early" if error < 0 else "late"), error
    if is_wrong_sister(take, truths, show.sisters):
        return "wrong sister", None
    return ("wrong product" if any(take.touches(truth) for truth in truths) else "false"), None


def _of_truth(
    truth: TrueHighlight, show: GoldShow, highlights: Sequence[Prediction], suggestions: Sequence[Prediction]
) -> tuple[TruthVerdict, Seconds | None]:
    shown = _nearest(take.seek - truth.start for take in highlights if take.seeks_well(truth))
    if shown is not None:
        return "found", shown
    error = _nearest(take.seek - truth.start for take in highlights if _is_about(take, truth))
    if error is not None:
        return ("early" if error < 0 else "late"), error
    if any(take.seeks_well(truth) or _is_about(take, truth) for take in suggestions):
        return "suggested", None
    others = [take for take in highlights if take.touches(truth) and is_false(take, show.truth.highlights)]
    if any(is_wrong_sister(take, [truth], show.sisters) for take in others):
        return "wrong sister", None
    return ("wrong product" if others else "missed"), None


def _is_about(take: Prediction, truth: TrueHighlight) -> bool:
    return take.agrees_with(truth) and take.touches(truth)


def _nearest(errors: Iterable[Seconds]) -> Seconds | None:
    return min(errors, key=abs, default=None)
