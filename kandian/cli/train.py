"""`kandian train`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from domain.errors import UsageError
from domain.session import Language
from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.cli.quality import TRUTH_FILE
from kandian.cli.run import print_outcome
from kandian.terminal.progress import show_progress
from learning.evaluation.evaluated_show import EvaluatedShow
from learning.evaluation.ground_truth import read_ground_truth
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.script_files import read_scripts, read_timed_utterances
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.held_out_check import render_held_out_report
from learning.training.model_card import render_model_card
from learning.training.parallel_map import map_in_order
from learning.training.train import BaseFit, TrainSettings, fit_base, train
from learning.training.training_shows import (
    TrainingShow,
    TrainingShowInputs,
    build_training_show,
    inputs_from_simulation,
)
from models.segmentation.weights_bundle import WeightsBundle, save_weights_bundle
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.run import RunConfig, run_sources

HELD_OUT_DIR = "held-out"
"""The folder, inside that of the models, which holds models that have not seen one show, by its id."""
RECORDED_GROUP = "real"
"""The group of all shows that were really heard."""
TEST_SEED_OFFSET = 1000  # added to the seed of the shows that are examined by
RECORDED_SHOW_WEIGHT = 2.0  # a show that was heard teaches more than one that was made up


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """What is learned from besides shows: scripts, and how many shows are simulated from them. `model_dir`: where the
    result goes. `leave_one_out`: also learn once without each show, to be judged by it. `test_writers`: scripts of
    these are only examined by, in `test_shows` shows of their own. `fit_settings`: how far all bends to lessons."""

    model_dir: Path
    script_dirs: tuple[Path, ...] = ()
    simulated_shows: int = 60
    seed: int = 1
    leave_one_out: bool = False
    test_writers: tuple[str, ...] = ()
    test_shows: int = 150
    fit_settings: TrainSettings = field(default_factory=TrainSettings)

    def __post_init__(self) -> None:
        if self.simulated_shows < 0:
            raise UsageError("--simulated", f"must not be below 0, not {self.simulated_shows}", "0 does without")
        if self.test_shows < 1:
            raise UsageError(
                "--examined", f"must be at least 1, not {self.test_shows}", "name no --test-writer to do without"
            )
        if self.test_writers and not self.script_dirs:
            raise UsageError("--test-writer", "needs --scripts", "name the folder of scripts that the writer is in")
        if self.simulated_shows and not self.script_dirs:
            raise UsageError("--simulated", "needs --scripts to simulate shows from", "name a folder of scripts, or 0")


@dataclass(frozen=True, eq=False)
class _FoldContext:
    """What every model is learned from: lessons that were made up, or a foundation that they have laid."""

    config: TrainConfig
    simulated_shows: tuple[TrainingShow, ...]
    base_fit: BaseFit | None


@dataclass(frozen=True, eq=False)
class _FoldJob:
    """The shows that one model hears besides, where it goes, and the show that it must not hear."""

    recorded_shows: tuple[TrainingShow, ...]
    model_dir: Path
    held_out_show: str = ""

    @property
    def log_suffix(self) -> str:
        return f" without {self.held_out_show}" if self.held_out_show else ""


def train_command(shows: Sequence[Path], setup: RunConfig, config: TrainConfig) -> int:
    """Run what is not done, learn from everything, write the models; returns the exit code of the runs."""
    train_scripts, test_scripts = _split_scripts(config)
    recorded_shows, exit_code = _load_recorded_shows(shows, setup) if shows else ((), 0)
    if exit_code:
        return exit_code
    if not (recorded_shows or train_scripts):
        raise UsageError("SESSION", "there is nothing to learn from", "name shows with truth, or --scripts")
    simulated_shows = _simulate_shows(train_scripts, config.simulated_shows, config.seed, setup.workers)
    fold_jobs = _make_fold_jobs(recorded_shows, config)
    for each in fold_jobs:
        _check_languages((*simulated_shows, *each.recorded_shows), each)
    base_fit = next(map_in_order(_fit_base, simulated_shows, (config.fit_settings,), 1)) if simulated_shows else None
    models = list(map_in_order(_train_fold, _FoldContext(config, simulated_shows, base_fit), fold_jobs, setup.workers))
    if test_scripts:
        seed = config.seed + TEST_SEED_OFFSET
        print(render_held_out_report(models[-1], _simulate_shows(test_scripts, config.test_shows, seed, setup.workers)))
    return exit_code


def _split_scripts(config: TrainConfig) -> tuple[tuple[ShowScript, ...], tuple[ShowScript, ...]]:
    """The scripts to learn from, and those to examine by."""
    all_scripts = tuple(script for folder in config.script_dirs for script in read_scripts(folder))
    writers = sorted({script.writer for script in all_scripts})
    for writer in config.test_writers:
        if writer not in writers:
            raise UsageError("--test-writer", f"no script is by {writer!r}", f"name one of {', '.join(writers)}")
    train_scripts = tuple(script for script in all_scripts if script.writer not in config.test_writers)
    if config.simulated_shows and not train_scripts:
        raise UsageError("--test-writer", "no script is left to learn from", "name fewer, or more folders of scripts")
    test_scripts = tuple(script for script in all_scripts if script.writer in config.test_writers)
    return (train_scripts if config.simulated_shows else ()), test_scripts


def _make_fold_jobs(recorded_shows: tuple[TrainingShow, ...], config: TrainConfig) -> tuple[_FoldJob, ...]:
    """One class without each show if that is wanted, and last the one with all."""
    held_out_jobs = [
        _FoldJob(
            tuple(other for other in recorded_shows if other is not lesson),
            config.model_dir / HELD_OUT_DIR / lesson.name,
            lesson.name,
        )
        for lesson in (recorded_shows if config.leave_one_out else ())
    ]
    return (*held_out_jobs, _FoldJob(recorded_shows, config.model_dir))


def _check_languages(training_shows: Sequence[TrainingShow], job: _FoldJob) -> None:
    missing = sorted(set(get_args(Language)) - {lesson.transcript.language for lesson in training_shows})
    if missing:
        raise UsageError(
            "SESSION",
            f"there is no show in {' nor in '.join(missing)} to learn from{job.log_suffix}",
            "name such shows with truth, or --scripts with such scripts (and enough --simulated): weights serve "
            "every language",
        )


def _fit_base(simulated_shows: tuple[TrainingShow, ...], fit_settings: TrainSettings) -> BaseFit:
    return fit_base(simulated_shows, fit_settings, lambda step: _log(f"learning {step}"))


def _train_fold(context: _FoldContext, job: _FoldJob) -> WeightsBundle:
    """Learn the class's model and write it."""

    def log_step(step: str) -> None:
        _log(f"learning {step}{job.log_suffix}")

    fit_settings, base_fit, extra_shows = context.config.fit_settings, context.base_fit, job.recorded_shows
    if base_fit is None:
        base_fit, extra_shows = fit_base(job.recorded_shows, fit_settings, log_step), ()
    models = train(base_fit, extra_shows, fit_settings, log_step)
    training_shows = (*context.simulated_shows, *job.recorded_shows)
    save_weights_bundle(
        models, job.model_dir, render_model_card(models, training_shows, context.config.seed, job.held_out_show)
    )
    _log(f"wrote {job.model_dir}")
    return models


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _load_recorded_shows(shows: Sequence[Path], setup: RunConfig) -> tuple[tuple[TrainingShow, ...], int]:
    """The shows with truth, run as far as they are not done; and the exit code where some cannot be."""
    sources = find_sessions(shows)
    folders = {source.id: source.folder for source in sources}
    with show_progress(len(sources)) as observer:
        outcomes = run_sources(sources, setup, observer)
    exit_code = exit_code_of_outcomes(outcomes)
    if exit_code:
        for outcome in outcomes:
            print_outcome(outcome)
        return (), exit_code
    store = Store(setup.store_root)
    training_shows = []
    for outcome in outcomes:
        folder = folders[outcome.session_id]
        if folder is None:
            raise UsageError("SESSION", f"{outcome.session_id} is no session folder", "name folders with truth.json")
        show = EvaluatedShow(store, outcome, read_ground_truth(folder / TRUTH_FILE))
        training_shows.append(build_training_show(_recorded_show_inputs(show, folder)))
    return tuple(training_shows), 0


def _recorded_show_inputs(show: EvaluatedShow, folder: Path) -> TrainingShowInputs:
    gold = show.gold_show()
    return TrainingShowInputs(
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


def _simulate_shows(
    scripts: tuple[ShowScript, ...], count: int, seed: int, workers: int | None
) -> tuple[TrainingShow, ...]:
    if not scripts:
        return ()
    _log(f"simulating {count} shows from {len(scripts)} scripts")
    return tuple(map_in_order(_simulate_show, (SimulationConfig(scripts), seed), range(count), workers))


def _simulate_show(studio_and_seed: tuple[SimulationConfig, int], number: int) -> TrainingShow:
    studio, seed = studio_and_seed
    (show,) = simulate_shows(studio, seed, range(number, number + 1))
    return build_training_show(inputs_from_simulation(show))
