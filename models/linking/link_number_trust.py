"""How far the link numbers of a show can be trusted: rooms renumber their products while they sell.

A call of a link number agrees when its product is named within MAX_NAME_DISTANCE_S of it, and disagrees when only
others are. While numbers are valid, VALID_AGREEMENT_RATE of the calls agree (others name nothing, or the next
product); once they are stale, STALE_AGREEMENT_RATE do. From PRIOR_VALID and all other calls of the show, Bayes' rule
gives the chance that the numbers are valid around a call; distant calls count less, for numbers may have changed in
between. A call's nats are scaled by that chance. Names beside the call itself have no vote: they are evidence already.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.clock import Seconds
from domain.evidence import Mention

MAX_NAME_DISTANCE_S: Seconds = 20.0
DECAY_TIME_S: Seconds = 600.0  # a call so far away counts a third
VALID_AGREEMENT_RATE, STALE_AGREEMENT_RATE = 0.5, 0.05  # measured: 0.61 and 0.45 in valid, 0.03 in stale shows
PRIOR_VALID = 0.93  # of link numbers, in shows of which nothing is known
MIN_TRUST = 0.15  # so that names can still confirm a number
VOTING_KINDS = ("name", "alias")
MIN_NAME_NATS = 1.0  # lighter names are often accidents


@dataclass(frozen=True, slots=True)
class _AgreementVote:
    time: Seconds
    agrees: bool


def weigh_link_calls(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in the same order, those of link numbers scaled by the chance that numbers are valid there."""
    names = [each for each in mentions if each.kind in VOTING_KINDS and each.weight >= MIN_NAME_NATS]
    names.sort(key=_start)
    votes = {i: _vote(each, names) for i, each in enumerate(mentions) if each.kind == "link"}
    cast_votes = {i: vote for i, vote in votes.items() if vote is not None}
    return [
        replace(each, weight=each.weight * _link_validity(i, each, cast_votes)) if each.kind == "link" else each
        for i, each in enumerate(mentions)
    ]


def _start(mention: Mention) -> Seconds:
    return mention.span.start


def _vote(call: Mention, names: Sequence[Mention]) -> _AgreementVote | None:
    """Whether names near the call agree with it; None where nothing is named. `names` in order of time."""
    first = bisect_left(names, call.span.start - MAX_NAME_DISTANCE_S, key=_start)
    near = names[first : bisect_right(names, call.span.start + MAX_NAME_DISTANCE_S, key=_start)]
    if not near:
        return None
    agrees = any(set(name.product_ids) & set(call.product_ids) for name in near)
    return _AgreementVote(call.span.start, agrees)


def _link_validity(index: int, call: Mention, votes: Mapping[int, _AgreementVote]) -> float:
    log_odds = math.log(PRIOR_VALID / (1 - PRIOR_VALID))
    for other, vote in votes.items():
        if other != index:
            log_likelihood_ratio = (
                math.log(VALID_AGREEMENT_RATE / STALE_AGREEMENT_RATE)
                if vote.agrees
                else math.log((1 - VALID_AGREEMENT_RATE) / (1 - STALE_AGREEMENT_RATE))
            )
            log_odds += log_likelihood_ratio * math.exp(-abs(vote.time - call.span.start) / DECAY_TIME_S)
    return max(MIN_TRUST, 1 / (1 + math.exp(-log_odds)))
