"""`kandian export`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ReviewError, UsageError
from kandian.commands.review import Desk, session_typed
from kandian.terminal.cells import printable
from pipeline.ledger.database import Ledger
from pipeline.ledger.location import ledger_of
from pipeline.publishing.apply_edits import current_draft, export_for_review
from pipeline.publishing.exports import FORMATS, ExportFormat, export
from pipeline.publishing.exports.addresses import Places, of_published
from pipeline.publishing.exports.published_source import published_in
from pipeline.publishing.exports.show_facts import facts_of


def export_review_command(session: str, target: Path | None, desk: Desk, *, is_published: bool) -> int:
    """Write an editable highlights.json to `target`, or to standard output; returns the exit code."""
    if is_published:
        raise UsageError("export", "--review is of the draft: what is published never changes", "leave out --published")
    session_id = session_typed(session)
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        text = export_for_review(ledger, desk.out, session_id)
    finally:
        ledger.close()
    _write(text, target)
    if target is not None:
        same = ", with the same --ledger" if desk.ledger else ""
        print(printable(f"{session_id}: edit {target}, then: kandian apply-edits {target} --out {desk.out}{same}"))
    return 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write: in which format, for whom it lies where, and whether as viewers have it."""

    kind: ExportFormat | None
    places: Places
    is_published: bool


def export_command(session: str, target: Path | None, wanted: Wanted, desk: Desk) -> int:
    """Write the highlights, with all edits or as published, in a format; returns the exit code."""
    if wanted.kind is None:
        raise UsageError("export", "needs to know what to write", f"give --review, or --format {' or '.join(FORMATS)}")
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        content = _content(ledger, session_typed(session), wanted.kind, wanted, desk)
    finally:
        ledger.close()
    _write(content, target)
    return 0


def _content(ledger: Ledger, session_id: str, kind: ExportFormat, wanted: Wanted, desk: Desk) -> bytes:
    if not wanted.is_published:
        draft = current_draft(ledger, desk.out, session_id)
        return export(draft.file, kind, wanted.places, facts_of(desk.out / session_id))
    found = published_in(ledger, desk.out, session_id)
    if found is None:
        raise ReviewError(session_id, "is not published", "publish it with kandian publish, or leave out --published")
    document, facts = found
    return export(document, kind, of_published(wanted.places, document), facts)


def _write(content: bytes, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise UsageError(str(target), f"cannot be written ({problem.strerror})", "name another file") from problem
