"""The command line: what can be called, and how. What the commands do is in commands/, imported when it is called."""

from kandian.cli import work, review, token, learning, serve  # noqa: I001  # in the order of --help
from kandian.cli.app import EXIT_CODES, app, ending_well, main

__all__ = ["EXIT_CODES", "app", "ending_well", "learning", "main", "review", "serve", "token", "work"]
