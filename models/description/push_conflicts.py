"""Pushes that contradict what a show was found to explain, told to people in a line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.clock import Seconds, Span
from domain.highlight import Take, Takes
from models.description.reasons import LONGEST_TEXT, Push, clock
from models.text.typography import shortened

BEFORE: Seconds = 90.0  # pushes come up to so long after what they announce,
AFTER: Seconds = 30.0  # and up to so long before it
AGAIN: Seconds = 30.0  # a push of the same product so soon is the same push
MOST_TOLD = 5


def push_warnings(pushes: Iterable[Push], takes: Takes, titles: Mapping[str, str]) -> tuple[str, ...]:
    """A warning that names the pushes that contradict the takes, the first few; none where there are none.

    `titles`: by product id.
    """
    known = list(_without_repeats(sorted(pushes, key=lambda push: push.time)))
    doubted = contradicting(known, takes)
    if not doubted:
        return ()
    told = [f"{clock(push.time)} {_title(push, titles)}" for push in doubted[:MOST_TOLD]]
    more = f" and {len(doubted) - MOST_TOLD} more" if len(doubted) > MOST_TOLD else ""
    return (
        f"{len(doubted)} of {len(known)} pushes of the room fit nothing that was found to be explained near them "
        f"and were doubted: {', '.join(told)}{more}",
    )


def contradicting(pushes: Sequence[Push], takes: Takes) -> tuple[Push, ...]:
    """The pushes during a take of other products, with no take or suggestion of their own anywhere near."""
    return tuple(push for push in pushes if not _is_explained(push, takes) and _is_in(push, takes.takes))


def _is_explained(push: Push, takes: Takes) -> bool:
    near = Span(max(0.0, push.time - BEFORE), push.time + AFTER)
    return any(
        push.product_id in take.product_ids and take.span.overlap(near) > 0
        for take in (*takes.takes, *takes.suggestions)
    )


def _is_in(push: Push, takes: Iterable[Take]) -> bool:
    return any(take.span.holds(push.time) for take in takes)


def _without_repeats(pushes: Iterable[Push]) -> Iterator[Push]:
    last: dict[str, Seconds] = {}
    for push in pushes:
        if push.time - last.get(push.product_id, -AGAIN) >= AGAIN:
            yield push
        last[push.product_id] = push.time


def _title(push: Push, titles: Mapping[str, str]) -> str:
    return shortened(titles.get(push.product_id, push.product_id), LONGEST_TEXT)
