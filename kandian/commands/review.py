"""`kandian apply-edits` and `kandian publish`."""

import getpass
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import UsageError
from domain.review import Edit
from domain.text import printable
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.deliveries import retry_given_up_deliveries
from pipeline.ledger.location import open_configured_ledger
from pipeline.network.webhook import webhook_sender_from
from pipeline.publishing.adopt import adopt_revisions
from pipeline.publishing.apply_edits import apply_pending_edits, find_pending_edits, read_current_draft, write_draft
from pipeline.publishing.publish import PublishResult, publish_session
from pipeline.review.edit_messages import describe_edit
from pipeline.review.edited_file import read_edited_file
from pipeline.settings import load_webhook


@dataclass(frozen=True, slots=True)
class LedgerOptions:
    """Where people's work is kept, and whose it is."""

    out: Path
    ledger_url: str | None
    editor_name: str | None = None

    @property
    def editor(self) -> str:
        """The name given, else the account's."""
        return self.editor_name or getpass.getuser()


def parse_session_id(argument: str) -> str:
    """The session id of an argument: a shell that completes the folder's name puts a slash behind it."""
    return argument.rstrip("/") or argument


@dataclass(frozen=True, slots=True)
class ApplyEditsSummary:
    """What `apply-edits --json` prints."""

    session_id: str
    edits: tuple[Edit, ...]
    recorded: bool


def apply_edits_command(file: Path, ledger_options: LedgerOptions, *, dry_run: bool, as_json: bool) -> int:
    """Say what an edited file changes, and record it unless `dry_run`; returns the exit code."""
    edited = read_edited_file(file)
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        pending = find_pending_edits(ledger, ledger_options.out, edited)
        if not dry_run and pending.edits:
            apply_pending_edits(ledger, ledger_options.out, pending, editor=ledger_options.editor)
    finally:
        ledger.close()
    if as_json:
        summary = ApplyEditsSummary(pending.session_id, pending.edits, recorded=not dry_run)
        sys.stdout.write(type_adapter(ApplyEditsSummary).dump_json(summary, indent=1).decode() + "\n")
        return 0
    for edit in pending.edits:
        print(printable(describe_edit(edit)))
    status = "nothing is changed" if not pending.edits else "not recorded (--dry-run)" if dry_run else "recorded"
    print(printable(f"{pending.session_id}: {len(pending.edits)} edits, {status}"))
    return 0


def publish_command(
    sessions: Sequence[str],
    ledger_options: LedgerOptions,
    settings: Path | None,
    *,
    adopt_existing: bool = False,
    retry_given_up: bool = False,
) -> int:
    """Publish sessions whose results lie in OUT, and tell whoever is to be told; returns the exit code.

    What could not be told is told again by the next such call, or by `kandian serve`: it makes nothing fail. What was
    given up is taken up again if `retry_given_up`. What only the published files know is made known first if
    `adopt_existing`.
    """
    webhook = load_webhook(settings)
    if not sessions and not webhook.address:
        raise UsageError("publish", "needs a session", "name one, or set [webhook] address to tell what is to be told")
    webhook_sender = webhook_sender_from(webhook)
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        for session_id in map(parse_session_id, sessions):
            if adopt_existing:
                count = adopt_revisions(ledger, ledger_options.out, session_id, publisher=ledger_options.editor)
                print(printable(f"{session_id}: adopted {count} revisions"))
            result = publish_session(
                ledger, ledger_options.out, session_id, publisher=ledger_options.editor, webhook_sender=webhook_sender
            )
            print(printable(_format_publish_result(result)))
            write_draft(read_current_draft(ledger, ledger_options.out, session_id), ledger_options.out / session_id)
        if retry_given_up:
            retry_given_up_deliveries(ledger, datetime.now(UTC))
        for problem in webhook_sender.send_due(ledger):
            print(printable(f"warning: not told yet of {problem}"), file=sys.stderr)
    finally:
        ledger.close()
    return 0


def _format_publish_result(result: PublishResult) -> str:
    publication = result.publication
    status = "published" if result.is_new else "unchanged since"
    return f"{publication.session_id}: {status} revision {publication.revision} in {result.folder}"
