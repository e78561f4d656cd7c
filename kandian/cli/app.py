"""The command itself: its exit codes, and how every call of it ends."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from io import TextIOWrapper
from typing import ParamSpec

import typer

os.environ.setdefault("OMP_NUM_THREADS", "1")  # parallel work is many processes, one thread each

INTERRUPTED = 130  # the others are in exit_codes.py, which --help need not load
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

P = ParamSpec("P")


def with_exit_code(command: Callable[P, int]) -> Callable[P, None]:
    """Turn what a command returns or raises into an exit code, errors into plain words on stderr."""

    @wraps(command)
    def call(*arguments: P.args, **options: P.kwargs) -> None:
        from domain.errors import KandianError

        try:
            code = command(*arguments, **options)
        except KeyboardInterrupt:
            print("stopped; finished work is kept, and the same command goes on from there", file=sys.stderr)
            code = INTERRUPTED
        except KandianError as error:
            from kandian.cli.exit_codes import exit_code_of_error

            print(f"kandian: {error}", file=sys.stderr)
            code = exit_code_of_error(error)
        raise typer.Exit(code)

    return call


def main() -> None:
    """The `kandian` command."""
    from signal import SIGTERM, default_int_handler, signal

    signal(SIGTERM, default_int_handler)  # a scheduler's stop is as clean as Ctrl-C
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names may hold what the terminal cannot write
    app()
