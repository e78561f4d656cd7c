"""The map over processes."""

import os

import pytest

from learning.training.parallel_map import map_in_order


def squared_above(least: int, number: int) -> int:
    return number**2 + least


def process(_: None, __: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.heavy)])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    assert list(map_in_order(squared_above, 3, range(5), workers)) == [3, 4, 7, 12, 19]


def test_one_worker_is_this_process() -> None:
    assert set(map_in_order(process, None, range(2), 1)) == {os.getpid()}


@pytest.mark.heavy
def test_more_workers_are_other_processes() -> None:
    assert os.getpid() not in set(map_in_order(process, None, range(2), 2))


def test_no_tasks_are_no_work() -> None:
    assert list(map_in_order(squared_above, 1, (), None)) == []
