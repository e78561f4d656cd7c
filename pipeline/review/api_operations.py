"""Operations as an editor's page sends them: of highlights as they are now, ids of new ones made here."""

import secrets
from collections.abc import Callable, Sequence

from domain.errors import InvalidValue, ReviewError
from domain.review import Add, Edit, Edits, Merge, Operation, Split
from pipeline.review.decisions import fold_edits
from pipeline.review.draft import Draft, build_draft
from pipeline.review.edit_checks import check_operation
from pipeline.review.public_view import ID_HEX_DIGITS

OperationFactory = Callable[[str], Operation]
"""An operation, given an id that is free for what it makes."""

REMEDY = "get the draft anew and mend the operation"


def edits_from_operations(draft: Draft, factories: Sequence[OperationFactory]) -> tuple[Edit, ...]:
    """The operations as edits that follow those of the draft; each sees what those before it made.

    Raises ReviewError, which tells the operation by its place, where one cannot be made.
    """
    current_draft, edits = draft, []
    for index, factory in enumerate(factories):
        location = f"operations[{index}]"
        try:
            edit = _make_edit(current_draft, factory(_unused_id(current_draft)), location)
            current_draft = build_draft(
                current_draft.machine_file, Edits((*current_draft.edits.edits, edit)), current_draft.published
            )
        except InvalidValue as problem:
            raise ReviewError(location, str(problem), REMEDY) from problem
        edits.append(edit)
    return tuple(edits)


def _make_edit(draft: Draft, operation: Operation, location: str) -> Edit:
    check_operation(operation, draft, location, REMEDY)
    if isinstance(operation, Add):
        return Edit(operation, ())
    suggestions = {highlight.id: highlight for highlight in draft.file.suggestions}
    visible = {highlight.id: highlight for highlight in (*draft.refused, *draft.file.highlights)} | suggestions
    highlight_ids = [operation.highlight, *(operation.others if isinstance(operation, Merge) else ())]
    unknown_ids = [identity for identity in highlight_ids if identity not in visible]
    if unknown_ids:
        raise ReviewError(location, f"there is no highlight {unknown_ids[0]} in the draft", REMEDY)
    seen = tuple(visible[identity] for identity in highlight_ids)
    return Edit(operation, seen, tuple(identity for identity in highlight_ids if identity in suggestions))


def _unused_id(draft: Draft) -> str:
    used_ids = {highlight.id for highlight in (*draft.file.highlights, *draft.file.suggestions)}
    used_ids |= {*draft.published.published_highlight_ids, *fold_edits(draft.edits.edits)}
    while (identity := "h" + secrets.token_hex(ID_HEX_DIGITS // 2)) in used_ids:
        pass
    return identity


def new_highlight_id(edit: Edit) -> str | None:
    """The id of the highlight that an edit made, if it made one."""
    operation = edit.operation
    if isinstance(operation, Add):
        return operation.highlight
    return operation.second if isinstance(operation, Split) else None
