"""Chinese terms for the flow's picture, from the tables of docs/glossary.md."""

import re
from collections.abc import Iterator

SUFFIXES = ("", "s", "ue")  # product photo, ProductPhotos; catalogue, Catalog
STEM_LENGTH = 5  # rewording, RewordedHighlights


def chinese_terms(glossary: str) -> dict[str, str]:
    """The Chinese term by class name, for classes that are named after the English term. `glossary`: the page's text.

    A row may have several terms: the first English one goes with the first Chinese one.
    """
    terms: dict[str, str] = {}
    for english, chinese, classes in _rows(glossary):
        pairs = list(zip(re.split(r", ?", english), re.split("[，、]", chinese), strict=False))
        for name in classes:
            terms.update((name, term) for words, term in pairs if _is_named_as(name, words))
    return terms


def _rows(glossary: str) -> Iterator[tuple[str, str, list[str]]]:
    """English, Chinese and classes of every row that has classes."""
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4:
            yield cells[0], cells[1], re.findall(r"`(\w+)`", cells[3])


def _is_named_as(name: str, words: str) -> bool:
    """Whether a class is named as a term is, or has the stem of a term of one word in its name."""
    written = re.sub(r"[^a-z]", "", words.lower())
    exact = any(name.lower() + suffix == written or name.lower() == written + suffix for suffix in SUFFIXES)
    return exact or (words.isalpha() and words[:STEM_LENGTH].lower() in name.lower())
