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
from media.formats.codec_config import Changes
from media.limits import DECODERS, MOST_PIXELS, MOST_TRACKS

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

OPENING = {
    "protocol_whitelist": "file",  # media are hostile: a playlist must not reach other files or the network
    "analyzeduration": "20000000",  # microseconds; a live file may bring its sound many seconds after its picture
    "probesize": "33554432",  # bytes; 20 s of the fattest live stream
    "max_streams": str(MOST_TRACKS),
    "codec_whitelist": DECODERS,
}
"""Options of every demuxer that opens a recording, PyAV's and ffmpeg's."""

DECODING = {"max_pixels": str(MOST_PIXELS)}
"""Options of every decoder of a recording: a size that changes in mid-stream is bounded too."""

RESTARTABLE: dict[str, ModuleType] = {"flv": flv, "mpegts": mpegts}
"""Containers that may change in the middle how they are coded; each module says where, and how to begin there."""

MOST_CHANGES = 100  # in one file: each stretch is read and copied by itself

TS_PACKET_BYTES = 188

KNOWN = "FLV, MP4 (also fragmented), MPEG-TS and Matroska"
FORMAT_WHITELIST = ",".join(name.split(",")[0] for name in CONTAINERS)


@contextmanager
def opened(file: Path, container: str | None = None) -> Iterator[InputContainer]:
    """The open file; `container` is the demuxer where it is known. Raises MediaError for whatever makes it unusable."""
    import av

    _check_there(file)
    options = OPENING | {"format_whitelist": FORMAT_WHITELIST}
    try:
        name = f"file:{file.absolute()}"
        recording = av.open(name, format=container, options=DECODING, container_options=options)
    except av.MemoryError as error:  # what ffmpeg says of too many tracks too
        what = f"claims more than {MOST_TRACKS} tracks, or more memory than a recording may take"
        raise MediaError(file, what, "copy the picture and one sound to a new file, and use that") from error
    except (av.FFmpegError, ValueError) as error:
        raise _unreadable(file) from error
    with recording:
        try:
            yield recording
        except av.MemoryError:
            raise  # for whoever bounds it
        except av.FFmpegError as error:
            remedy = "copy what is whole into a new file (ffmpeg -i OLD -c copy NEW.mkv) and use that"
            raise MediaError(file, f"is damaged ({error.strerror})", remedy) from error


@contextmanager
def opened_within(file: Path, container: str, within: ByteRange) -> Iterator[InputContainer]:
    """As `opened`, but only these bytes are read, without what is torn, and with what a reader needs before them.

    Only FLV and MPEG-TS can be read from the middle on.
    """
    import av

    stretches = torn(file, container)
    is_whole = within.start == 0 and within.end >= file.stat().st_size
    if is_whole and not stretches and not within.spoilt:
        with opened(file, container) as recording:
            yield recording
        return
    lead_in: bytes = RESTARTABLE[container].lead_in(file, within.start) if within.start else b""
    with file.open("rb") as stream:
        part = _Part(stream, within, lead_in, {each.start: mp4.free_header(each) for each in stretches})
        try:
            with av.open(part, "r", format=container, options=DECODING, container_options=OPENING) as recording:
                yield recording
        except av.MemoryError:
            raise
        except (av.FFmpegError, ValueError) as error:
            remedy = "copy what is whole into a new file (ffmpeg -i OLD -c copy NEW.mkv) and use that"
            raise MediaError(file, f"is damaged from byte {within.start} on ({error})", remedy) from error


@dataclass
class _Part:
    """Bytes of a file, behind some of our own, and others in their place at `instead`, as PyAV reads them."""

    stream: IO[bytes]
    within: ByteRange
    lead_in: bytes
    instead: Mapping[int, bytes]
    at: int = field(default=0)
    pieces: tuple[tuple[int, int], ...] = field(init=False)
    reach: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        edges = [self.within.start, *chain(*self.within.spoilt), self.within.end]
        self.pieces = tuple(zip(edges[::2], edges[1::2], strict=True))
        self.reach = tuple(accumulate((end - start for start, end in self.pieces), initial=len(self.lead_in)))

    def read(self, count: int) -> bytes:
        content = self.lead_in[self.at : self.at + count]
        number = bisect_right(self.reach, self.at) - 1
        if not content and number < len(self.pieces):
            start, end = self.pieces[number]
            place = start + self.at - self.reach[number]
            self.stream.seek(place)
            content = self._put_right(self.stream.read(min(count, end - place)), place)
        self.at += len(content)
        return content

    def _put_right(self, content: bytes, place: int) -> bytes:
        for start, other in self.instead.items():
            first, after = max(start, place), min(start + len(other), place + len(content))
            if first < after:
                changed = other[first - start : after - start]
                content = content[: first - place] + changed + content[after - place :]
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.reach[-1]}[whence]
        return self.at

    def tell(self) -> int:
        return self.at


