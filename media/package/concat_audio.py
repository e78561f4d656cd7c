"""Encoded parts of sound as one track. Nothing is decoded, and no seam is heard.

A frame of AAC gives no sound alone: its second half is added to the first half of the next, after both were windowed
alike (ISO 14496-3, 4.6.11). So parts overlap, their frames lie on one grid, and the next part takes over behind a
frame that both have windowed in the same way. By then both encoders have heard the same for seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import ToolError
from domain.recording import AudioPart
from media.demuxer import made

if TYPE_CHECKING:
    from av import AudioStream, Packet

FRAME = 1024  # samples of an AAC frame
ONE_CHANNEL, TWO_CHANNELS = 0, 1  # ISO 14496-3, table 4.85: id_syn_ele of what a frame begins with


def join_sound(parts: Sequence[AudioPart], file: Path) -> None:
    """Write the parts, in order, as one MP4 file. Memory: two parts. ToolError where they can't be put together."""
    import av

    with made(parts[0].file) as first:
        template = first.streams.audio[0]
        try:
            with av.open(str(file), "w", format="mp4", options={"fflags": "+bitexact"}) as out:
                track = out.add_stream_from_template(template)
                for at, packet in spliced(parts):
                    packet.pts = packet.dts = at
                    packet.stream = track
                    out.mux(packet)
        except av.FFmpegError as error:
            raise ToolError(file, f"cannot be written ({error.strerror})", "free some space; try again") from error


def spliced(parts: Sequence[AudioPart]) -> Iterator[tuple[int, Packet[AudioStream]]]:
    """Every packet of the whole track with its first sample on the replay's clock."""
    begin = -inf
    for part, after in zip_longest(parts, parts[1:]):
        own = _packets(part)
        end = inf if after is None else _seam(own, _packets(after), after)
        yield from ((at, packet) for at, packet in own.items() if begin <= at < end)
        begin = end


def _packets(part: AudioPart) -> dict[int, Packet[AudioStream]]:
    with made(part.file) as encoded:
        packets = encoded.demux(encoded.streams.audio[0])
        return {packet.pts + part.first_instant: packet for packet in packets if packet.pts is not None}


def _seam(before: Mapping[int, Packet[AudioStream]], after: Mapping[int, Packet[AudioStream]], part: AudioPart) -> int:
    """The first sample that `after` gives: from its border on, the first behind a frame that both window alike.

    Where there is none in the whole overlap, which no sound is known to do, the border itself. ToolError where they
    don't overlap.
    """
    shared = [at for at in before if at >= part.border and at in after and at - FRAME in after]
    if not shared:
        raise ToolError(part.file, "does not overlap with the part before it", "run the command again")
    windows = {at: (window_of(bytes(before[at - FRAME])), window_of(bytes(after[at - FRAME]))) for at in shared}
    return next((at for at, (one, other) in windows.items() if one == other and one is not None), shared[0])


def window_of(frame: bytes) -> int | None:
    """Sequence and shape of a frame's window, as one number; None where its channels differ in that."""
    bits = int.from_bytes(frame[:4])
    kind = bits >> 29
    if kind == ONE_CHANNEL:  # 3 bits kind, 4 tag, 8 gain, 1 reserved; then 2 sequence, 1 shape
        return bits >> 13 & 0b111
    is_common = bits >> 24 & 1
    if kind == TWO_CHANNELS and is_common:  # 3 bits kind, 4 tag, 1 common, 1 reserved
        return bits >> 20 & 0b111
    return None
