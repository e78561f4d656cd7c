"""Run tasks on a Ray cluster, or on a local Ray. Only references travel; the store is a shared folder."""

import os
from concurrent.futures import Future
from typing import Any

from domain.errors import ToolError, UsageError
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task, run_task

MAX_WORKER_RETRIES = 2
MIB = 2**20


class RayExecutor:
    """Runs tasks on the cluster at `address` ("auto" finds a running one), else on this machine alone."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        try:
            import ray
        except ImportError as error:
            raise UsageError("--executor ray", "Ray is not installed", "pip install 'kandian[ray]'") from error
        os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
        self._ray = ray
        self._owns_cluster = not ray.is_initialized()
        if self._owns_cluster:
            local_options: dict[str, Any] = {} if address else {"num_cpus": workers, "include_dashboard": False}
            ray.init(address=address, log_to_driver=False, configure_logging=False, **local_options)
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        self.slots = max(1, int(resources.get("CPU", 1)))
        self._remote: Any = ray.remote(run_task)

    def submit(self, store: Store, task: Task) -> "Future[ArtefactRef]":
        needs = task.stage.needs
        remote = self._remote.options(
            name=task.name,
            num_cpus=needs.cpus,
            num_gpus=needs.gpus,
            memory=needs.memory_mb * MIB,
            max_retries=MAX_WORKER_RETRIES,
            retry_exceptions=False,
        ).remote(store, task)
        future: Future[ArtefactRef] = Future()
        remote.future().add_done_callback(lambda done: self._handle_done(task, future, done))
        return future

    def _handle_done(self, task: Task, future: "Future[ArtefactRef]", ray_future: "Future[ArtefactRef]") -> None:
        error = ray_future.exception()
        if error is None:
            future.set_result(ray_future.result())
        elif isinstance(error, self._ray.exceptions.RayTaskError):
            future.set_exception(error.cause)  # what the stage raised, without Ray's wrapping
        else:
            future.set_exception(ToolError(task.name, f"Ray lost it: {error}", "run the same command again"))

    def close(self) -> None:
        if self._owns_cluster:
            self._ray.shutdown()
