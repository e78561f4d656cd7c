"""Training as `kandian train` asks for it: from scripts and recorded shows, once with all and once without each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn, get_args

from domain.errors import UsageError
from domain.session import Language
from learning.evaluation.evaluated_show import EvaluatedShow
from learning.simulation.same_kind import read_same_kind_catalogs
from learning.simulation.scripts.examiners import LessonsAndExaminers, describe_examiners, split_examiners
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.script_files import read_scripts, read_timed_utterances
from learning.simulation.show_variation import lesson_variation
from learning.simulation.simulate import SimulationConfig
from learning.training.held_out_check import render_held_out_report
from learning.training.lessons import BENT_EVERY, Lessons
from learning.training.model_card import render_model_card
from learning.training.parallel_map import map_in_order
from learning.training.train import BaseFit, TrainSettings, fit_base, train
from learning.training.training_shows import (
    TrainingShow,
    TrainingShowInputs,
    build_training_show,
)
from models.segmentation.weights_bundle import WeightsBundle, save_weights_bundle

HELD_OUT_DIR = "held-out"
"""The folder, inside that of the models, which holds models that have not seen one show, by its id."""
RECORDED_GROUP = "real"
"""The group of all recorded shows."""
LESSON_ROUNDS = BENT_EVERY  # of all scripts: every script is bent once
TEST_SEED_OFFSET = 1000  # added to the seed of the shows that are examined by
RECORDED_SHOW_WEIGHT = 6.0  # a recorded show teaches more than a simulated one

Log = Callable[[str], None]
"""Takes a line on what is done. Other processes call it too: it must survive pickling."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """What is learned from besides shows: scripts, and how many shows are simulated from them, each also beside a wrong
    catalogue: LESSON_ROUNDS for each script unless `simulated_shows` says how many.

    `model_dir`: where the result goes. `leave_one_out`: also learn once without each recorded show, to be judged by it.
    `test_writers`: scripts of these are only examined by, in `test_shows` shows of their own.
    """

    model_dir: Path
    script_dirs: tuple[Path, ...] = ()
    simulated_shows: int | None = None
    seed: int = 1
    leave_one_out: bool = False
    test_writers: tuple[str, ...] = ()
    test_shows: int = 150
    fit_settings: TrainSettings = field(default_factory=TrainSettings)

    def __post_init__(self) -> None:
        if self.simulated_shows is not None and self.simulated_shows < 0:
            raise UsageError("--simulated", f"must not be below 0, not {self.simulated_shows}", "0 does without")
        if self.test_shows < 1:
            raise UsageError(
                "--examined", f"must be at least 1, not {self.test_shows}", "name no --test-writer to do without"
            )
        if self.test_writers and not self.script_dirs:
            raise UsageError("--test-writer", "needs --scripts", "name the folder of scripts that the writer is in")
        if self.simulated_shows and not self.script_dirs:
            raise UsageError("--simulated", "needs --scripts to simulate shows from", "name a folder of scripts, or 0")

    @property
    def is_simulating(self) -> bool:
        return bool(self.script_dirs) and self.simulated_shows != 0

    def lesson_count(self, scripts: int) -> int:
        """How many shows are simulated from so many scripts."""
        return LESSON_ROUNDS * scripts if self.simulated_shows is None else self.simulated_shows


@dataclass(frozen=True, slots=True)
class ScriptSplit:
    """The scripts to learn from, those to examine by, and all that are never learned from."""

    train: tuple[ShowScript, ...]
    test: tuple[ShowScript, ...]
    examiners: tuple[ShowScript, ...] = ()


@dataclass(frozen=True, eq=False)
class _FoldContext:
    """What every model is learned from: simulated shows, and the fit over them that all models share.

    `examiners_note`: which scripts were not learned from, "" for none.
    """

    config: TrainConfig
    examiners_note: str
    simulated_shows: tuple[TrainingShow, ...]
    base_fit: BaseFit | None
    log: Log


@dataclass(frozen=True, eq=False)
class _FoldJob:
    """The recorded shows that one model is learned from, where it goes, and the show that is held out, if one is."""

    recorded_shows: tuple[TrainingShow, ...]
    model_dir: Path
    held_out_show: str = ""

    @property
    def log_suffix(self) -> str:
        return f" without {self.held_out_show}" if self.held_out_show else ""


def split_scripts(config: TrainConfig) -> ScriptSplit:
    """The scripts of `config`, by whether a test writer wrote them. Examiners are never learned from. Raises UsageError
    where one part is missing.
    """
    all_scripts = tuple(script for folder in config.script_dirs for script in read_scripts(folder))
    writers = sorted({script.writer for script in all_scripts})
    for writer in config.test_writers:
        if writer not in writers:
            raise UsageError("--test-writer", f"no script is by {writer!r}", f"name one of {', '.join(writers)}")
    by_purpose = split_examiners(all_scripts)
    lessons = tuple(script for script in by_purpose.lessons if script.writer not in config.test_writers)
    if config.is_simulating and not lessons:
        _refuse_no_lessons(by_purpose)
    test_scripts = tuple(script for script in all_scripts if script.writer in config.test_writers)
    return ScriptSplit(lessons if config.is_simulating else (), test_scripts, by_purpose.examining)


def _refuse_no_lessons(scripts: LessonsAndExaminers) -> NoReturn:
    problem, remedy = "no script is left to learn from", "name fewer, or more folders of scripts"
    if scripts.lessons:
        raise UsageError("--test-writer", problem, remedy)
    raise UsageError("--scripts", f"{problem}; {describe_examiners(scripts.examining)}", remedy)


def recorded_training_show(show: EvaluatedShow, folder: Path) -> TrainingShow:
    """A show that was run, to learn from; `folder` is its session's."""
    gold = show.gold_show()
    return build_training_show(
        TrainingShowInputs(
            name=show.id,
            group=RECORDED_GROUP,
            catalog=gold.catalog,
            transcript=gold.transcript,
            sightings=gold.sightings.sightings,
            events=gold.events,
            truth=gold.truth,
            utterances=read_timed_utterances(folder),
            weight=RECORDED_SHOW_WEIGHT,
        )
    )


