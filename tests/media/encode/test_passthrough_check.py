"""Why recorded video can't be passed through: one recording for which it can, with one change at a time."""

from dataclasses import replace

import pytest

from domain.clock import Span, Timeline, TimelineClip
from domain.recording import FileFault, H264Config, MediaFileInfo, MediaInfo, VideoTrackInfo
from media.encode.passthrough_check import passthrough_blocker
from media.images import PixelSize

SIZE = PixelSize(160, 96)
PICTURE = "68ebe3cb22c0"
HIGH = "6764000bacd9428db011000003000100000300320f142996"
FIELDS = "67640015acd9429b6022000003000200000300643e28532c"
TEN_BITS = "676e000ba6cd9428db011000000300100000030320f1429960"
GREY = "6764000bf3650a36c05b20000003002000000641e28532c0"
WIDE_PIXELS = "6764000bacd9428db0e1000003000100000300320f142996"
LEVEL_5_1 = "67640033acd9428db011000003000100000300320f183196"


def track(header: str = HIGH) -> VideoTrackInfo:
    """Ten seconds of 25 frames a second and a key frame every two seconds, 0.02 s after the audio."""
    keys = tuple(0.02 + 2 * number for number in range(5))
    coding = H264Config((header, PICTURE), has_closed_gops=True)
    return VideoTrackInfo("h264", 160, 96, 25.0, keys, gapless_spans=(Span(0.02, 10.02),), h264_config=coding)


def file(video: VideoTrackInfo, *faults: FileFault) -> MediaFileInfo:
    return MediaFileInfo("flv", 10.02, (Span(0, 10.02),), video, None, faults=faults)


def piece(number: int, start: float, end: float, replay_start: float = 0.0) -> TimelineClip:
    return TimelineClip(number, start, start, replay_start, end - start)


def why(*files: MediaFileInfo, pieces: tuple[TimelineClip, ...] = ()) -> str | None:
    whole = tuple(piece(number, 0, 10.02, 10.02 * number) for number in range(len(files)))
    return passthrough_blocker(MediaInfo(files), Timeline(pieces or whole), SIZE)


def test_a_whole_h264_recording_can_be_passed_through() -> None:
    assert why(file(track())) is None


def test_two_files_that_are_coded_alike_can_be_passed_through() -> None:
    assert why(file(track()), file(track())) is None


def test_a_file_of_which_nothing_is_shown_hinders_nothing() -> None:
    assert why(file(track()), file(replace(track(), codec="hevc")), pieces=(piece(0, 0, 10.02),)) is None


TRACKS: dict[str, tuple[VideoTrackInfo, str]] = {
    "another codec": (replace(track(), codec="hevc", h264_config=None), "its picture is hevc, not H.264"),
    "no header": (replace(track(), h264_config=None), "its H.264 header cannot be read"),
    "a broken header": (track(HIGH[:12]), "its H.264 header cannot be read (a parameter set ends too soon)"),
    "two headers": (
        replace(track(), h264_config=H264Config((HIGH, HIGH), has_closed_gops=True)),
        "its H.264 header holds 2 sequence parameter sets instead of one",
    ),
    "10 bits": (track(TEN_BITS), "its H.264 profile is 110, which not every device plays"),
    "a high level": (track(LEVEL_5_1), "its H.264 level is 5.1, which not every device plays"),
    "more a second than it claims": (
        replace(track(), frame_rate=60.0),
        "its pictures are more than the H.264 level 1.1 that it claims",
    ),
    "grey": (track(GREY), "its picture is not 4:2:0 of 8 bits"),
    "fields": (track(FIELDS), "its picture is interlaced, or coded as if it were"),
    "turned": (replace(track(), is_rotated_or_mirrored=True), "players have to turn its picture"),
    "wide pixels": (track(WIDE_PIXELS), "its pixels are not square"),
    "shown wider than it is stored": (replace(track(), width=214), "its pixels are not square"),
    "open groups": (
        replace(track(), h264_config=H264Config((HIGH, PICTURE), has_closed_gops=False)),
        "players cannot begin at each of its key frames: some are no IDR pictures, or come with another header",
    ),
    "far key frames": (
        replace(track(), keyframe_times=(0.02, 4.02, 8.12)),
        "its key frames are up to 4.1 s apart (file 1)",
    ),
    "a long last group": (
        replace(track(), keyframe_times=(0.02, 4.02)),
        "its key frames are up to 6.0 s apart (file 1)",
    ),
    "no key frame first": (
        replace(track(), keyframe_times=(0.5, 2.5, 4.5, 6.5, 8.5)),
        "it is not shown from a key frame on (file 1)",
    ),
}


@pytest.mark.parametrize(("video", "blocker"), TRACKS.values(), ids=TRACKS.keys())
def test_a_track_that_not_every_device_plays_is_refused_with_a_reason(video: VideoTrackInfo, blocker: str) -> None:
    assert why(file(video)) == blocker


def test_another_size_than_the_replays_is_refused() -> None:
    media, timeline = MediaInfo((file(track()),)), Timeline((piece(0, 0, 10.02),))
    assert passthrough_blocker(media, timeline, PixelSize(80, 48)) == "its picture is 160x96, the replay's 80x48"


def test_120_frames_of_ntsc_are_not_too_far_apart() -> None:
    assert why(file(replace(track(), keyframe_times=(0.02, 4.024, 8.028)))) is None


def test_files_that_are_coded_differently_are_refused() -> None:
    other = replace(track(), h264_config=H264Config((HIGH, "68ce0fc8"), has_closed_gops=True))
    assert why(file(track()), file(other)) == "its picture is not coded alike throughout"


PIECES: dict[str, tuple[tuple[TimelineClip, ...], str | None]] = {
    "from a key frame to the next": ((piece(0, 2.02, 6.02),), None),
    "from within a group": ((piece(0, 2.5, 6.02),), "it is not shown from a key frame on (file 1)"),
    "until within a group": ((piece(0, 2.02, 7.3),), "it is shown until between two key frames (file 1)"),
    "until shortly before the end": ((piece(0, 2.02, 10.0),), None),
    "a little longer than the picture": ((piece(0, 2.02, 11.5),), None),
    "a later one from within": (
        (piece(0, 0, 4.02), piece(0, 5, 10.02, 4.02)),
        "it is not shown from a key frame on (file 1)",
    ),
}


@pytest.mark.parametrize(("pieces", "blocker"), PIECES.values(), ids=PIECES.keys())
def test_clips_must_begin_and_end_at_key_frames(pieces: tuple[TimelineClip, ...], blocker: str | None) -> None:
    assert why(file(track()), pieces=pieces) == blocker


FAULTS: dict[str, tuple[FileFault, str | None]] = {
    "damaged": (FileFault("damaged", 3, 1, "damaged packets"), "it is disturbed: damaged packets"),
    "a hole": (FileFault("held", 3, 1, "the picture is missing"), "it is disturbed: the picture is missing"),
    "sound first": (FileFault("held", 0, 0.02, "the picture is missing"), None),
    "sound last": (FileFault("held", 10.02, 3, "the picture ends here"), None),
    "silence": (FileFault("silent", 3, 1, "the sound is missing"), None),
    "cut off": (FileFault("cut_off", 10.02, 0, "the file breaks off"), None),
}


@pytest.mark.parametrize(("fault", "blocker"), FAULTS.values(), ids=FAULTS.keys())
def test_only_faults_within_the_video_rule_out_passthrough(fault: FileFault, blocker: str | None) -> None:
    assert why(file(track(), fault)) == blocker
