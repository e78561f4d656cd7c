"""A passthrough rendition shows the recorded frames, bit for bit and at their times, also where parts meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from domain.clock import Span
from domain.progress import no_progress
from domain.recording import MediaInfo
from domain.replay import EncodedVideoPart, RenditionLadder, Replay
from domain.session import StartTime
from fixtures.hls_folder import read_segments
from fixtures.media import PROBED, Clip, media_of, recording, rendered, sound_of
from media import ffmpeg
from media.encode.passthrough import write_passthrough_part
from media.encode.recorded_span import RecordedSpan
from pipeline.engine.stage import Part
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.encode_video import EncodeVideo

pytestmark = pytest.mark.media

TIME_SLACK = 1e-6  # file times are kept to the microsecond
PASSTHROUGH, SMALL = "h264-96p", "h264-48p"
SMALL_SIDES = ChooseRenditions(large_side_px=96, small_side_px=48, has_av1=False)


@dataclass(frozen=True)
class Made:
    """A replay, its parts and what they were made of."""

    replay: Replay
    parts: tuple[EncodedVideoPart, ...]
    media: MediaInfo

    def playlist(self, name: str = PASSTHROUGH) -> Path:
        return self.replay.folder / name / "index.m3u8"


def made(files: Sequence[Path], folder: Path, chosen: ChooseRenditions = SMALL_SIDES) -> Made:
    """A replay of these files, in parts of 2 s, whose first rendition is passed through."""
    show, stage = recording(*files), EncodeVideo(part_s=2.0, segment_s=2.0)
    media = media_of(show)
    timeline, encoding = BuildTimeline()(media, PROBED), as_passthrough(chosen.default_encoding(media))
    parts = []
    for index, span in enumerate(stage.parts(media, timeline)):
        scratch = folder / f"part {index}"
        scratch.mkdir(parents=True)
        parts.append(stage(show, media, timeline, encoding, Part(index, span), scratch, no_progress))
    audio = sound_of(show, timeline, media=media)
    return Made(stage.join(tuple(parts), encoding, audio, timeline, StartTime(None), folder), tuple(parts), media)


def as_passthrough(encoding: RenditionLadder) -> RenditionLadder:
    first, *others = encoding.renditions
    return RenditionLadder((replace(first, is_passthrough=True), *others))


def frames(file: Path) -> list[tuple[float, bytes]]:
    """When each frame is shown, and all its pixels."""
    with av.open(str(file)) as video:
        return [(frame.time, frame.to_ndarray().tobytes()) for frame in video.decode(video=0)]


CLIPS = {
    "mp4": Clip(".mp4", length_s=4),
    "flv": Clip(".flv", length_s=4),
    "ts": Clip(".ts", length_s=4, first_instant_s=7.7),
    "uneven mkv": Clip(".mkv", length_s=4, rate=20, is_uneven=True),
}


@pytest.fixture(scope="module", params=list(CLIPS.values()), ids=list(CLIPS))
def passed_through(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Path]:
    """A replay of two parts and the file that it was made of."""
    file = rendered(request.param)
    return made([file], tmp_path_factory.mktemp("passthrough")), file


def test_passthrough_shows_the_same_pixels_at_the_same_times(passed_through: tuple[Made, Path]) -> None:
    result, file = passed_through
    assert [part.passthrough_blocker for part in result.parts] == ["", ""]
    source, played = frames(file), frames(result.playlist())
    assert [pixels for _, pixels in played] == [pixels for _, pixels in source]
    times = [0.0, *(time - result.media.files[0].start_pts for time, _ in source[1:])]
    assert [time for time, _ in played] == pytest.approx(times, abs=TIME_SLACK)


def test_renditions_beside_passthrough_show_every_frame_at_its_time(passed_through: tuple[Made, Path]) -> None:
    result, _ = passed_through
    times = [[time for time, _ in frames(result.playlist(name))] for name in (PASSTHROUGH, SMALL)]
    assert times[1] == pytest.approx(times[0], abs=TIME_SLACK)


def test_two_files_that_are_coded_alike_join(tmp_path: Path) -> None:
    files = [rendered(CLIPS["mp4"]), rendered(CLIPS["flv"])]
    result = made(files, tmp_path)
    assert [part.passthrough_blocker for part in result.parts] == [""] * 4
    expected = [pixels for file in files for _, pixels in frames(file)]
    played = frames(result.playlist())
    assert [pixels for _, pixels in played] == expected
    assert max(b - a for (a, _), (b, _) in pairwise(played)) < 0.15


def test_the_playlist_names_the_recordings_own_profile_and_level(passed_through: tuple[Made, Path]) -> None:
    result, _ = passed_through
    master = (result.replay.folder / "master.m3u8").read_text(encoding="utf-8")
    coding = result.media.files[0].video.h264_config
    assert coding is not None
    assert f'CODECS="avc1.{coding.parameter_sets[0][2:8]},' in master


def test_segments_are_cut_at_the_recordings_own_key_frames(tmp_path: Path) -> None:
    result = made([slow_groups(tmp_path)], tmp_path)
    assert [round(each.duration, 3) for each in read_segments(result.playlist().parent)] == [3, 3, 1]
    assert [round(each.duration, 3) for each in read_segments(result.playlist(SMALL).parent)] == [2, 2, 2, 1]


def slow_groups(folder: Path) -> Path:
    """Seven seconds with a key frame every three."""
    return encoded(folder / "slow.flv", ("testsrc2=s=160x96:r=10:d=7", {"g": 30}))


def encoded(file: Path, picture: tuple[str, dict[str, Any]]) -> Path:
    """Video of an ffmpeg source, encoded by x264 with these options."""
    import ffmpeg as graph

    source, options = picture
    fixed = {"vcodec": "libx264", "pix_fmt": "yuv420p", "sc_threshold": 0, "threads": 1}
    ffmpeg.run(
        graph.output(graph.input(source, format="lavfi"), str(file), **fixed, **options), ffmpeg.FfmpegJob(None, 9)
    )
    return file


def test_strangers_words_in_the_stream_are_left_out(passed_through: tuple[Made, Path]) -> None:
    result, file = passed_through
    assert b"x264 - core" in file.read_bytes()
    for part in result.parts:
        assert b"x264" not in part.files[0].read_bytes()


def test_passthrough_without_other_renditions_is_decoded_all_the_same(tmp_path: Path) -> None:
    only = ChooseRenditions(large_side_px=96, small_side_px=96, has_av1=False)
    result = made([rotten(tmp_path)], tmp_path, only)
    assert [bool(part.passthrough_blocker) for part in result.parts] == [False, True]


def rotten(folder: Path) -> Path:
    """Four seconds, with bytes of the key frame at 3 s overwritten."""
    file = encoded(folder / "rotten.mp4", ("testsrc2=s=160x96:r=10:d=4", {"g": 10}))
    content = bytearray(file.read_bytes())
    with av.open(str(file)) as video:
        *_, late = (packet for packet in video.demux(video=0) if packet.is_keyframe)
        assert late.pos is not None
        content[late.pos + 200 : late.pos + 260] = bytes(range(60))
    file.write_bytes(content)
    return file


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A replay whose first part is passed through, and whose second had to be encoded."""
    folder = tmp_path_factory.mktemp("patched")
    return made([rotten(folder)], folder)


