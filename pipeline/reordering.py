"""Decoding times that a container doesn't have and ffmpeg works out: wrong behind a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av import Packet


@dataclass
class Reordering:
    """Puts decoding times of a Matroska picture right: the first behind a gap get those from before it."""

    longest_gap_s: float
    reached: int | None = None  # the latest presentation time so far
    stale_until: int | None = None
    resumed_at: int = 0

    def put_right(self, packet: Packet[Any], unit_s: float) -> None:
        """Change the packet's decoding time, where need be; packets come in the order of the file."""
        pts, dts = packet.pts, packet.dts
        if pts is None or dts is None:
            return
        if self.reached is not None and (pts - self.reached) * unit_s > self.longest_gap_s:
            self.stale_until, self.resumed_at = self.reached, pts
        if self.stale_until is not None and dts <= self.stale_until < self.resumed_at <= pts:
            packet.dts = self.resumed_at
        else:
            self.stale_until = None
        self.reached = pts if self.reached is None else max(self.reached, pts)
