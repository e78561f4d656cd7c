"""Recognisers from other packages: the setting `model` names a factory as PACKAGE.MODULE:FACTORY."""

import hashlib
import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from domain.errors import SettingsError
from models.speech.recognizer import Recognizer

FACTORY_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
PLUGIN_REMEDY = "write PACKAGE.MODULE:FACTORY, and install the package where kandian runs"


def is_plugin(model: str) -> bool:
    """Whether `model` names a factory, not weights of Whisper."""
    return bool(FACTORY_PATH.fullmatch(model))


@cache
def load_plugin(factory_path: str) -> Recognizer:
    """The recogniser of the factory at `factory_path`, made once a process. Raises SettingsError when it is none."""
    module, _, factory = factory_path.partition(":")
    try:
        recognizer = getattr(import_module(module), factory)()
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"model {factory_path!r}", f"cannot be used ({error})", PLUGIN_REMEDY) from error
    if not isinstance(recognizer, Recognizer):
        missing_methods = ", ".join(name for name in REQUIRED_METHODS if not hasattr(recognizer, name))
        raise SettingsError(
            f"model {factory_path!r}",
            f"makes no recogniser: it lacks {missing_methods}",
            "see models/speech/recognizer.py",
        )
    return recognizer


REQUIRED_METHODS = ("speech_in", "language_of", "decode", "decode_carefully")


def plugin_digest(factory_path: str) -> str:
    """The SHA-256 of the factory's module, for cache keys. Raises SettingsError when there is no such module."""
    module = factory_path.partition(":")[0]
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        raise SettingsError(f"model {factory_path!r}", f"there is no module {module}", PLUGIN_REMEDY)
    return hashlib.sha256(Path(spec.origin).read_bytes()).hexdigest()
