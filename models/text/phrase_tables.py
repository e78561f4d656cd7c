"""Words, phrases and templates as data: a module's table is the TOML file beside it that has its name.

Tables have sections, mostly one a language. Their values are lists of words or regular expressions, or templates.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

NOT_INSIDE_A_WORD = r"(?!(?<=\w)\w)"


@cache
def phrase_table(module: str) -> Mapping[str, Any]:
    """The table of `module`, its `__name__`: values by section and key, read once a process."""
    package, _, name = module.rpartition(".")
    return tomllib.loads(files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def phrase_patterns(module: str, section: str) -> Mapping[str, re.Pattern[str]]:
    """For every list of a section, one expression that matches any of its phrases, whatever the case.

    Those of the section "en" match whole words only: "code" is not found in "barcode".
    """
    lists: Mapping[str, list[str]] = phrase_table(module)[section]
    border = NOT_INSIDE_A_WORD if section == "en" else ""
    return {kind: re.compile(_any_of(phrases, border), re.IGNORECASE) for kind, phrases in lists.items()}


def _any_of(phrases: Sequence[str], border: str) -> str:
    alternatives = "|".join(phrases)
    return f"{border}(?:{alternatives}){border}" if border else alternatives
