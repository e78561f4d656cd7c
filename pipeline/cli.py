"""The command line: what can be called, and how. What the commands do is in commands/, imported when it is called."""

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

os.environ.setdefault("OMP_NUM_THREADS", "1")  # parallel work is many processes, one thread each

STOPPED = 130  # the others are in exit_codes.py, which --help need not load
EXIT_CODES = """Exit codes: 0 done; 2 called wrongly; 3 no session could be done because of its input (do not retry);
4 try again; 5 some sessions done, some not; 130 stopped."""

app = typer.Typer(
    name="kandian",
    help="Turn recorded live-selling shows into replays whose highlights say which product is explained where.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ExecutorChoice(StrEnum):
    """As in job.ExecutorName; typer wants an enumeration."""

    pool = "pool"
    in_process = "in_process"
    ray = "ray"


class ExportChoice(StrEnum):
    """As in exports.ExportFormat."""

    csv = "csv"
    otio = "otio"
    json_ld = "json-ld"
    label_studio = "label-studio"


P = ParamSpec("P")


def ending_well(command: Callable[P, int]) -> Callable[P, None]:
    """Turn what a command returns or raises into an exit code, errors into plain words on stderr."""

    @wraps(command)
    def call(*arguments: P.args, **options: P.kwargs) -> None:
        from domain.errors import KandianError

        try:
            code = command(*arguments, **options)
        except KeyboardInterrupt:
            print("stopped; finished work is kept, and the same command goes on from there", file=sys.stderr)
            code = STOPPED
        except KandianError as error:
            from pipeline.exit_codes import of_error

            print(f"kandian: {error}", file=sys.stderr)
            code = of_error(error)
        raise typer.Exit(code)

    return call


Sessions = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SESSION...", help="Session folders, or lists of sessions (JSON lines)."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Results go to DIR/SESSION_ID.")]
StoreDir = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="Finished work is kept here. (OUT/.store)")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Settings = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="Settings of the stages. (kandian.toml, if here)")
]
ExecutorOption = Annotated[ExecutorChoice, typer.Option("--executor", help="Who does the work.")]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", help="Tasks at once. (one a core)")]
Address = Annotated[str | None, typer.Option("--ray-address", metavar="ADDRESS", help="A running Ray cluster.")]


@app.command()
@ending_well
def run(
    sessions: Sessions = None,
    out: Out = Path("out"),
    store: StoreDir = None,
    executor: ExecutorOption = ExecutorChoice.pool,
    workers: Workers = None,
    ray_address: Address = None,
    settings: Settings = None,
    as_json: AsJson = False,
    recording: Annotated[
        list[Path] | None, typer.Option("--recording", help="A file of the recording; again for the next, in order.")
    ] = None,
    catalog: Annotated[Path | None, typer.Option("--catalog", help="The catalogue, JSON or CSV.")] = None,
    events: Annotated[Path | None, typer.Option("--events", help="The room's log, JSON lines.")] = None,
    captions: Annotated[Path | None, typer.Option("--captions", help="SRT, VTT or JSON, instead of hearing.")] = None,
    session_id: Annotated[str | None, typer.Option("--id", help="The session's id.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="zh or en. (said in the catalogue, or heard)")
    ] = None,
    started_at: Annotated[str | None, typer.Option("--started-at", help="Wall clock of the first instant.")] = None,
    ledger: Annotated[
        str | None, typer.Option("--ledger", metavar="URL", help="Where people's edits are kept. (OUT/ledger.db)")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="The show's title.")] = None,
) -> int:
    """Make replays and highlights. What is done already is not done again."""
    from pipeline.commands.run import run_command
    from pipeline.inputs.session_source import SessionOverrides
    from pipeline.inputs.sessions import session_flags
    from pipeline.job import Setup

    files = SessionOverrides(recording=tuple(recording or ()), catalog=catalog, events=events, captions=captions)
    said = {"id": session_id, "language": language, "started_at": started_at, "title": title}
    setup = Setup(out, store, executor.value, workers, ray_address, settings, ledger)
    return run_command(sessions or [], session_flags(said, files), setup, as_json)


