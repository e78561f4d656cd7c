"""Warnings about many things of one kind, each once, with how often it applies."""

from collections.abc import Iterable, Sequence

from pipeline.inputs.parsing.suggestions import did_you_mean
from pipeline.inputs.parsing.values import quote_value

MAX_LINES = 20  # nobody reads a list of warnings that is longer than a screen


class Tally:
    """Counts remarks about many things of one kind, `unit` ("product", "event")."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, what: str, note: str = "") -> None:
        """Count one more thing that `what` applies to. `note` follows the count."""
        self._counts[what, note] = self._counts.get((what, note), 0) + 1

    def add_unknown_keys(self, names: Iterable[str], known: tuple[str, ...]) -> None:
        """Count the names that are not among the known ones."""
        for name in names:
            if name not in known:
                self.add(f"unknown key {quote_value(name)}", did_you_mean(name, known))

    def warnings(self) -> tuple[str, ...]:
        """One line a remark: 'unknown key "prise" in 12 products (did you mean "price"?)'."""
        lines = [
            f"{what} in {count} {self._unit}{'s' * (count > 1)}{note}" for (what, note), count in self._counts.items()
        ]
        return limit_lines(lines)


def limit_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The first lines, and how many are left out, if any are."""
    omitted_count = len(lines) - MAX_LINES
    note = (f"and {omitted_count} more remarks of the same kind",) if omitted_count > 0 else ()
    return (*lines[:MAX_LINES], *note)


def unknown_key_warnings(names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """A line for each name of one object that is not known, with the known name that is most like it."""
    return tuple(f"unknown key {quote_value(name)}{did_you_mean(name, known)}" for name in names if name not in known)
