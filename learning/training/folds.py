"""Parts of lessons, of which each is judged by what the others teach."""

from collections.abc import Sequence

from learning.training.training_shows import Lesson

MOST_PARTS = 4
"""Each costs a fit over nearly all lessons."""


def parts_of(lessons: Sequence[Lesson]) -> tuple[tuple[Lesson, ...], ...]:
    """Whole groups, the largest first, each to the part that has least; lessons one by one where there is one group."""
    groups = sorted({lesson.group for lesson in lessons})
    units = [tuple(lesson for lesson in lessons if lesson.group == group) for group in groups]
    if len(units) == 1:
        units = [(lesson,) for lesson in lessons]
    parts: list[list[Lesson]] = [[] for _ in range(min(MOST_PARTS, len(units)))]
    for unit in sorted(units, key=lambda some: -len(some)):
        min(parts, key=len).extend(unit)
    return tuple(map(tuple, parts))
