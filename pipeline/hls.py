"""HLS folders: fragmented MP4 segments, playlists of each rendition, and the master playlist that names them all.

    master.m3u8       h264-720p/index.m3u8  iframes.m3u8  init.mp4  00000.m4s ...
                      av1-720p/ ...  h264-360p/ ...
                      audio/index.m3u8  init.mp4  00000.m4s ...

Sound is a rendition of its own that all video renditions share. A segment holds a fragment for each of its key frames;
iframes.m3u8 names the bytes of the key frames alone, for players that show pictures while they seek.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path

from domain.clock import Seconds
from domain.encoding import Encoding, Rendition
from domain.errors import ToolError
from domain.media import MadeRendition, ReplayAudio, VideoPart
from pipeline import ffmpeg
from pipeline.codec_names import AAC_CODEC, codec_name
from pipeline.containers import made_length
from pipeline.disk import writing
from pipeline.ffmpeg import REPRODUCIBLE
from pipeline.fragments import Fragment
from pipeline.splice import TICKS, EncodedPart, write_fragments

PLAYLIST, KEY_FRAMES, INIT, AUDIO = "index.m3u8", "iframes.m3u8", "init.mp4", "audio"
LONGEST_MISS_S = 0.5  # the writer counts the decoding delay, 2 frames or so, into a lone segment
FULL_SEGMENT = 0.5  # RFC 8216 counts segments of at least half the target for the peak rate
HEAD = ("#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS")


@dataclass(frozen=True, slots=True)
class Packaging:
    """How the replay is cut: segments of about `segment_s`, and the date of an instant of the replay, where known."""

    segment_s: float
    date: Callable[[Seconds], datetime | None]


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a playlist: seconds and bytes."""

    duration: float
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """Where in which segment file a key frame lies, in bytes, and for how many seconds it stands for the picture."""

    file: str
    start_byte: int
    size_bytes: int
    duration: float


@dataclass(frozen=True, slots=True)
class _Written:
    """One packaged video rendition."""

    rendition: Rendition
    segments: tuple[Segment, ...]
    key_frames: tuple[KeyFrame, ...]
    frame_rate: float


def package(
    parts: Sequence[VideoPart], encoding: Encoding, audio: ReplayAudio, folder: Path, packaging: Packaging
) -> tuple[MadeRendition, ...]:
    """Make the HLS folder of these parts, in order, and their sound, as encoded. ToolError if it isn't whole."""
    written = []
    for number, rendition in enumerate(encoding.renditions):
        of_it = [EncodedPart(part.files[number], part.span.start) for part in parts]
        written.append(_package_picture(of_it, rendition, folder / rendition.name, packaging))
    sound: list[Segment] = []
    if audio.file is not None:
        sound = _package_sound(audio.file, folder / AUDIO, packaging)
    with writing(folder):
        (folder / "master.m3u8").write_text(_master(folder, written, sound, packaging.segment_s), encoding="utf-8")
    return tuple(_made(one, parts, number) for number, one in enumerate(written))


def _made(one: _Written, parts: Sequence[VideoPart], number: int) -> MadeRendition:
    size_bytes = sum(segment.size_bytes for segment in one.segments)
    picture_bytes = sum(part.picture_bytes[number] for part in parts)
    raised = sum(part.crfs[number] > one.rendition.crf for part in parts)
    return MadeRendition(one.rendition, size_bytes, one.frame_rate, picture_bytes, raised)


def segments(folder: Path) -> list[Segment]:
    """The segments of a rendition, in order, with the sizes of their files."""
    lines = (folder / PLAYLIST).read_text(encoding="utf-8").splitlines()
    durations = [float(line.removeprefix("#EXTINF:").split(",")[0]) for line in lines if line.startswith("#EXTINF:")]
    names = [line for line in lines if line and not line.startswith("#")]
    return [Segment(s, (folder / name).stat().st_size) for s, name in zip(durations, names, strict=True)]


def _package_picture(
    parts: Sequence[EncodedPart], rendition: Rendition, folder: Path, packaging: Packaging
) -> _Written:
    folder.mkdir(parents=True)
    ticks: list[int] = []
    frames: list[int] = []
    key_frames: list[KeyFrame] = []
    for fragment in write_fragments(parts, folder / INIT):
        if not ticks or ticks[-1] + fragment.ticks / 2 > packaging.segment_s * TICKS:
            ticks.append(0)
            frames.append(0)
        file = folder / f"{len(ticks) - 1:05d}.m4s"
        key_frames.append(_append(file, fragment))
        ticks[-1] += fragment.ticks
        frames[-1] += fragment.samples
    with writing(folder):
        (folder / PLAYLIST).write_text(_playlist([t / TICKS for t in ticks], packaging), encoding="utf-8")
        (folder / KEY_FRAMES).write_text(_key_frame_playlist(key_frames, packaging), encoding="utf-8")
    made = segments(folder)
    _check(folder, made, parts[-1].start + made_length(parts[-1].file))
    rate = max(count * TICKS / time for count, time in zip(frames, ticks, strict=True))
    return _Written(rendition, tuple(made), tuple(key_frames), rate)


