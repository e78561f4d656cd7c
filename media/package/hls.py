"""HLS folders: fragmented MP4 segments, playlists of each rendition, and the master playlist that names them all.

    master.m3u8       h264-720p/index.m3u8  iframes.m3u8  init.mp4  00000.m4s ...
    h264.m3u8         av1-720p/ ...  h264-360p/ ...
                      audio/index.m3u8  init.mp4  00000.m4s ...

h264.m3u8 names the H.264 renditions alone, for players that do not keep to one codec. Sound is a rendition of its own
that all video renditions share, cut where they are. A segment holds a fragment for each of its key frames;
iframes.m3u8 names the bytes of the key frames alone, for players that show pictures while they seek. Where the date
jumps, because the replay leaves something out, a segment begins: so every instant has its right date.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import ceil, floor
from pathlib import Path

from domain.clock import Seconds
from domain.errors import ToolError
from domain.recording import MadeRendition, ReplayAudio, VideoPart
from domain.replay import Encoding, Rendition
from media.demuxer import made_length
from media.disk_errors import writing
from media.formats.fmp4 import Fragment
from media.package.audio_segments import sound_segments
from media.package.codec_strings import AAC_CODEC, channels, codec_name, video_range
from media.package.concat_video import TICKS, EncodedPart, write_fragments

PLAYLIST, KEY_FRAMES, INIT, AUDIO = "index.m3u8", "iframes.m3u8", "init.mp4", "audio"
LONGEST_MISS_S = 0.5  # the writer counts the decoding delay, 2 frames or so, into a lone segment
LEAST_TARGETS, MOST_TARGETS = 0.5, 1.5  # RFC 8216, 4.1: over so much the peak rate is measured
LONGEST_SOUND = 1.5  # of `segment_s`: where the picture stands still, its sound is cut all the same
DATE_SLACK_S = 0.001  # as exact as dates are told
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
class _Picture:
    """One packaged video rendition."""

    rendition: Rendition
    segments: tuple[Segment, ...]
    key_frames: tuple[KeyFrame, ...]
    frame_rate: float


@dataclass(frozen=True, slots=True)
class _Sound:
    """The packaged sound, if there is any."""

    segments: tuple[Segment, ...] = ()
    channels: int = 0


def package(
    parts: Sequence[VideoPart], encoding: Encoding, audio: ReplayAudio, folder: Path, packaging: Packaging
) -> tuple[MadeRendition, ...]:
    """Make the HLS folder of these parts, in order, and their sound, as encoded. ToolError if it isn't whole."""
    pictures = []
    for number, rendition in enumerate(encoding.renditions):
        of_it = [EncodedPart(part.files[number], part.span.start, part.span.end) for part in parts]
        pictures.append(_package_picture(of_it, rendition, folder / rendition.name, packaging))
    sound = _Sound()
    if audio.file is not None:
        sound = _package_sound(audio.file, folder / AUDIO, pictures[0].segments, packaging.segment_s)
    with writing(folder):
        _write_playlists(folder, pictures, sound, packaging)
    return tuple(_made_of(one, parts, number) for number, one in enumerate(pictures))


def _made_of(one: _Picture, parts: Sequence[VideoPart], number: int) -> MadeRendition:
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
) -> _Picture:
    folder.mkdir(parents=True)
    ticks: list[int] = []
    frames: list[int] = []
    key_frames: list[KeyFrame] = []
    begun = 0
    for fragment in write_fragments(parts, folder / INIT):
        is_full = bool(ticks) and ticks[-1] + fragment.ticks / 2 >= packaging.segment_s * TICKS
        if not ticks or is_full or _jumps(packaging, (begun - ticks[-1]) / TICKS, begun / TICKS):
            ticks.append(0)
            frames.append(0)
        key_frames.append(_append(folder / _file_name(len(ticks) - 1), fragment))
        ticks[-1] += fragment.ticks
        frames[-1] += fragment.samples
        begun += fragment.ticks
    made = tuple(_made(folder, [t / TICKS for t in ticks]))
    _check(folder, made, parts[-1].end)
    rate = max(count * TICKS / time for count, time in zip(frames, ticks, strict=True))
    return _Picture(rendition, made, tuple(key_frames), rate)


