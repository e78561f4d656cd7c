"""Did you mean ...? The known name that looks most like an unknown one."""

from functools import lru_cache

MIN_SIMILARITY_PERCENT = 70  # percent of shared letters; "prise" and "price" share 80, "brand" and "band_name" 57


@lru_cache(maxsize=1024)
def closest_name(name: str, known: tuple[str, ...]) -> str | None:
    """The known name most like `name`, or None when none is like it."""
    from rapidfuzz import fuzz, process

    best_match = process.extractOne(name.lower(), known, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY_PERCENT)
    return best_match[0] if best_match else None


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """' (did you mean "price"?)', or "" when no known name is like `name`."""
    suggestion = closest_name(name, known)
    return f' (did you mean "{suggestion}"?)' if suggestion else ""