def train_folds(
    config: TrainConfig, scripts: ScriptSplit, recorded_shows: tuple[TrainingShow, ...], workers: int | None, log: Log
) -> str:
    """Learn from everything and write the models. Returns how the last one does on test writers' shows, "" without."""
    examiners_note = describe_examiners(scripts.examiners)
    if examiners_note:
        log(examiners_note)
    lesson_scripts = _lessons(scripts.train, config, config.seed)
    simulated_shows = _simulate_shows(lesson_scripts, config.lesson_count(len(scripts.train)), workers, log)
    jobs = _make_fold_jobs(recorded_shows, config)
    for job in jobs:
        _check_languages((*simulated_shows, *job.recorded_shows), job)
    context = _FoldContext(config, examiners_note, simulated_shows, None, log)
    if simulated_shows:
        (base_fit,) = map_in_order(_fit_base, context, (simulated_shows,), 1)
        context = replace(context, base_fit=base_fit)
    models = list(map_in_order(_train_fold, context, jobs, workers))
    if not scripts.test:
        return ""
    test_scripts = _lessons(scripts.test, config, config.seed + TEST_SEED_OFFSET)
    test_shows = _simulate_shows(test_scripts, config.test_shows, workers, log)
    return render_held_out_report(models[-1], test_shows)


def _make_fold_jobs(recorded_shows: tuple[TrainingShow, ...], config: TrainConfig) -> tuple[_FoldJob, ...]:
    """One job without each show if that is wanted, and last the one with all."""
    held_out_jobs = [
        _FoldJob(
            tuple(other for other in recorded_shows if other is not show),
            config.model_dir / HELD_OUT_DIR / show.name,
            show.name,
        )
        for show in (recorded_shows if config.leave_one_out else ())
    ]
    return (*held_out_jobs, _FoldJob(recorded_shows, config.model_dir))


def _check_languages(training_shows: Sequence[TrainingShow], job: _FoldJob) -> None:
    teachers = [show for show in training_shows if show.teaches_discourse]
    missing = sorted(set(get_args(Language)) - {show.transcript.language for show in teachers})
    if missing:
        raise UsageError(
            "SESSION",
            f"there is no show with an explanation in {' nor in '.join(missing)} to learn from{job.log_suffix}",
            "name such shows with truth, or --scripts with such scripts (and enough --simulated): weights serve "
            "every language",
        )


def _fit_base(context: _FoldContext, shows: tuple[TrainingShow, ...]) -> BaseFit:
    return fit_base(shows, context.config.fit_settings, lambda step: context.log(f"learning {step}"))


def _train_fold(context: _FoldContext, job: _FoldJob) -> WeightsBundle:
    """Learn the job's model and write it."""

    def log_step(step: str) -> None:
        context.log(f"learning {step}{job.log_suffix}")

    fit_settings, base_fit, extra_shows = context.config.fit_settings, context.base_fit, job.recorded_shows
    if base_fit is None:
        base_fit, extra_shows = fit_base(job.recorded_shows, fit_settings, log_step), ()
    models = train(base_fit, extra_shows, fit_settings, log_step)
    training_shows = (*context.simulated_shows, *job.recorded_shows)
    save_weights_bundle(
        models,
        job.model_dir,
        render_model_card(
            models, training_shows, context.config.seed, job.held_out_show, examiners_note=context.examiners_note
        ),
    )
    context.log(f"wrote {job.model_dir}")
    return models


def _lessons(scripts: tuple[ShowScript, ...], config: TrainConfig, seed: int) -> Lessons | None:
    if not scripts:
        return None
    same_kind = {
        script_id: catalog
        for folder in config.script_dirs
        for script_id, catalog in read_same_kind_catalogs(folder, scripts).items()
    }
    return Lessons(SimulationConfig(scripts, variation=lesson_variation()), same_kind, seed)


def _simulate_shows(lessons: Lessons | None, count: int, workers: int | None, log: Log) -> tuple[TrainingShow, ...]:
    if lessons is None:
        return ()
    log(f"simulating {count} shows from {len(lessons.config.scripts)} scripts, each also beside a wrong catalogue")
    return tuple(show for shows in map_in_order(_build_lesson, lessons, range(count), workers) for show in shows)


def _build_lesson(lessons: Lessons, number: int) -> tuple[TrainingShow, ...]:
    return lessons.build(number)
