"""`kandian status`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.errors import InputError
from domain.text import printable
from kandian.cli.exit_codes import BAD_INPUT, DONE, SOME_DONE, TRY_AGAIN
from pipeline.engine.failures import Failure, load_failures
from pipeline.engine.serialization import type_adapter
from pipeline.engine.stale_work import is_owner_alive, list_workspaces
from pipeline.outputs.highlights_file import read_highlights
from pipeline.outputs.layout import INDEX_FILE
from pipeline.run import RunConfig

ProgressState = Literal["done", "under way", "failed", "begun"]


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """How one session stands. `tasks_under_way` are stages that a living process is working on."""

    session_id: str
    state: ProgressState
    highlights: int | None
    tasks_under_way: tuple[str, ...]
    failures: tuple[Failure, ...]


def status_command(setup: RunConfig, as_json: bool) -> int:
    """Print how every session stands. Exit codes as of `run`: what is failed counts, what is under way does not."""
    sessions = tuple(_session_statuses(setup))
    if as_json:
        text = type_adapter(tuple[SessionStatus, ...]).dump_json(sessions, indent=1).decode()
        sys.stdout.write(text + "\n")
    elif not sessions:
        print(f"nothing in {setup.out} yet; begin with: kandian run SESSION --out {setup.out}")
    else:
        for session in sessions:
            _print_status(session)
    return _exit_code(sessions)


def _session_statuses(setup: RunConfig) -> Iterator[SessionStatus]:
    names = _folder_names(setup.out) | _folder_names(setup.store_root)
    for name in sorted(names):
        yield _session_status(name, setup)


def _folder_names(parent: Path) -> set[str]:
    return {path.name for path in parent.glob("*") if path.is_dir() and not path.name.startswith(".")}


def _session_status(name: str, setup: RunConfig) -> SessionStatus:
    highlights = _highlight_count(setup.out / name / INDEX_FILE)
    under_way = tuple(
        sorted(p.name.split("-")[0] for p in list_workspaces(setup.store_root / name) if is_owner_alive(p))
    )
    failures = tuple(load_failures(setup.store_root, name))
    if under_way:
        state: ProgressState = "under way"
    elif failures:
        state = "failed"
    else:
        state = "begun" if highlights is None else "done"
    return SessionStatus(name, state, highlights, under_way, failures)


def _highlight_count(file: Path) -> int | None:
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


def _exit_code(sessions: tuple[SessionStatus, ...]) -> int:
    failed = [session for session in sessions if session.state == "failed"]
    if not failed:
        return DONE
    if any(session.state == "done" for session in sessions):
        return SOME_DONE
    blames = {failure.blame for session in failed for failure in session.failures}
    return BAD_INPUT if blames == {"input"} else TRY_AGAIN
