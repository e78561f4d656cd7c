"""Opens recorded files with PyAV: known containers on this disk only, and errors as MediaError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import MediaError, ToolError
from domain.recording import ByteRange
from domain.session import RecordingFile
from media.formats.containers import DEMUXERS, FORMATS
from media.formats.mp4 import empty_box_header, iter_file_boxes
from media.formats.patched_bytes import PatchedByteRange
from media.limits import DECODERS, MAX_PIXELS, MAX_TRACKS

if TYPE_CHECKING:
    from av.container import InputContainer

DEMUXER_OPTIONS = {
    "protocol_whitelist": "file",  # a hostile playlist must not reach other files or the network
    "analyzeduration": "20000000",  # microseconds; the audio of a live file may begin many seconds after its video
    "probesize": "33554432",  # bytes; 20 s of the fattest live stream
    "max_streams": str(MAX_TRACKS),
    "codec_whitelist": DECODERS,
}
"""Options of every demuxer that opens a recording, PyAV's and ffmpeg's."""

DECODER_OPTIONS = {"max_pixels": str(MAX_PIXELS)}
"""Options of every decoder of a recording: they also bound a size that changes within the file."""

SUPPORTED_FORMATS = "FLV, MP4 (also fragmented), MPEG-TS and Matroska"
FORMAT_WHITELIST = ",".join(name.split(",")[0] for name in DEMUXERS)


@contextmanager
def open_media(file: Path, container: str | None = None) -> Iterator[InputContainer]:
    """The open file. `container`: the demuxer, where it is known. MediaError where the file cannot be used."""
    import av

    _check_readable(file)
    options = DEMUXER_OPTIONS | {"format_whitelist": FORMAT_WHITELIST}
    try:
        url = f"file:{file.absolute()}"
        recording = av.open(url, format=container, options=DECODER_OPTIONS, container_options=options)
    except av.MemoryError as error:  # also for too many tracks
        what = f"claims more than {MAX_TRACKS} tracks, or more memory than a recording may take"
        raise MediaError(file, what, "copy the picture and one sound to a new file, and use that") from error
    except (av.FFmpegError, ValueError) as error:
        raise _unreadable_error(file) from error
    with recording:
        try:
            yield recording
        except av.MemoryError:
            raise  # for the sandbox, which limits memory
        except av.FFmpegError as error:
            remedy = "copy what is whole into a new file (ffmpeg -i OLD -c copy NEW.mkv) and use that"
            raise MediaError(file, f"is damaged ({error.strerror})", remedy) from error


@contextmanager
def open_byte_range(file: Path, byte_range: ByteRange) -> Iterator[InputContainer]:
    """As `open_media`, but only these bytes are read, without damage, and after what a reader needs before them."""
    import av

    container = byte_range.container
    if byte_range.is_intact and byte_range.start == 0 and byte_range.end >= file.stat().st_size:
        with open_media(file, container) as recording:
            yield recording
        return
    preamble = FORMATS[container].read_preamble(file, byte_range.start) if byte_range.start else b""
    patches = {start: empty_box_header(end - start) for start, end in byte_range.damaged_boxes}
    with file.open("rb") as stream:
        patched_file = PatchedByteRange(stream, byte_range, preamble, patches)
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


def container_name(recording: InputContainer) -> str:
    """The short name of the open file's demuxer; ffmpeg gives it back where the file was opened by it."""
    name = recording.format.name
    return name if name in DEMUXERS.values() else DEMUXERS[name]


@contextmanager
def open_generated_mp4(file: Path) -> Iterator[InputContainer]:
    """An MP4 file that we wrote, open. ToolError if it isn't whole: no input is to blame for that."""
    try:
        with open_media(file, "mov") as container:
            yield container
    except MediaError as error:
        raise ToolError(file, f"was not written whole ({error.what})", "run the command again") from error


def generated_mp4_duration(file: Path) -> float:
    """Seconds from 0 to the end of the audio track of an MP4 file that we wrote. ToolError if it isn't whole.

    Not for video: the length in an MP4 adds up decoding steps, which is wrong where the last frames come unevenly.
    """
    with open_generated_mp4(file) as container:
        track = container.streams[0]
        if track.duration is None or track.start_time is None or track.time_base is None:
            raise ToolError(file, "has no duration", "run the command again")
        return float((track.start_time + track.duration) * track.time_base)


def check_unchanged(file: RecordingFile) -> None:
    """MediaError where a file has another length than when its digest was computed: it is still being written."""
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
    box_types = [box.box_type for box in iter_file_boxes(file)]
    if b"ftyp" in box_types[:1] and b"moov" in box_types:
        what = "is an MP4 file whose index (the moov box) is damaged"
        return MediaError(file, what, "mend it with a tool such as untrunc, or record or copy it again")
    if b"ftyp" in box_types[:1]:
        what = "is an MP4 file without its index (no moov box): the recorder was cut off"
        remedy = "mend it with a tool such as untrunc, or record FLV, MPEG-TS or fragmented MP4, which survive that"
        return MediaError(file, what, remedy)
    return MediaError(file, "is not a media file that kandian reads", f"give {SUPPORTED_FORMATS}")
