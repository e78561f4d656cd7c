"""`kandian show`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pipeline.highlights_file import highlights_json, read_highlights
from pipeline.results import INDEX_FILE
from pipeline.show import show


def show_command(results: Sequence[Path], as_json: bool) -> int:
    """Print each result; returns the exit code. Raises InputError where one cannot be read."""
    files = [read_highlights(path / INDEX_FILE if path.is_dir() else path) for path in results]
    console = Console()
    for file in files:
        if as_json:
            sys.stdout.write(highlights_json(file).decode())
        else:
            show(file, console)
    return 0