def _jumps(packaging: Packaging, begun: Seconds, now: Seconds) -> bool:
    """Whether between the two instants of the replay more or less wall-clock time passes than in the replay."""
    before, after = packaging.date(begun), packaging.date(now)
    if before is None or after is None:
        return False
    return abs((after - before).total_seconds() - (now - begun)) > DATE_SLACK_S


def _file_name(number: int) -> str:
    return f"{number:05d}.m4s"


def _made(folder: Path, durations: Sequence[float]) -> list[Segment]:
    sizes = [(folder / _file_name(number)).stat().st_size for number in range(len(durations))]
    return [Segment(duration, size) for duration, size in zip(durations, sizes, strict=True)]


def _append(file: Path, fragment: Fragment) -> KeyFrame:
    with writing(file), file.open("ab") as segment:
        start = segment.tell()
        segment.write(fragment.content)
    size = fragment.key_end - fragment.key_start
    return KeyFrame(file.name, start + fragment.key_start, size, fragment.ticks / TICKS)


def _package_sound(file: Path, folder: Path, shown: Sequence[Segment], segment_s: float) -> _Sound:
    """`shown`: the segments of the picture, which those of the sound begin with."""
    folder.mkdir(parents=True)
    length = made_length(file)
    durations = []
    for number, segment in enumerate(sound_segments(file, folder / INIT, _sound_borders(shown, length, segment_s))):
        with writing(folder):
            (folder / _file_name(number)).write_bytes(segment.content)
        durations.append(segment.duration)
    made = _made(folder, durations)
    _check(folder, made, length)
    return _Sound(tuple(made), channels(folder / INIT))


def _sound_borders(shown: Sequence[Segment], length: float, segment_s: float) -> list[Seconds]:
    borders: list[Seconds] = [0.0]
    for wanted in (*accumulate(segment.duration for segment in shown), length):
        while wanted - borders[-1] > LONGEST_SOUND * segment_s:
            borders.append(borders[-1] + segment_s)
        borders.append(wanted)
    return borders[:-1]


def _check(folder: Path, made: Sequence[Segment], length: float) -> None:
    """ToolError unless the segments last `length` seconds in all."""
    total = sum(segment.duration for segment in made)
    if abs(total - length) > LONGEST_MISS_S:
        raise ToolError(folder, f"holds {total:.3f} s instead of {length:.3f} s", "run the command again")


def _write_playlists(folder: Path, pictures: Sequence[_Picture], sound: _Sound, packaging: Packaging) -> None:
    """RFC 8216, 6.2.4: all have the same target duration, but those of key frames may have another."""
    whole = [picture.segments for picture in pictures] + ([sound.segments] if sound.segments else [])
    target = max(_target(made) for made in whole)
    for picture in pictures:
        here = folder / picture.rendition.name
        (here / PLAYLIST).write_text(_playlist(picture.segments, target, packaging), encoding="utf-8")
        (here / KEY_FRAMES).write_text(_key_frame_playlist(picture.key_frames, packaging), encoding="utf-8")
    if sound.segments:
        (folder / AUDIO / PLAYLIST).write_text(_playlist(sound.segments, target, packaging), encoding="utf-8")
    h264 = [picture for picture in pictures if picture.rendition.codec == "h264"]
    for name, offered in (("master.m3u8", pictures), ("h264.m3u8", h264)):
        if offered:
            (folder / name).write_text(_master(folder, offered, sound, target), encoding="utf-8")


