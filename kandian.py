"""kandian for jobs that embed it. This is the only documented import.

`run` does what `kandian run` does:

    from kandian import run

    for outcome in run("shows/2026-11-11", out="results"):
        print(outcome.session_id, outcome.folder, outcome.failures)
"""

from pipeline.job import run
from pipeline.runner import Outcome

__all__ = ["Outcome", "run"]
