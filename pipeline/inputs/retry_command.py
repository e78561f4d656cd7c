"""The command that runs one session again, for people to copy."""

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import KEYS, SessionSource


def retry_command(source: SessionSource, setup_flags: Sequence[str]) -> str:
    """`kandian run` with the arguments that name this session alone, and the flags of the set-up."""
    return shlex.join(["kandian", "run", *_source_arguments(source), *setup_flags])


def _source_arguments(source: SessionSource) -> Iterator[str]:
    if source.problem is not None:
        yield re.sub(r": line \d+$", "", source.origin)  # a line that cannot be read is named by its list
        return
    folder_source = SessionSource()
    if source.folder is not None:
        yield str(source.folder)
        (folder_source,) = find_sessions([source.folder])
    yield from _flags(source, folder_source)


def _flags(source: SessionSource, folder_source: SessionSource) -> Iterator[str]:
    """Flags for everything in `source` that its folder alone does not say."""
    for name, key in KEYS.items():
        value = getattr(source, name)
        if key.has_flag and value is not None and value != getattr(folder_source, name):
            for part in value if isinstance(value, tuple) else (value,):
                yield from (key.flag, part.isoformat() if isinstance(part, datetime) else str(part))
