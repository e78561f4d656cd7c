"""Renditions and ladders: their names, and what they refuse."""

from dataclasses import replace

import pytest

from domain.errors import InvalidValue
from domain.replay import Rendition, RenditionLadder, RenditionMeasurement, VmafScore

LARGE = Rendition("h264", 720, 1280, "veryfast", "", 24)
SMALL = Rendition("h264", 360, 640, "veryfast", "", 24)
AV1 = Rendition("av1", 720, 1280, "11", "", 35)


def test_a_rendition_is_named_by_codec_and_shorter_side() -> None:
    assert (LARGE.name, AV1.name) == ("h264-720p", "av1-720p")
    assert replace(LARGE, width=1280, height=720).name == "h264-720p"


@pytest.mark.parametrize(("width", "height"), [(0, 360), (640, 0), (641, 360), (640, 361), (-2, 360)])
def test_a_rendition_needs_even_sides(width: int, height: int) -> None:
    with pytest.raises(InvalidValue, match=f"even sides above 0, not {width}x{height}$"):
        replace(LARGE, width=width, height=height)


def test_only_h264_is_passed_through() -> None:
    assert replace(LARGE, is_passthrough=True).is_passthrough
    with pytest.raises(InvalidValue, match=r"only H\.264"):
        replace(AV1, is_passthrough=True)


def test_a_ladder_needs_renditions_with_names_of_their_own() -> None:
    for renditions in ((), (LARGE, replace(LARGE, crf=30))):
        with pytest.raises(InvalidValue, match="a name of its own"):
            RenditionLadder(renditions)


def test_a_ladder_has_one_passthrough_rendition_at_most() -> None:
    RenditionLadder((replace(LARGE, is_passthrough=True), SMALL))
    with pytest.raises(InvalidValue, match="one copy of the recording"):
        RenditionLadder((replace(LARGE, is_passthrough=True), replace(SMALL, is_passthrough=True)))


def test_measurements_do_not_count_in_what_is_encoded() -> None:
    ladder = RenditionLadder((LARGE, SMALL))
    measurement = RenditionMeasurement("h264-720p", 900.0, VmafScore(93.0, 85.0), None, cpu_seconds=1.0)
    measured = replace(ladder, measurements=(measurement,), sampled_s=2.0, source_kbps=1000.0)
    assert measured.content_digest() == ladder.content_digest()


@pytest.mark.parametrize(
    "other",
    [
        RenditionLadder((LARGE,)),
        RenditionLadder((LARGE, replace(SMALL, crf=25))),
        RenditionLadder((SMALL, LARGE)),
        RenditionLadder((LARGE, SMALL), keyframe_interval_s=4.0),
    ],
)
def test_renditions_their_order_and_their_key_frames_count(other: RenditionLadder) -> None:
    assert other.content_digest() != RenditionLadder((LARGE, SMALL)).content_digest()
