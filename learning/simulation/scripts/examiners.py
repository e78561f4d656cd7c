"""Examiners: writers and manners whose scripts are never learned from, so that they can tell what carries over."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from learning.evaluation.manners import Manner
from learning.simulation.scripts.script import ShowScript

EXAMINING_WRITERS = ("rh", "rk")
EXAMINING_MANNERS: tuple[Manner, ...] = ("caller", "lecture")


@dataclass(frozen=True, slots=True)
class LessonsAndExaminers:
    """Scripts by what they are for, each part in the order given."""

    lessons: tuple[ShowScript, ...]
    examining: tuple[ShowScript, ...]


def is_examiner(script: ShowScript) -> bool:
    """Whether its writer, or one of its manners, only examines."""
    return script.writer in EXAMINING_WRITERS or not set(EXAMINING_MANNERS).isdisjoint(script.manners)


def split_examiners(scripts: Iterable[ShowScript]) -> LessonsAndExaminers:
    """The scripts to learn from, and those that only examine."""
    all_scripts = tuple(scripts)
    return LessonsAndExaminers(
        tuple(script for script in all_scripts if not is_examiner(script)),
        tuple(script for script in all_scripts if is_examiner(script)),
    )


def describe_examiners(examining: Iterable[ShowScript]) -> str:
    """One line for people: how many scripts of whom were not learned from. "" without any."""
    counts = Counter(script.writer for script in examining)
    if not counts:
        return ""
    scripts_by_writer = ", ".join(f"{writer} {count}" for writer, count in sorted(counts.items()))
    return (
        f"scripts not learned from, by writer: {scripts_by_writer} (the writers {' and '.join(EXAMINING_WRITERS)} and "
        f"the manners {' and '.join(EXAMINING_MANNERS)} only examine)"
    )
