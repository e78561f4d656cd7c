"""`kandian export`."""

import sys
from pathlib import Path

from domain.errors import UsageError
from pipeline.commands.review import Desk, session_typed
from pipeline.exports import FORMATS, ExportFormat, Places, export
from pipeline.ledger.place import ledger_of
from pipeline.review.apply import current_draft, export_for_review
from pipeline.terminal_text import printable


def export_review_command(session: str, target: Path | None, desk: Desk) -> int:
    """Write an editable highlights.json to `target`, or to standard output; returns the exit code."""
    session_id = session_typed(session)
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        text = export_for_review(ledger, desk.out, session_id)
    finally:
        ledger.close()
    _write(text, target)
    if target is not None:
        print(printable(f"{session_id}: edit {target}, then: kandian apply-edits {target} --out {desk.out}"))
    return 0


def export_command(session: str, target: Path | None, kind: ExportFormat | None, places: Places, desk: Desk) -> int:
    """Write the highlights, with all edits, in the format `kind`; returns the exit code."""
    if kind is None:
        raise UsageError("export", "needs to know what to write", f"give --review, or --format {' or '.join(FORMATS)}")
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        draft = current_draft(ledger, desk.out, session_typed(session))
    finally:
        ledger.close()
    _write(export(draft.file, kind, places), target)
    return 0


def _write(content: bytes, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise UsageError(str(target), f"cannot be written ({problem.strerror})", "name another file") from problem
