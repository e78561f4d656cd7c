"""The show's sound as plain samples on the replay clock: for the recogniser's track and for the replay's."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.clock import Span, Timeline, TimelineClip
from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import MediaFileInfo, MediaInfo
from domain.session import Recording
from media import ffmpeg

BYTES_PER_SAMPLE = 2
DECODER_PREROLL_S = 1.0  # a decoder begins this much earlier: AAC needs a frame before the one it gives
MAX_DRIFT_S = 0.03  # samples follow their times this closely: two lost AAC frames are more, jitter is less
SILENCE_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PcmFormat:
    """Signed 16-bit samples, little end first, channels side by side."""

    sample_rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one instant, all channels."""
        return BYTES_PER_SAMPLE * self.channels

    def sample_count(self, span: Span) -> int:
        """How many sampling instants lie in `span`; touching spans share none and miss none."""
        return round(span.end * self.sample_rate) - round(span.start * self.sample_rate)


def decode_replay_audio(
    recording: Recording, media: MediaInfo, timeline: Timeline, pcm_format: PcmFormat, progress: Progress
) -> Generator[bytes, None, tuple[str, ...]]:
    """The sound of the whole replay in blocks: exactly as long as the replay, silent where nothing was recorded.

    Where packets can't be decoded it is silent too; returns a warning for each piece of which most can't. Memory: one
    block. MediaError where a file can't be read.
    """
    warnings: list[str] = []
    for piece in timeline.clips:
        info, file = media.files[piece.file_index], media.path_of(piece.file_index, recording)
        expected_bytes = pcm_format.sample_count(piece.replay_span) * pcm_format.frame_bytes
        decoded_blocks = (
            _tolerate_decode_errors(_decode_piece(file, info, piece, pcm_format), piece, warnings)
            if info.audio
            else iter(())
        )
        emitted_bytes = 0
        for block in _pad_or_trim(decoded_blocks, expected_bytes):
            emitted_bytes += len(block)
            progress(
                min(1.0, (piece.replay_start + piece.duration * emitted_bytes / expected_bytes) / timeline.duration)
            )
            yield block
    return tuple(warnings)


def _tolerate_decode_errors(blocks: Iterator[bytes], piece: TimelineClip, warnings: list[str]) -> Iterator[bytes]:
    """What is heard; a verdict that most of it could not be decoded becomes a warning."""
    try:
        yield from blocks
    except MediaError as error:
        if ffmpeg.DECODE_ERROR_RATE_MESSAGE not in error.what:
            raise
        start, end = piece.replay_span.start, piece.replay_span.end
        warnings.append(f"most of the sound from {start:.1f} to {end:.1f} s cannot be decoded; it is silent there")


def _decode_piece(file: Path, info: MediaFileInfo, piece: TimelineClip, pcm_format: PcmFormat) -> Iterator[bytes]:
    track_number = info.audio.track_index if info.audio else 0
    start, end = info.start_pts + piece.file_start, info.start_pts + piece.file_start + piece.duration
    audio = (
        ffmpeg.recording_input(file, info, piece.file_start - DECODER_PREROLL_S)[f"a:{track_number}"]
        .filter("atrim", start=ffmpeg.format_seconds(start), end=ffmpeg.format_seconds(end))
        .filter("asetpts", f"PTS-({ffmpeg.format_seconds(start)})/TB")
        .filter("aresample", **_resample_options(pcm_format))
    )
    output = ffmpeg.reproducible_output(audio, "pipe:1", format="s16le", acodec="pcm_s16le", threads=1)
    return ffmpeg.read_stdout(output, ffmpeg.FfmpegJob(file, piece.duration))


def _resample_options(pcm_format: PcmFormat) -> dict[str, str | int | float]:
    """Samples at the instants that their times say: silence in holes and before the first, overlaps dropped."""
    layout = "mono" if pcm_format.channels == 1 else "stereo"
    options: dict[str, str | int | float] = {
        "out_sample_rate": pcm_format.sample_rate,
        "out_chlayout": layout,
        "out_sample_fmt": "s16",
    }
    return options | {"async": 1, "first_pts": 0, "min_hard_comp": MAX_DRIFT_S}


def _pad_or_trim(blocks: Iterator[bytes], total_bytes: int) -> Iterator[bytes]:
    """The blocks cut, or filled up with silence, to `total_bytes`."""
    remaining_bytes = total_bytes
    for block in blocks:
        if remaining_bytes > 0:
            yield block[:remaining_bytes]
        remaining_bytes -= len(block)
    while remaining_bytes > 0:
        yield bytes(min(remaining_bytes, SILENCE_BLOCK_BYTES))
        remaining_bytes -= SILENCE_BLOCK_BYTES
