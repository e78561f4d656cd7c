"""What killed runs leave aside: told from work under way by whether its process still lives."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.engine.store import PARTIAL

FOREIGN_AGE_S = 24 * 3600  # another host's process cannot be asked; no task takes a day


def partials_of(session_folder: Path) -> Iterator[Path]:
    """The places aside in which artefacts of one session are, or were, being made."""
    yield from sorted(path for path in (session_folder / PARTIAL).glob("*") if path.is_dir())


def is_alive(partial: Path) -> bool:
    """Whether the process that works there still runs; another host's counts as alive for a day."""
    host, _, rest = partial.name.partition("-")[2].partition("-")[2].rpartition("-")[0].rpartition("-")
    if host != socket.gethostname():
        return time.time() - partial.stat().st_mtime < FOREIGN_AGE_S
    try:
        os.kill(int(rest), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
