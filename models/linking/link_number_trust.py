"""How far the link numbers of a show can be believed: rooms deal them anew while they sell.

A call of a link number agrees when its product is named within NEAR seconds of it, and disagrees when only others
are. While numbers hold, HOLDING of the calls agree (others name nothing, or the next product); once they are dealt
anew, STALE of them do. From PRIOR, Bayes' rule gives the chance that the numbers hold around a call from all others
of the show: those far away in time count less, for the numbers may have been dealt between. Few calls change little,
and one that agrees outweighs three that don't. The call's nats are scaled by that chance; its own names, which are
evidence by themselves, have no vote.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.clock import Seconds
from domain.evidence import Mention

NEAR: Seconds = 20.0
REACH: Seconds = 600.0  # a call so far away counts a third
HOLDING, STALE = 0.5, 0.05  # shares of calls that agree: measured 0.61 and 0.45 (true), 0.03 (false)
PRIOR = 0.93  # of link numbers hold in shows that nothing is known of
LEAST_TRUST = 0.15
NAMING = ("name", "alias")
LEAST_NAME_NATS = 1.0  # lighter names are heard by accident


@dataclass(frozen=True, slots=True)
class _Vote:
    at: Seconds
    agrees: bool


def with_trusted_links(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in the same order, those of link numbers weighed by how well they agree with names nearby."""
    names = [each for each in mentions if each.kind in NAMING and each.weight >= LEAST_NAME_NATS]
    names.sort(key=_start)
    votes = {i: _vote(each, names) for i, each in enumerate(mentions) if each.kind == "link"}
    cast = {i: vote for i, vote in votes.items() if vote is not None}
    return [
        replace(each, weight=each.weight * _trust(i, each, cast)) if each.kind == "link" else each
        for i, each in enumerate(mentions)
    ]


def _start(mention: Mention) -> Seconds:
    return mention.span.start


def _vote(call: Mention, names: Sequence[Mention]) -> _Vote | None:
    """Whether names near the call agree with it; None where nothing is named. `names` in order of time."""
    first = bisect_left(names, call.span.start - NEAR, key=_start)
    near = names[first : bisect_right(names, call.span.start + NEAR, key=_start)]
    if not near:
        return None
    agrees = any(set(name.product_ids) & set(call.product_ids) for name in near)
    return _Vote(call.span.start, agrees)


def _trust(place: int, call: Mention, votes: Mapping[int, _Vote]) -> float:
    log_odds = math.log(PRIOR / (1 - PRIOR))
    for other, vote in votes.items():
        if other != place:
            told = math.log(HOLDING / STALE) if vote.agrees else math.log((1 - HOLDING) / (1 - STALE))
            log_odds += told * math.exp(-abs(vote.at - call.span.start) / REACH)
    return max(LEAST_TRUST, 1 / (1 + math.exp(-log_odds)))
