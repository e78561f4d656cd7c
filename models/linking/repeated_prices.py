"""Prices that are said again and again: each saying within a minute adds less, so that no price wins by repetition.

The k-th saying of a price within REPEAT_WINDOW_S weighs a k-th of what it would alone. Ten in a minute count as three,
twenty as 3.6; a host who goes on at that pace for ten minutes adds less than one a minute.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace

from domain.clock import Seconds
from domain.evidence import Mention

REPEAT_WINDOW_S: Seconds = 60.0  # about as long as a short explanation, in which its price is said once or twice


def weigh_repeated_prices(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions by time; a price weighs less the more often it was said for the same products just before."""
    recent_times: dict[tuple[str, ...], deque[Seconds]] = defaultdict(deque)
    weighed = []
    for mention in sorted(mentions, key=lambda mention: (mention.span.start, mention.span.end)):
        if mention.kind == "price":
            times = recent_times[mention.product_ids]
            while times and times[0] <= mention.span.start - REPEAT_WINDOW_S:
                times.popleft()
            times.append(mention.span.start)
            weighed.append(replace(mention, weight=mention.weight / len(times)))
        else:
            weighed.append(mention)
    return weighed
