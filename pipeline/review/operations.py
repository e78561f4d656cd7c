"""Operations as an editor's page sends them: of highlights as they are now, ids of new ones made here."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.errors import InvalidValue, ReviewError
from domain.review import Add, ChangeProduct, Edit, Edits, Merge, Operation, Split
from pipeline.publishing import ID_LENGTH
from pipeline.review.decisions import decisions_of
from pipeline.review.draft import Draft, redrawn

Draw = Callable[[str], Operation]
"""An operation, given an id that is free for what it makes."""

TIMES = ("start", "end", "seek", "at")
REMEDY = "get the draft anew and mend the operation"


def edits_of(draft: Draft, wanted: Sequence[Draw]) -> tuple[Edit, ...]:
    """The operations as edits that follow those of the draft; each sees what those before it made.

    Raises ReviewError, which tells the operation by its place, where one cannot be made.
    """
    now, made = draft, []
    for place, draw in enumerate(wanted):
        where = f"operations[{place}]"
        edit = _edit(now, draw(_new_id(now)), where)
        try:
            now = redrawn(now.found, Edits((*now.edits.edits, edit)), now.published)
        except InvalidValue as problem:
            raise ReviewError(where, str(problem), REMEDY) from problem
        made.append(edit)
    return tuple(made)


def _edit(now: Draft, operation: Operation, where: str) -> Edit:
    _check_times(now, operation, where)
    _check_products(now, operation, where)
    if isinstance(operation, Add):
        return Edit(_titled(now, operation), ())
    suggested = {highlight.id: highlight for highlight in now.file.suggestions}
    shown = {highlight.id: highlight for highlight in now.file.highlights} | suggested
    about = [operation.highlight, *(operation.others if isinstance(operation, Merge) else ())]
    unknown = [identity for identity in about if identity not in shown]
    if unknown:
        raise ReviewError(where, f"there is no highlight {unknown[0]} in the draft", REMEDY)
    seen = tuple(shown[identity] for identity in about)
    return Edit(operation, seen, tuple(identity for identity in about if identity in suggested))


def _check_times(now: Draft, operation: Operation, where: str) -> None:
    """A time that is not finite would not be JSON again."""
    for name in TIMES:
        time = getattr(operation, name, None)
        if time is not None and not 0 <= time <= now.file.duration:  # so is NaN
            raise ReviewError(f"{where}.{name}", f"must lie in the replay, 0 to {now.file.duration} s", REMEDY)


def _check_products(now: Draft, operation: Operation, where: str) -> None:
    if isinstance(operation, Add | ChangeProduct):
        known = {product.product_id for product in now.file.products}
        unknown = [product_id for product_id in operation.product_ids if product_id not in known]
        if unknown:
            raise ReviewError(where, f'the catalogue has no product "{unknown[0]}"', "name one of its products")


def _titled(now: Draft, added: Add) -> Add:
    """Who adds a highlight need not say more than what it is about: the product's title is its own."""
    titles = {product.product_id: product.title for product in now.file.products}
    return added if added.title else replace(added, title=titles[added.product_ids[0]])


def _new_id(now: Draft) -> str:
    used = {highlight.id for highlight in (*now.file.highlights, *now.file.suggestions)}
    used |= {*now.published.promised, *decisions_of(now.edits.edits)}
    while (identity := "h" + secrets.token_hex(ID_LENGTH // 2)) in used:
        pass
    return identity


def made_by(edit: Edit) -> str | None:
    """The id of the highlight that an edit made, if it made one."""
    operation = edit.operation
    if isinstance(operation, Add):
        return operation.highlight
    return operation.second if isinstance(operation, Split) else None
