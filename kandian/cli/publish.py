"""`kandian publish`: give viewers a session's highlights."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import UsageError
from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.options import (
    EditorName,
    LedgerAddress,
    OutDir,
    SettingsFile,
    editor_or_account,
    parse_session_id,
)

if TYPE_CHECKING:
    from pipeline.ledger.database import Ledger
    from pipeline.network.webhook import WebhookSender


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
    from pipeline.ledger.deliveries import retry_given_up_deliveries
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.network.webhook import webhook_sender_from
    from pipeline.publishing.adopt import adopt_revisions
    from pipeline.settings import load_webhook

    webhook = load_webhook(settings)
    if not sessions and not webhook.address:
        raise UsageError("publish", "needs a session", "name one, or set [webhook] address to tell what is to be told")
    webhook_sender, publisher = webhook_sender_from(webhook), editor_or_account(editor)
    with closing(open_configured_ledger(out, ledger)) as opened:
        for session_id in map(parse_session_id, sessions or ()):
            if adopt_existing:
                count = adopt_revisions(opened, out, session_id, publisher=publisher)
                print(printable(f"{session_id}: adopted {count} revisions"))
            publish_and_print(opened, out, session_id, publisher, webhook_sender)
        if retry:
            retry_given_up_deliveries(opened, datetime.now(UTC))
        for problem in webhook_sender.send_due(opened):  # the next call, or `kandian serve`, tries again
            print(printable(f"warning: not told yet of {problem}"), file=sys.stderr)
    return 0


def publish_and_print(
    ledger: "Ledger", out: Path, session_id: str, publisher: str, webhook_sender: "WebhookSender"
) -> None:
    """Publish a session whose results lie in `out`, say which revision viewers have, and bring its draft up to date."""
    from pipeline.publishing.apply_edits import read_current_draft, write_draft
    from pipeline.publishing.publish import publish_session

    result = publish_session(ledger, out, session_id, publisher=publisher, webhook_sender=webhook_sender)
    status = "published" if result.is_new else "unchanged since"
    print(printable(f"{session_id}: {status} revision {result.publication.revision} in {result.folder}"))
    write_draft(read_current_draft(ledger, out, session_id), out / session_id)
