"""How long-running work reports its progress."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Progress(Protocol):
    """Takes the share of the task that is done, in [0, 1]. Cheap enough to call often."""

    def __call__(self, done: float) -> None: ...


def no_progress(done: float) -> None:
    """A `Progress` that reports to nobody."""
