"""A warning about pushes that contradict the takes of a show."""

from collections.abc import Iterable, Mapping, Sequence

from domain.clock import Seconds, Span
from domain.highlight import Take, Takes
from models.description.reasons import MAX_PUSH_LEAD_S, MAX_QUOTE_COLUMNS, ProductPush, format_clock
from models.event_log.timed_events import drop_repeated_pushes
from models.text.typography import truncate

MAX_PUSH_DELAY_S: Seconds = 90.0  # a push comes up to so long after what it announces
MAX_LISTED_PUSHES = 5  # the warning stays one line


def push_conflict_warnings(pushes: Iterable[ProductPush], takes: Takes, titles: Mapping[str, str]) -> tuple[str, ...]:
    """A warning that names the pushes that contradict the takes, the first few; none where there are none.

    `titles`: by product id.
    """
    distinct_pushes = drop_repeated_pushes(sorted(pushes, key=lambda push: push.time), lambda push: push.product_id)
    conflicting = conflicting_pushes(distinct_pushes, takes)
    if not conflicting:
        return ()
    listed = [f"{format_clock(push.time)} {_title(push, titles)}" for push in conflicting[:MAX_LISTED_PUSHES]]
    more = f" and {len(conflicting) - MAX_LISTED_PUSHES} more" if len(conflicting) > MAX_LISTED_PUSHES else ""
    return (
        f"{len(conflicting)} of {len(distinct_pushes)} pushes of the room fit nothing that was found to be explained "
        f"near them and were doubted: {', '.join(listed)}{more}",
    )


def conflicting_pushes(pushes: Sequence[ProductPush], takes: Takes) -> tuple[ProductPush, ...]:
    """The pushes during a take of other products, with no take or suggestion of their own anywhere near."""
    return tuple(push for push in pushes if not _is_explained(push, takes) and _is_during_take(push, takes.takes))


def _is_explained(push: ProductPush, takes: Takes) -> bool:
    near = Span(max(0.0, push.time - MAX_PUSH_DELAY_S), push.time + MAX_PUSH_LEAD_S)
    return any(
        push.product_id in take.product_ids and take.span.overlap(near) > 0
        for take in (*takes.takes, *takes.suggestions)
    )


def _is_during_take(push: ProductPush, takes: Iterable[Take]) -> bool:
    return any(take.span.contains(push.time) for take in takes)


def _title(push: ProductPush, titles: Mapping[str, str]) -> str:
    return truncate(titles.get(push.product_id, push.product_id), MAX_QUOTE_COLUMNS)
