"""Encode the replay's audio in parts, and join them to one track without an audible seam."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from domain.audio import DecodedAudio, EncodedAudioPart, ReplayAudio
from domain.clock import Span, Timeline
from domain.errors import ToolError
from domain.progress import Progress
from media import ffmpeg
from media.demuxer import generated_mp4_duration
from media.package.concat_audio import AAC_FRAME_SAMPLES, concat_audio
from pipeline.engine.stage import Needs, Part

PREROLL_S = 2.0  # before a part: limiter and encoder have settled by its start
POSTROLL_S = 3.0  # beyond it: somewhere in there the two encodes can be joined
MAX_DURATION_ERROR_S = 0.05  # an AAC packet at 32 kHz is 32 ms


@dataclass(frozen=True)
class EncodeAudio:
    """Encode the audio as AAC, with one gain throughout and limited peaks; a show without audio has none."""

    version: ClassVar[int] = 5
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

    mono_kbps: int = 64
    stereo_kbps: int = 96
    aac_coder: str = "fast"  # half the CPU of twoloop; 24.7 against 25.9 dB SI-SDR on zh-mini, recorded at 32 kbps
    loudness_lufs: float = -16.0
    max_gain_db: float = 15.0  # a very quiet show is mostly noise
    max_peak_db: float = -2.5  # of samples; between them, and by coding, peaks are up to 2 dB higher
    part_s: float = 600.0

    def parts(self, audio: DecodedAudio) -> tuple[Span, ...]:
        """Spans of equal length on boundaries of AAC frames; none for a show without audio."""
        if audio.file is None:
            return ()
        frames, rate = audio.sample_count / AAC_FRAME_SAMPLES, audio.sample_rate
        count = max(1, round(audio.sample_count / rate / self.part_s))
        boundaries = [round(frames * i / count) * AAC_FRAME_SAMPLES / rate for i in range(count)]
        return tuple(Span(a, b) for a, b in pairwise([*boundaries, audio.sample_count / rate]))

    def __call__(self, audio: DecodedAudio, part: Part, scratch: Path, progress: Progress) -> EncodedAudioPart:
        rate, frames_per_second = audio.sample_rate, audio.sample_rate / AAC_FRAME_SAMPLES
        start_sample = round(part.span.start * rate)
        first_sample = max(0, start_sample - round(PREROLL_S * frames_per_second) * AAC_FRAME_SAMPLES)
        end_sample = min(audio.sample_count, round((part.span.end + POSTROLL_S) * rate))
        file = scratch / "audio.mp4"
        ffmpeg.run(
            self._encode_graph(audio, (first_sample, end_sample), file),
            ffmpeg.FfmpegJob(None, (end_sample - first_sample) / rate, progress),
        )
        return EncodedAudioPart(file, first_sample, start_sample)

    def join(
        self, pieces: tuple[EncodedAudioPart, ...], audio: DecodedAudio, timeline: Timeline, scratch: Path
    ) -> ReplayAudio:
        """Concatenate the parts to one track without encoding anything again."""
        if not pieces:
            return ReplayAudio(None)
        file = scratch / "audio.mp4"
        concat_audio(pieces, file)
        duration = generated_mp4_duration(file)
        if abs(duration - timeline.duration) > MAX_DURATION_ERROR_S:
            what = f"is {duration:.3f} s long instead of {timeline.duration:.3f} s"
            raise ToolError(file, what, "run the command again; if it happens again, tell the authors")
        return ReplayAudio(
            file, audio.recorded_lufs, self._gain_db(audio.recorded_lufs), self._gain_warnings(audio.recorded_lufs)
        )

    def _gain_warnings(self, lufs: float | None) -> tuple[str, ...]:
        """A warning for people where the maximum gain does not bring the audio to `loudness_lufs`."""
        if lufs is None or abs(self.loudness_lufs - lufs) <= self.max_gain_db:
            return ()
        reached_lufs = lufs + self._gain_db(lufs)
        what = f"the sound was recorded at {lufs:.1f} LUFS and reaches {reached_lufs:.1f}, not {self.loudness_lufs:g}"
        remedy = "set the microphone's level, or raise max_gain_db under [encode_audio] in kandian.toml"
        return (f"{what}: it is changed by at most {self.max_gain_db:g} dB; {remedy}",)

    def _gain_db(self, lufs: float | None) -> float:
        """The gain from `lufs` to `loudness_lufs`, within limits; 0 for silence."""
        required_db = 0.0 if lufs is None else self.loudness_lufs - lufs
        return round(max(-self.max_gain_db, min(self.max_gain_db, required_db)), 2)

    def _encode_graph(self, audio: DecodedAudio, sample_range: tuple[int, int], file: Path) -> Any:
        """`sample_range`: the first sample and the one after the last."""
        gain_db = self._gain_db(audio.recorded_lufs)
        normalized = (
            _read_samples(audio, sample_range)
            .filter("volume", f"{gain_db}dB", precision="float")
            .filter("alimiter", limit=10 ** (self.max_peak_db / 20), level=0, latency=1, attack=5, release=50)
        )
        kbps = self.mono_kbps if audio.channels == 1 else self.stereo_kbps
        settings = {"acodec": "aac", "audio_bitrate": f"{kbps}k", "aac_coder": self.aac_coder, "ar": audio.sample_rate}
        return ffmpeg.reproducible_output(normalized, str(file), format="mp4", threads=1, **settings)


def _read_samples(audio: DecodedAudio, sample_range: tuple[int, int]) -> Any:
    """Exactly these samples: FLAC frames have their sample numbers."""
    import ffmpeg as graph

    if audio.file is None:
        raise ToolError("the sound", "is not there", "tell the authors")
    first, end = sample_range
    seek_s = max(0.0, first / audio.sample_rate - PREROLL_S)
    seek = {"ss": ffmpeg.format_seconds(seek_s), "noaccurate_seek": None} if seek_s else {}
    source = graph.input(f"file:{audio.file.absolute()}", format="flac", protocol_whitelist="file", **seek)
    return (
        source["a"]
        .filter("asettb", f"1/{audio.sample_rate}")
        .filter("atrim", start_pts=first, end_pts=end)
        .filter("asetpts", f"PTS-{first}")
    )
