"""Resets of the recorder's clock in the middle of a GOP: nothing is cut there, times are shifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.recording import FileFault, TimestampRules
from media.scan.file_alignment import CLOCK_RESET_MESSAGE, CLOCK_WRAP_MESSAGE, WRAP_PERIODS_S
from media.scan.timestamp_chains import ChainExtent, continues_clock

MAX_WRAP_ERROR_S = 2.0  # a recorder may leave out that much while its clock wraps


@dataclass(frozen=True, slots=True)
class UnifiedClock:
    """Seconds by which each chain of a section is shown later, and the resets, at times of the first chain's clock."""

    chain_delays_s: tuple[float, ...]
    resets: tuple[FileFault, ...]


def unify_clock(chains: Sequence[ChainExtent], container: str, rules: TimestampRules) -> UnifiedClock:
    """The clock of the first chain, continued through all chains of a section."""
    chain_delays_s, resets = [0.0], []
    for previous, following in pairwise(chains):
        if continues_clock(previous, following, rules) or previous.next_dts is None or following.first_dts is None:
            chain_delays_s.append(chain_delays_s[-1])
            continue
        expected_dts = previous.next_dts + chain_delays_s[-1]
        wrap_delay_s = _wrap_delay_s(expected_dts - following.first_dts, container)
        chain_delays_s.append(expected_dts - following.first_dts if wrap_delay_s is None else wrap_delay_s)
        reset_time = following.first_dts + chain_delays_s[-1]
        if wrap_delay_s is None:
            resets.append(FileFault("began_anew", reset_time, 0.0, CLOCK_RESET_MESSAGE))
        else:
            resets.append(FileFault("wrapped", reset_time, 0.0, CLOCK_WRAP_MESSAGE))
    return UnifiedClock(tuple(chain_delays_s), tuple(resets))


def _wrap_delay_s(delay_s: float, container: str) -> float | None:
    """`delay_s` as whole wrap periods; None where it is none. ffmpeg may have added periods of its own."""
    for period in WRAP_PERIODS_S.get(container, ()):
        wrapped_s = round(delay_s / period) * period
        if wrapped_s and abs(wrapped_s - delay_s) <= MAX_WRAP_ERROR_S:
            return wrapped_s
    return None
