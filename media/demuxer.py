"""Recorded files as PyAV opens them: known containers on this disk only, errors told in kandian's words."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise
from pathlib import Path
from types import ModuleType
from typing import IO, TYPE_CHECKING

from domain.errors import MediaError, ToolError
from domain.recording import ByteRange
from domain.session import RecordingFile
from media.formats import flv, matroska, mp4, mpegts
from media.formats.codec_config import CodecChanges
from media.limits import DECODERS, MAX_PIXELS, MAX_TRACKS

if TYPE_CHECKING:
    from av.container import InputContainer

CONTAINERS = {
    "flv": "flv",
    "live_flv": "flv",
    "mov,mp4,m4a,3gp,3g2,mj2": "mov",
    "mpegts": "mpegts",
    "matroska,webm": "matroska",
}
"""Demuxers that may open a recording, and the short name each goes by here and on ffmpeg's command line."""

DEMUXER_OPTIONS = {
    "protocol_whitelist": "file",  # media are hostile: a playlist must not reach other files or the network
    "analyzeduration": "20000000",  # microseconds; a live file may bring its sound many seconds after its picture
    "probesize": "33554432",  # bytes; 20 s of the fattest live stream
    "max_streams": str(MAX_TRACKS),
    "codec_whitelist": DECODERS,
}
"""Options of every demuxer that opens a recording, PyAV's and ffmpeg's."""

DECODER_OPTIONS = {"max_pixels": str(MAX_PIXELS)}
"""Options of every decoder of a recording: a size that changes in mid-stream is bounded too."""

CODEC_CHANGE_PARSERS: dict[str, ModuleType] = {"flv": flv, "mpegts": mpegts}
"""Containers that may change in the middle how they are coded; each module says where, and how to begin there."""

MAX_CODEC_CHANGES = 100  # in one file: each stretch is read and copied by itself

TS_PACKET_BYTES = 188

SUPPORTED_FORMATS = "FLV, MP4 (also fragmented), MPEG-TS and Matroska"
FORMAT_WHITELIST = ",".join(name.split(",")[0] for name in CONTAINERS)


@contextmanager
def open_media(file: Path, container: str | None = None) -> Iterator[InputContainer]:
    """The open file; `container` is the demuxer where it is known. Raises MediaError for whatever makes it unusable."""
    import av

    _check_readable(file)
    options = DEMUXER_OPTIONS | {"format_whitelist": FORMAT_WHITELIST}
    try:
        url = f"file:{file.absolute()}"
        recording = av.open(url, format=container, options=DECODER_OPTIONS, container_options=options)
    except av.MemoryError as error:  # what ffmpeg says of too many tracks too
        what = f"claims more than {MAX_TRACKS} tracks, or more memory than a recording may take"
        raise MediaError(file, what, "copy the picture and one sound to a new file, and use that") from error
    except (av.FFmpegError, ValueError) as error:
        raise _unreadable_error(file) from error
    with recording:
        try:
            yield recording
        except av.MemoryError:
            raise  # for whoever bounds it
        except av.FFmpegError as error:
            remedy = "copy what is whole into a new file (ffmpeg -i OLD -c copy NEW.mkv) and use that"
            raise MediaError(file, f"is damaged ({error.strerror})", remedy) from error


@contextmanager
def open_byte_range(file: Path, container: str, byte_range: ByteRange) -> Iterator[InputContainer]:
    """As `open_media`, but only these bytes are read, without what is torn, and with what a reader needs before them.

    Only FLV and MPEG-TS can be read from the middle on.
    """
    import av

    damaged_ranges = find_damaged_ranges(file, container)
    is_whole_file = byte_range.start == 0 and byte_range.end >= file.stat().st_size
    if is_whole_file and not damaged_ranges and not byte_range.damaged_ranges:
        with open_media(file, container) as recording:
            yield recording
        return
    preamble: bytes = CODEC_CHANGE_PARSERS[container].read_preamble(file, byte_range.start) if byte_range.start else b""
    with file.open("rb") as stream:
        patched_file = _PatchedByteRange(
            stream, byte_range, preamble, {each.start: mp4.free_box_header(each) for each in damaged_ranges}
        )
        try:
            with av.open(
                patched_file, "r", format=container, options=DECODER_OPTIONS, container_options=DEMUXER_OPTIONS
            ) as recording:
                yield recording
        except av.MemoryError:
            raise
        except (av.FFmpegError, ValueError) as error:
            remedy = "copy what is whole into a new file (ffmpeg -i OLD -c copy NEW.mkv) and use that"
            raise MediaError(file, f"is damaged from byte {byte_range.start} on ({error})", remedy) from error


