"""The tables of confusable sounds, read from confusions.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, eq=False)
class ConfusionTables:
    """The keys of the file. `sounds`: coarse sound by spelling, in the order of replacement. `consonants`: the letters
    that are written for a letter.
    """

    similar_initials: Sequence[Sequence[str]]
    similar_finals: Sequence[Sequence[str]]
    vowel_spellings: Sequence[str]
    sounds: Mapping[str, str]
    consonants: Mapping[str, str]


@cache
def read_confusion_tables() -> ConfusionTables:
    """The tables, read once a process."""
    source = files("learning.simulation.asr_noise").joinpath("confusions.toml")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    return ConfusionTables(**tables["mandarin"], **tables["english"])
