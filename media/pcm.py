"""Audio as plain PCM samples: decoded onto the replay clock, faded at cuts, and read from WAV files."""

import wave
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Seconds, Span, Timeline, TimelineClip
from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import MediaFileInfo, MediaInfo
from domain.session import Recording
from media import ffmpeg

BYTES_PER_SAMPLE = 2
DECODER_PREROLL_S = 1.0  # decoding begins this much earlier: AAC needs the frame before the first one that it gives
MAX_DRIFT_S = 0.03  # of samples from their timestamps: two lost AAC frames are more, jitter is less
SILENCE_BLOCK_BYTES = 1 << 20
INT16_FULL_SCALE = 32_768  # of 16-bit samples


@dataclass(frozen=True, slots=True)
class PcmFormat:
    """Signed 16-bit samples, little-endian, channels interleaved."""

    sample_rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sampling instant, all channels."""
        return BYTES_PER_SAMPLE * self.channels

    def sample_count(self, span: Span) -> int:
        """How many sampling instants lie in `span`; touching spans share none and miss none."""
        return round(span.end * self.sample_rate) - round(span.start * self.sample_rate)


def decode_replay_audio(
    recording: Recording, media: MediaInfo, timeline: Timeline, pcm_format: PcmFormat, progress: Progress
) -> Generator[bytes, None, tuple[str, ...]]:
    """The audio of the whole replay in blocks: exactly as long as the replay, silent where nothing was recorded.

    It is silent too where packets can't be decoded; returns a warning for each clip that is mostly like that. Memory:
    one block. MediaError where a file can't be read.
    """
    warnings: list[str] = []
    for clip in timeline.clips:
        info, file = media.files[clip.file_index], media.path_of(clip.file_index, recording)
        expected_bytes = pcm_format.sample_count(clip.replay_span) * pcm_format.frame_bytes
        decoded_blocks = (
            _tolerate_decode_errors(_decode_clip(file, info, clip, pcm_format), clip, warnings)
            if info.audio
            else iter(())
        )
        emitted_bytes = 0
        for block in _pad_or_trim(decoded_blocks, expected_bytes):
            emitted_bytes += len(block)
            progress(min(1.0, (clip.replay_start + clip.duration * emitted_bytes / expected_bytes) / timeline.duration))
            yield block
    return tuple(warnings)


def _tolerate_decode_errors(blocks: Iterator[bytes], clip: TimelineClip, warnings: list[str]) -> Iterator[bytes]:
    """The decoded blocks; ffmpeg's error that most of the clip could not be decoded becomes a warning."""
    try:
        yield from blocks
    except MediaError as error:
        if ffmpeg.DECODE_ERROR_RATE_MESSAGE not in error.what:
            raise
        start, end = clip.replay_span.start, clip.replay_span.end
        warnings.append(f"most of the sound from {start:.1f} to {end:.1f} s cannot be decoded; it is silent there")


def _decode_clip(file: Path, info: MediaFileInfo, clip: TimelineClip, pcm_format: PcmFormat) -> Iterator[bytes]:
    track_number = info.audio.track_index if info.audio else 0
    start, end = info.start_pts + clip.file_start, info.start_pts + clip.file_start + clip.duration
    audio = (
        ffmpeg.recording_input(file, info, clip.file_start - DECODER_PREROLL_S)[f"a:{track_number}"]
        .filter("atrim", start=ffmpeg.format_seconds(start), end=ffmpeg.format_seconds(end))
        .filter("asetpts", f"PTS-({ffmpeg.format_seconds(start)})/TB")
        .filter("aresample", **_resample_options(pcm_format))
    )
    output = ffmpeg.reproducible_output(audio, "pipe:1", format="s16le", acodec="pcm_s16le", threads=1)
    return ffmpeg.read_stdout(output, ffmpeg.FfmpegJob(file, clip.duration))


