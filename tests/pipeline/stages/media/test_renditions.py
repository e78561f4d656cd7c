"""All renditions of a replay show the same frames at the same times, and playlists declare what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from domain.clock import Span
from domain.progress import no_progress
from domain.replay import EncodedVideoPart, RenditionLadder, Replay
from domain.session import StartTime
from fixtures.hls_folder import read_segments
from fixtures.media import PROBED, Clip, brightness, media_of, recording, rendered, sound_of, with_hole
from media.formats.mp4 import split_boxes
from media.package.playlists import HlsSegment
from pipeline.engine.stage import Part
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.encode_video import EncodeVideo

pytestmark = pytest.mark.media

NINE = Clip(".flv", sound_delay_s=0.4, length_s=9)
EIGHT, HOLE = Clip(".flv", length_s=8), Span(2, 5)
LUMA_SLACK = 4.0  # crf 35 of AV1 on a flat picture
TIME_SLACK = 0.0015
PACKET_S = 0.026  # one of AAC at 44.1 kHz, and rounding
NOON = datetime(2026, 11, 11, 12, tzinfo=timezone(timedelta(hours=8)))
SMALL = ChooseRenditions(large_side_px=96, small_side_px=48)
NAMES = ("h264-96p", "av1-96p", "h264-48p")


def made(
    files: list[Path], folder: Path, stage: EncodeVideo | None = None, began: datetime | None = None
) -> tuple[Replay, tuple[EncodedVideoPart, ...], RenditionLadder]:
    stage = stage or EncodeVideo(part_s=2.0, segment_s=4.0)
    show = recording(*files)
    media = media_of(show)
    timeline = BuildTimeline()(media, PROBED)
    encoding = SMALL.default_encoding(media)
    parts = []
    for index, span in enumerate(stage.parts(media, timeline)):
        scratch = folder / f"part {index}"
        scratch.mkdir(parents=True)
        parts.append(stage(show, media, timeline, encoding, Part(index, span), scratch, no_progress))
    audio = sound_of(show, timeline, media=media)
    return stage.join(tuple(parts), encoding, audio, timeline, StartTime(began), folder), tuple(parts), encoding


def frames_of(file: Path) -> list[tuple[float, float]]:
    """Presentation time and mean luma of every frame."""
    with av.open(str(file)) as video:
        return [(frame.time, float(np.mean(frame.to_ndarray(format="gray")))) for frame in video.decode(video=0)]


def attributes(line: str) -> dict[str, str]:
    attributes, rest = {}, line.partition(":")[2]
    while rest:
        name, _, rest = rest.partition("=")
        if rest.startswith('"'):
            value, _, rest = rest[1:].partition('"')
            rest = rest.removeprefix(",")
        else:
            value, _, rest = rest.partition(",")
        attributes[name] = value
    return attributes


def tag_values(playlist: Path, tag: str) -> list[str]:
    """What the lines with this tag say."""
    lines = playlist.read_text(encoding="utf-8").splitlines()
    return [line.partition(":")[2] for line in lines if line.startswith(f"{tag}:")]


def streams(replay: Replay, kind: str = "#EXT-X-STREAM-INF") -> list[dict[str, str]]:
    lines = (replay.folder / "master.m3u8").read_text(encoding="utf-8").splitlines()
    return [attributes(line) for line in lines if line.startswith(f"{kind}:")]


@dataclass(frozen=True)
class Made:
    """A replay that several tests look at, and nobody changes."""

    replay: Replay
    parts: tuple[EncodedVideoPart, ...]

    @property
    def folder(self) -> Path:
        return self.replay.folder


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Nine seconds in several parts, the sound from 0.4 s on."""
    replay, parts, _ = made([rendered(NINE)], tmp_path_factory.mktemp("nine") / "场次 '一' 100%")
    assert len(parts) > 2
    return Made(replay, parts)


