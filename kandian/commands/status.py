"""`kandian status`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.errors import InputError
from kandian.cli.exit_codes import BAD_INPUT, DONE, SOME_DONE, TRY_AGAIN
from kandian.terminal.cells import printable
from pipeline.engine.failures import Failure, failures_of
from pipeline.engine.serialization import adapter_of
from pipeline.engine.stale_work import is_alive, partials_of
from pipeline.outputs.highlights_file import read_highlights
from pipeline.outputs.results_folder import INDEX_FILE
from pipeline.run import Setup

State = Literal["done", "under way", "failed", "begun"]


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """How one session stands. `tasks_under_way` are stages that a living process is working on."""

    session_id: str
    state: State
    highlights: int | None
    tasks_under_way: tuple[str, ...]
    failures: tuple[Failure, ...]


def status_command(setup: Setup, as_json: bool) -> int:
    """Print how every session stands. Exit codes as of `run`: what is failed counts, what is under way does not."""
    sessions = tuple(_sessions(setup))
    if as_json:
        text = adapter_of(tuple[SessionStatus, ...]).dump_json(sessions, indent=1).decode()
        sys.stdout.write(text + "\n")
    elif not sessions:
        print(f"nothing in {setup.out} yet; begin with: kandian run SESSION --out {setup.out}")
    else:
        for session in sessions:
            _print(session)
    return _exit_code(sessions)


def _sessions(setup: Setup) -> Iterator[SessionStatus]:
    names = _folders(setup.out) | _folders(setup.store_root)
    for name in sorted(names):
        yield _status(name, setup)


def _folders(place: Path) -> set[str]:
    return {path.name for path in place.glob("*") if path.is_dir() and not path.name.startswith(".")}


def _status(name: str, setup: Setup) -> SessionStatus:
    highlights = _highlights(setup.out / name / INDEX_FILE)
    under_way = tuple(sorted(p.name.split("-")[0] for p in partials_of(setup.store_root / name) if is_alive(p)))
    failures = tuple(failures_of(setup.store_root, name))
    if under_way:
        state: State = "under way"
    elif failures:
        state = "failed"
    else:
        state = "begun" if highlights is None else "done"
    return SessionStatus(name, state, highlights, under_way, failures)


def _highlights(file: Path) -> int | None:
    try:
        return len(read_highlights(file).highlights)
    except InputError:
        return None


def _print(session: SessionStatus) -> None:
    count = "" if session.highlights is None else f", {session.highlights} highlights"
    making = f" (making {', '.join(session.tasks_under_way)})" if session.tasks_under_way else ""
    print(printable(f"{session.session_id}: {session.state}{count}{making}"))
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
