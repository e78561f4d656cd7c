"""Workspaces that killed runs left behind. A workspace is in use while the process in its name is alive."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.engine.store import WORK_FOLDER

MAX_REMOTE_AGE_S = 24 * 3600  # another host's process cannot be asked; no task takes a day


def list_workspaces(session_folder: Path) -> Iterator[Path]:
    """The workspaces of one session, in use or left behind."""
    yield from sorted(path for path in (session_folder / WORK_FOLDER).glob("*") if path.is_dir())


def is_owner_alive(workspace: Path) -> bool:
    """Whether the process that works there is alive; another host's counts as alive for a day."""
    host, _, pid = workspace.name.partition("-")[2].partition("-")[2].rpartition("-")[0].rpartition("-")
    if host != socket.gethostname():
        return time.time() - workspace.stat().st_mtime < MAX_REMOTE_AGE_S
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
