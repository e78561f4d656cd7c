"""Every error kandian raises on purpose, on one page.

    KandianError
    ├── UsageError          the command was called wrongly                     (exit code 2)
    │   └── SettingsError   kandian.toml names an unknown key or a wrong type
    ├── InputError          the input cannot be used; trying again is no use    (exit code 3)
    │   ├── SessionError    a session folder, flag or line of a list file
    │   ├── CatalogError    catalog.json or catalog.csv
    │   ├── EventsError     events.jsonl
    │   ├── CaptionsError   captions.srt, .vtt or .json
    │   ├── MediaError      the recording
    │   ├── TruthError      truth.json of a show that quality is measured on
    │   ├── ScriptError     a labelled script that shows are simulated from
    │   └── ReviewError     an edited file, or an edit that cannot be made
    │       └── ConflictError   somebody else edited or published meanwhile
    ├── TransientError      the machine failed, not the input; try again        (exit code 4)
    │   ├── ToolError       ffmpeg or a worker process died, a disk is full
    │   └── WeightsError    learned files are missing or damaged
    └── InvalidValue        a value that its own class refuses (also a ValueError)

A message says what, where, and what to do next.
"""

from pathlib import Path


class KandianError(Exception):
    """Root of all errors that a user may see without a traceback."""


class LocatedError(KandianError):
    """An error with a location and a remedy. `str()` reads "where: what; remedy"."""

    def __init__(self, where: str | Path, what: str, remedy: str) -> None:
        super().__init__(where, what, remedy)  # all arguments, so that it survives pickling
        self.where = str(where)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


class UsageError(LocatedError):
    """The command was called wrongly."""


class SettingsError(UsageError):
    """kandian.toml names an unknown section or key, or gives a value of the wrong type."""


class InputError(LocatedError):
    """The input cannot be used; trying again is no use until it is corrected."""


class SessionError(InputError):
    """A session folder, a flag that names one of its files, or a line of a list file."""


class CatalogError(InputError):
    """catalog.json or catalog.csv."""


class EventsError(InputError):
    """events.jsonl."""


class CaptionsError(InputError):
    """captions.srt, captions.vtt or captions.json."""


class MediaError(InputError):
    """The recording: missing, empty, not a media file, or without what a show needs."""


class TruthError(InputError):
    """truth.json of a show that quality is measured on."""


class ScriptError(InputError):
    """A labelled script that shows are simulated from."""


class ReviewError(InputError):
    """An edited highlights.json, or an edit that cannot be made."""


class ConflictError(ReviewError):
    """Somebody else edited or published the session meanwhile."""


class TransientError(LocatedError):
    """The machine failed, not the input: the same command may succeed later."""


class ToolError(TransientError):
    """An outside program or a worker process died, hung, or left a result that is not whole."""


class WeightsError(TransientError):
    """Weights that a model needs are missing or damaged: once they are there, the same command succeeds."""


class InvalidValue(KandianError, ValueError):
    """A value that its own class refuses. Also a ValueError, so that pydantic keeps the field's location."""
