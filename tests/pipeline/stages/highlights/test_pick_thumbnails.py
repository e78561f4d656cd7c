"""The frame that stands for a take."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification
from domain.highlight import Take, Takes
from domain.speech import Sentence, Transcript
from domain.vision import SampledFrame, SampledFrames, Sighting, Sightings
from media.images import write_jpeg
from models.vision.images import Image
from pipeline.stages.highlights.pick_thumbnails import PickThumbnails

SENTENCES = (
    Sentence.with_even_timing(Span(0, 10), "欢迎双抗精华的姐妹"),
    Sentence.with_even_timing(Span(10, 20), "双抗精华抗糖抗氧"),
    Sentence.with_even_timing(Span(20, 30), "到手一百六十九块九"),
    Sentence.with_even_timing(Span(30, 40), "我给你们推开看"),
)


def take(start: Seconds, end: Seconds, product_id: str = "精华") -> Take:
    return Take((product_id,), Span(start, end), start, 0.9, 1.0, take_number=1, is_best=True)


def scene(seed: int) -> Image:
    """Coloured boxes on grey with stripes: sharp, with contrast."""
    random = np.random.default_rng(seed)
    picture = np.full((180, 320, 3), 120, dtype=np.uint8)
    for _ in range(30):
        top, left = int(random.integers(0, 150)), int(random.integers(0, 270))
        picture[top : top + 30, left : left + 50] = random.integers(30, 226, 3)
    picture[:, ::8] //= 2
    return picture


def frame(folder: Path, time: Seconds, picture: Image) -> SampledFrame:
    file = folder / f"frame-{time}.jpg"
    write_jpeg(file, picture, 95)
    return SampledFrame(time, file)


def black() -> Image:
    return np.zeros((180, 320, 3), dtype=np.uint8)


def soft(seed: int) -> Image:
    return np.asarray(cv2.GaussianBlur(scene(seed), (0, 0), 1.2), dtype=np.uint8)


def discourse() -> DiscourseClassification:
    """A unit for every sentence: a greeting, a feature, a price, a demonstration, each with probability 0.4."""
    probabilities = np.full((4, len(DISCOURSE_ROLES)), 0.05)
    probabilities[
        range(4),
        [
            DISCOURSE_ROLES.index("chat"),
            DISCOURSE_ROLES.index("feature"),
            DISCOURSE_ROLES.index("price"),
            DISCOURSE_ROLES.index("demo"),
        ],
    ] = 0.4
    zeros = np.zeros(4)
    return DiscourseClassification(probabilities, zeros, zeros, np.array([sentence.start for sentence in SENTENCES]))


def thumbnails_of(
    folder: Path, *takes: Take, frames: tuple[SampledFrame, ...], sightings: tuple[Sighting, ...] = ()
) -> dict[Take, bytes]:
    """The JPEG of every take that has one. All files lie in the scratch folder."""
    scratch = folder / "scratch"
    scratch.mkdir()
    picked = PickThumbnails()(
        Takes(takes[:1], takes[1:]),
        Transcript("zh", "speech", SENTENCES),
        discourse(),
        Sightings(sightings),
        SampledFrames(frames, 320, 180),
        scratch,
    )
    assert sorted(each.file for each in picked.thumbnails) == sorted(scratch.iterdir())
    return {each.take: each.file.read_bytes() for each in picked.thumbnails}


def jpeg(frame: SampledFrame) -> bytes:
    return frame.file.read_bytes()


def test_the_best_frame_of_the_opening_is_copied(tmp_path: Path) -> None:
    frames = (
        frame(tmp_path, 9.0, scene(1)),
        frame(tmp_path, 10.0, black()),
        frame(tmp_path, 14.0, soft(2)),
        frame(tmp_path, 18.0, scene(2)),
        frame(tmp_path, 29.0, scene(3)),
    )
    assert thumbnails_of(tmp_path, take(10, 30), frames=frames) == {take(10, 30): jpeg(frames[3])}


def test_where_no_frame_is_fit_there_is_no_thumbnail(tmp_path: Path) -> None:
    frames = tuple(frame(tmp_path, time, black()) for time in (11.0, 15.0))
    assert thumbnails_of(tmp_path, take(10, 40), frames=frames) == {}


def test_a_take_between_two_frames_has_no_thumbnail(tmp_path: Path) -> None:
    frames = (frame(tmp_path, 9.0, scene(1)), frame(tmp_path, 40.0, scene(1)))
    assert thumbnails_of(tmp_path, take(10, 40), frames=frames) == {}


def test_frames_of_the_rest_are_looked_at_where_the_opening_has_none(tmp_path: Path) -> None:
    frames = (frame(tmp_path, 35.0, scene(1)),)
    assert thumbnails_of(tmp_path, take(10, 40), frames=frames) == {take(10, 40): jpeg(frames[0])}


def test_takes_that_begin_together_keep_thumbnails_of_their_own(tmp_path: Path) -> None:
    frames = (frame(tmp_path, 11.0, soft(1)), frame(tmp_path, 18.0, scene(2)))
    short, long = take(10, 14), take(10, 40, "毛巾")
    assert thumbnails_of(tmp_path, short, long, frames=frames) == {short: jpeg(frames[0]), long: jpeg(frames[1])}


def test_a_frame_just_after_a_demonstration_begins_is_preferred(tmp_path: Path) -> None:
    """The demonstration of the last sentence is outside the share of the take that is looked at otherwise."""
    frames = tuple(frame(tmp_path, time, soft(2)) for time in (11.0, 15.0, 33.0))
    assert thumbnails_of(tmp_path, take(10, 40), frames=frames) == {take(10, 40): jpeg(frames[2])}


def test_a_demonstration_before_the_take_does_not_count(tmp_path: Path) -> None:
    frames = tuple(frame(tmp_path, time, picture) for time, picture in ((36.0, soft(2)), (39.0, scene(2))))
    assert thumbnails_of(tmp_path, take(35, 45), frames=frames) == {take(35, 45): jpeg(frames[1])}


def test_a_frame_between_two_scenes_is_not_shown(tmp_path: Path) -> None:
    blend = np.asarray(cv2.addWeighted(scene(1), 0.5, scene(4), 0.5, 0), dtype=np.uint8)
    frames = (frame(tmp_path, 9.0, scene(1)), frame(tmp_path, 12.0, blend), frame(tmp_path, 41.0, scene(4)))
    assert thumbnails_of(tmp_path, take(10, 30), frames=frames) == {}


def test_a_frame_in_which_the_product_was_seen_is_preferred(tmp_path: Path) -> None:
    sighting = Sighting("photo", ("精华",), Span(26, 28), "", 1.0)
    frames = tuple(frame(tmp_path, time, soft(2)) for time in (11.0, 15.0, 27.0))
    thumbnails = thumbnails_of(tmp_path, take(10, 30), frames=frames, sightings=(sighting,))
    assert thumbnails == {take(10, 30): jpeg(frames[2])}


def test_a_stage_that_would_look_at_no_frame_is_refused() -> None:
    with pytest.raises(InvalidValue, match="max_compared_frames"):
        PickThumbnails(max_compared_frames=0)
