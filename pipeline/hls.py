"""HLS folders: fragmented MP4 segments, one playlist a rendition, and the master playlist that names them all.

    master.m3u8            video-h264/index.m3u8  init.mp4  00000.m4s ...
                           audio/index.m3u8       init.mp4  00000.m4s ...

Sound is a rendition of its own, so that more video renditions can share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ToolError
from domain.media import ReplayAudio, VideoPart
from pipeline import ffmpeg
from pipeline.containers import made, made_length
from pipeline.disk import writing
from pipeline.ffmpeg import REPRODUCIBLE
from pipeline.splice import write_hls

PLAYLIST = "index.m3u8"
VIDEO, AUDIO = "video-h264", "audio"
AAC_CODEC = "mp4a.40.2"  # RFC 6381: AAC with low complexity
LONGEST_MISS_S = 0.5  # the writer counts the decoding delay, 2 frames or so, into a lone segment
FULL_SEGMENT = 0.5  # RFC 8216 counts segments of at least half the target for the peak rate


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a playlist: seconds and bytes."""

    duration: float
    size_bytes: int


def package(parts: Sequence[VideoPart], audio: ReplayAudio, folder: Path, segment_s: float) -> None:
    """Make the HLS folder of these parts, in order, and their sound, as encoded. ToolError if it isn't whole."""
    (folder / VIDEO).mkdir(parents=True)
    _package_picture(parts, folder / VIDEO, segment_s)
    if audio.file is not None:
        (folder / AUDIO).mkdir()
        _package_sound(audio.file, folder / AUDIO, segment_s)
    with writing(folder):
        (folder / "master.m3u8").write_text(_master(folder, parts[0], segment_s), encoding="utf-8")


def segments(folder: Path) -> list[Segment]:
    """The segments of a rendition, in order, with the sizes of their files."""
    lines = (folder / PLAYLIST).read_text(encoding="utf-8").splitlines()
    durations = [float(line.removeprefix("#EXTINF:").split(",")[0]) for line in lines if line.startswith("#EXTINF:")]
    names = [line for line in lines if line and not line.startswith("#")]
    return [Segment(s, (folder / name).stat().st_size) for s, name in zip(durations, names, strict=True)]


def _length(parts: Sequence[VideoPart]) -> float:
    """Seconds of picture: the last part may end before its span does, when its sound went on."""
    return parts[-1].span.start + made_length(parts[-1].file)


def _options(segment_s: float) -> dict[str, str]:
    return {
        "hls_segment_type": "fmp4",
        "hls_playlist_type": "vod",
        "hls_time": str(segment_s),
        "hls_flags": "independent_segments",
        "hls_fmp4_init_filename": "init.mp4",
        "hls_segment_filename": "%05d.m4s",
        "avoid_negative_ts": "disabled",  # else a delayed decoder shifts picture against sound
        "fflags": "+bitexact",
    }


def _package_picture(parts: Sequence[VideoPart], folder: Path, segment_s: float) -> None:
    write_hls(parts, folder / PLAYLIST, _options(segment_s))
    _check(folder, _length(parts))


def _package_sound(file: Path, folder: Path, segment_s: float) -> None:
    import ffmpeg as graph

    length = made_length(file)
    sound = graph.input(f"file:{file.absolute()}", format="mov", protocol_whitelist="file")["a:0"]
    options = REPRODUCIBLE | _options(segment_s)
    ffmpeg.run(graph.output(sound, PLAYLIST, format="hls", codec="copy", **options), ffmpeg.Job(None, length), folder)
    _check(folder, length)


def _check(folder: Path, length: float) -> None:
    made = sum(segment.duration for segment in segments(folder))
    if abs(made - length) > LONGEST_MISS_S:
        raise ToolError(folder, f"holds {made:.3f} s instead of {length:.3f} s", "run the command again")


def _master(folder: Path, part: VideoPart, segment_s: float) -> str:
    video = segments(folder / VIDEO)
    sound = segments(folder / AUDIO) if (folder / AUDIO).exists() else []
    codecs = [_avc_codec(folder / VIDEO / "init.mp4"), *([AAC_CODEC] if sound else [])]
    peak, average = (sum(rate(made, segment_s) for made in (video, sound) if made) for rate in (_peak, _average))
    stream = [
        f"BANDWIDTH={peak}",
        f"AVERAGE-BANDWIDTH={average}",
        f'CODECS="{",".join(codecs)}"',
        f"RESOLUTION={part.width}x{part.height}",
        *(['AUDIO="audio"'] if sound else []),
    ]
    media = f'TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,URI="{AUDIO}/{PLAYLIST}"'
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [f"#EXT-X-MEDIA:{media}"] if sound else []
    lines += [f"#EXT-X-STREAM-INF:{','.join(stream)}", f"{VIDEO}/{PLAYLIST}"]
    return "\n".join(lines) + "\n"


def _peak(made: Sequence[Segment], segment_s: float) -> int:
    """Bits a second of the fattest segment that is not too short to count."""
    full = [segment for segment in made if segment.duration >= FULL_SEGMENT * segment_s] or made
    return max(round(segment.size_bytes * 8 / segment.duration) for segment in full)


def _average(made: Sequence[Segment], _segment_s: float) -> int:
    return round(sum(segment.size_bytes for segment in made) * 8 / sum(segment.duration for segment in made))


def _avc_codec(init: Path) -> str:
    """RFC 6381's name of the H.264 profile and level that an initialization segment declares."""
    with made(init) as header:
        declared = header.streams.video[0].codec_context.extradata
    if declared is None:
        raise ToolError(init, "declares no codec", "run the command again")
    return f"avc1.{declared[1:4].hex()}"
