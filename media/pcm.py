"""The show's sound as plain samples on the replay clock: for the recogniser's track and for the replay's."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.clock import Piece, Span, Timeline
from domain.errors import MediaError
from domain.recording import FileInfo, MediaInfo
from domain.session import Recording
from media import ffmpeg
from pipeline.engine.stage import Progress

BYTES_A_SAMPLE = 2
DECODER_LEAD_S = 1.0  # a decoder begins this much earlier: AAC needs a frame before the one it gives
LARGEST_DRIFT_S = 0.03  # samples follow their times this closely: two lost AAC frames are more, jitter is less
SILENCE_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Shape:
    """Signed 16-bit samples, little end first, channels side by side."""

    sample_rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one instant, all channels."""
        return BYTES_A_SAMPLE * self.channels

    def instants(self, span: Span) -> int:
        """How many sampling instants lie in `span`; touching spans share none and miss none."""
        return round(span.end * self.sample_rate) - round(span.start * self.sample_rate)


def samples(
    recording: Recording, media: MediaInfo, timeline: Timeline, shape: Shape, progress: Progress
) -> Generator[bytes, None, tuple[str, ...]]:
    """The sound of the whole replay in blocks: exactly as long as the replay, silent where nothing was recorded.

    Where packets can't be decoded it is silent too; returns a warning for each piece of which most can't. Memory: one
    block. MediaError where a file can't be read.
    """
    warnings: list[str] = []
    for piece in timeline.pieces:
        info, file = media.files[piece.file], media.path(piece.file, recording)
        wanted = shape.instants(piece.replay) * shape.frame_bytes
        heard = _tolerated(_heard(file, info, piece, shape), piece, warnings) if info.sound else iter(())
        given = 0
        for block in _exactly(heard, wanted):
            given += len(block)
            progress(min(1.0, (piece.replay_start + piece.duration * given / wanted) / timeline.duration))
            yield block
    return tuple(warnings)


def _tolerated(heard: Iterator[bytes], piece: Piece, warnings: list[str]) -> Iterator[bytes]:
    """What is heard; a verdict that most of it could not be decoded becomes a warning."""
    try:
        yield from heard
    except MediaError as error:
        if ffmpeg.TOO_MANY_ERRORS not in error.what:
            raise
        start, end = piece.replay.start, piece.replay.end
        warnings.append(f"most of the sound from {start:.1f} to {end:.1f} s cannot be decoded; it is silent there")


def _heard(file: Path, info: FileInfo, piece: Piece, shape: Shape) -> Iterator[bytes]:
    number = info.sound.number if info.sound else 0
    start, end = info.origin + piece.file_start, info.origin + piece.file_start + piece.duration
    sound = (
        ffmpeg.source(file, info, piece.file_start - DECODER_LEAD_S)[f"a:{number}"]
        .filter("atrim", start=ffmpeg.seconds(start), end=ffmpeg.seconds(end))
        .filter("asetpts", f"PTS-({ffmpeg.seconds(start)})/TB")
        .filter("aresample", **_resampling(shape))
    )
    output = ffmpeg.target(sound, "pipe:1", format="s16le", acodec="pcm_s16le", threads=1)
    return ffmpeg.read(output, ffmpeg.Job(file, piece.duration))


def _resampling(shape: Shape) -> dict[str, str | int | float]:
    """Samples at the instants that their times say: silence in holes and before the first, overlaps dropped."""
    layout = "mono" if shape.channels == 1 else "stereo"
    to: dict[str, str | int | float] = {
        "out_sample_rate": shape.sample_rate,
        "out_chlayout": layout,
        "out_sample_fmt": "s16",
    }
    return to | {"async": 1, "first_pts": 0, "min_hard_comp": LARGEST_DRIFT_S}


def _exactly(blocks: Iterator[bytes], wanted_bytes: int) -> Iterator[bytes]:
    """The blocks cut, or filled up with silence, to `wanted_bytes`."""
    left = wanted_bytes
    for block in blocks:
        if left > 0:
            yield block[:left]
        left -= len(block)
    while left > 0:
        yield bytes(min(left, SILENCE_BLOCK_BYTES))
        left -= SILENCE_BLOCK_BYTES
