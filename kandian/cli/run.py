"""`kandian run`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.terminal.progress import show_progress
from pipeline.engine.failures import Failure
from pipeline.engine.serialization import type_adapter
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import SessionOverrides
from pipeline.run import RunConfig, run_sources
from pipeline.runner import Outcome


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What --json prints."""

    exit_code: int
    sessions: tuple[Outcome, ...]


def run_command(sessions: Sequence[Path], overrides: SessionOverrides, setup: RunConfig, as_json: bool) -> int:
    """Run and report; returns the exit code."""
    sources = find_sessions(sessions, overrides)
    with show_progress(len(sources)) as observer:
        outcomes = run_sources(sources, setup, observer)
    code = exit_code_of_outcomes(outcomes)
    if as_json:
        _print_json(RunSummary(code, outcomes))
    else:
        for outcome in outcomes:
            print_outcome(outcome)
    return code


def _print_json(summary: RunSummary) -> None:
    sys.stdout.write(type_adapter(RunSummary).dump_json(summary, indent=1).decode() + "\n")


def print_outcome(outcome: Outcome) -> None:
    """How one session ended: results on stdout, warnings and failures on stderr."""
    from domain.text import printable

    for warning in outcome.warnings:
        print(printable(f"{outcome.session_id}: warning: {warning}"), file=sys.stderr)
    if outcome.folder is not None:
        print(printable(f"{outcome.session_id}: {_completion_text(outcome)} in {outcome.folder}"))
    for failure in outcome.failures:
        _print_failure(failure)


def _completion_text(outcome: Outcome) -> str:
    return "unchanged" if outcome.tasks_run == 0 else f"done ({outcome.tasks_run} tasks run)"


def _print_failure(failure: Failure) -> None:
    from domain.text import printable

    advice = {
        "input": "mend the input, then",
        "machine": "when that is mended,",
        "kandian": "this is a mistake of ours, please report it;",
    }[failure.blame]
    print(printable(f"{failure.session}: FAILED in {failure.stage}: {failure.error}"), file=sys.stderr)
    print(f"  {advice} run: {printable(failure.command)}", file=sys.stderr)