def test_a_part_with_decoder_errors_is_encoded_with_a_warning(patched: Made) -> None:
    assert [part.passthrough_blocker for part in patched.parts] == ["", "a decoder finds errors in it"]
    (warning,) = patched.replay.warnings
    assert warning.startswith("1 of 2 parts of the recording could not be copied and are encoded; the first at 2 s")
    assert [one.reencoded_duration for one in patched.replay.renditions] == pytest.approx([2.0, 0.0])


def test_passed_through_and_encoded_parts_play_as_one(patched: Made) -> None:
    times = [time for time, _ in frames(patched.playlist())]
    assert times == pytest.approx([number / 10 for number in range(40)], abs=TIME_SLACK)


def test_the_playlist_names_the_highest_level_of_passed_through_and_encoded_parts(patched: Made) -> None:
    asked = set()
    for part in patched.parts:
        with av.open(str(part.files[0])) as video:
            asked.add((video.streams.video[0].codec_context.extradata or b"")[1:4].hex())
    master = (patched.replay.folder / "master.m3u8").read_text(encoding="utf-8")
    assert len(asked) == 2
    assert f'CODECS="avc1.{max(asked)}' in master


def test_a_part_that_is_passed_through_again_is_the_same(passed_through: tuple[Made, Path], tmp_path: Path) -> None:
    result, file = passed_through
    part = result.parts[1]
    write_passthrough_part(RecordedSpan(file, result.media.files[0], shown(result, part)), tmp_path / "again.mp4")
    assert (tmp_path / "again.mp4").read_bytes() == part.files[0].read_bytes()


def shown(result: Made, part: EncodedVideoPart) -> Span:
    ((_, span),) = BuildTimeline()(result.media, PROBED).clips_in(part.span)
    return span