@app.command()
@ending_well
def status(out: Out = Path("out"), store: StoreDir = None, as_json: AsJson = False) -> int:
    """Say which sessions are done, under way or failed, and why."""
    from pipeline.commands.status import status_command
    from pipeline.job import Setup

    return status_command(Setup(out, store), as_json)


@app.command()
@ending_well
def show(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT...", help="Results folders or highlights.json files.")
    ],
    as_json: AsJson = False,
) -> int:
    """Print a show's highlights as a table and as a picture of its timeline."""
    from pipeline.commands.show import show_command

    return show_command(results, as_json)


@app.command()
@ending_well
def quality(
    shows: Annotated[list[Path], typer.Argument(metavar="SESSION...", help="Session folders that hold a truth.json.")],
    out: Out = Path("out"),
    store: StoreDir = None,
    workers: Workers = None,
    settings: Settings = None,
    rivals: Annotated[bool, typer.Option("--rivals", help="Score two simple rivals beside kandian.")] = False,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Score kandian with speech only, then with one kind of input more each.")
    ] = False,
    shifts: Annotated[
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
    from pipeline.commands.quality import Wanted, quality_command
    from pipeline.job import Setup

    setup = Setup(out, store, workers=workers, settings=settings)
    return quality_command(shows, setup, Wanted(rivals, ablations, as_json, html, held_out, shifts))


@app.command()
@ending_well
def train(
    shows: Annotated[
        list[Path] | None, typer.Argument(metavar="[SESSION]...", help="Session folders that hold a truth.json.")
    ] = None,
    model: Annotated[Path, typer.Option("--model", metavar="DIR", help="Where the learned weights go.")] = Path(
        "model"
    ),
    scripts: Annotated[
        list[Path] | None, typer.Option("--scripts", metavar="DIR", help="Labelled scripts to simulate shows from.")
    ] = None,
    simulated: Annotated[int, typer.Option("--simulated", help="How many shows to simulate from the scripts.")] = 60,
    seed: Annotated[int, typer.Option("--seed", help="Of the simulated shows.")] = 1,
    test_writer: Annotated[
        list[str] | None,
        typer.Option(
            "--test-writer", help="A writer whose scripts are not learned from; the result is examined by them."
        ),
    ] = None,
    examined: Annotated[
        int, typer.Option("--examined", help="How many shows of test writers the result is examined by.")
    ] = 150,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also learn once without each show: DIR/held-out/SHOW.")
    ] = False,
    out: Out = Path("out"),
    store: StoreDir = None,
    workers: Workers = None,
    settings: Settings = None,
) -> int:
    """Learn from shows with truth and from scripts: how hosts talk, what evidence is worth, how sure takes are."""
    from pipeline.commands.train import Curriculum, train_command
    from pipeline.job import Setup

    setup = Setup(out, store, workers=workers, settings=settings)
    curriculum = Curriculum(
        model, tuple(scripts or ()), simulated, seed, leave_one_out, tuple(test_writer or ()), examined
    )
    return train_command(shows or [], setup, curriculum)


