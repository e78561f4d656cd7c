"""`kandian export`: write highlights for other tools, or as a file to edit."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from domain.errors import ReviewError, UsageError
from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.options import LedgerAddress, OutDir, parse_session_id

if TYPE_CHECKING:
    from pipeline.ledger.database import Ledger
    from pipeline.publishing.exports.addresses import ShowAddresses

FormatName = Literal["csv", "otio", "json-ld", "label-studio"]
"""As pipeline.publishing.exports has them, which --help need not load. A test compares them."""


@app.command()
@with_exit_code
def export(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session whose results lie in OUT.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where it goes. (standard output)")] = None,
    for_review: Annotated[bool, typer.Option("--review", help="An editable highlights.json, for apply-edits.")] = False,
    export_format: Annotated[FormatName | None, typer.Option("--format", help="For another tool.")] = None,
    page_url: Annotated[
        str, typer.Option("--page", metavar="URL", help="The page that plays the show, for json-ld.")
    ] = "",
    media_url: Annotated[
        str, typer.Option("--media", metavar="URL", help="Where the other tool finds the media.")
    ] = "",
    files_url: Annotated[str, typer.Option("--files", metavar="URL", help="The folder of its highlights.json.")] = "",
    as_published: Annotated[bool, typer.Option("--published", help="As viewers have it. (with all edits)")] = False,
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Write a session's highlights for other tools and for people."""
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.publishing.apply_edits import export_for_review
    from pipeline.publishing.exports import EXPORT_FORMATS
    from pipeline.publishing.exports.addresses import ShowAddresses

    session, addresses = parse_session_id(session_id), ShowAddresses(page_url, media_url, files_url)
    if for_review and as_published:
        raise UsageError("export", "--review is of the draft: what is published never changes", "leave out --published")
    if not for_review and export_format is None:
        remedy = f"give --review, or --format {' or '.join(EXPORT_FORMATS)}"
        raise UsageError("export", "needs to know what to write", remedy)
    with closing(open_configured_ledger(out, ledger)) as opened:
        if for_review or export_format is None:
            content = export_for_review(opened, out, session)
        elif as_published:
            content = _render_published(opened, out, session, export_format, addresses)
        else:
            content = _render_draft(opened, out, session, export_format, addresses)
    _write_output(content, file)
    if for_review and file is not None:
        ledger_hint = ", with the same --ledger" if ledger else ""
        print(printable(f"{session}: edit {file}, then: kandian apply-edits {file} --out {out}{ledger_hint}"))
    return 0


def _render_draft(
    ledger: "Ledger", out: Path, session_id: str, export_format: FormatName, addresses: "ShowAddresses"
) -> bytes:
    from pipeline.publishing.apply_edits import read_current_draft
    from pipeline.publishing.exports import export_highlights
    from pipeline.publishing.exports.show_facts import read_show_facts

    draft = read_current_draft(ledger, out, session_id)
    return export_highlights(draft.file, export_format, addresses, read_show_facts(out / session_id))


def _render_published(
    ledger: "Ledger", out: Path, session_id: str, export_format: FormatName, addresses: "ShowAddresses"
) -> bytes:
    from pipeline.publishing.exports import export_highlights
    from pipeline.publishing.exports.addresses import revision_addresses
    from pipeline.publishing.exports.show_facts import read_published_show

    published = read_published_show(ledger, out, session_id)
    if published is None:
        raise ReviewError(session_id, "is not published", "publish it with kandian publish, or leave out --published")
    document, facts = published
    return export_highlights(document, export_format, revision_addresses(addresses, document), facts)


def _write_output(content: bytes, file: Path | None) -> None:
    if file is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        file.write_bytes(content)
    except OSError as problem:
        raise UsageError(str(file), f"cannot be written ({problem.strerror})", "name another file") from problem
