"""`kandian export`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ReviewError, UsageError
from domain.text import printable
from kandian.commands.review import LedgerOptions, parse_session_id
from pipeline.ledger.database import Ledger
from pipeline.ledger.location import open_configured_ledger
from pipeline.publishing.apply_edits import export_for_review, read_current_draft
from pipeline.publishing.exports import EXPORT_FORMATS, ExportFormat, export_highlights
from pipeline.publishing.exports.addresses import ShowAddresses, revision_addresses
from pipeline.publishing.exports.show_facts import read_published_show, read_show_facts


def export_review_command(
    session: str, target: Path | None, ledger_options: LedgerOptions, *, as_published: bool
) -> int:
    """Write an editable highlights.json to `target`, or to standard output; returns the exit code."""
    if as_published:
        raise UsageError("export", "--review is of the draft: what is published never changes", "leave out --published")
    session_id = parse_session_id(session)
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        text = export_for_review(ledger, ledger_options.out, session_id)
    finally:
        ledger.close()
    _write_output(text, target)
    if target is not None:
        ledger_hint = ", with the same --ledger" if ledger_options.ledger_url else ""
        print(
            printable(
                f"{session_id}: edit {target}, then: kandian apply-edits "
                f"{target} --out {ledger_options.out}{ledger_hint}"
            )
        )
    return 0


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to write: in which format, for whom it lies where, and whether as viewers have it."""

    export_format: ExportFormat | None
    addresses: ShowAddresses
    as_published: bool


def export_command(session: str, target: Path | None, options: ExportOptions, ledger_options: LedgerOptions) -> int:
    """Write the highlights, with all edits or as published, in a format; returns the exit code."""
    if options.export_format is None:
        raise UsageError(
            "export", "needs to know what to write", f"give --review, or --format {' or '.join(EXPORT_FORMATS)}"
        )
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        content = _render_content(ledger, parse_session_id(session), options.export_format, options, ledger_options)
    finally:
        ledger.close()
    _write_output(content, target)
    return 0


def _render_content(
    ledger: Ledger, session_id: str, export_format: ExportFormat, options: ExportOptions, ledger_options: LedgerOptions
) -> bytes:
    if not options.as_published:
        draft = read_current_draft(ledger, ledger_options.out, session_id)
        return export_highlights(
            draft.file, export_format, options.addresses, read_show_facts(ledger_options.out / session_id)
        )
    published = read_published_show(ledger, ledger_options.out, session_id)
    if published is None:
        raise ReviewError(session_id, "is not published", "publish it with kandian publish, or leave out --published")
    document, facts = published
    return export_highlights(document, export_format, revision_addresses(options.addresses, document), facts)


def _write_output(content: bytes, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise UsageError(str(target), f"cannot be written ({problem.strerror})", "name another file") from problem
