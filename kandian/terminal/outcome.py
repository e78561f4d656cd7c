"""How a session ended, in lines of text: results on stdout, warnings and failures on stderr."""

import sys

from domain.text import printable
from pipeline.engine.failures import Blame, Failure
from pipeline.runner import Outcome

ADVICE: dict[Blame, str] = {
    "input": "mend the input, then",
    "machine": "when that is mended,",
    "kandian": "this is a mistake of ours, please report it;",
}


def print_outcome(outcome: Outcome) -> None:
    """Print where the results are or why there are none, and warnings."""
    for warning in outcome.warnings:
        print(printable(f"{outcome.session_id}: warning: {warning}"), file=sys.stderr)
    if outcome.folder is not None:
        status = "unchanged" if outcome.tasks_run == 0 else f"done ({outcome.tasks_run} tasks run)"
        print(printable(f"{outcome.session_id}: {status} in {outcome.folder}"))
    for failure in outcome.failures:
        _print_failure(failure)


def _print_failure(failure: Failure) -> None:
    print(printable(f"{failure.session}: FAILED in {failure.stage}: {failure.error}"), file=sys.stderr)
    print(f"  {ADVICE[failure.blame]} run: {printable(failure.command)}", file=sys.stderr)
