"""progress"""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Progress(Protocol):
    """Told how much of the task is done, in [0, 1]. Cheap enough to call often."""

    def __call__(self, done: float) -> None: ...


def no_progress(done: float) -> None:
    """A `Progress` that nobody watches."""
