"""Parts of lessons, of which each is judged by what the others teach."""

from collections.abc import Sequence

from learning.training.training_shows import TrainingShow

MAX_FOLDS = 4
"""Each costs a fit over nearly all lessons."""


def split_into_folds(shows: Sequence[TrainingShow]) -> tuple[tuple[TrainingShow, ...], ...]:
    """Whole groups, the largest first, each to the part that has least; lessons one by one where there is one group."""
    groups = sorted({lesson.group for lesson in shows})
    show_groups = [tuple(lesson for lesson in shows if lesson.group == group) for group in groups]
    if len(show_groups) == 1:
        show_groups = [(lesson,) for lesson in shows]
    folds: list[list[TrainingShow]] = [[] for _ in range(min(MAX_FOLDS, len(show_groups)))]
    for show_group in sorted(show_groups, key=lambda some: -len(some)):
        min(folds, key=len).extend(show_group)
    return tuple(map(tuple, folds))