LedgerAddress = Annotated[
    str | None, typer.Option("--ledger", metavar="URL", help="Where people's edits are kept. (OUT/ledger.db)")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Whose work it is. (the account's name)")]


@app.command()
@ending_well
def export(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session whose results lie in OUT.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where it goes. (standard output)")] = None,
    review: Annotated[bool, typer.Option("--review", help="An editable highlights.json, for apply-edits.")] = False,
    kind: Annotated[ExportChoice | None, typer.Option("--format", help="For another tool.")] = None,
    page: Annotated[str, typer.Option("--page", metavar="URL", help="The page that plays the show, for json-ld.")] = "",
    media: Annotated[str, typer.Option("--media", metavar="URL", help="Where the other tool finds the media.")] = "",
    files: Annotated[str, typer.Option("--files", metavar="URL", help="The folder of its highlights.json.")] = "",
    published: Annotated[bool, typer.Option("--published", help="As viewers have it. (with all edits)")] = False,
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Write a session's highlights for other tools and for people."""
    from pipeline.commands.export import Wanted, export_command, export_review_command
    from pipeline.commands.review import Desk
    from pipeline.exports.places import Places

    desk, wanted = Desk(out, ledger), Wanted(kind.value if kind else None, Places(page, media, files), published)
    if review:
        return export_review_command(session_id, file, desk, is_published=published)
    return export_command(session_id, file, wanted, desk)


@app.command("apply-edits")
@ending_well
def apply_edits(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export --review wrote, edited.")],
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    as_json: AsJson = False,
) -> int:
    """Check an edited highlights.json, say what it changes, and record that in the ledger."""
    from pipeline.commands.review import Desk, apply_edits_command

    return apply_edits_command(file, Desk(out, ledger, by), dry_run=dry_run, as_json=as_json)


@app.command()
@ending_well
def edits(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session that somebody edited.")],
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
    as_json: AsJson = False,
) -> int:
    """Say who changed what in a session, and when."""
    from pipeline.commands.edits import edits_command
    from pipeline.commands.review import Desk

    return edits_command(session_id, Desk(out, ledger), as_json)


@app.command()
@ending_well
def publish(
    sessions: Annotated[
        list[str] | None, typer.Argument(metavar="[SESSION_ID]...", help="Sessions whose results lie in OUT.")
    ] = None,
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
    by: By = None,
    settings: Settings = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Let this ledger know what viewers have, where the old one is lost.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Tell anew also what was given up after a day.")] = False,
) -> int:
    """Give viewers a session's highlights as they are now: a new revision under OUT/published.

    Whoever kandian.toml names is told of it. Without a session: those are told who could not be told before.
    """
    from pipeline.commands.review import Desk, publish_command

    return publish_command(sessions or [], Desk(out, ledger, by), settings, is_adopted=adopt, is_retry=retry)


token = typer.Typer(help="Who may use the API: tokens of services and editors.", no_args_is_help=True)
app.add_typer(token, name="token")


class ScopeChoice(StrEnum):
    """As in tokens.Scope."""

    read = "read"
    edit = "edit"
    publish = "publish"
    admin = "admin"


@token.command("add")
@ending_well
def token_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is: edits are signed with it.")],
    scope: Annotated[list[ScopeChoice], typer.Option("--scope", help="What it lets do; again for more.")],
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, help="How long it is good.")] = None,
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Make a token and print it: this once, for only its digest is kept."""
    from pipeline.commands.review import Desk
    from pipeline.commands.token import token_add_command

    return token_add_command(name, [each.value for each in scope], days, Desk(out, ledger))


@token.command("list")
@ending_well
def token_list(out: Out = Path("out"), ledger: LedgerAddress = None, as_json: AsJson = False) -> int:
    """Say which tokens there are, what each lets do and when it was last used."""
    from pipeline.commands.review import Desk
    from pipeline.commands.token import token_list_command

    return token_list_command(Desk(out, ledger), as_json)


@token.command("revoke")
@ending_well
def token_revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As token list says.")],
    out: Out = Path("out"),
    ledger: LedgerAddress = None,
) -> int:
    """Let a token open nothing any more."""
    from pipeline.commands.review import Desk
    from pipeline.commands.token import token_revoke_command

    return token_revoke_command(token_id, Desk(out, ledger))


@app.command()
@ending_well
def sweep(
    out: Out = Path("out"),
    store: StoreDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> int:
    """Remove finished work that no delivered result is made from, and what killed runs left behind."""
    from pipeline.commands.sweep import sweep_command
    from pipeline.job import Setup

    return sweep_command(Setup(out, store), dry_run)


@app.command()
@ending_well
def doctor(out: Out = Path("out"), as_json: AsJson = False) -> int:
    """Check that everything kandian needs is here, and say what to do where it is not."""
    from pipeline.commands.doctor import doctor_command

    return doctor_command(out, as_json)


def main() -> None:
    """The `kandian` command."""
    from signal import SIGTERM, default_int_handler, signal

    signal(SIGTERM, default_int_handler)  # a scheduler's stop is as clean as Ctrl-C
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names may hold what the terminal cannot write
    app()
