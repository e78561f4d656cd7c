"""Manners: what makes a show's talk unlike a tidy script, as labels of scripts and of truth."""

from typing import Literal, TypeAlias, get_args

Manner: TypeAlias = Literal[
    "names", "cycles", "noprice", "chatty", "rhetorical", "lecture", "rivals", "compare", "many", "duo", "caller",
    "silence", "bundle", "variants", "nicknames", "pricetalk", "returns",
]  # fmt: skip
MANNERS: tuple[Manner, ...] = get_args(Manner)
"""All codes, in the order of the tables. fixtures/scripts/README.md says what each means."""
