"""kandian for jobs that embed it. This is the only documented import.

`cli/` is the command line, `terminal/` what people see of it. No other package imports this one. `run` does what
`kandian run` does:

    from kandian import run

    for outcome in run("shows/2026-11-11", out="results"):
        print(outcome.session_id, outcome.folder, outcome.failures)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.run import run
    from pipeline.runner import Outcome

__all__ = ["Outcome", "run"]


def __getattr__(name: str) -> object:  # late: `kandian --help` does without the flow
    if name not in __all__:
        raise AttributeError(name)
    from pipeline import run, runner

    return run.run if name == "run" else runner.Outcome