def _resample_options(pcm_format: PcmFormat) -> dict[str, str | int | float]:
    """Samples at the instants of their timestamps: silence in holes and before the first, overlaps dropped."""
    layout = "mono" if pcm_format.channels == 1 else "stereo"
    options: dict[str, str | int | float] = {
        "out_sample_rate": pcm_format.sample_rate,
        "out_chlayout": layout,
        "out_sample_fmt": "s16",
    }
    return options | {"async": 1, "first_pts": 0, "min_hard_comp": MAX_DRIFT_S}


def _pad_or_trim(blocks: Iterator[bytes], total_bytes: int) -> Iterator[bytes]:
    """The blocks, trimmed or padded with silence to `total_bytes`."""
    remaining_bytes = total_bytes
    for block in blocks:
        if remaining_bytes > 0:
            yield block[:remaining_bytes]
        remaining_bytes -= len(block)
    while remaining_bytes > 0:
        yield bytes(min(remaining_bytes, SILENCE_BLOCK_BYTES))
        remaining_bytes -= SILENCE_BLOCK_BYTES


def fade_at_cuts(
    blocks: Iterable[bytes], pcm_format: PcmFormat, cuts: Iterable[Seconds], fade_s: float
) -> Iterator[bytes]:
    """The blocks, faded out and in over `fade_s` on both sides of each cut: a jump of the wave would sound as a click.

    Blocks hold whole sampling instants; those far from cuts stay as they are. Memory: one block.
    """
    fade_samples = round(fade_s * pcm_format.sample_rate)
    cut_samples = [round(cut * pcm_format.sample_rate) for cut in cuts]
    block_start = 0
    for block in blocks:
        block_end = block_start + len(block) // pcm_format.frame_bytes
        nearby_cuts = [
            cut for cut in cut_samples if cut - fade_samples < block_end and cut + fade_samples > block_start
        ]
        offsets = [cut - block_start for cut in nearby_cuts]
        yield _fade_block(block, offsets, pcm_format, fade_samples) if offsets else block
        block_start = block_end


def _fade_block(block: bytes, cuts: Iterable[int], pcm_format: PcmFormat, fade_samples: int) -> bytes:
    """`cuts`: in samples from the block's first, maybe outside it."""
    samples = np.frombuffer(block, dtype="<i2").reshape(-1, pcm_format.channels).astype(np.float64)
    for cut in cuts:
        first, last = max(0, cut - fade_samples), min(len(samples), cut + fade_samples)
        distance = np.abs(np.arange(first, last) + 0.5 - cut) / fade_samples
        samples[first:last] *= (0.5 - 0.5 * np.cos(np.pi * distance))[:, None]
    return np.rint(samples).astype("<i2").tobytes()


def read_wav_samples(file: Path, span: Span) -> Samples:
    """The samples of `file`, 16 kHz mono 16-bit WAV, in `span` of its own time; shorter where the file ends before.

    MediaError for any other format.
    """
    try:
        with wave.open(str(file), "rb") as wav:
            _check_wav_format(file, wav)
            first_frame = min(round(span.start * SAMPLE_RATE_HZ), wav.getnframes())
            wav.setpos(first_frame)
            raw = wav.readframes(round(span.end * SAMPLE_RATE_HZ) - first_frame)
    except (wave.Error, EOFError) as error:
        raise MediaError(file, f"not a WAV file ({error})", "let ExtractSpeechAudio make it again") from error
    return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(INT16_FULL_SCALE)


def _check_wav_format(file: Path, wav: wave.Wave_read) -> None:
    actual_format = (wav.getframerate(), wav.getnchannels(), 8 * wav.getsampwidth())
    if actual_format != (SAMPLE_RATE_HZ, 1, 16):
        what = "holds {} Hz, {} channels, {} bits, not 16000 Hz, 1 channel, 16 bits".format(*actual_format)
        raise MediaError(file, what, "let ExtractSpeechAudio make it again")
