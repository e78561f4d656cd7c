"""Single values from outside: turned into what they must be, or refused with what is wrong and how to write it.

Every reader raises an InputError that names the field alone; `located` puts the file and the line before it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import get_args

from domain.errors import InputError
from domain.session import Language, WritingSystem
from pipeline.inputs.parsing.plain_text import to_plain_text

MAX_QUOTED_CHARS = 40  # characters of a wrong value that a message quotes
NUMBER_PATTERN = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?", re.ASCII)
LANGUAGES = get_args(Language)
WRITING_SYSTEMS: dict[str, WritingSystem] = {
    "hans": "Hans",
    "cn": "Hans",
    "sg": "Hans",
    "my": "Hans",
    "hant": "Hant",
    "tw": "Hant-TW",
    "hk": "Hant-HK",
    "mo": "Hant-HK",
}
"""By the script or the region in a language code, in lower case."""
DATETIME_EXAMPLE = "2026-11-11T20:00:00+08:00"


@contextmanager
def located(error_type: type[InputError], where: object) -> Iterator[None]:
    """Turn an InputError of a single value into an `error_type` that names `where` and the field."""
    try:
        yield
    except InputError as problem:
        raise relocated(problem, where, error_type) from None


def relocated(problem: InputError, where: object, error_type: type[InputError] = InputError) -> InputError:
    """`problem`, as an `error_type`, with `where` before its own location."""
    location = f"{where}: {problem.where}" if problem.where else str(where)
    return error_type(location, problem.what, problem.remedy)


def quote_value(value: object) -> str:
    """A wrong value, short and harmless enough for a message."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if not isinstance(value, str):
        return str(value)[:MAX_QUOTED_CHARS]
    text = to_plain_text(value)
    return json.dumps(text if len(text) <= MAX_QUOTED_CHARS else text[:MAX_QUOTED_CHARS] + "…", ensure_ascii=False)


def is_number(value: object) -> bool:
    """Whether JSON wrote `value` as a number (true and false are none)."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def as_text(name: str, value: object) -> str:
    """Plain text; whole numbers are taken as text, since ids are often written so."""
    if isinstance(value, str):
        return to_plain_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InputError(name, f"{quote_value(value)} is not text", "write text in double quotes")


def as_id(name: str, value: object) -> str:
    """An id as text. It must be the same in every file, so one with hidden characters is refused, not cleaned."""
    text = as_text(name, value)
    if isinstance(value, str) and text != value.strip():
        raise InputError(name, f"{quote_value(value)} holds characters that cannot be seen", "write it anew")
    return text


def as_path(name: str, value: object) -> Path:
    """A file's path, as written: file names may hold what titles may not."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip() or "\0" in value or not _is_encodable(value):
        raise InputError(name, f"{quote_value(value)} is not a path", f'write "{name}": "a file\'s path"')
    return Path(value)


def as_paths(name: str, value: object) -> tuple[Path, ...]:
    """One path or a list of them, in order."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise InputError(name, "the list is empty", "name at least one file, or leave it out")
    return tuple(as_path(name, each) for each in values)


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def as_seconds(name: str, value: object) -> float:
    """Finite seconds."""
    if not is_number(value):
        hint = value if isinstance(value, str) and NUMBER_PATTERN.fullmatch(value.strip()) else "12.5"
        raise InputError(name, f"{quote_value(value)} is not a number", f"write seconds as {hint}")
    seconds = float(value)  # type: ignore[arg-type]  # a number, as just checked
    if not isfinite(seconds):
        raise InputError(name, f"{quote_value(value)} is not a finite number", "write seconds as 12.5")
    return seconds


def as_language(name: str, value: object) -> Language:
    """ "zh" or "en" from codes like zh, zh-CN, zh_Hans and en-US."""
    code = as_text(name, value).replace("_", "-").split("-")[0].lower()
    for language in LANGUAGES:
        if code == language:
            return language  # type: ignore[no-any-return]
    what = f"{quote_value(value)} is not a language that kandian understands"
    raise InputError(name, what, f"write {' or '.join(LANGUAGES)}, or leave it out to have it heard")


def as_writing_system(name: str, value: object) -> WritingSystem | None:
    """The writing system, from codes like zh-TW, zh_Hant and zh-CN; None where the code has none."""
    tags = as_text(name, value).replace("_", "-").lower().split("-")[1:]
    writing_systems = [WRITING_SYSTEMS[tag] for tag in tags if tag in WRITING_SYSTEMS]
    if "hans" in tags or not writing_systems:
        return "Hans" if writing_systems else None
    return max(writing_systems, key=len)  # zh-Hant-HK: the region says more


def as_datetime(name: str, value: object) -> datetime:
    """A wall-clock instant with its time zone, from ISO 8601."""
    try:
        timestamp = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        timestamp = None
    if timestamp is None:
        raise InputError(name, f"{quote_value(value)} is not a time in ISO 8601", f"write it as {DATETIME_EXAMPLE}")
    if timestamp.tzinfo is None or timestamp.utcoffset() is None:
        raise InputError(name, f"{quote_value(value)} has no time zone", f"write it as {DATETIME_EXAMPLE}")
    return timestamp
