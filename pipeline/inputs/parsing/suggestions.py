"""Did you mean ...? The known name that looks most like an unknown one."""

from functools import lru_cache

LEAST_LIKENESS = 70  # percent of shared letters; "prise" and "price" share 80, "brand" and "band_name" 57


@lru_cache(maxsize=1024)
def nearest(name: str, known: tuple[str, ...]) -> str | None:
    """The known name most like `name`, or None when none is like it."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(name.lower(), known, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
    return found[0] if found else None


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """' (did you mean "price"?)', or "" when no known name is like `name`."""
    found = nearest(name, known)
    return f' (did you mean "{found}"?)' if found else ""
