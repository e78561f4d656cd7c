"""`kandian apply-edits`: record what an editor changed in an exported file."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, EditorName, LedgerAddress, OutDir, editor_or_account, print_json


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
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.publishing.apply_edits import apply_pending_edits, find_pending_edits
    from pipeline.review.edit_messages import describe_edit
    from pipeline.review.edited_file import read_edited_file

    edited = read_edited_file(file)
    with closing(open_configured_ledger(out, ledger)) as opened:
        pending = find_pending_edits(opened, out, edited)
        if not dry_run and pending.edits:
            apply_pending_edits(opened, out, pending, editor=editor_or_account(editor))
    if as_json:
        print_json({"session_id": pending.session_id, "edits": pending.edits, "recorded": not dry_run})
        return 0
    for edit in pending.edits:
        print(printable(describe_edit(edit)))
    status = "nothing is changed" if not pending.edits else "not recorded (--dry-run)" if dry_run else "recorded"
    print(printable(f"{pending.session_id}: {len(pending.edits)} edits, {status}"))
    return 0
