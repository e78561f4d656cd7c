"""The command that runs one session again, for people to copy."""

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import SessionSource

FLAGS = {
    "catalog": "--catalog",
    "events": "--events",
    "captions": "--captions",
    "session_id": "--id",
    "language": "--language",
    "started_at": "--started-at",
    "title": "--title",
}


def retry_command(source: SessionSource, setup_flags: Sequence[str]) -> str:
    """`kandian run` with what named this session, and only it where that can be said, and the flags of the set-up."""
    return shlex.join(["kandian", "run", *_source_arguments(source), *setup_flags])


def _source_arguments(source: SessionSource) -> Iterator[str]:
    if source.problem is not None:
        yield re.sub(r": line \d+$", "", source.origin)  # a line that cannot be read has no name but its list's
        return
    if source.folder is None:
        yield from _override_flags(source, SessionSource("", ""))
        return
    yield str(source.folder)
    yield from _override_flags(source, find_sessions([source.folder])[0])


def _override_flags(source: SessionSource, folder_source: SessionSource) -> Iterator[str]:
    """Flags for all that flags or a list said of `source`, beyond what its folder alone says."""
    if source.recording != folder_source.recording:
        for file in source.recording:
            yield from ("--recording", str(file))
    for name, flag in FLAGS.items():
        value = getattr(source, name)
        if value is not None and value != getattr(folder_source, name):
            yield from (flag, value.isoformat() if isinstance(value, datetime) else str(value))
