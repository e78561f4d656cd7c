"""Decode the show's sound once, keep it without loss, and measure how loud it is."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Timeline
from domain.recording import DecodedSound, MediaInfo, SoundTrack
from domain.session import Recording
from media import ffmpeg
from media.joints import eased
from media.pcm import Shape, samples
from pipeline.engine.stage import Needs, Progress

AAC_RATES_HZ = (32_000, 44_100, 48_000)  # every player takes them, and no packet is longer than 32 ms
LOUDNESS_FILE = "loudness.txt"
SILENT_LUFS = -60.0  # BS.1770 gates at -70; between lies the hiss of an open microphone


@dataclass(frozen=True)
class DecodeSound:
    """Write all pieces, one after the other, as one FLAC file; a show without sound has none.

    In one go: decoders and clocks begun anew in the middle would be off by fractions of a millisecond there.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg",)

    joint_ramp_s: float = 0.005  # a 440-Hz tone's joint has -73 to -65 dB above 3 kHz; -34 to -42 dB without a ramp

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> DecodedSound:
        shape = replay_shape(media)
        if shape is None:
            return DecodedSound(None)
        file = scratch / "sound.flac"
        blocks = _Listened(samples(recording, media, timeline, shape, progress))
        joints = [piece.replay_start for piece in timeline.pieces[1:]]
        heard = eased(blocks, shape, joints, self.joint_ramp_s)
        ffmpeg.feed(_measuring(shape, file), heard, ffmpeg.Job(None, timeline.duration), scratch)
        lufs = _measured(scratch / LOUDNESS_FILE)
        instants = sum(shape.instants(piece.replay) for piece in timeline.pieces)
        return DecodedSound(file, shape.sample_rate, shape.channels, instants, lufs, blocks.warnings)


@dataclass
class _Listened:
    """Blocks of samples, and the warnings that come after the last."""

    blocks: Generator[bytes, None, tuple[str, ...]]
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[bytes]:
        self.warnings = yield from self.blocks


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
