"""Packets told apart by whose times they follow: a strand is a chain of packets, of all tracks, without a jump in it.

A healthy file is one strand. Where an encoder begins anew, sends again what it had sent, or comes back after a break,
a new strand begins; the last packets of the old one may still come between its first. A packet with an impossible time
is a strand of its own, and those after it go on with the one before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from domain.recording import TimestampRules

ACTIVE_CHAINS = 4  # a packet may go on with any of the last few: the rest is over
MAX_INTERLEAVE_S = 10.0  # a track that had not begun may begin that far from the others
REJOIN_TOLERANCE_S = 1.0  # a track that was away comes back where the others are by now
MIN_SECTION_S, MIN_SECTION_PACKETS = 0.5, 5  # a chain with less of either is an outlier
MAX_AUDIO_OVERLAP_S = 0.3  # the audio of one chain may last into the next
MAX_INTERLEAVED_PACKETS = 200  # of the old chain, after the first of the new
MAX_RESET_INTERLEAVED_PACKETS = 50  # the same where only the clock was set: all tracks share one
MAX_USUAL_STEP_S = 0.2  # no packet of sound or picture is usually longer


@dataclass(slots=True)
class TimestampChain:
    """Where each track of it is: decoding times in seconds."""

    number: int
    last_dts: dict[int, float] = field(default_factory=dict)

    def distance(self, track: int, dts: float, rules: TimestampRules) -> float:
        """How badly a packet of `track` at `dts` goes on here; infinite where it can't."""
        if not self.last_dts:
            return 0.0  # it has just begun
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
    """Gives each packet of a file, in the order they lie there, to its strand. The same packets, the same strands."""

    rules: TimestampRules
    chains: list[TimestampChain] = field(default_factory=list)

    def assign(self, track: int, dts: float | None) -> int:
        """The number of the strand of the next packet, whose decoding time is `dts`; the newest may be new.

        The first packets of some files have none: they belong to what follows.
        """
        active_chains = self.chains[-ACTIVE_CHAINS:]
        if dts is None:
            self.chains = self.chains or [TimestampChain(0)]
            return self.chains[-1].number
        if active_chains and 0 <= dts - active_chains[-1].last_dts.get(track, inf) <= MAX_USUAL_STEP_S:
            active_chains[-1].last_dts[track] = dts
            return active_chains[-1].number
        candidates = [(chain.distance(track, dts, self.rules), -chain.number, chain) for chain in active_chains]
        distance, _, strand = min(candidates, default=(inf, 0, TimestampChain(0)), key=lambda fit: fit[:2])
        if distance == inf:
            strand = TimestampChain(len(self.chains))
            self.chains.append(strand)
        strand.last_dts[track] = dts
        return strand.number


@dataclass(frozen=True, slots=True)
class ChainExtent:
    """How far a strand reaches: presentation times in seconds, and the places of its packets among all of the file.

    `first_dts` is the decoding time of its first picture, `next_dts` that which one after its last would have:
    None without pictures. `starts_mid_gop`: its first picture is no key frame, and needs those of the strand before.
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
    """Strands chained to sections, in order, and those that strayed. A lone strand is a section whatever its length.

    Within a section the clock may have been set between two strands that do not go on with each other.
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
    """Whether the times of the one are those of the other's clock."""
    gaps_s = [following.start - previous.end]
    if previous.next_dts is not None and following.first_dts is not None:
        # Matroska has no decoding times: ffmpeg's for the first pictures behind a gap are from before it
        gaps_s.append(following.first_dts - previous.next_dts)
    is_following = any(-MAX_AUDIO_OVERLAP_S <= gap <= rules.max_outage_s for gap in gaps_s)
    return is_following and previous.last_packet < following.first_packet + MAX_INTERLEAVED_PACKETS


def _is_clock_reset(previous: ChainExtent, following: ChainExtent) -> bool:
    """Whether only the clock was set: in mid-group pictures go on, for whoever connects anew sends a key frame."""
    has_video = previous.next_dts is not None and following.first_dts is not None
    return (
        has_video
        and following.starts_mid_gop
        and previous.last_packet < following.first_packet + MAX_RESET_INTERLEAVED_PACKETS
    )
