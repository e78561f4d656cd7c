"""Concatenate encoded parts of audio to one AAC track without decoding, and without an audible seam.

An AAC frame alone gives no audio: its second half is added to the first half of the next frame, with the same window
(ISO 14496-3, 4.6.11). So parts overlap, their frames lie on one grid, and the next part takes over behind a frame that
both parts have windowed in the same way. By then both encoders have had the same input for seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from domain.audio import EncodedAudioPart
from domain.errors import ToolError
from media.demuxer import open_generated_mp4

if TYPE_CHECKING:
    from av import AudioStream, Packet

AAC_FRAME_SAMPLES = 1024
SINGLE_CHANNEL_ELEMENT, CHANNEL_PAIR_ELEMENT = 0, 1  # ISO 14496-3, table 4.85: id_syn_ele of what a frame begins with


def concat_audio(parts: Sequence[EncodedAudioPart], file: Path) -> None:
    """Write the parts, in order, as one MP4 file. Memory: two parts. ToolError where they don't overlap."""
    import av

    with open_generated_mp4(parts[0].file) as first:
        template = first.streams.audio[0]
        try:
            with av.open(str(file), "w", format="mp4", options={"fflags": "+bitexact"}) as output:
                track = output.add_stream_from_template(template)
                for start_sample, packet in concat_packets(parts):
                    packet.pts = packet.dts = start_sample
                    packet.stream = track
                    output.mux(packet)
        except av.FFmpegError as error:
            raise ToolError(file, f"cannot be written ({error.strerror})", "free some space; try again") from error


def concat_packets(parts: Sequence[EncodedAudioPart]) -> Iterator[tuple[int, Packet[AudioStream]]]:
    """Every packet of the whole track, with its first sample on the replay clock."""
    start_sample = -inf
    for part, next_part in zip_longest(parts, parts[1:]):
        packets = _read_packets(part)
        end_sample = inf if next_part is None else _splice_point(packets, _read_packets(next_part), next_part)
        yield from ((at, packet) for at, packet in packets.items() if start_sample <= at < end_sample)
        start_sample = end_sample


def _read_packets(part: EncodedAudioPart) -> dict[int, Packet[AudioStream]]:
    with open_generated_mp4(part.file) as encoded:
        packets = encoded.demux(encoded.streams.audio[0])
        return {packet.pts + part.first_sample: packet for packet in packets if packet.pts is not None}


def _splice_point(
    before: Mapping[int, Packet[AudioStream]], after: Mapping[int, Packet[AudioStream]], part: EncodedAudioPart
) -> int:
    """The first sample to take from `after`: the first one, from its start on, behind a frame that both window alike.

    Its start itself where the whole overlap has none, which no known audio does. ToolError where they don't overlap.
    """
    shared_samples = [
        at for at in before if at >= part.start_sample and at in after and at - AAC_FRAME_SAMPLES in after
    ]
    if not shared_samples:
        raise ToolError(part.file, "does not overlap with the part before it", "run the command again")
    windows = {
        at: (aac_window(bytes(before[at - AAC_FRAME_SAMPLES])), aac_window(bytes(after[at - AAC_FRAME_SAMPLES])))
        for at in shared_samples
    }
    return next(
        (at for at, (window, next_window) in windows.items() if window == next_window and window is not None),
        shared_samples[0],
    )


def aac_window(frame: bytes) -> int | None:
    """Sequence and shape of a frame's window, as one number; None where its channels differ."""
    bits = int.from_bytes(frame[:4])
    element_id = bits >> 29
    if element_id == SINGLE_CHANNEL_ELEMENT:  # 3 bits kind, 4 tag, 8 gain, 1 reserved; then 2 sequence, 1 shape
        return bits >> 13 & 0b111
    is_common = bits >> 24 & 1
    if element_id == CHANNEL_PAIR_ELEMENT and is_common:  # 3 bits kind, 4 tag, 1 common, 1 reserved
        return bits >> 20 & 0b111
    return None
