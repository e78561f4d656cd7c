"""A recogniser that somebody else wrote: `model` names it as PACKAGE.MODULE:FACTORY."""

import hashlib
import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from domain.errors import SettingsError
from models.speech.recognizer import Recognizer

PLACE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
REMEDY = "write PACKAGE.MODULE:FACTORY, and install the package where kandian runs"


def is_plugged_in(model: str) -> bool:
    """Whether `model` names a factory, not weights of Whisper."""
    return bool(PLACE.fullmatch(model))


@cache
def plugged_in(place: str) -> Recognizer:
    """What the factory at `place` makes, once a process. Raises SettingsError when that is no recogniser."""
    module, _, factory = place.partition(":")
    try:
        made = getattr(import_module(module), factory)()
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"model {place!r}", f"cannot be used ({error})", REMEDY) from error
    if not isinstance(made, Recognizer):
        lacking = ", ".join(name for name in METHODS if not hasattr(made, name))
        raise SettingsError(
            f"model {place!r}", f"makes no recogniser: it lacks {lacking}", "see models/speech/recognizer.py"
        )
    return made


METHODS = ("speech_in", "language_of", "decode", "decode_carefully")


def digest_of_plugged_in(place: str) -> str:
    """What identifies it in keys: the bytes of its module. Raises SettingsError when there is none."""
    module = place.partition(":")[0]
    try:
        found = find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None or found.origin is None or not Path(found.origin).is_file():
        raise SettingsError(f"model {place!r}", f"there is no module {module}", REMEDY)
    return hashlib.sha256(Path(found.origin).read_bytes()).hexdigest()
