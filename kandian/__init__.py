"""kandian for jobs that embed it. This is the only documented import.

`run` does what `kandian run` does:

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
    from pipeline import run, runner

    if name not in __all__:
        raise AttributeError(name)
    return run.run if name == "run" else runner.Outcome
