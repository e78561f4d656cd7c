"""People's work on highlights, and what comes of it: exports, edits, publications."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, LedgerAddress, OutDir, SettingsFile

EditorName = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Whose work it is. (the account's name)")]


class ExportChoice(StrEnum):
    """As in exports.ExportFormat."""

    csv = "csv"
    otio = "otio"
    json_ld = "json-ld"
    label_studio = "label-studio"


@app.command()
@with_exit_code
def export(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session whose results lie in OUT.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where it goes. (standard output)")] = None,
    for_review: Annotated[bool, typer.Option("--review", help="An editable highlights.json, for apply-edits.")] = False,
    export_format: Annotated[ExportChoice | None, typer.Option("--format", help="For another tool.")] = None,
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
    from kandian.cli.export import ExportOptions, export_command, export_review_command
    from kandian.cli.publish import LedgerOptions
    from pipeline.publishing.exports.addresses import ShowAddresses

    ledger_options, options = (
        LedgerOptions(out, ledger),
        ExportOptions(
            export_format.value if export_format else None, ShowAddresses(page_url, media_url, files_url), as_published
        ),
    )
    if for_review:
        return export_review_command(session_id, file, ledger_options, as_published=as_published)
    return export_command(session_id, file, options, ledger_options)


@app.command("apply-edits")
@with_exit_code
def apply_edits(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export --review wrote, edited.")],
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
    editor: EditorName = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    as_json: AsJson = False,
) -> int:
    """Check an edited highlights.json, say what it changes, and record that in the ledger."""
    from kandian.cli.publish import LedgerOptions, apply_edits_command

    return apply_edits_command(file, LedgerOptions(out, ledger, editor), dry_run=dry_run, as_json=as_json)


@app.command()
@with_exit_code
def edits(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session that somebody edited.")],
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
    as_json: AsJson = False,
) -> int:
    """Say who changed what in a session, and when."""
    from kandian.cli.edits import edits_command
    from kandian.cli.publish import LedgerOptions

    return edits_command(session_id, LedgerOptions(out, ledger), as_json)


@app.command()
@with_exit_code
def publish(
    sessions: Annotated[
        list[str] | None, typer.Argument(metavar="[SESSION_ID]...", help="Sessions whose results lie in OUT.")
    ] = None,
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
    editor: EditorName = None,
    settings: SettingsFile = None,
    adopt_existing: Annotated[
        bool, typer.Option("--adopt", help="Let this ledger know what viewers have, where the old one is lost.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Tell anew also what was given up after a day.")] = False,
) -> int:
    """Give viewers a session's highlights as they are now: a new revision under OUT/published.

    Whoever kandian.toml names is told of it. Without a session: those are told who could not be told before.
    """
    from kandian.cli.publish import LedgerOptions, publish_command

    return publish_command(
        sessions or [],
        LedgerOptions(out, ledger, editor),
        settings,
        adopt_existing=adopt_existing,
        retry_given_up=retry,
    )
