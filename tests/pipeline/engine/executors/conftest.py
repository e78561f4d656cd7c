"""A real local Ray for the executor's contract, started once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.engine.executors import Executor

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="session")
def ray_executor() -> Iterator[Executor]:
    ray = pytest.importorskip("ray")
    from pipeline.engine.executors.on_ray import RayExecutor

    os.environ["PYTHONPATH"] = str(ROOT)  # workers must find the toys, which are not installed
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    executor = RayExecutor(workers=2)
    yield executor
    ray.shutdown()
