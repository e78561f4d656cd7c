"""The command line: what can be called, and how. What the commands do is in commands/, imported when it is called."""

from kandian.cli import work, review, learning  # noqa: I001  # in the order of --help
from kandian.cli.app import EXIT_CODES, app, with_exit_code, main

__all__ = ["EXIT_CODES", "app", "learning", "main", "review", "with_exit_code", "work"]
