"""Operations as an editor's page sends them: of highlights as they are now, ids of new ones made here."""

import secrets
from collections.abc import Callable, Sequence

from domain.errors import InvalidValue, ReviewError
from domain.review import Add, Edit, Edits, Merge, Operation, Split
from pipeline.review.decisions import decisions_of
from pipeline.review.draft import Draft, redrawn
from pipeline.review.edit_checks import check_possible
from pipeline.review.public_view import ID_LENGTH

Draw = Callable[[str], Operation]
"""An operation, given an id that is free for what it makes."""

REMEDY = "get the draft anew and mend the operation"


def edits_of(draft: Draft, wanted: Sequence[Draw]) -> tuple[Edit, ...]:
    """The operations as edits that follow those of the draft; each sees what those before it made.

    Raises ReviewError, which tells the operation by its place, where one cannot be made.
    """
    now, made = draft, []
    for place, draw in enumerate(wanted):
        where = f"operations[{place}]"
        try:
            edit = _edit(now, draw(_new_id(now)), where)
            now = redrawn(now.found, Edits((*now.edits.edits, edit)), now.published)
        except InvalidValue as problem:
            raise ReviewError(where, str(problem), REMEDY) from problem
        made.append(edit)
    return tuple(made)


def _edit(now: Draft, operation: Operation, where: str) -> Edit:
    check_possible(operation, now, where, REMEDY)
    if isinstance(operation, Add):
        return Edit(operation, ())
    suggested = {highlight.id: highlight for highlight in now.file.suggestions}
    shown = {highlight.id: highlight for highlight in (*now.refused, *now.file.highlights)} | suggested
    about = [operation.highlight, *(operation.others if isinstance(operation, Merge) else ())]
    unknown = [identity for identity in about if identity not in shown]
    if unknown:
        raise ReviewError(where, f"there is no highlight {unknown[0]} in the draft", REMEDY)
    seen = tuple(shown[identity] for identity in about)
    return Edit(operation, seen, tuple(identity for identity in about if identity in suggested))


def _new_id(now: Draft) -> str:
    used = {highlight.id for highlight in (*now.file.highlights, *now.file.suggestions)}
    used |= {*now.published.promised_ids, *decisions_of(now.edits.edits)}
    while (identity := "h" + secrets.token_hex(ID_LENGTH // 2)) in used:
        pass
    return identity


def made_by(edit: Edit) -> str | None:
    """The id of the highlight that an edit made, if it made one."""
    operation = edit.operation
    if isinstance(operation, Add):
        return operation.highlight
    return operation.second if isinstance(operation, Split) else None
