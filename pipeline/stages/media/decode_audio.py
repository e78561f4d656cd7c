"""Decode the show's audio once, losslessly, and measure its loudness."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, ClassVar

from domain.audio import AudioTrackInfo, DecodedAudio
from domain.clock import Timeline
from domain.progress import Progress
from domain.recording import MediaInfo
from domain.session import Recording
from media import ffmpeg
from media.pcm import PcmFormat, decode_replay_audio, fade_at_cuts
from pipeline.engine.stage import Needs

AAC_RATES_HZ = (32_000, 44_100, 48_000)  # every player takes them, and no AAC frame is longer than 32 ms
LOUDNESS_FILE = "loudness.txt"
SILENT_LUFS = -60.0  # BS.1770 gates at -70; the hiss of an open microphone lies between


@dataclass(frozen=True)
class DecodeAudio:
    """Decode the audio of the whole replay to one FLAC file, and measure its loudness; a show without audio has none.

    In one run: decoders and resamplers that start in the middle would be off by fractions of a millisecond there.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg",)

    cut_fade_s: float = 0.005  # a cut 440-Hz tone has -73 to -65 dB above 3 kHz; -34 to -42 dB without a fade

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> DecodedAudio:
        pcm_format = replay_pcm_format(media)
        if pcm_format is None:
            return DecodedAudio(None)
        file = scratch / "sound.flac"
        blocks = _BlocksWithWarnings(decode_replay_audio(recording, media, timeline, pcm_format, progress))
        cut_times = [clip.replay_start for clip in timeline.clips[1:]]
        faded_blocks = fade_at_cuts(blocks, pcm_format, cut_times, self.cut_fade_s)
        ffmpeg.feed_stdin(
            _loudness_graph(pcm_format, file), faded_blocks, ffmpeg.FfmpegJob(None, timeline.duration), scratch
        )
        lufs = _read_loudness(scratch / LOUDNESS_FILE)
        sample_count = sum(pcm_format.sample_count(clip.replay_span) for clip in timeline.clips)
        return DecodedAudio(file, pcm_format.sample_rate, pcm_format.channels, sample_count, lufs, blocks.warnings)


@dataclass
class _BlocksWithWarnings:
    """Blocks of samples; `warnings` are there after the last."""

    blocks: Generator[bytes, None, tuple[str, ...]]
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[bytes]:
        self.warnings = yield from self.blocks


def _loudness_graph(pcm_format: PcmFormat, flac_file: Path) -> Any:
    """Write the samples as FLAC, and their loudness to LOUDNESS_FILE. Mono counts as played by two speakers."""
    import ffmpeg as graph

    source = graph.input(
        "pipe:0", format="s16le", ar=pcm_format.sample_rate, ac=pcm_format.channels, protocol_whitelist="pipe"
    )
    branches = source["a"].filter_multi_output("asplit", 2)
    loudness = (
        branches.stream(0)
        .filter("ebur128", metadata=1, framelog="quiet", dualmono=int(pcm_format.channels == 1))
        .filter("ametadata", "print", key="lavfi.r128.I", file=LOUDNESS_FILE)
    )
    lossless = ffmpeg.reproducible_output(
        branches.stream(1), str(flac_file), format="flac", acodec="flac", compression_level=0, threads=1
    )
    return graph.merge_outputs(graph.output(loudness, "-", format="null"), lossless)


def _read_loudness(loudness_file: Path) -> float | None:
    """The integrated loudness at the end, in LUFS; None for silence. Removes the file."""
    last = None
    with loudness_file.open(encoding="ascii") as lines:
        for line in lines:
            last = line.partition("lavfi.r128.I=")[2].strip() or last
    loudness_file.unlink()
    lufs = float(last) if last is not None else -inf
    return round(lufs, 2) if lufs > SILENT_LUFS else None


def replay_pcm_format(media: MediaInfo) -> PcmFormat | None:
    """The best format of any file: stereo if one is, at the highest sample rate that AAC players take."""
    tracks: list[AudioTrackInfo] = [file.audio for file in media.files if file.audio]
    if not tracks:
        return None
    max_rate = max(track.sample_rate for track in tracks)
    rate = next((rate for rate in AAC_RATES_HZ if rate >= max_rate), AAC_RATES_HZ[-1])
    return PcmFormat(rate, 1 if all(track.channels == 1 for track in tracks) else 2)
