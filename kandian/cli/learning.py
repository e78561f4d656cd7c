"""Comparing with truth, learning from it, serving, and who may use the API."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, LedgerAddress, OutDir, SettingsFile, StoreDir, WorkerCount


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
    as_json: AsJson = False,
) -> int:
    """Run shows with truth, as far as they are not done, and print the score card."""
    from kandian.cli.quality import QualityOptions, quality_command
    from pipeline.run import RunConfig

    setup = RunConfig(out, store, workers=workers, settings=settings)
    return quality_command(shows, setup, QualityOptions(baselines, ablations, as_json, html, held_out, event_shifts))


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
    from kandian.cli.train import TrainConfig, train_command
    from pipeline.run import RunConfig

    setup = RunConfig(out, store, workers=workers, settings=settings)
    config = TrainConfig(
        model_dir, tuple(script_dirs or ()), simulated_shows, seed, leave_one_out, tuple(test_writers or ()), test_shows
    )
    return train_command(shows or [], setup, config)


@app.command()
@with_exit_code
def serve(
    out: Annotated[Path | None, typer.Argument(metavar="[OUT]", help="Where results lie; out by default.")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8040,
    host_aliases: Annotated[
        list[str] | None, typer.Option("--also-called", metavar="NAME", help="A name by which others reach it.")
    ] = None,
    ledger: LedgerAddress = None,
) -> int:
    """Serve the API, the player and published files, to this machine unless told otherwise.

    In a checkout, without OUT and with nothing in out yet: its two small shows are made and published first.
    """
    from kandian.cli.serve import ListenAddress, serve_command

    return serve_command(out, ledger, ListenAddress(host, port, tuple(host_aliases or ())))


token_app = typer.Typer(help="Who may use the API: tokens of services and editors.", no_args_is_help=True)
app.add_typer(token_app, name="token")


class ScopeChoice(StrEnum):
    """As in tokens.Scope."""

    read = "read"
    edit = "edit"
    publish = "publish"
    admin = "admin"


@token_app.command("add")
@with_exit_code
def token_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is: edits are signed with it.")],
    scope: Annotated[list[ScopeChoice], typer.Option("--scope", help="What it lets do; again for more.")],
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, help="How long it is good.")] = None,
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Make a token and print it: this once, for only its digest is kept."""
    from kandian.cli.publish import LedgerOptions
    from kandian.cli.token import token_add_command

    return token_add_command(name, [each.value for each in scope], days, LedgerOptions(out, ledger))


@token_app.command("list")
@with_exit_code
def token_list(out: OutDir = Path("out"), ledger: LedgerAddress = None, as_json: AsJson = False) -> int:
    """Say which tokens there are, what each lets do and when it was last used."""
    from kandian.cli.publish import LedgerOptions
    from kandian.cli.token import token_list_command

    return token_list_command(LedgerOptions(out, ledger), as_json)


@token_app.command("revoke")
@with_exit_code
def token_revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As token list says.")],
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Let a token open nothing any more."""
    from kandian.cli.publish import LedgerOptions
    from kandian.cli.token import token_revoke_command

    return token_revoke_command(token_id, LedgerOptions(out, ledger))
