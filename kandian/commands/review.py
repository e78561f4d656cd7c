"""`kandian apply-edits` and `kandian publish`."""

import getpass
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import UsageError
from domain.review import Edit
from kandian.terminal.cells import printable
from pipeline.engine.serialization import adapter_of
from pipeline.ledger.deliveries import take_up_again
from pipeline.ledger.location import ledger_of
from pipeline.network.webhook import teller_of
from pipeline.publishing.apply_edits import apply, changes_in, current_draft, show_draft
from pipeline.publishing.publish import Released, adopt, publish
from pipeline.review.edit_messages import in_words
from pipeline.review.edited_file import read_edited
from pipeline.settings import webhook_from


@dataclass(frozen=True, slots=True)
class Desk:
    """Where people's work is kept, and whose it is."""

    out: Path
    ledger: str | None
    by: str | None = None

    @property
    def editor(self) -> str:
        """The name given, else the account's."""
        return self.by or getpass.getuser()


def session_typed(argument: str) -> str:
    """The session id of an argument: a shell that completes the folder's name puts a slash behind it."""
    return argument.rstrip("/") or argument


@dataclass(frozen=True, slots=True)
class ApplyAnswer:
    """What `apply-edits --json` prints."""

    session_id: str
    edits: tuple[Edit, ...]
    recorded: bool


def apply_edits_command(file: Path, desk: Desk, *, dry_run: bool, as_json: bool) -> int:
    """Say what an edited file changes, and record it unless `dry_run`; returns the exit code."""
    edited = read_edited(file)
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        changes = changes_in(ledger, desk.out, edited)
        if not dry_run and changes.edits:
            apply(ledger, desk.out, changes, by=desk.editor)
    finally:
        ledger.close()
    if as_json:
        answer = ApplyAnswer(changes.session_id, changes.edits, recorded=not dry_run)
        sys.stdout.write(adapter_of(ApplyAnswer).dump_json(answer, indent=1).decode() + "\n")
        return 0
    for edit in changes.edits:
        print(printable(in_words(edit)))
    done = "nothing is changed" if not changes.edits else "not recorded (--dry-run)" if dry_run else "recorded"
    print(printable(f"{changes.session_id}: {len(changes.edits)} edits, {done}"))
    return 0


def publish_command(
    sessions: Sequence[str], desk: Desk, settings: Path | None, *, is_adopted: bool = False, is_retry: bool = False
) -> int:
    """Publish sessions whose results lie in OUT, and tell whoever is to be told; returns the exit code.

    What could not be told is told again by the next such call, or by `kandian serve`: it makes nothing fail. What was
    given up is taken up again if `is_retry`. What only the published files know is made known first if `is_adopted`.
    """
    webhook = webhook_from(settings)
    if not sessions and not webhook.address:
        raise UsageError("publish", "needs a session", "name one, or set [webhook] address to tell what is to be told")
    teller = teller_of(webhook)
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        for session_id in map(session_typed, sessions):
            if is_adopted:
                count = adopt(ledger, desk.out, session_id, by=desk.editor)
                print(printable(f"{session_id}: adopted {count} revisions"))
            print(printable(_told(publish(ledger, desk.out, session_id, by=desk.editor, teller=teller))))
            show_draft(current_draft(ledger, desk.out, session_id), desk.out / session_id)
        if is_retry:
            take_up_again(ledger, datetime.now(UTC))
        for problem in teller.tell_due(ledger):
            print(printable(f"warning: not told yet of {problem}"), file=sys.stderr)
    finally:
        ledger.close()
    return 0


def _told(released: Released) -> str:
    made = released.publication
    done = "published" if released.is_new else "unchanged since"
    return f"{made.session_id}: {done} revision {made.revision} in {released.folder}"