def _playlist(made: Sequence[Segment], target: int, packaging: Packaging) -> str:
    lines = [*HEAD, *_frame(target), f'#EXT-X-MAP:URI="{INIT}"']
    begun = 0.0
    for number, segment in enumerate(made):
        lines += [*_date(begun, packaging), f"#EXTINF:{segment.duration:.6f},", _file_name(number)]
        begun += segment.duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _key_frame_playlist(key_frames: Sequence[KeyFrame], packaging: Packaging) -> str:
    lines = [*HEAD, *_frame(_target(key_frames)), "#EXT-X-I-FRAMES-ONLY", f'#EXT-X-MAP:URI="{INIT}"']
    begun = 0.0
    for number, frame in enumerate(key_frames):
        if number == 0 or _jumps(packaging, begun - key_frames[number - 1].duration, begun):
            lines += _date(begun, packaging)
        lines += [
            f"#EXTINF:{frame.duration:.6f},",
            f"#EXT-X-BYTERANGE:{frame.size_bytes}@{frame.start_byte}",
            frame.file,
        ]
        begun += frame.duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _target(made: Iterable[Segment | KeyFrame]) -> int:
    """Whole seconds that no duration exceeds after rounding (RFC 8216, 4.3.3.1)."""
    return max(1, *(floor(round(one.duration, 6) + 0.5) for one in made))


def _frame(target: int) -> tuple[str, ...]:
    return f"#EXT-X-TARGETDURATION:{target}", "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"


def _date(time: Seconds, packaging: Packaging) -> list[str]:
    """On every segment: the replay leaves stretches out, so one date doesn't tell the others."""
    date = packaging.date(time)
    return [f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds')}"] if date else []


def _master(folder: Path, pictures: Sequence[_Picture], sound: _Sound, target: int) -> str:
    lines = [*HEAD, *_sound_media(sound)]
    for one in pictures:
        codec = codec_name(folder / one.rendition.name / INIT)
        stream = [
            f"BANDWIDTH={_peak(one.segments, target) + _peak(sound.segments, target)}",
            f"AVERAGE-BANDWIDTH={_average(one.segments) + _average(sound.segments)}",
            f'CODECS="{",".join([codec, *([AAC_CODEC] if sound.segments else [])])}"',
            f"RESOLUTION={one.rendition.width}x{one.rendition.height}",
            f"FRAME-RATE={one.frame_rate:.3f}",
            f"VIDEO-RANGE={video_range(folder / one.rendition.name / INIT)}",
            *(['AUDIO="audio"'] if sound.segments else []),
            "CLOSED-CAPTIONS=NONE",
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(stream)}", f"{one.rendition.name}/{PLAYLIST}"]
    lines += [_key_frame_stream(one, folder / one.rendition.name / INIT) for one in pictures]
    return "\n".join(lines) + "\n"


def _sound_media(sound: _Sound) -> list[str]:
    if not sound.segments:
        return []
    media = 'TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES'
    return [f'#EXT-X-MEDIA:{media},CHANNELS="{sound.channels}",URI="{AUDIO}/{PLAYLIST}"']


def _key_frame_stream(one: _Picture, init: Path) -> str:
    frames = [Segment(frame.duration, frame.size_bytes) for frame in one.key_frames]
    stream = [
        f"BANDWIDTH={_peak(frames, _target(frames))}",
        f"AVERAGE-BANDWIDTH={_average(frames)}",
        f'CODECS="{codec_name(init)}"',
        f"RESOLUTION={one.rendition.width}x{one.rendition.height}",
        f"VIDEO-RANGE={video_range(init)}",
        f'URI="{one.rendition.name}/{KEY_FRAMES}"',
    ]
    return f"#EXT-X-I-FRAME-STREAM-INF:{','.join(stream)}"


def _peak(made: Sequence[Segment], target: int) -> int:
    """Bits a second of the fattest run of segments that lasts half to one and a half targets (RFC 8216, 4.1).

    At least the average, which counts what no such run holds: a last segment that is short and fat.
    """
    rates = [_average(made)]
    for first in range(len(made)):
        seconds = size_bytes = 0.0
        for segment in made[first:]:
            seconds, size_bytes = seconds + segment.duration, size_bytes + segment.size_bytes
            if seconds > MOST_TARGETS * target:
                break
            if seconds >= LEAST_TARGETS * target:
                rates.append(ceil(size_bytes * 8 / seconds))
    return max(rates)


def _average(made: Sequence[Segment]) -> int:
    return ceil(sum(one.size_bytes for one in made) * 8 / sum(one.duration for one in made)) if made else 0
