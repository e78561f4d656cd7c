"""Whether an operation is possible in a session. Edited files and the API use the same checks."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from domain.errors import InvalidValue, ReviewError
from domain.highlight import Highlight
from domain.review import Add, Approve, ChangeProduct, Operation
from pipeline.review.decisions import Decisions
from pipeline.review.draft import Draft

TIME_FIELDS = ("start", "end", "seek", "at")


def check_operation(
    operation: Operation, draft: Draft, location: str, remedy: str, decisions: Decisions = MappingProxyType({})
) -> None:
    """Raise ReviewError unless all its times lie in the replay and all its products in the catalogue.

    `decisions`: those made since the draft was built. The operation's class checks its own values, and `fold_edits`
    whether it can follow the edits before it.
    """
    _check_times(operation, draft, location, remedy)
    known_ids = {product.product_id for product in draft.file.products}
    for product_id in operation.product_ids if isinstance(operation, Add | ChangeProduct) else ():
        if product_id not in known_ids:
            raise ReviewError(location, f'the catalogue has no product "{product_id}"', "name one of its products")
    if isinstance(operation, Approve):
        decision = decisions.get(operation.highlight)
        current = decision.highlight if decision else draft.highlights_by_id.get(operation.highlight)
        _check_products_listed(current, known_ids, location)


@contextmanager
def review_errors_at(location: str, remedy: str) -> Iterator[None]:
    """Raise an InvalidValue inside as a ReviewError that names `location`."""
    try:
        yield
    except InvalidValue as problem:
        raise ReviewError(location, str(problem), remedy) from problem


def _check_times(operation: Operation, draft: Draft, location: str, remedy: str) -> None:
    """Times lie in the replay that was delivered, whatever duration an edited file has."""
    duration = draft.machine_file.duration
    for name in TIME_FIELDS:
        time = getattr(operation, name, None)
        if time is not None and not 0 <= time <= duration:  # NaN is refused too
            raise ReviewError(f"{location}.{name}", f"must lie in the replay, 0 to {duration} s, not at {time}", remedy)


def _check_products_listed(highlight: Highlight | None, known_ids: set[str], location: str) -> None:
    """Approving a highlight whose product left the catalogue would have no effect: it is never shown."""
    missing_ids = [
        product_id for product_id in (highlight.product_ids if highlight else ()) if product_id not in known_ids
    ]
    if missing_ids:
        raise ReviewError(
            location, f'the catalogue has no product "{missing_ids[0]}" any more', "change its product, then approve"
        )
