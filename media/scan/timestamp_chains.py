"""Timestamp chains: packets of all tracks whose decoding times continue each other without a jump.

A healthy file is one chain. Where an encoder restarts, sends again what it had sent, or returns after an outage, a new
chain begins, and the last packets of the old one may still come between its first. A packet with an impossible time is
a chain of its own; those after it continue the chain before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from domain.recording import TimestampRules

ACTIVE_CHAINS = 4  # a packet may continue any of the last four; the others have ended
MAX_INTERLEAVE_S = 10.0  # a track may begin that far from the others
REJOIN_TOLERANCE_S = 1.0  # a track that was absent returns that close to where the others are by then
MIN_SECTION_S, MIN_SECTION_PACKETS = 0.5, 5  # a chain with less of either is an outlier
MAX_AUDIO_OVERLAP_S = 0.3  # the audio of one chain may last into the next
MAX_INTERLEAVED_PACKETS = 200  # of the old chain, after the first of the new
MAX_RESET_INTERLEAVED_PACKETS = 50  # the same where only the clock was set: all tracks share one
MAX_USUAL_STEP_S = 0.2  # no audio packet or frame is usually longer


@dataclass(slots=True)
class TimestampChain:
    """The last decoding time of each track, in seconds. `number`: the index of the chain in its file."""

    number: int
    last_dts: dict[int, float] = field(default_factory=dict)

    def distance(self, track: int, dts: float, rules: TimestampRules) -> float:
        """How far a packet of `track` at `dts` is from continuing this chain, seconds; infinite where it does not."""
        if not self.last_dts:
            return 0.0  # the chain has just begun
        own_last_dts = self.last_dts.get(track)
        if own_last_dts is not None:
            step = dts - own_last_dts
            if step < -rules.max_jump_back_s:
                return inf
            if step <= rules.max_gap_s:
                return abs(step)
        other_last_dts = [last for other, last in self.last_dts.items() if other != track]
        nearest_s = min((abs(dts - last) for last in other_last_dts), default=inf)
        tolerance_s = MAX_INTERLEAVE_S if own_last_dts is None else REJOIN_TOLERANCE_S
        return nearest_s + rules.max_gap_s if nearest_s <= tolerance_s else inf


@dataclass(slots=True)
class TimestampChains:
    """Assigns each packet of a file, in file order, to a chain. The same packets always get the same chains."""

    rules: TimestampRules
    chains: list[TimestampChain] = field(default_factory=list)

    def assign(self, track: int, dts: float | None) -> int:
        """The index of the chain of the next packet, whose decoding time is `dts`; it may be a new chain.

        The first packets of some files have no decoding time: they belong to what follows.
        """
        active_chains = self.chains[-ACTIVE_CHAINS:]
        if dts is None:
            self.chains = self.chains or [TimestampChain(0)]
            return self.chains[-1].number
        if active_chains and 0 <= dts - active_chains[-1].last_dts.get(track, inf) <= MAX_USUAL_STEP_S:
            active_chains[-1].last_dts[track] = dts
            return active_chains[-1].number
        candidates = [(chain.distance(track, dts, self.rules), -chain.number, chain) for chain in active_chains]
        distance, _, chain = min(candidates, default=(inf, 0, TimestampChain(0)), key=lambda fit: fit[:2])
        if distance == inf:
            chain = TimestampChain(len(self.chains))
            self.chains.append(chain)
        chain.last_dts[track] = dts
        return chain.number


@dataclass(frozen=True, slots=True)
class ChainExtent:
    """How far a chain reaches: presentation times in seconds, and the indices of its first and last packet in the file.

    `first_dts`: the decoding time of its first frame. `next_dts`: the one expected after its last frame. Both are None
    without video. `starts_mid_gop`: its first frame is no key frame and needs those of the previous chain.
    """

    number: int
    start: float
    end: float
    first_packet: int
    last_packet: int
    packet_count: int
    first_dts: float | None = None
    next_dts: float | None = None
    starts_mid_gop: bool = False


def chain_sections(
    extents: Sequence[ChainExtent], rules: TimestampRules
) -> tuple[list[list[ChainExtent]], list[ChainExtent]]:
    """The chains of each section, in order, and the outliers. A chain without others is a section at any length.

    Within a section, chains continue each other, or only the clock was reset between them.
    """
    outliers = [each for each in extents if len(extents) > 1 and _is_outlier(each)]
    section_chains: list[list[ChainExtent]] = []
    for extent in (each for each in extents if each not in outliers):
        if section_chains and (
            continues_clock(section_chains[-1][-1], extent, rules) or _is_clock_reset(section_chains[-1][-1], extent)
        ):
            section_chains[-1].append(extent)
        else:
            section_chains.append([extent])
    return section_chains, outliers


def _is_outlier(extent: ChainExtent) -> bool:
    return extent.end - extent.start < MIN_SECTION_S or extent.packet_count < MIN_SECTION_PACKETS


def continues_clock(previous: ChainExtent, following: ChainExtent, rules: TimestampRules) -> bool:
    """Whether the times of both chains are of one clock."""
    gaps_s = [following.start - previous.end]
    if previous.next_dts is not None and following.first_dts is not None:
        # Matroska has no decoding times: those that ffmpeg gives the first frames after a gap lie before it
        gaps_s.append(following.first_dts - previous.next_dts)
    is_following = any(-MAX_AUDIO_OVERLAP_S <= gap <= rules.max_outage_s for gap in gaps_s)
    return is_following and previous.last_packet < following.first_packet + MAX_INTERLEAVED_PACKETS


def _is_clock_reset(previous: ChainExtent, following: ChainExtent) -> bool:
    """Whether only the clock was reset: frames continue a GOP, while an encoder that reconnects sends a key frame."""
    has_video = previous.next_dts is not None and following.first_dts is not None
    return (
        has_video
        and following.starts_mid_gop
        and previous.last_packet < following.first_packet + MAX_RESET_INTERLEAVED_PACKETS
    )
