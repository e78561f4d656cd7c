"""The command itself: its name and help, and how every call of it ends."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from io import TextIOWrapper
from signal import SIGTERM, default_int_handler, signal
from typing import ParamSpec

import typer

from domain.errors import KandianError
from kandian.cli.exit_codes import EXIT_CODES, INTERRUPTED, exit_code_of_error

os.environ.setdefault("OMP_NUM_THREADS", "1")  # parallel work is many processes, one thread each

app = typer.Typer(
    name="kandian",
    help="Turn recorded live-selling shows into replays whose highlights say which product is explained where.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

P = ParamSpec("P")


def with_exit_code(command: Callable[P, int]) -> Callable[P, None]:
    """Turn what a command returns or raises into an exit code, errors into plain words on stderr."""

    @wraps(command)
    def call(*arguments: P.args, **options: P.kwargs) -> None:
        try:
            code = command(*arguments, **options)
        except KeyboardInterrupt:
            print("stopped; finished work is kept, and the same command goes on from there", file=sys.stderr)
            code = INTERRUPTED
        except KandianError as error:
            print(f"kandian: {error}", file=sys.stderr)
            code = exit_code_of_error(error)
        raise typer.Exit(code)

    return call


def main() -> None:
    """The `kandian` command."""
    signal(SIGTERM, default_int_handler)  # a scheduler's stop is as clean as Ctrl-C
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names may hold what the terminal cannot write
    app()
