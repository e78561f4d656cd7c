"""Export a session for review, and record what its editor changed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConflictError, InvalidValue
from domain.review import Edit, Edits, PublishedHighlights
from pipeline.engine.atomic_files import partial_folder
from pipeline.ledger.database import Ledger
from pipeline.ledger.edit_log import append_edits, read_edits
from pipeline.ledger.publications import read_published, read_published_at
from pipeline.outputs.layout import TAKES_FILE
from pipeline.outputs.sidecars import write_with_sidecars
from pipeline.review.decisions import fold_edits
from pipeline.review.difference import diff_edits
from pipeline.review.draft import Draft, build_draft, load_draft, results_folder
from pipeline.review.edited_file import EditedFile, render_editable
from pipeline.review.make_edit import changed_ids, new_highlight_id

REMEDY = "export the session again, and carry your changes over"


@dataclass(frozen=True, slots=True)
class PendingEdits:
    """Edits that follow the first `base_edit_count` of the session, which their editor had seen."""

    session_id: str
    edits: tuple[Edit, ...]
    base_edit_count: int


def read_current_draft(ledger: Ledger, out: Path, session_id: str) -> Draft:
    """The draft of a session: its results with all edits. Raises ReviewError where OUT has no results of it."""
    results = results_folder(out, session_id)
    with ledger.read_transaction() as connection:
        return load_draft(results, read_edits(connection, session_id), read_published(connection, session_id))


def export_for_review(ledger: Ledger, out: Path, session_id: str) -> bytes:
    """The current draft as the bytes of an editable highlights.json."""
    return render_editable(read_current_draft(ledger, out, session_id), _takes_digest(out / session_id))


def find_pending_edits(ledger: Ledger, out: Path, edited: EditedFile) -> PendingEdits:
    """What the editor changed, compared with what the editor had seen.

    Others may have edited other highlights and published meanwhile. Raises ConflictError where they edited the same
    ones, or where a later run changed the takes; ReviewError for a change that is not possible.
    """
    session_id = edited.file.session_id
    current = read_current_draft(ledger, out, session_id)
    if edited.exported_state.takes != _takes_digest(out / session_id):
        raise ConflictError(session_id, "was judged anew by the machine since it was exported", REMEDY)
    _check_ledger_is_current(edited, current)
    seen, later = current.edits.edits[: edited.exported_state.edits], current.edits.edits[edited.exported_state.edits :]
    edits = diff_edits(
        edited, build_draft(current.machine_file, Edits(seen), _published_at_export(ledger, edited, current))
    )
    conflicting_ids = sorted(_touched_ids(edits) & _touched_ids(later))
    if conflicting_ids:
        raise ConflictError(session_id, f"somebody else edited {', '.join(conflicting_ids)} meanwhile", REMEDY)
    try:
        fold_edits((*current.edits.edits, *edits))
    except InvalidValue as problem:
        raise ConflictError(session_id, f"somebody else edited it meanwhile: {problem}", REMEDY) from problem
    return PendingEdits(session_id, edits, len(current.edits.edits))


def _check_ledger_is_current(edited: EditedFile, current: Draft) -> None:
    """Raise ConflictError where the editor saw more edits or revisions than this ledger has."""
    session_id, exported, edit_count = edited.file.session_id, edited.exported_state, len(current.edits.edits)
    remedy = f"name the ledger that it was exported with, or {REMEDY}"
    if exported.edits > edit_count:
        raise ConflictError(
            session_id, f"has {edit_count} edits, and the file says that {exported.edits} were seen", remedy
        )
    if exported.revision is not None and exported.revision > current.published.revision:
        message = (
            f"was published {current.published.revision} times, and "
            f"the file says that revision {exported.revision} was seen"
        )
        raise ConflictError(session_id, message, remedy)


def _published_at_export(ledger: Ledger, edited: EditedFile, current: Draft) -> PublishedHighlights:
    """What viewers had when the file was exported: the ids in the file depend on it."""
    revision = edited.exported_state.revision
    if revision is None or revision == current.published.revision:
        return current.published
    with ledger.read_transaction() as connection:
        return read_published_at(connection, edited.file.session_id, revision)


def apply_pending_edits(ledger: Ledger, out: Path, pending: PendingEdits, *, editor: str) -> Draft:
    """Record the edits and update the results in OUT; returns the draft after them."""
    append_edits(ledger, pending.session_id, pending.edits, editor=editor, base_edit_count=pending.base_edit_count)
    draft = read_current_draft(ledger, out, pending.session_id)
    write_draft(draft, out / pending.session_id)
    return draft


def write_draft(draft: Draft, results: Path) -> None:
    """Update delivered results to a draft, as the next run would. Each file changes whole or not at all."""
    with partial_folder(results) as partial:
        write_with_sidecars(draft.file, partial)
        for file in sorted(partial.iterdir(), reverse=True):  # highlights.json after what depends on it
            file.replace(results / file.name)


def _touched_ids(edits: Iterable[Edit]) -> set[str]:
    """Ids of all highlights that the edits changed or made."""
    return {each for edit in edits for each in (*changed_ids(edit.operation), new_highlight_id(edit)) if each}


def _takes_digest(results: Path) -> str:
    return hashlib.sha256((results / TAKES_FILE).read_bytes()).hexdigest()