@dataclass
class _PatchedByteRange:
    """Bytes of a file, behind some of our own, and others in their place at `patches`, as PyAV reads them."""

    stream: IO[bytes]
    byte_range: ByteRange
    preamble: bytes
    patches: Mapping[int, bytes]
    position: int = field(default=0)
    ranges: tuple[tuple[int, int], ...] = field(init=False)
    range_offsets: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        edges = [self.byte_range.start, *chain(*self.byte_range.damaged_ranges), self.byte_range.end]
        self.ranges = tuple(zip(edges[::2], edges[1::2], strict=True))
        self.range_offsets = tuple(accumulate((end - start for start, end in self.ranges), initial=len(self.preamble)))

    def read(self, count: int) -> bytes:
        content = self.preamble[self.position : self.position + count]
        range_index = bisect_right(self.range_offsets, self.position) - 1
        if not content and range_index < len(self.ranges):
            start, end = self.ranges[range_index]
            file_offset = start + self.position - self.range_offsets[range_index]
            self.stream.seek(file_offset)
            content = self._apply_patches(self.stream.read(min(count, end - file_offset)), file_offset)
        self.position += len(content)
        return content

    def _apply_patches(self, content: bytes, file_offset: int) -> bytes:
        for start, patch in self.patches.items():
            overlap_start, overlap_end = max(start, file_offset), min(start + len(patch), file_offset + len(content))
            if overlap_start < overlap_end:
                replacement = patch[overlap_start - start : overlap_end - start]
                content = content[: overlap_start - file_offset] + replacement + content[overlap_end - file_offset :]
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.position = (
            offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.range_offsets[-1]}[whence]
        )
        return self.position

    def tell(self) -> int:
        return self.position


def split_at_codec_changes(file: Path, container: str) -> tuple[ByteRange, ...]:
    """The file in stretches within which sound and picture are coded alike: mostly one. MediaError for very many."""
    size_bytes = file.stat().st_size
    codec_changes: CodecChanges = (
        CODEC_CHANGE_PARSERS[container].find_codec_changes(file)
        if container in CODEC_CHANGE_PARSERS
        else CodecChanges(())
    )
    if len(codec_changes.offsets) + len(codec_changes.damaged_ranges) > MAX_CODEC_CHANGES:
        what = f"changes {len(codec_changes.offsets) + len(codec_changes.damaged_ranges)} times how it is coded"
        raise MediaError(file, what, "split it, or encode it anew, and use that")
    edges = [0, *(offset for offset in codec_changes.offsets if offset), size_bytes]
    return tuple(
        ByteRange(start, end, tuple(bad for bad in codec_changes.damaged_ranges if start <= bad[0] < end))
        for start, end in pairwise(edges)
    )


def is_truncated(file: Path, container: str) -> bool:
    """Whether a file ends within one of its own units: a box, an element or a packet. An FLV tells by itself."""
    if container == "mov":
        return mp4.is_truncated(file)
    if container == "matroska":
        return matroska.is_truncated(file)
    if container != "mpegts":
        return False
    with file.open("rb") as stream:
        head = stream.read(TS_PACKET_BYTES + 1)
    return head[:1] == head[TS_PACKET_BYTES:] and file.stat().st_size % TS_PACKET_BYTES != 0


def find_damaged_ranges(file: Path, container: str) -> tuple[ByteRange, ...]:
    """Damaged stretches that hide from readers what follows them; `open_byte_range` passes over them."""
    return mp4.find_damaged_ranges(file) if container == "mov" else ()


def container_name(recording: InputContainer) -> str:
    """The short name of the open file's demuxer, which bears that name already where it was asked for by it."""
    name = recording.format.name
    return name if name in CONTAINERS.values() else CONTAINERS[name]


@contextmanager
def open_generated_mp4(file: Path) -> Iterator[InputContainer]:
    """An open MP4 file of our own making; ToolError if it isn't whole: no input is to blame for that."""
    try:
        with open_media(file, "mov") as container:
            yield container
    except MediaError as error:
        raise ToolError(file, f"was not written whole ({error.what})", "run the command again") from error


def generated_mp4_duration(file: Path) -> float:
    """Seconds from 0 to the end of the one track of an MP4 file of our own making; ToolError if it isn't whole.

    Of sound, that is: what an MP4 says of its length adds up steps of decoding, and so ends a picture whose last frames
    come unevenly too soon or too late.
    """
    with open_generated_mp4(file) as container:
        track = container.streams[0]
        if track.duration is None or track.start_time is None or track.time_base is None:
            raise ToolError(file, "has no duration", "run the command again")
        return float((track.start_time + track.duration) * track.time_base)


def check_unchanged(file: RecordingFile) -> None:
    """MediaError where a file isn't as long as it was when its digest was made: it is still being written."""
    _check_readable(file.path)
    size_change_bytes = file.path.stat().st_size - file.size_bytes
    if size_change_bytes:
        what = (
            f"has become {abs(size_change_bytes)} bytes "
            f"{'longer' if size_change_bytes > 0 else 'shorter'} since it was first read"
        )
        raise MediaError(file.path, what, "wait until it is whole, then run the command again")


def _check_readable(file: Path) -> None:
    try:
        size_bytes = file.stat().st_size
    except OSError as error:
        raise MediaError(file, f"cannot be read ({error.strerror})", "check the path") from error
    if size_bytes == 0:
        raise MediaError(file, "is empty (0 bytes)", "copy the recording again; it may still be on its way")


def _unreadable_error(file: Path) -> MediaError:
    box_types = [box.box_type for box in mp4.iter_top_level_boxes(file)]
    if b"ftyp" in box_types[:1] and b"moov" in box_types:
        what = "is an MP4 file whose index (the moov box) is damaged"
        return MediaError(file, what, "mend it with a tool such as untrunc, or record or copy it again")
    if b"ftyp" in box_types[:1]:
        what = "is an MP4 file without its index (no moov box): the recorder was cut off"
        remedy = "mend it with a tool such as untrunc, or record FLV, MPEG-TS or fragmented MP4, which survive that"
        return MediaError(file, what, remedy)
    return MediaError(file, "is not a media file that kandian reads", f"give {SUPPORTED_FORMATS}")
