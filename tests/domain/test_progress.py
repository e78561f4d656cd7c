"""Progress: what counts as one who listens."""

from domain.progress import Progress, no_progress


def test_nobody_need_listen() -> None:
    assert isinstance(no_progress, Progress)
    no_progress(0.5)
