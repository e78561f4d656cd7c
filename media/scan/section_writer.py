"""Writes the packets of a clean section to a Matroska file, as they are but for their times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import ToolError
from domain.recording import CleanSection

if TYPE_CHECKING:
    from av import Packet
    from av.container import OutputContainer
    from av.stream import Stream as Track

    from media.scan.scanner import SelectedTracks

MATROSKA_TICKS_PER_S = 1000


@dataclass
class PacketRetimer:
    """Moves packets to the clock of the new file. `shifts_s`: by how much those of each chain are moved earlier."""

    shifts_s: Mapping[int, float]
    _last_dts: dict[int, int] = field(default_factory=dict)

    def retime(self, packet: Packet[Any], chain_index: int) -> bool:
        """Change the packet's times, decoding times rising in each track; False for a packet that cannot be shown."""
        if packet.pts is None or packet.time_base is None or not packet.size:
            return False
        shift = round(self.shifts_s[chain_index] / packet.time_base)
        min_step = max(1, ceil(1 / (packet.time_base * MATROSKA_TICKS_PER_S)))
        min_dts = self._last_dts.get(packet.stream_index, -1) + min_step
        dts = max((packet.pts if packet.dts is None else packet.dts) - shift, min_dts)
        packet.dts, packet.pts = dts, max(packet.pts - shift, dts)
        self._last_dts[packet.stream_index] = dts
        return True


@dataclass(eq=False)
class SectionWriter:
    """A file that is being written. `rejected_count`: packets so damaged that no file can hold them."""

    container: OutputContainer
    tracks: Mapping[int, Track]
    retimer: PacketRetimer
    rejected_count: int = 0

    def write(self, packet: Packet[Any], chain_index: int) -> None:
        """Write a packet, or count it as rejected."""
        from av import FFmpegError

        try:
            if self.retimer.retime(packet, chain_index):
                packet.stream = self.tracks[packet.stream_index]
                self.container.mux(packet)
        except OSError:
            raise  # the disk's fault
        except (FFmpegError, ValueError, OverflowError):
            self.rejected_count += 1


@contextmanager
def open_section_writer(file: Path, section: CleanSection, tracks: SelectedTracks) -> Iterator[SectionWriter]:
    """A new file for the section's packets of these tracks. ToolError where it cannot be written."""
    import av

    try:
        container = av.open(str(file), "w", format="matroska", options={"fflags": "+bitexact"})
        try:
            # opaque: otherwise FFmpeg looks for AV1 by its decoder's name
            new_tracks = {
                track.index: container.add_stream_from_template(track, opaque=True) for track in tracks.selected
            }
            yield SectionWriter(container, new_tracks, _retimer_of(section))
        finally:
            _close(container)
    except (av.FFmpegError, ValueError) as error:
        raise ToolError(file, f"cannot be written ({error})", "free some space; try again") from error


def _retimer_of(section: CleanSection) -> PacketRetimer:
    shifts = (section.timestamp_offset - delay_s for delay_s in section.chain_delays_s)
    return PacketRetimer(dict(zip(section.chain_indices, shifts, strict=True)))


def _close(container: OutputContainer) -> None:
    """Write the end of the file, unless damaged packets prevent it: whoever reads the file judges what is there."""
    from av import FFmpegError

    try:
        container.close()
    except OSError:
        raise  # the disk's fault
    except (FFmpegError, ValueError):
        return
