"""Work in one thread that nobody waits for."""

import threading
from functools import partial

import pytest

from pipeline.engine.executors.background_thread import BackgroundThread


def test_work_is_done_in_order_one_at_a_time() -> None:
    thread, done = BackgroundThread(), list[int]()
    futures = [thread.submit(partial(done.append, number)) for number in range(20)]
    for future in futures:
        future.result(timeout=30)
    assert done == list(range(20))
    thread.close()


def test_an_error_reaches_its_future_and_the_next_work_is_done() -> None:
    thread = BackgroundThread()
    failing, following = thread.submit(lambda: 1 // 0), thread.submit(lambda: 1)
    with pytest.raises(ZeroDivisionError):
        failing.result(timeout=30)
    assert following.result(timeout=30) == 1
    thread.close()


def test_the_thread_ends_once_it_is_closed_and_keeps_no_process_alive() -> None:
    thread = BackgroundThread()
    worker = thread.submit(threading.current_thread).result(timeout=30)
    assert worker.daemon
    thread.close()
    worker.join(timeout=30)
    assert not worker.is_alive()


def test_without_work_there_is_no_thread() -> None:
    before = threading.active_count()
    BackgroundThread().close()
    assert threading.active_count() <= before
