"""Packets told apart by whose times they follow: a strand is a chain of packets, of all tracks, without a jump in it.

A healthy file is one strand. Where an encoder begins anew, sends again what it had sent, or comes back after a break,
a new strand begins; the last packets of the old one may still come between its first. A packet with an impossible time
is a strand of its own, and those after it go on with the one before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

LIVE_STRANDS = 4  # a packet may go on with any of the last few: the rest is over
INTERLEAVE_S = 10.0  # a track that had not begun may begin that far from the others
ABREAST_S = 1.0  # a track that was away comes back where the others are by now
USUAL_STEP_S = 0.2  # no packet of sound or picture is usually longer


@dataclass(slots=True)
class Strand:
    """Where each track of it is: decoding times in seconds."""

    number: int
    last: dict[int, float] = field(default_factory=dict)

    def misfit(self, track: int, time: float, limits: "Limits") -> float:
        """How badly a packet of `track` at `time` goes on here; infinite where it can't."""
        if not self.last:
            return 0.0  # it has just begun
        own = self.last.get(track)
        if own is not None:
            step = time - own
            if step < -limits.largest_jump_back_s:
                return inf
            if step <= limits.longest_gap_s:
                return abs(step)
        others = [last for other, last in self.last.items() if other != track]
        away = min((abs(time - last) for last in others), default=inf)
        within = INTERLEAVE_S if own is None else ABREAST_S
        return away + limits.longest_gap_s if away <= within else inf


@dataclass(frozen=True, slots=True)
class Limits:
    """`longest_gap_s` without a packet is still no gap; times may jitter back by `largest_jump_back_s`."""

    longest_gap_s: float
    largest_jump_back_s: float


@dataclass(slots=True)
class Strands:
    """Gives each packet of a file, in the order they lie there, to its strand. The same packets, the same strands."""

    limits: Limits
    all: list[Strand] = field(default_factory=list)

    def place(self, track: int, time: float | None) -> int:
        """The number of the strand of the next packet, whose decoding time is `time`; the newest may be new.

        The first packets of some files have none: they belong to what follows.
        """
        live = self.all[-LIVE_STRANDS:]
        if time is None:
            self.all = self.all or [Strand(0)]
            return self.all[-1].number
        if live and 0 <= time - live[-1].last.get(track, inf) <= USUAL_STEP_S:
            live[-1].last[track] = time
            return live[-1].number
        fits = [(strand.misfit(track, time, self.limits), -strand.number, strand) for strand in live]
        misfit, _, strand = min(fits, default=(inf, 0, Strand(0)), key=lambda fit: fit[:2])
        if misfit == inf:
            strand = Strand(len(self.all))
            self.all.append(strand)
        strand.last[track] = time
        return strand.number


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a strand reaches: presentation times in seconds, and the places of its packets among all of the file.

    `first_decoded` is the decoding time of its first picture, `next_decoded` that which one after its last would have:
    None without pictures. `begins_inside`: its first picture is no key frame, and needs those of the strand before.
    """

    number: int
    start: float
    end: float
    first_packet: int
    last_packet: int
    packets: int
    first_decoded: float | None = None
    next_decoded: float | None = None
    begins_inside: bool = False


@dataclass(frozen=True, slots=True)
class Chaining:
    """What makes strands one section: one begins where the other ended, at most `longest_outage_s` later."""

    longest_outage_s: float
    shortest_section_s: float = 0.5  # whatever is shorter, or is fewer packets than `fewest_packets`, has strayed
    fewest_packets: int = 5
    overhang_s: float = 0.3  # the sound of one may last into the next
    mingled_packets: int = 200  # so many of the old may come after the first of the new
    set_at_once_packets: int = 50  # or so many, where only the clock was set: all tracks have one


def sections(extents: Sequence[Extent], rules: Chaining) -> tuple[list[list[Extent]], list[Extent]]:
    """Strands chained to sections, in order, and those that strayed. A lone strand is a section whatever its length.

    Within a section the clock may have been set between two strands that do not go on with each other.
    """
    strayed = [each for each in extents if len(extents) > 1 and _is_stray(each, rules)]
    chained: list[list[Extent]] = []
    for extent in (each for each in extents if each not in strayed):
        if chained and (goes_on(chained[-1][-1], extent, rules) or _was_set(chained[-1][-1], extent, rules)):
            chained[-1].append(extent)
        else:
            chained.append([extent])
    return chained, strayed


def _is_stray(extent: Extent, rules: Chaining) -> bool:
    return extent.end - extent.start < rules.shortest_section_s or extent.packets < rules.fewest_packets


def goes_on(before: Extent, after: Extent, rules: Chaining) -> bool:
    """Whether the times of the one are those of the other's clock."""
    apart = [after.start - before.end]
    if before.next_decoded is not None and after.first_decoded is not None:
        # Matroska has no decoding times: ffmpeg's for the first pictures behind a gap are from before it
        apart.append(after.first_decoded - before.next_decoded)
    is_later = any(-rules.overhang_s <= gap <= rules.longest_outage_s for gap in apart)
    return is_later and before.last_packet < after.first_packet + rules.mingled_packets


def _was_set(before: Extent, after: Extent, rules: Chaining) -> bool:
    """Whether only the clock was set: in mid-group pictures go on, for whoever connects anew sends a key frame."""
    has_pictures = before.next_decoded is not None and after.first_decoded is not None
    return has_pictures and after.begins_inside and before.last_packet < after.first_packet + rules.set_at_once_packets
