"""Exporting a session for review, and recording what its editor made of it."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConflictError, InvalidValue
from domain.review import Edit, Edits, Merge, Published, Split
from pipeline.ledger.database import Ledger
from pipeline.ledger.edit_log import append_edits, read_edits
from pipeline.ledger.publications import read_published, read_published_until
from pipeline.outputs.results_folder import PARTIAL
from pipeline.outputs.sidecars import write_with_companions
from pipeline.review.decisions import decisions_of
from pipeline.review.difference import edits_in
from pipeline.review.draft import TAKES_FILE, Draft, draft_of, redrawn, results_of
from pipeline.review.edited_file import EditedFile, editable

REMEDY = "export the session again, and carry your changes over"


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edited file changes: `edits`, to be made after the first `after` of the session. `before` is now."""

    session_id: str
    edits: tuple[Edit, ...]
    after: int
    before: Draft


def current_draft(ledger: Ledger, out: Path, session_id: str) -> Draft:
    """The session with all edits. Raises ReviewError where OUT has no results of it."""
    results = results_of(out, session_id)
    with ledger.reading() as connection:
        return draft_of(results, read_edits(connection, session_id), read_published(connection, session_id))


def export_for_review(ledger: Ledger, out: Path, session_id: str) -> bytes:
    """An editable highlights.json of the session as it is now."""
    return editable(current_draft(ledger, out, session_id), _takes_digest(out / session_id))


def changes_in(ledger: Ledger, out: Path, edited: EditedFile) -> Changes:
    """What the editor changed, against what the editor had seen.

    Others may have edited other highlights meanwhile, and published. ConflictError where they edited the same ones, or
    where the machine judged anew; ReviewError where the file cannot be.
    """
    session_id = edited.file.session_id
    now = current_draft(ledger, out, session_id)
    if edited.seen.takes != _takes_digest(out / session_id):
        raise ConflictError(session_id, "was judged anew by the machine since it was exported", REMEDY)
    _check_ledger(edited, now)
    seen, later = now.edits.edits[: edited.seen.edits], now.edits.edits[edited.seen.edits :]
    edits = edits_in(edited, redrawn(now.found, Edits(seen), _published_then(ledger, edited, now)))
    both = sorted(_touched(edits) & _touched(later))
    if both:
        raise ConflictError(session_id, f"somebody else edited {', '.join(both)} meanwhile", REMEDY)
    try:
        decisions_of((*now.edits.edits, *edits))
    except InvalidValue as problem:
        raise ConflictError(session_id, f"somebody else edited it meanwhile: {problem}", REMEDY) from problem
    return Changes(session_id, edits, len(now.edits.edits), now)


def _check_ledger(edited: EditedFile, now: Draft) -> None:
    """Raise ConflictError where the editor saw more than this ledger knows."""
    session_id, seen, edits = edited.file.session_id, edited.seen, len(now.edits.edits)
    remedy = f"name the ledger that it was exported with, or {REMEDY}"
    if seen.edits > edits:
        raise ConflictError(session_id, f"has {edits} edits, and the file says that {seen.edits} were seen", remedy)
    if seen.revision is not None and seen.revision > now.published.revision:
        what = f"was published {now.published.revision} times, and the file says that revision {seen.revision} was seen"
        raise ConflictError(session_id, what, remedy)


def _published_then(ledger: Ledger, edited: EditedFile, now: Draft) -> Published:
    """What viewers had when the file was exported: ids and highlights are drawn by it."""
    seen = edited.seen.revision
    if seen is None or seen == now.published.revision:
        return now.published
    with ledger.reading() as connection:
        return read_published_until(connection, edited.file.session_id, seen)


def apply(ledger: Ledger, out: Path, changes: Changes, *, by: str) -> Draft:
    """Record the changes, and let the results in OUT show them; returns the session after them."""
    append_edits(ledger, changes.session_id, changes.edits, by=by, after=changes.after)
    draft = current_draft(ledger, out, changes.session_id)
    show_draft(draft, out / changes.session_id)
    return draft


def show_draft(draft: Draft, results: Path) -> None:
    """Let delivered results show a draft, as the next run would. Each file changes whole or not at all."""
    aside = results / f".{uuid.uuid4().hex}{PARTIAL}"
    aside.mkdir()
    write_with_companions(draft.file, aside)
    for file in sorted(aside.iterdir(), reverse=True):  # highlights.json after what depends on it
        file.replace(results / file.name)
    aside.rmdir()


def _touched(edits: Iterable[Edit]) -> set[str]:
    touched: set[str] = set()
    for edit in edits:
        touched.add(edit.operation.highlight)
        if isinstance(edit.operation, Merge):
            touched.update(edit.operation.others)
        if isinstance(edit.operation, Split):
            touched.add(edit.operation.second)
    return touched


def _takes_digest(results: Path) -> str:
    return hashlib.sha256((results / TAKES_FILE).read_bytes()).hexdigest()
