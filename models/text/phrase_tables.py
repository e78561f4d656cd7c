"""Words, phrases and templates as data: a module's table is the TOML file beside it that has its name.

Tables have sections, mostly one a language. Their values are lists of words or regular expressions, or templates.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def phrase_table(module: str) -> Mapping[str, Any]:
    """The table of `module`, its `__name__`: values by section and key, read once a process."""
    package, _, name = module.rpartition(".")
    return tomllib.loads(files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def phrase_patterns(module: str, section: str) -> Mapping[str, re.Pattern[str]]:
    """For every list of a section, one expression that matches any of its phrases, whatever the case."""
    lists: Mapping[str, list[str]] = phrase_table(module)[section]
    return {kind: re.compile("|".join(phrases), re.IGNORECASE) for kind, phrases in lists.items()}