@pytest.fixture(scope="module")
def gapped(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Five seconds of eight: from 2 to 5 nothing was recorded. It began at noon."""
    replay, parts, _ = made([with_hole(EIGHT, HOLE)], tmp_path_factory.mktemp("gapped"), EncodeVideo(), NOON)
    return Made(replay, parts)


CLIPS = {
    "flv": NINE,
    "uneven frames": Clip(".mkv", rate=20, is_uneven=True),
    "odd size": Clip(".mkv", width=161, height=97, pixels="yuv444p"),
    "late start": Clip(".ts", first_instant_s=7.7),
}


@pytest.mark.parametrize("clip", CLIPS.values(), ids=CLIPS.keys())
def test_every_rendition_plays_every_frame_once_at_its_time(clip: Clip, nine: Made, tmp_path: Path) -> None:
    replay = nine.replay if clip == NINE else made([rendered(clip)], tmp_path)[0]
    source = frames_of(rendered(clip))
    origin = media_of(recording(rendered(clip))).files[0].start_pts
    for name in NAMES:
        played = frames_of(replay.folder / name / "index.m3u8")
        times = [0.0, *(time - origin for time, _ in source[1:])]
        assert [time for time, _ in played] == pytest.approx(times, abs=TIME_SLACK)
        assert [luma for _, luma in played] == pytest.approx([luma for _, luma in source], abs=LUMA_SLACK)


def test_a_gap_inside_a_file_is_left_out_of_every_rendition(gapped: Made) -> None:
    expected = [(brightness(number) - 16) * 255 / 219 for number in [*range(20), *range(50, 80)]]
    for name in NAMES:
        played = frames_of(gapped.folder / name / "index.m3u8")
        assert [luma for _, luma in played] == pytest.approx(expected, abs=LUMA_SLACK)
        assert max(b - a for (a, _), (b, _) in pairwise(played)) < 0.25


def test_key_frames_of_all_renditions_are_at_the_same_times(nine: Made) -> None:
    keys = []
    for name in NAMES:
        with av.open(str(nine.folder / name / "index.m3u8")) as video:
            packets = list(video.demux(video=0))
        keys.append([float(p.pts * p.time_base) for p in packets if p.is_keyframe and p.pts is not None])
    assert keys[0] == keys[1] == keys[2]
    assert max(b - a for a, b in pairwise(keys[0])) <= 2.1


def test_segments_of_all_renditions_begin_together(nine: Made) -> None:
    lengths = [[segment.duration for segment in read_segments(nine.folder / name)] for name in (*NAMES, "audio")]
    assert lengths[0] == lengths[1] == lengths[2] == pytest.approx([4, 4, 1], abs=0.03)
    assert lengths[3] == pytest.approx(lengths[0], abs=PACKET_S)


def test_sound_begins_with_its_picture(nine: Made) -> None:
    with av.open(str(nine.folder / "audio" / "index.m3u8")) as sound:
        blocks = [(frame.time or 0.0, np.abs(frame.to_ndarray()[0])) for frame in sound.decode(audio=0)]
    levels = np.concatenate([level for _, level in blocks])
    assert blocks[0][0] == 0
    assert np.flatnonzero(levels > 0.05)[0] / 44_100 == pytest.approx(0.4, abs=0.02)


def test_the_master_playlist_names_codecs_and_sizes(nine: Made) -> None:
    named = [(stream["CODECS"], stream["RESOLUTION"], stream["FRAME-RATE"]) for stream in streams(nine.replay)]
    assert named == [
        ("avc1.64001f,mp4a.40.2", "160x96", "10.000"),
        ("av01.0.08M.08,mp4a.40.2", "160x96", "10.000"),
        ("avc1.64001f,mp4a.40.2", "80x48", "10.000"),
    ]


def test_the_master_playlist_tells_channels_range_and_that_there_are_no_captions(nine: Made) -> None:
    (sound,) = streams(nine.replay, "#EXT-X-MEDIA")
    assert sound["CHANNELS"] == "1"
    assert {(one["VIDEO-RANGE"], one["CLOSED-CAPTIONS"]) for one in streams(nine.replay)} == {("SDR", "NONE")}
    assert {one["VIDEO-RANGE"] for one in streams(nine.replay, "#EXT-X-I-FRAME-STREAM-INF")} == {"SDR"}


def test_all_playlists_have_one_target_duration_that_no_segment_exceeds(nine: Made, gapped: Made) -> None:
    for replay in (nine, gapped):
        targets = set()
        for name in (*NAMES, "audio"):
            (target,) = tag_values(replay.folder / name / "index.m3u8", "#EXT-X-TARGETDURATION")
            targets.add(int(target))
            assert max(round(segment.duration) for segment in read_segments(replay.folder / name)) <= int(target)
        assert len(targets) == 1


def peak(pieces: Sequence[HlsSegment], target: int) -> float:
    """RFC 8216, 4.1: of all runs that last 0.5 to 1.5 targets, the highest rate."""
    runs = [pieces[a:b] for a in range(len(pieces)) for b in range(a + 1, len(pieces) + 1)]
    lasting = [(sum(s.duration for s in run), sum(s.size_bytes * 8 for s in run)) for run in runs]
    return max(bits / time for time, bits in lasting if 0.5 * target <= time <= 1.5 * target)


def average(pieces: Sequence[HlsSegment]) -> float:
    return sum(s.size_bytes * 8 for s in pieces) / sum(s.duration for s in pieces)


def test_declared_bandwidths_are_those_of_the_files(nine: Made, gapped: Made) -> None:
    for replay, target in ((nine, 4), (gapped, 3)):
        sound = read_segments(replay.folder / "audio")
        for name, stream in zip(NAMES, streams(replay.replay), strict=True):
            picture = read_segments(replay.folder / name)
            assert int(stream["BANDWIDTH"]) == pytest.approx(peak(picture, target) + peak(sound, target), abs=2)
            assert int(stream["AVERAGE-BANDWIDTH"]) == pytest.approx(average(picture) + average(sound), abs=2)


def test_declared_bandwidths_of_key_frames_are_those_of_their_bytes(nine: Made) -> None:
    for name, stream in zip(NAMES, streams(nine.replay, "#EXT-X-I-FRAME-STREAM-INF"), strict=True):
        list_of_them = nine.folder / name / "iframes.m3u8"
        sizes = [int(size.split("@")[0]) for size in tag_values(list_of_them, "#EXT-X-BYTERANGE")]
        frames = [
            HlsSegment(float(s.rstrip(",")), b) for s, b in zip(tag_values(list_of_them, "#EXTINF"), sizes, strict=True)
        ]
        (target,) = tag_values(list_of_them, "#EXT-X-TARGETDURATION")
        assert int(stream["BANDWIDTH"]) == pytest.approx(peak(frames, int(target)), abs=2)
        assert int(stream["AVERAGE-BANDWIDTH"]) == pytest.approx(average(frames), abs=2)


def test_every_key_frame_can_be_shown_from_the_bytes_that_the_playlist_names(nine: Made, tmp_path: Path) -> None:
    named = streams(nine.replay, "#EXT-X-I-FRAME-STREAM-INF")
    assert [stream["URI"] for stream in named] == [f"{name}/iframes.m3u8" for name in NAMES]
    for name in NAMES:
        folder = nine.folder / name
        whole, begun = frames_of(folder / "index.m3u8"), 0.0
        text = (folder / "iframes.m3u8").read_text(encoding="utf-8")
        assert "#EXT-X-I-FRAMES-ONLY" in text
        files = [line for line in text.splitlines() if line.endswith(".m4s")]
        ranges, lengths = (tag_values(folder / "iframes.m3u8", tag) for tag in ("#EXT-X-BYTERANGE", "#EXTINF"))
        for byte_range, file, length in zip(ranges, files, lengths, strict=True):
            size, start = map(int, byte_range.split("@"))
            cut = (folder / file).read_bytes()[start : start + size]
            alone = tmp_path / "alone.mp4"
            alone.write_bytes((folder / "init.mp4").read_bytes() + cut)
            (shown,) = frames_of(alone)
            (expected,) = [luma for time, luma in whole if abs(time - begun) < 0.05]
            assert shown[1] == pytest.approx(expected, abs=0.01)
            begun += float(length.rstrip(","))


@pytest.mark.parametrize("playlist", ["h264-96p/index.m3u8", "av1-96p/iframes.m3u8", "audio/index.m3u8"])
def test_dates_follow_the_wall_clock_over_what_is_left_out(playlist: str, gapped: Made) -> None:
    dates = [datetime.fromisoformat(date) for date in tag_values(gapped.folder / playlist, "#EXT-X-PROGRAM-DATE-TIME")]
    begun, after = ((date - NOON).total_seconds() for date in dates)
    file = with_hole(EIGHT, HOLE)
    recorded = frames_of(file)[20][0] - media_of(recording(file)).files[0].start_pts
    assert begun == 0
    assert after == pytest.approx(recorded, abs=PACKET_S)  # a piece may begin with sound


def test_there_are_no_dates_where_no_start_is_known(nine: Made) -> None:
    assert "DATE-TIME" not in "".join(file.read_text(encoding="utf-8") for file in nine.folder.rglob("*.m3u8"))


def test_av1_parts_of_unlike_recordings_have_one_sequence_header(tmp_path: Path) -> None:
    files = [rendered(Clip(".flv")), rendered(Clip(".ts", rate=25, width=96, height=160, length_s=4))]
    replay, parts, _ = made(files, tmp_path)
    headers = set()
    for part in parts:
        with av.open(str(part.files[1])) as video:
            headers.add(video.streams.video[0].codec_context.extradata)
    assert len(headers) == 1
    assert len(frames_of(replay.folder / "av1-96p" / "index.m3u8")) == 60 + 100


def test_a_part_that_is_encoded_again_is_the_same(nine: Made, tmp_path: Path) -> None:
    show = recording(rendered(NINE))
    media = media_of(show)
    part = Part(1, nine.parts[1].span)
    stage = EncodeVideo(part_s=2.0, segment_s=4.0)
    again = stage(
        show, media, BuildTimeline()(media, PROBED), SMALL.default_encoding(media), part, tmp_path, no_progress
    )
    assert [file.read_bytes() for file in again.files] == [file.read_bytes() for file in nine.parts[1].files]


def test_a_show_of_one_second_is_encoded(tmp_path: Path) -> None:
    replay, _, _ = made([rendered(Clip(".mp4", length_s=1))], tmp_path)
    assert [len(frames_of(replay.folder / name / "index.m3u8")) for name in NAMES] == [10, 10, 10]


def test_segments_hold_whole_boxes_and_no_index_of_old_places(nine: Made) -> None:
    kinds = [kind for kind, _ in split_boxes((nine.folder / "av1-96p" / "00000.m4s").read_bytes())]
    assert kinds.count(b"moof") == kinds.count(b"mdat") == 2
    assert b"sidx" not in kinds
