"""Operations from the API as edits: they name highlights as the draft shows them, and new ids are made here."""

from collections.abc import Callable, Sequence

from domain.errors import ReviewError
from domain.review import Edit, Edits, Operation
from pipeline.review.decisions import fold_edits
from pipeline.review.draft import Draft, build_draft
from pipeline.review.edit_checks import check_operation, review_errors_at
from pipeline.review.make_edit import changed_ids, make_edit, random_id

OperationFactory = Callable[[str], Operation]
"""Makes an operation, given an unused id for the highlight that it may create."""

REMEDY = "get the draft anew and mend the operation"


def edits_from_operations(draft: Draft, factories: Sequence[OperationFactory]) -> tuple[Edit, ...]:
    """The operations as edits that follow those of the draft; each sees what those before it changed.

    Raises ReviewError, which names the operation by its index, where one cannot be made.
    """
    edits: list[Edit] = []
    for index, factory in enumerate(factories):
        previous = Edits((*draft.edits.edits, *edits))
        seen = build_draft(draft.machine_file, previous, draft.published) if edits else draft
        location = f"operations[{index}]"
        with review_errors_at(location, REMEDY):
            edit = _located_edit(factory(random_id(seen.used_ids)), seen, location)
            fold_edits((*previous.edits, edit))
        edits.append(edit)
    return tuple(edits)


def _located_edit(operation: Operation, draft: Draft, location: str) -> Edit:
    check_operation(operation, draft, location, REMEDY)
    visible = draft.highlights_by_id
    unknown_ids = [each for each in changed_ids(operation) if each not in visible]
    if unknown_ids:
        raise ReviewError(location, f"there is no highlight {unknown_ids[0]} in the draft", REMEDY)
    return make_edit(operation, draft)
