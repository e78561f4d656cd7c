"""`kandian train`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from domain.errors import UsageError
from domain.session import Language
from kandian.cli.exit_codes import of_outcomes
from kandian.commands.quality import TRUTH
from kandian.commands.run import print_outcome
from kandian.terminal.progress import display
from learning.evaluation.evaluated_show import DeliveredShow
from learning.evaluation.ground_truth import read_truth
from learning.simulation.scripts.script import Script
from learning.simulation.scripts.script_files import read_scripts, spoken_of_truth
from learning.simulation.simulate import Studio, simulate
from learning.training.held_out_check import render_examination
from learning.training.model_card import card_of
from learning.training.parallel_map import in_order
from learning.training.train import Foundation, TrainSettings, foundation_of, train
from learning.training.training_shows import Lesson, Material, lesson_of, material_of
from models.segmentation.weights_bundle import Understanding, save_understanding
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.run import Setup, run_sources

HELD_OUT = "held-out"
"""The folder, inside that of the models, which holds models that have not seen one show, by its id."""
REAL = "real"
"""The group of all shows that were really heard."""
TEST_SEED = 1000  # added to the seed of the shows that are examined by
REAL_WEIGHT = 2.0  # a show that was heard teaches more than one that was made up


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What is learned from besides shows: scripts, and how many shows are simulated from them. `model`: where the
    result goes. `leave_one_out`: also learn once without each show, to be judged by it. `test_writers`: scripts of
    these are only examined by, in `examined` shows of their own. `fit`: how far all bends to lessons."""

    model: Path
    scripts: tuple[Path, ...] = ()
    simulated: int = 60
    seed: int = 1
    leave_one_out: bool = False
    test_writers: tuple[str, ...] = ()
    examined: int = 150
    fit: TrainSettings = field(default_factory=TrainSettings)

    def __post_init__(self) -> None:
        if self.simulated < 0:
            raise UsageError("--simulated", f"must not be below 0, not {self.simulated}", "0 does without")
        if self.examined < 1:
            raise UsageError(
                "--examined", f"must be at least 1, not {self.examined}", "name no --test-writer to do without"
            )
        if self.test_writers and not self.scripts:
            raise UsageError("--test-writer", "needs --scripts", "name the folder of scripts that the writer is in")
        if self.simulated and not self.scripts:
            raise UsageError("--simulated", "needs --scripts to simulate shows from", "name a folder of scripts, or 0")


@dataclass(frozen=True, eq=False)
class _Taught:
    """What every model is learned from: lessons that were made up, or a foundation that they have laid."""

    curriculum: Curriculum
    made_up: tuple[Lesson, ...]
    foundation: Foundation | None


@dataclass(frozen=True, eq=False)
class _Class:
    """The shows that one model hears besides, where it goes, and the show that it must not hear."""

    real: tuple[Lesson, ...]
    folder: Path
    left_out: str = ""

    @property
    def without(self) -> str:
        return f" without {self.left_out}" if self.left_out else ""


def train_command(shows: Sequence[Path], setup: Setup, curriculum: Curriculum) -> int:
    """Run what is not done, learn from everything, write the models; returns the exit code of the runs."""
    taught, examined_by = _casting(curriculum)
    real, code = _heard(shows, setup) if shows else ((), 0)
    if code:
        return code
    if not (real or taught):
        raise UsageError("SESSION", "there is nothing to learn from", "name shows with truth, or --scripts")
    made_up = _simulated(taught, curriculum.simulated, curriculum.seed, setup.workers)
    classes = _classes(real, curriculum)
    for each in classes:
        _check_languages((*made_up, *each.real), each)
    foundation = next(in_order(_laid, made_up, (curriculum.fit,), 1)) if made_up else None
    models = list(in_order(_learn, _Taught(curriculum, made_up, foundation), classes, setup.workers))
    if examined_by:
        seed = curriculum.seed + TEST_SEED
        print(render_examination(models[-1], _simulated(examined_by, curriculum.examined, seed, setup.workers)))
    return code