def _append(file: Path, fragment: Fragment) -> KeyFrame:
    with writing(file), file.open("ab") as segment:
        start = segment.tell()
        segment.write(fragment.content)
    size = fragment.key_end - fragment.key_start
    return KeyFrame(file.name, start + fragment.key_start, size, fragment.ticks / TICKS)


def _package_sound(file: Path, folder: Path, packaging: Packaging) -> list[Segment]:
    import ffmpeg as graph

    folder.mkdir(parents=True)
    length = made_length(file)
    sound = graph.input(f"file:{file.absolute()}", format="mov", protocol_whitelist="file")["a:0"]
    options = REPRODUCIBLE | {
        "hls_segment_type": "fmp4",
        "hls_playlist_type": "vod",
        "hls_time": str(packaging.segment_s),
        "hls_fmp4_init_filename": INIT,
        "hls_segment_filename": "%05d.m4s",
        "avoid_negative_ts": "disabled",
    }
    ffmpeg.run(graph.output(sound, PLAYLIST, format="hls", codec="copy", **options), ffmpeg.Job(None, length), folder)
    made = segments(folder)
    _check(folder, made, length)
    with writing(folder):
        (folder / PLAYLIST).write_text(_playlist([segment.duration for segment in made], packaging), encoding="utf-8")
    return made


def _check(folder: Path, made: Sequence[Segment], length: float) -> None:
    """`length`: seconds to the end of the last part, which may end before its span does, when its sound went on."""
    total = sum(segment.duration for segment in made)
    if abs(total - length) > LONGEST_MISS_S:
        raise ToolError(folder, f"holds {total:.3f} s instead of {length:.3f} s", "run the command again")


def _playlist(durations: Sequence[float], packaging: Packaging) -> str:
    lines = [*HEAD, *_frame(max(durations)), f'#EXT-X-MAP:URI="{INIT}"']
    begun = 0.0
    for number, duration in enumerate(durations):
        lines += [*_date(begun, packaging), f"#EXTINF:{duration:.6f},", f"{number:05d}.m4s"]
        begun += duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _key_frame_playlist(key_frames: Sequence[KeyFrame], packaging: Packaging) -> str:
    lines = [*HEAD, *_frame(max(frame.duration for frame in key_frames)), "#EXT-X-I-FRAMES-ONLY"]
    lines += [f'#EXT-X-MAP:URI="{INIT}"', *_date(0.0, packaging)]
    for frame in key_frames:
        lines += [
            f"#EXTINF:{frame.duration:.6f},",
            f"#EXT-X-BYTERANGE:{frame.size_bytes}@{frame.start_byte}",
            frame.file,
        ]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _frame(longest_s: float) -> tuple[str, ...]:
    return (
        f"#EXT-X-TARGETDURATION:{max(1, ceil(longest_s - 0.5))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    )


def _date(time: Seconds, packaging: Packaging) -> list[str]:
    """On every segment: the replay leaves stretches out, so one date doesn't tell the others."""
    date = packaging.date(time)
    return [f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds')}"] if date else []


def _master(folder: Path, written: Sequence[_Written], sound: Sequence[Segment], segment_s: float) -> str:
    media = f'TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,URI="{AUDIO}/{PLAYLIST}"'
    lines = [*HEAD, *([f"#EXT-X-MEDIA:{media}"] if sound else [])]
    for one in written:
        codec = codec_name(folder / one.rendition.name / INIT)
        peak, average = (
            sum(rate(made, segment_s) for made in (one.segments, sound) if made) for rate in (_peak, _average)
        )
        stream = [
            f"BANDWIDTH={peak}",
            f"AVERAGE-BANDWIDTH={average}",
            f'CODECS="{",".join([codec, *([AAC_CODEC] if sound else [])])}"',
            f"RESOLUTION={one.rendition.width}x{one.rendition.height}",
            f"FRAME-RATE={one.frame_rate:.3f}",
            *(['AUDIO="audio"'] if sound else []),
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(stream)}", f"{one.rendition.name}/{PLAYLIST}"]
    lines += [_key_frame_stream(one, codec_name(folder / one.rendition.name / INIT)) for one in written]
    return "\n".join(lines) + "\n"


def _key_frame_stream(one: _Written, codec: str) -> str:
    frames = [Segment(frame.duration, frame.size_bytes) for frame in one.key_frames]
    stream = [
        f"BANDWIDTH={_peak(frames, 0.0)}",
        f"AVERAGE-BANDWIDTH={_average(frames, 0.0)}",
        f'CODECS="{codec}"',
        f"RESOLUTION={one.rendition.width}x{one.rendition.height}",
        f'URI="{one.rendition.name}/{KEY_FRAMES}"',
    ]
    return f"#EXT-X-I-FRAME-STREAM-INF:{','.join(stream)}"


def _peak(made: Iterable[Segment], segment_s: float) -> int:
    """Bits a second of the fattest segment that is not too short to count."""
    every = list(made)
    full = [segment for segment in every if segment.duration >= FULL_SEGMENT * segment_s] or every
    return max(ceil(segment.size_bytes * 8 / segment.duration) for segment in full)


def _average(made: Sequence[Segment], _segment_s: float) -> int:
    return ceil(sum(segment.size_bytes for segment in made) * 8 / sum(segment.duration for segment in made))
