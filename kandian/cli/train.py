"""`kandian train`: fit weights on shows with truth and on scripts."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import UsageError
from kandian.cli.app import app, with_exit_code
from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.cli.options import OutDir, SettingsFile, StoreDir, WorkerCount
from kandian.cli.quality import TRUTH_FILE
from kandian.cli.run import print_outcomes, run_with_progress

if TYPE_CHECKING:
    from learning.training.fold_jobs import TrainConfig
    from learning.training.training_shows import TrainingShow
    from pipeline.run import RunConfig

SimulatedShowCount = Annotated[
    int | None,
    typer.Option(
        "--simulated",
        help="How many shows to simulate from the scripts, each once more beside a wrong catalogue. By default three "
        "for each script: two as it is written, one cut, mixed and spliced.",
    ),
]


@app.command()
@with_exit_code
def train(
    shows: Annotated[
        list[Path] | None, typer.Argument(metavar="[SESSION]...", help="Session folders that hold a truth.json.")
    ] = None,
    model_dir: Annotated[Path, typer.Option("--model", metavar="DIR", help="Where the learned weights go.")] = Path(
        "model"
    ),
    script_dirs: Annotated[
        list[Path] | None, typer.Option("--scripts", metavar="DIR", help="Labelled scripts to simulate shows from.")
    ] = None,
    simulated_shows: SimulatedShowCount = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the simulated shows.")] = 1,
    test_writers: Annotated[
        list[str] | None,
        typer.Option(
            "--test-writer", help="A writer whose scripts are not learned from; the result is examined by them."
        ),
    ] = None,
    test_shows: Annotated[
        int, typer.Option("--examined", help="How many shows of test writers the result is examined by.")
    ] = 150,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also learn once without each show: DIR/held-out/SHOW.")
    ] = False,
    out: OutDir = Path("out"),
    store: StoreDir = None,
    workers: WorkerCount = None,
    settings: SettingsFile = None,
) -> int:
    """Learn from shows with truth and from scripts: how hosts talk, what evidence is worth, how sure takes are."""
    from learning.training.fold_jobs import TrainConfig
    from pipeline.run import RunConfig

    scripts, writers = tuple(script_dirs or ()), tuple(test_writers or ())
    config = TrainConfig(model_dir, scripts, simulated_shows, seed, leave_one_out, writers, test_shows)
    return train_models(shows or [], RunConfig(out, store, workers=workers, settings=settings), config)


def train_models(shows: Sequence[Path], run_config: "RunConfig", config: "TrainConfig") -> int:
    """Run the shows, train on all of them, write the weights; returns the exit code of the runs."""
    from learning.training.fold_jobs import split_scripts, train_folds

    scripts = split_scripts(config)
    recorded_shows, exit_code = _load_recorded_shows(shows, run_config) if shows else ((), 0)
    if exit_code:
        return exit_code
    if not (recorded_shows or scripts.train):
        raise UsageError("SESSION", "there is nothing to learn from", "name shows with truth, or --scripts")
    report = train_folds(config, scripts, recorded_shows, run_config.workers, _log)
    if report:
        print(report)
    return exit_code


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _load_recorded_shows(shows: Sequence[Path], config: "RunConfig") -> "tuple[tuple[TrainingShow, ...], int]":
    """The shows with truth, run as far as need be; and the exit code of the runs, with no shows unless it is 0."""
    from learning.evaluation.evaluated_show import EvaluatedShow
    from learning.evaluation.ground_truth import read_ground_truth
    from learning.training.fold_jobs import recorded_training_show
    from pipeline.engine.store import Store
    from pipeline.inputs.find_sessions import find_sessions

    sources = find_sessions(shows)
    folders = {source.id: source.folder for source in sources}
    outcomes = run_with_progress(sources, config)
    exit_code = exit_code_of_outcomes(outcomes)
    if exit_code:
        print_outcomes(outcomes)
        return (), exit_code
    training_shows = []
    for outcome in outcomes:
        folder = folders[outcome.session_id]
        if folder is None:
            raise UsageError("SESSION", f"{outcome.session_id} is no session folder", "name folders with truth.json")
        show = EvaluatedShow(Store(config.store_root), outcome, read_ground_truth(folder / TRUTH_FILE))
        training_shows.append(recorded_training_show(show, folder))
    return tuple(training_shows), 0
