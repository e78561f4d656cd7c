"""Do the work on a Ray cluster, or on a Ray started here. Only references travel; the store is a shared folder."""

import os
from concurrent.futures import Future
from typing import Any

from domain.errors import ToolError, UsageError
from pipeline.engine.store import Ref, Store
from pipeline.engine.task import Task, perform

RETRIES_OF_DEAD_WORKERS = 2
MIB = 2**20


class OnRay:
    """Runs tasks on the cluster at `address` ("auto" finds a running one), else on this machine alone."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        try:
            import ray
        except ImportError as error:
            raise UsageError("--executor ray", "Ray is not installed", "pip install 'kandian[ray]'") from error
        os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
        self._ray = ray
        self._started_here = not ray.is_initialized()
        if self._started_here:
            own: dict[str, Any] = {} if address else {"num_cpus": workers, "include_dashboard": False}
            ray.init(address=address, log_to_driver=False, configure_logging=False, **own)
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        self.slots = max(1, int(resources.get("CPU", 1)))
        self._remote: Any = ray.remote(perform)

    def start(self, store: Store, task: Task) -> "Future[Ref]":
        needs = task.stage.needs
        remote = self._remote.options(
            name=task.name,
            num_cpus=needs.cpus,
            num_gpus=needs.gpus,
            memory=needs.memory_mb * MIB,
            max_retries=RETRIES_OF_DEAD_WORKERS,
            retry_exceptions=False,
        ).remote(store, task)
        outcome: Future[Ref] = Future()
        remote.future().add_done_callback(lambda done: self._settle(task, outcome, done))
        return outcome

    def _settle(self, task: Task, outcome: "Future[Ref]", done: "Future[Ref]") -> None:
        error = done.exception()
        if error is None:
            outcome.set_result(done.result())
        elif isinstance(error, self._ray.exceptions.RayTaskError):
            outcome.set_exception(error.cause)  # what the stage raised, without Ray's wrapping
        else:
            outcome.set_exception(ToolError(task.name, f"Ray lost it: {error}", "run the same command again"))

    def close(self) -> None:
        if self._started_here:
            self._ray.shutdown()