def _casting(curriculum: Curriculum) -> tuple[tuple[Script, ...], tuple[Script, ...]]:
    """The scripts to learn from, and those to examine by."""
    every = tuple(script for folder in curriculum.scripts for script in read_scripts(folder))
    writers = sorted({script.writer for script in every})
    for writer in curriculum.test_writers:
        if writer not in writers:
            raise UsageError("--test-writer", f"no script is by {writer!r}", f"name one of {', '.join(writers)}")
    taught = tuple(script for script in every if script.writer not in curriculum.test_writers)
    if curriculum.simulated and not taught:
        raise UsageError("--test-writer", "no script is left to learn from", "name fewer, or more folders of scripts")
    tested = tuple(script for script in every if script.writer in curriculum.test_writers)
    return (taught if curriculum.simulated else ()), tested


def _classes(real: tuple[Lesson, ...], curriculum: Curriculum) -> tuple[_Class, ...]:
    """One class without each show if that is wanted, and last the one with all."""
    held_out = [
        _Class(
            tuple(other for other in real if other is not lesson),
            curriculum.model / HELD_OUT / lesson.name,
            lesson.name,
        )
        for lesson in (real if curriculum.leave_one_out else ())
    ]
    return (*held_out, _Class(real, curriculum.model))


def _check_languages(lessons: Sequence[Lesson], of: _Class) -> None:
    missing = sorted(set(get_args(Language)) - {lesson.transcript.language for lesson in lessons})
    if missing:
        raise UsageError(
            "SESSION",
            f"there is no show in {' nor in '.join(missing)} to learn from{of.without}",
            "name such shows with truth, or --scripts with such scripts (and enough --simulated): weights serve "
            "every language",
        )


def _laid(made_up: tuple[Lesson, ...], fit: TrainSettings) -> Foundation:
    return foundation_of(made_up, fit, lambda step: _tell(f"learning {step}"))


def _learn(taught: _Taught, of: _Class) -> Understanding:
    """Learn the class's model and write it."""

    def tell(step: str) -> None:
        _tell(f"learning {step}{of.without}")

    fit, first, further = taught.curriculum.fit, taught.foundation, of.real
    if first is None:
        first, further = foundation_of(of.real, fit, tell), ()
    models = train(first, further, fit, tell)
    lessons = (*taught.made_up, *of.real)
    save_understanding(models, of.folder, card_of(models, lessons, taught.curriculum.seed, of.left_out))
    _tell(f"wrote {of.folder}")
    return models


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _heard(shows: Sequence[Path], setup: Setup) -> tuple[tuple[Lesson, ...], int]:
    """The shows with truth, run as far as they are not done; and the exit code where some cannot be."""
    sources = find_sessions(shows)
    folders = {source.id: source.folder for source in sources}
    with display(len(sources)) as watcher:
        outcomes = run_sources(sources, setup, watcher)
    code = of_outcomes(outcomes)
    if code:
        for outcome in outcomes:
            print_outcome(outcome)
        return (), code
    store = Store(setup.store_root)
    lessons = []
    for outcome in outcomes:
        folder = folders[outcome.session_id]
        if folder is None:
            raise UsageError("SESSION", f"{outcome.session_id} is no session folder", "name folders with truth.json")
        show = DeliveredShow(store, outcome, read_truth(folder / TRUTH))
        lessons.append(lesson_of(_material(show, folder)))
    return tuple(lessons), 0


def _material(show: DeliveredShow, folder: Path) -> Material:
    gold = show.gold()
    return Material(
        name=show.id,
        group=REAL,
        catalog=gold.catalog,
        transcript=gold.transcript,
        sightings=gold.sightings.sightings,
        events=gold.events,
        truth=gold.truth,
        spoken=spoken_of_truth(folder),
        weight=REAL_WEIGHT,
    )


def _simulated(scripts: tuple[Script, ...], count: int, seed: int, workers: int | None) -> tuple[Lesson, ...]:
    if not scripts:
        return ()
    _tell(f"simulating {count} shows from {len(scripts)} scripts")
    return tuple(in_order(_made_up, (Studio(scripts), seed), range(count), workers))


def _made_up(studio_and_seed: tuple[Studio, int], number: int) -> Lesson:
    studio, seed = studio_and_seed
    (show,) = simulate(studio, seed, range(number, number + 1))
    return lesson_of(material_of(show))