def coded_alike(file: Path, container: str) -> tuple[ByteRange, ...]:
    """The file in stretches within which sound and picture are coded alike: mostly one. MediaError for very many."""
    size_bytes = file.stat().st_size
    found: Changes = RESTARTABLE[container].changes(file) if container in RESTARTABLE else Changes(())
    if len(found.places) + len(found.spoilt) > MOST_CHANGES:
        what = f"changes {len(found.places) + len(found.spoilt)} times how it is coded"
        raise MediaError(file, what, "split it, or encode it anew, and use that")
    edges = [0, *(place for place in found.places if place), size_bytes]
    return tuple(
        ByteRange(start, end, tuple(bad for bad in found.spoilt if start <= bad[0] < end))
        for start, end in pairwise(edges)
    )


def is_cut_off(file: Path, container: str) -> bool:
    """Whether a file ends within one of its own units: a box, an element or a packet. An FLV tells by itself."""
    if container == "mov":
        return mp4.is_cut_off(file)
    if container == "matroska":
        return matroska.is_cut_off(file)
    if container != "mpegts":
        return False
    with file.open("rb") as stream:
        head = stream.read(TS_PACKET_BYTES + 1)
    return head[:1] == head[TS_PACKET_BYTES:] and file.stat().st_size % TS_PACKET_BYTES != 0


def torn(file: Path, container: str) -> tuple[ByteRange, ...]:
    """Damaged stretches that hide from readers what follows them; `opened_within` passes over them."""
    return mp4.torn(file) if container == "mov" else ()


def container_name(recording: InputContainer) -> str:
    """The short name of the open file's demuxer, which bears that name already where it was asked for by it."""
    name = recording.format.name
    return name if name in CONTAINERS.values() else CONTAINERS[name]


@contextmanager
def made(file: Path) -> Iterator[InputContainer]:
    """An open MP4 file of our own making; ToolError if it isn't whole: no input is to blame for that."""
    try:
        with opened(file, "mov") as whole:
            yield whole
    except MediaError as error:
        raise ToolError(file, f"was not written whole ({error.what})", "run the command again") from error


def made_length(file: Path) -> float:
    """Seconds from 0 to the end of the one track of an MP4 file of our own making; ToolError if it isn't whole.

    Of sound, that is: what an MP4 says of its length adds up steps of decoding, and so ends a picture whose last frames
    come unevenly too soon or too late.
    """
    with made(file) as whole:
        track = whole.streams[0]
        if track.duration is None or track.start_time is None or track.time_base is None:
            raise ToolError(file, "has no duration", "run the command again")
        return float((track.start_time + track.duration) * track.time_base)


def last_shown(file: Path) -> float:
    """Seconds from 0 to the instant from which the last picture of an MP4 file of our own making is shown."""
    with made(file) as whole:
        track = whole.streams.video[0]
        times = [packet.pts for packet in whole.demux(track) if packet.pts is not None]
        if not times or track.time_base is None:
            raise ToolError(file, "has no picture", "run the command again")
        return float(max(times) * track.time_base)


def check_still(file: RecordingFile) -> None:
    """MediaError where a file isn't as long as it was when its digest was made: it is still being written."""
    _check_there(file.path)
    grown = file.path.stat().st_size - file.size_bytes
    if grown:
        what = f"has become {abs(grown)} bytes {'longer' if grown > 0 else 'shorter'} since it was first read"
        raise MediaError(file.path, what, "wait until it is whole, then run the command again")


def _check_there(file: Path) -> None:
    try:
        size_bytes = file.stat().st_size
    except OSError as error:
        raise MediaError(file, f"cannot be read ({error.strerror})", "check the path") from error
    if size_bytes == 0:
        raise MediaError(file, "is empty (0 bytes)", "copy the recording again; it may still be on its way")


def _unreadable(file: Path) -> MediaError:
    kinds = [box.kind for box in mp4.boxes(file)]
    if b"ftyp" in kinds[:1] and b"moov" in kinds:
        what = "is an MP4 file whose index (the moov box) is damaged"
        return MediaError(file, what, "mend it with a tool such as untrunc, or record or copy it again")
    if b"ftyp" in kinds[:1]:
        what = "is an MP4 file without its index (no moov box): the recorder was cut off"
        remedy = "mend it with a tool such as untrunc, or record FLV, MPEG-TS or fragmented MP4, which survive that"
        return MediaError(file, what, remedy)
    return MediaError(file, "is not a media file that kandian reads", f"give {KNOWN}")
