"""No rendition is larger than the recording: parts are encoded again, and what is larger all the same is left out."""

from pathlib import Path

from domain.clock import Span
from domain.replay import EncodedVideoPart, Rendition, RenditionLadder
from media.encode.bitrate_cap import compatibility_warnings, keep_renditions, select_fitting_renditions

LARGE = Rendition("h264", 720, 1280, "veryfast", "", 24)
AV1 = Rendition("av1", 720, 1280, "11", "", 35)
SMALL = Rendition("h264", 360, 640, "veryfast", "", 24)
ALL = RenditionLadder((LARGE, AV1, SMALL))


def part(sizes: tuple[int, ...], recorded_bytes: int) -> EncodedVideoPart:
    files = tuple(Path(f"{number}.mp4") for number in range(len(sizes)))
    return EncodedVideoPart(
        Span(0, 10), files, sizes, tuple(24 + number for number in range(len(sizes))), recorded_bytes
    )


def test_a_rendition_that_is_larger_in_one_part_only_stays() -> None:
    kept, left_out = select_fitting_renditions([part((110, 50, 40), 100), part((80, 50, 40), 100)], ALL)
    assert (kept, left_out) == ([0, 1, 2], ())


def test_a_rendition_that_is_larger_in_all_is_left_out_with_a_reason() -> None:
    kept, left_out = select_fitting_renditions([part((120, 50, 40), 100)], ALL)
    assert kept == [1, 2]
    assert [(one.name, one.reason) for one in left_out] == [("h264-720p", "came out larger than the recording")]


def test_the_smallest_stays_where_all_are_larger() -> None:
    kept, left_out = select_fitting_renditions([part((120, 110, 130), 100)], ALL)
    assert kept == [1]
    assert len(left_out) == 2


def test_a_part_is_left_with_what_is_kept() -> None:
    left = keep_renditions(part((120, 50, 40), 100), [1, 2])
    assert (left.files, left.video_bytes, left.crfs) == ((Path("1.mp4"), Path("2.mp4")), (50, 40), (25, 26))


def test_a_warning_says_that_older_devices_cannot_play_av1_alone() -> None:
    (warning,) = compatibility_warnings([AV1])
    assert "older devices cannot play" in warning
    assert compatibility_warnings([AV1, SMALL]) == ()
