"""Comparing with truth, and learning from it."""

from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, OutDir, SettingsFile, StoreDir, WorkerCount


@app.command()
@with_exit_code
def quality(
    shows: Annotated[list[Path], typer.Argument(metavar="SESSION...", help="Session folders that hold a truth.json.")],
    out: OutDir = Path("out"),
    store: StoreDir = None,
    workers: WorkerCount = None,
    settings: SettingsFile = None,
    baselines: Annotated[bool, typer.Option("--rivals", help="Score two simple rivals beside kandian.")] = False,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Score kandian with speech only, then with one kind of input more each.")
    ] = False,
    event_shifts: Annotated[
        bool, typer.Option("--shifts", help="Score kandian with the room's log 30, 60 and 90 s early and late.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page that shows what went wrong where.")
    ] = None,
    held_out: Annotated[
        Path | None,
        typer.Option("--held-out", metavar="DIR", help="Judge each show by weights that have not seen it: DIR/SHOW."),
    ] = None,
    scorecard: Annotated[
        Path | None,
        typer.Option("--scorecard", metavar="FILE", help="Write the tables between the comments of a Markdown page."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Run shows with truth, as far as they are not done, and print the score card."""
    from kandian.commands.quality import QualityOptions, quality_command
    from pipeline.run import RunConfig

    setup = RunConfig(out, store, workers=workers, settings=settings)
    options = QualityOptions(baselines, ablations, as_json, html, held_out, event_shifts, scorecard)
    return quality_command(shows, setup, options)


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
    simulated_shows: Annotated[
        int, typer.Option("--simulated", help="How many shows to simulate from the scripts.")
    ] = 60,
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
    from kandian.commands.train import TrainConfig, train_command
    from pipeline.run import RunConfig

    setup = RunConfig(out, store, workers=workers, settings=settings)
    config = TrainConfig(
        model_dir, tuple(script_dirs or ()), simulated_shows, seed, leave_one_out, tuple(test_writers or ()), test_shows
    )
    return train_command(shows or [], setup, config)
