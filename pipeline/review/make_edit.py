"""An operation as an edit of the draft that its editor had seen, and ids for the highlights that edits make."""

import secrets
from collections.abc import Collection

from domain.review import Add, Edit, Merge, Operation, Split
from pipeline.review.draft import Draft
from pipeline.review.public_view import ID_HEX_DIGITS


def make_edit(operation: Operation, draft: Draft) -> Edit:
    """The operation with the highlights that it changes, as `draft` shows them. Ids that `draft` lacks are left out."""
    visible = draft.highlights_by_id
    seen = tuple(visible[each] for each in changed_ids(operation) if each in visible)
    suggestion_ids = {suggestion.id for suggestion in draft.file.suggestions}
    return Edit(operation, seen, tuple(highlight.id for highlight in seen if highlight.id in suggestion_ids))


def changed_ids(operation: Operation) -> tuple[str, ...]:
    """Ids of the highlights that the operation changes; those that it makes are not among them."""
    if isinstance(operation, Add):
        return ()
    return (operation.highlight, *(operation.others if isinstance(operation, Merge) else ()))


def new_highlight_id(edit: Edit) -> str | None:
    """The id of the highlight that an edit made, if it made one."""
    operation = edit.operation
    if isinstance(operation, Add):
        return operation.highlight
    return operation.second if isinstance(operation, Split) else None


def random_id(used_ids: Collection[str]) -> str:
    """An id for a new highlight, none of `used_ids`."""
    while (highlight_id := "h" + secrets.token_hex(ID_HEX_DIGITS // 2)) in used_ids:
        pass
    return highlight_id
