"""Folds of the training shows for cross-validation."""

from collections.abc import Sequence

from learning.training.training_shows import TrainingShow

MAX_FOLDS = 4
"""Each costs a fit over nearly all shows."""


def split_into_folds(shows: Sequence[TrainingShow]) -> tuple[tuple[TrainingShow, ...], ...]:
    """Whole groups, the largest first, each into the smallest fold so far. With a single group, shows are split one by
    one.
    """
    groups = sorted({show.group for show in shows})
    show_groups = [tuple(show for show in shows if show.group == group) for group in groups]
    if len(show_groups) == 1:
        show_groups = [(show,) for show in shows]
    folds: list[list[TrainingShow]] = [[] for _ in range(min(MAX_FOLDS, len(show_groups)))]
    for show_group in sorted(show_groups, key=lambda group: -len(group)):
        min(folds, key=len).extend(show_group)
    return tuple(map(tuple, folds))
