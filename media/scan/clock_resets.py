"""Where a recorder's clock was set in the middle of its pictures: nothing is cut there, times are shifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.recording import Fault
from media.scan.file_alignment import BEGAN_ANEW, WRAP_PERIODS_S, WRAPPED
from media.scan.timestamp_chains import Chaining, Extent, goes_on

LARGEST_MISS_S = 2.0  # what a recorder may have left out as its clock ran over


@dataclass(frozen=True, slots=True)
class OneClock:
    """By how many seconds each strand of a section is to be shown later, and where the clock was set.

    The faults begin at times of the section's first strand's clock.
    """

    ahead_s: tuple[float, ...]
    jumps: tuple[Fault, ...]


def one_clock(chain: Sequence[Extent], container: str, rules: Chaining) -> OneClock:
    """The clock of the first strand, gone on with through all."""
    ahead_s, jumps = [0.0], []
    for before, after in pairwise(chain):
        if goes_on(before, after, rules) or before.next_decoded is None or after.first_decoded is None:
            ahead_s.append(ahead_s[-1])
            continue
        due = before.next_decoded + ahead_s[-1]
        wound_on = _wound_on(due - after.first_decoded, container)
        ahead_s.append(due - after.first_decoded if wound_on is None else wound_on)
        set_at = after.first_decoded + ahead_s[-1]
        anew = Fault("began_anew", set_at, 0.0, BEGAN_ANEW)
        jumps.append(anew if wound_on is None else Fault("wrapped", set_at, 0.0, WRAPPED))
    return OneClock(tuple(ahead_s), tuple(jumps))


def _wound_on(ahead_s: float, container: str) -> float | None:
    """The whole periods that are about `ahead_s`; None where there are none. ffmpeg may have added some of its own."""
    for period in WRAP_PERIODS_S.get(container, ()):
        whole = round(ahead_s / period) * period
        if whole and abs(whole - ahead_s) <= LARGEST_MISS_S:
            return whole
    return None
