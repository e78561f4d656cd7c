"""Exit codes, for scripts and schedulers. They are part of the interface: see `kandian --help`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.errors import InputError, KandianError, UsageError

if TYPE_CHECKING:
    from pipeline.engine.failures import Failure
    from pipeline.runner import Outcome

DONE = 0  # everything is done; warnings go to report.json and stderr
USAGE = 2  # the command was called wrongly
BAD_INPUT = 3  # no session could be done because of its input: do not retry
TRY_AGAIN = 4  # nothing could be done, but not because of the input
SOME_DONE = 5  # some sessions done, some not: --json and `kandian status` say which
INTERRUPTED = 130  # stopped by Ctrl-C or SIGTERM; what was committed is kept
EXIT_CODES = """Exit codes: 0 done; 2 called wrongly; 3 no session could be done because of its input (do not retry);
4 try again; 5 some sessions done, some not; 130 stopped."""


def exit_code_of_outcomes(outcomes: "Sequence[Outcome]") -> int:
    """The code of a run with these outcomes."""
    failures = [outcome.failures for outcome in outcomes if outcome.folder is None]
    return exit_code_of_sessions(failures, any_done=len(failures) < len(outcomes))


def exit_code_of_sessions(failures: "Sequence[Sequence[Failure]]", *, any_done: bool) -> int:
    """The code where other sessions are done, or none are, beside those that failed; `failures`: of each of these."""
    if not failures:
        return DONE
    if any_done:
        return SOME_DONE
    return BAD_INPUT if {each.blame for session in failures for each in session} == {"input"} else TRY_AGAIN


def exit_code_of_error(error: KandianError) -> int:
    """The code of a command that an error ends."""
    if isinstance(error, UsageError):
        return USAGE
    return BAD_INPUT if isinstance(error, InputError) else TRY_AGAIN
