"""`kandian status`: how every session stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from domain.errors import InputError
from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.exit_codes import exit_code_of_sessions
from kandian.cli.options import AsJson, OutDir, StoreDir, print_json

if TYPE_CHECKING:
    from pipeline.engine.failures import Failure
    from pipeline.run import RunConfig

ProgressState = Literal["done", "under way", "failed", "begun"]


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """How one session stands. `tasks_under_way`: the artefacts that living processes are making."""

    session_id: str
    state: ProgressState
    highlights: int | None
    tasks_under_way: tuple[str, ...]
    failures: tuple["Failure", ...]


@app.command()
@with_exit_code
def status(out: OutDir = Path("out"), store: StoreDir = None, as_json: AsJson = False) -> int:
    """Say which sessions are done, under way or failed, and why."""
    from pipeline.run import RunConfig

    sessions = tuple(_session_statuses(RunConfig(out, store)))
    if as_json:
        print_json(sessions)
    elif not sessions:
        print(f"nothing in {out} yet; begin with: kandian run SESSION --out {out}")
    else:
        for session in sessions:
            _print_status(session)
    failures = [session.failures for session in sessions if session.state == "failed"]
    return exit_code_of_sessions(failures, any_done=any(session.state == "done" for session in sessions))


def _session_statuses(config: "RunConfig") -> Iterator[SessionStatus]:
    for name in sorted(_folder_names(config.out) | _folder_names(config.store_root)):
        yield _session_status(name, config)


def _folder_names(parent: Path) -> set[str]:
    return {path.name for path in parent.glob("*") if path.is_dir() and not path.name.startswith(".")}


def _session_status(name: str, config: "RunConfig") -> SessionStatus:
    from pipeline.engine.failures import load_failures
    from pipeline.engine.stale_work import is_owner_alive, list_workspaces
    from pipeline.outputs.layout import INDEX_FILE

    highlights = _highlight_count(config.out / name / INDEX_FILE)
    workspaces = [workspace for workspace in list_workspaces(config.store_root / name) if is_owner_alive(workspace)]
    under_way = tuple(sorted(workspace.name.split("-")[0] for workspace in workspaces))
    failures = tuple(load_failures(config.store_root, name))
    if under_way:
        state: ProgressState = "under way"
    elif failures:
        state = "failed"
    else:
        state = "begun" if highlights is None else "done"
    return SessionStatus(name, state, highlights, under_way, failures)


def _highlight_count(file: Path) -> int | None:
    from pipeline.outputs.highlights_file import read_highlights

    try:
        return len(read_highlights(file).highlights)
    except InputError:
        return None


def _print_status(session: SessionStatus) -> None:
    count = "" if session.highlights is None else f", {session.highlights} highlights"
    running_stages = f" (making {', '.join(session.tasks_under_way)})" if session.tasks_under_way else ""
    print(printable(f"{session.session_id}: {session.state}{count}{running_stages}"))
    for failure in session.failures:
        print(f"  in {failure.stage}, {failure.at}: {printable(failure.error)}")
        print(f"  run again: {printable(failure.command)}")
