"""Encode the replay's sound: one rendition, from one decoding."""

from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Timeline
from domain.errors import ToolError
from domain.media import MediaInfo, ReplayAudio, SoundTrack
from domain.session import Recording
from pipeline import ffmpeg
from pipeline.containers import made_length
from pipeline.joints import eased
from pipeline.pcm import Shape, samples
from pipeline.stage import Needs, Progress

AAC_RATES_HZ = (32_000, 44_100, 48_000)  # every player takes them, and no packet is longer than 32 ms
LOUDNESS_FILE = "loudness.txt"
SILENT_LUFS = -60.0  # BS.1770 gates at -70; between lies the hiss of an open microphone
LONGEST_MISS_S = 0.05  # an AAC packet at 32 kHz is 32 ms


@dataclass(frozen=True)
class EncodeAudio:
    """Encode all pieces, one after the other, as one AAC track; a show without sound has none."""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg",)

    mono_kbps: int = 64
    stereo_kbps: int = 96
    coder: str = "fast"  # half the CPU of twoloop; 24.7 against 25.9 dB SI-SDR on zh-mini, whose sound came at 32 kbps
    loudness_lufs: float = -16.0
    largest_gain_db: float = 15.0  # a very quiet show is mostly noise
    highest_peak_db: float = -2.5  # of samples; between them, and by coding, peaks are up to 2 dB higher
    joint_ramp_s: float = 0.005  # a 440-Hz tone's joint has -73 to -65 dB above 3 kHz; -34 to -42 dB without a ramp

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> ReplayAudio:
        shape = replay_shape(media)
        if shape is None:
            return ReplayAudio(None)
        recorded, file = scratch / "recorded.flac", scratch / "audio.mp4"
        job = ffmpeg.Job(None, timeline.duration)
        blocks = samples(recording, media, timeline, shape, progress)
        joints = [piece.replay_start for piece in timeline.pieces[1:]]
        ffmpeg.feed(_measuring(shape, recorded), eased(blocks, shape, joints, self.joint_ramp_s), job, scratch)
        lufs = _measured(scratch / LOUDNESS_FILE)
        gain_db = 0.0 if lufs is None else self._gain_db(lufs)
        ffmpeg.run(self._encoding(recorded, shape, gain_db, file), job)
        recorded.unlink()
        length = made_length(file)
        if abs(length - timeline.duration) > LONGEST_MISS_S:
            what = f"is {length:.3f} s long instead of {timeline.duration:.3f} s"
            raise ToolError(file, what, "run the command again; if it happens again, tell the authors")
        return ReplayAudio(file, lufs, gain_db)

    def _gain_db(self, lufs: float) -> float:
        return round(max(-self.largest_gain_db, min(self.largest_gain_db, self.loudness_lufs - lufs)), 2)

    def _encoding(self, recorded: Path, shape: Shape, gain_db: float, file: Path) -> Any:
        import ffmpeg as graph

        heard = graph.input(f"file:{recorded.absolute()}", format="flac", protocol_whitelist="file")["a"]
        louder = heard.filter("volume", f"{gain_db}dB", precision="float").filter(
            "alimiter", limit=10 ** (self.highest_peak_db / 20), level=0, latency=1, attack=5, release=50
        )
        kbps = self.mono_kbps if shape.channels == 1 else self.stereo_kbps
        settings = {"acodec": "aac", "audio_bitrate": f"{kbps}k", "aac_coder": self.coder, "ar": shape.sample_rate}
        return ffmpeg.target(louder, str(file), format="mp4", threads=1, **settings)


def _measuring(shape: Shape, recorded: Path) -> Any:
    """Keep what is decoded, without loss, and tell its loudness while it passes by. Mono is heard from two speakers."""
    import ffmpeg as graph

    given = graph.input("pipe:0", format="s16le", ar=shape.sample_rate, ac=shape.channels, protocol_whitelist="pipe")
    copies = given["a"].filter_multi_output("asplit", 2)
    measured = (
        copies.stream(0)
        .filter("ebur128", metadata=1, framelog="quiet", dualmono=int(shape.channels == 1))
        .filter("ametadata", "print", key="lavfi.r128.I", file=LOUDNESS_FILE)
    )
    kept = ffmpeg.target(copies.stream(1), str(recorded), format="flac", acodec="flac", compression_level=0, threads=1)
    return graph.merge_outputs(graph.output(measured, "-", format="null"), kept)


def _measured(told: Path) -> float | None:
    """The integrated loudness after the last instant, LUFS; None for silence. Removes what told it."""
    last = None
    with told.open(encoding="ascii") as lines:
        for line in lines:
            last = line.partition("lavfi.r128.I=")[2].strip() or last
    told.unlink()
    lufs = float(last) if last is not None else -inf
    return round(lufs, 2) if lufs > SILENT_LUFS else None


def replay_shape(media: MediaInfo) -> Shape | None:
    """The best that any file offers, no better: stereo if one is, at the highest rate AAC players take."""
    tracks: list[SoundTrack] = [file.sound for file in media.files if file.sound]
    if not tracks:
        return None
    offered = max(track.sample_rate for track in tracks)
    rate = next((rate for rate in AAC_RATES_HZ if rate >= offered), AAC_RATES_HZ[-1])
    return Shape(rate, 1 if all(track.channels == 1 for track in tracks) else 2)
