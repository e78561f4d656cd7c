"""People's work on highlights, and what comes of it: exports, edits, publications."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, ending_well
from kandian.cli.options import AsJson, LedgerAddress, Out, Settings

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Whose work it is. (the account's name)")]


class ExportChoice(StrEnum):
    """As in exports.ExportFormat."""

    csv = "csv"
    otio = "otio"
    json_ld = "json-ld"
    label_studio = "label-studio"


@app.command()
@ending_well
def export(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session whose results lie in OUT.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where it goes. (standard output)")] = None,
    review: Annotated[bool, typer.Option("--review", help="An editable highlights.json, for apply-edits.")] = False,
    kind: Annotated[ExportChoice | None, typer.Option("--format", help="For another tool.")] = None,
    page: Annotated[str, typer.Option("--page", metavar="URL", help="The page that plays the show, for json-ld.")] = "",
    media: Annotated[str, typer.Option("--media", metavar="URL", help="Where the other tool finds the media.")] = "",
    files: Annotated[str, typer.Option("--files", metavar="URL", help="The folder of its highlights.json.")] = "",
    published: Annotated[bool, typer.Option("--published", help="As viewers have it. (with all edits)")] = False,
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Write a session's highlights for other tools and for people."""
    from kandian.commands.export import Wanted, export_command, export_review_command
    from kandian.commands.review import Desk
    from pipeline.publishing.exports.addresses import Places

    desk, wanted = Desk(out, ledger), Wanted(kind.value if kind else None, Places(page, media, files), published)
    if review:
        return export_review_command(session_id, file, desk, is_published=published)
    return export_command(session_id, file, wanted, desk)


@app.command("apply-edits")
@ending_well
def apply_edits(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export --review wrote, edited.")],
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    as_json: AsJson = False,
) -> int:
    """Check an edited highlights.json, say what it changes, and record that in the ledger."""
    from kandian.commands.review import Desk, apply_edits_command

    return apply_edits_command(file, Desk(out, ledger, by), dry_run=dry_run, as_json=as_json)


@app.command()
@ending_well
def edits(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session that somebody edited.")],
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
    as_json: AsJson = False,
) -> int:
    """Say who changed what in a session, and when."""
    from kandian.commands.edits import edits_command
    from kandian.commands.review import Desk

    return edits_command(session_id, Desk(out, ledger), as_json)


@app.command()
@ending_well
def publish(
    sessions: Annotated[
        list[str] | None, typer.Argument(metavar="[SESSION_ID]...", help="Sessions whose results lie in OUT.")
    ] = None,
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
    by: By = None,
    settings: Settings = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Let this ledger know what viewers have, where the old one is lost.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Tell anew also what was given up after a day.")] = False,
) -> int:
    """Give viewers a session's highlights as they are now: a new revision under OUT/published.

    Whoever kandian.toml names is told of it. Without a session: those are told who could not be told before.
    """
    from kandian.commands.review import Desk, publish_command

    return publish_command(sessions or [], Desk(out, ledger, by), settings, is_adopted=adopt, is_retry=retry)
