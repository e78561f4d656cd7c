"""`kandian train`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import UsageError
from models.understanding import Understanding, save_understanding
from pipeline.commands.quality import TRUTH
from pipeline.commands.run import print_outcome
from pipeline.exit_codes import of_outcomes
from pipeline.inputs.sessions import find_sessions
from pipeline.job import Setup, run_sources
from pipeline.progress_display import display
from pipeline.quality.delivered_show import DeliveredShow
from pipeline.quality.truth import read_truth
from pipeline.simulator.script_files import read_scripts, spoken_of_truth
from pipeline.simulator.simulate import Studio, simulate
from pipeline.store import Store
from pipeline.training.card import card_of
from pipeline.training.examine import render_examination
from pipeline.training.lessons import Lesson, Material, lesson_of, material_of
from pipeline.training.train import TrainSettings, train

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
    these are only examined by, in `examined` shows of their own."""

    model: Path
    scripts: tuple[Path, ...] = ()
    simulated: int = 60
    seed: int = 1
    leave_one_out: bool = False
    test_writers: tuple[str, ...] = ()
    examined: int = 150

    def __post_init__(self) -> None:
        if self.simulated < 0:
            raise UsageError("--simulated", f"must not be below 0, not {self.simulated}", "0 does without")
        if self.simulated and not self.scripts:
            raise UsageError("--simulated", "needs --scripts to simulate shows from", "name a folder of scripts, or 0")


def train_command(shows: Sequence[Path], setup: Setup, curriculum: Curriculum) -> int:
    """Run what is not done, learn from everything, write the models; returns the exit code of the runs."""
    from threadpoolctl import threadpool_limits

    real, code = _heard(shows, setup) if shows else ((), 0)
    if code:
        return code
    with threadpool_limits(limits=1):  # sums in another order would not be the same to the byte
        made_up = _simulated(curriculum)
        examined_by = _simulated(curriculum, for_test=True) if curriculum.test_writers else ()
        if not (real or made_up):
            raise UsageError("SESSION", "there is nothing to learn from", "name shows with truth, or --scripts")
        for lesson in real if curriculum.leave_one_out else ():
            others = tuple(other for other in real if other is not lesson)
            _learn((*made_up, *others), curriculum, curriculum.model / HELD_OUT / lesson.name, lesson.name)
        models = _learn((*made_up, *real), curriculum, curriculum.model, "")
        if examined_by:
            print(render_examination(models, examined_by))
    return code


def _learn(lessons: Sequence[Lesson], curriculum: Curriculum, folder: Path, left_out: str) -> Understanding:
    without = f" without {left_out}" if left_out else ""
    models: Understanding = train(lessons, TrainSettings(), lambda step: _tell(f"learning {step}{without}"))
    save_understanding(models, folder, card_of(models, lessons, curriculum.seed, left_out))
    _tell(f"wrote {folder}")
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


def _simulated(curriculum: Curriculum, *, for_test: bool = False) -> tuple[Lesson, ...]:
    """Shows made from the scripts that are learned from or, `for_test`, from the others, with another seed."""
    count = curriculum.examined if for_test else curriculum.simulated
    if not count:
        return ()
    every = (script for folder in curriculum.scripts for script in read_scripts(folder))
    scripts = tuple(script for script in every if (script.writer in curriculum.test_writers) == for_test)
    if not scripts:
        raise UsageError("--test-writer", "no script is left", "name other writers, or more folders of scripts")
    _tell(f"simulating {count} shows from {len(scripts)} scripts")
    seed = curriculum.seed + (TEST_SEED if for_test else 0)
    return tuple(lesson_of(material_of(show)) for show in simulate(Studio(scripts), seed, range(count)))
