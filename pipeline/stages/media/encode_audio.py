"""Encode the replay's sound in parts, and join them to one track without a seam."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Span, Timeline
from domain.errors import ToolError
from domain.recording import AudioPart, DecodedSound, ReplayAudio
from media import ffmpeg
from media.demuxer import made_length
from media.package.concat_audio import FRAME, join_sound
from pipeline.engine.stage import Needs, Part, Progress

LEAD_S = 2.0  # before a part: by its border, limiter and encoder no longer feel where they began
TAIL_S = 3.0  # beyond it: somewhere in there the two encodings fit together
LONGEST_MISS_S = 0.05  # an AAC packet at 32 kHz is 32 ms


@dataclass(frozen=True)
class EncodeAudio:
    """Encode the sound as AAC: one gain throughout, peaks limited; a show without sound has none."""

    version: ClassVar[int] = 5
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

    mono_kbps: int = 64
    stereo_kbps: int = 96
    coder: str = "fast"  # half the CPU of twoloop; 24.7 against 25.9 dB SI-SDR on zh-mini, whose sound came at 32 kbps
    loudness_lufs: float = -16.0
    largest_gain_db: float = 15.0  # a very quiet show is mostly noise
    highest_peak_db: float = -2.5  # of samples; between them, and by coding, peaks are up to 2 dB higher
    part_s: float = 600.0

    def parts(self, sound: DecodedSound) -> tuple[Span, ...]:
        """Alike in length, on the borders of AAC frames. None for a show without sound."""
        if sound.file is None:
            return ()
        frames, rate = sound.instants / FRAME, sound.sample_rate
        count = max(1, round(sound.instants / rate / self.part_s))
        borders = [round(frames * i / count) * FRAME / rate for i in range(count)]
        return tuple(Span(a, b) for a, b in pairwise([*borders, sound.instants / rate]))

    def __call__(self, sound: DecodedSound, part: Part, scratch: Path, progress: Progress) -> AudioPart:
        rate, frames_a_second = sound.sample_rate, sound.sample_rate / FRAME
        border = round(part.span.start * rate)
        first = max(0, border - round(LEAD_S * frames_a_second) * FRAME)
        end = min(sound.instants, round((part.span.end + TAIL_S) * rate))
        file = scratch / "audio.mp4"
        ffmpeg.run(self._encoding(sound, (first, end), file), ffmpeg.Job(None, (end - first) / rate, progress))
        return AudioPart(file, first, border)

    def join(
        self, pieces: tuple[AudioPart, ...], sound: DecodedSound, timeline: Timeline, scratch: Path
    ) -> ReplayAudio:
        """The parts as one track, packets as they are."""
        if not pieces:
            return ReplayAudio(None)
        file = scratch / "audio.mp4"
        join_sound(pieces, file)
        length = made_length(file)
        if abs(length - timeline.duration) > LONGEST_MISS_S:
            what = f"is {length:.3f} s long instead of {timeline.duration:.3f} s"
            raise ToolError(file, what, "run the command again; if it happens again, tell the authors")
        return ReplayAudio(
            file, sound.recorded_lufs, self._gain_db(sound.recorded_lufs), self._missed(sound.recorded_lufs)
        )

    def _missed(self, lufs: float | None) -> tuple[str, ...]:
        """A warning for people where the largest gain does not bring the sound to `loudness_lufs`."""
        if lufs is None or abs(self.loudness_lufs - lufs) <= self.largest_gain_db:
            return ()
        reached = lufs + self._gain_db(lufs)
        what = f"the sound was recorded at {lufs:.1f} LUFS and reaches {reached:.1f}, not {self.loudness_lufs:g}"
        remedy = "set the microphone's level, or raise largest_gain_db under [encode_audio] in kandian.toml"
        return (f"{what}: it is changed by at most {self.largest_gain_db:g} dB; {remedy}",)

    def _gain_db(self, lufs: float | None) -> float:
        """What brings sound so loud to `loudness_lufs`; nothing for silence."""
        wanted = 0.0 if lufs is None else self.loudness_lufs - lufs
        return round(max(-self.largest_gain_db, min(self.largest_gain_db, wanted)), 2)

    def _encoding(self, sound: DecodedSound, stretch: tuple[int, int], file: Path) -> Any:
        """`stretch`: the first sample and the one after the last."""
        gain_db = self._gain_db(sound.recorded_lufs)
        louder = (
            _samples_of(sound, stretch)
            .filter("volume", f"{gain_db}dB", precision="float")
            .filter("alimiter", limit=10 ** (self.highest_peak_db / 20), level=0, latency=1, attack=5, release=50)
        )
        kbps = self.mono_kbps if sound.channels == 1 else self.stereo_kbps
        settings = {"acodec": "aac", "audio_bitrate": f"{kbps}k", "aac_coder": self.coder, "ar": sound.sample_rate}
        return ffmpeg.target(louder, str(file), format="mp4", threads=1, **settings)


def _samples_of(sound: DecodedSound, stretch: tuple[int, int]) -> Any:
    """Exactly these samples: FLAC frames know their places."""
    import ffmpeg as graph

    if sound.file is None:
        raise ToolError("the sound", "is not there", "tell the authors")
    first, end = stretch
    before = max(0.0, first / sound.sample_rate - LEAD_S)
    seek = {"ss": ffmpeg.seconds(before), "noaccurate_seek": None} if before else {}
    given = graph.input(f"file:{sound.file.absolute()}", format="flac", protocol_whitelist="file", **seek)
    return (
        given["a"]
        .filter("asettb", f"1/{sound.sample_rate}")
        .filter("atrim", start_pts=first, end_pts=end)
        .filter("asetpts", f"PTS-{first}")
    )
