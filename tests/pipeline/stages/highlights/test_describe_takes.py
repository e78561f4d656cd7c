"""Words and a picture for every take."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span, Timeline, TimelineClip
from domain.errors import InvalidValue
from domain.evidence import (
    DISCOURSE_ROLES,
    DiscourseClassification,
    EventFeatures,
    EventLog,
    HostEvent,
    Mention,
    Mentions,
)
from domain.highlight import DescribedTake, Take, Takes
from domain.rescoring import RescoringResult
from domain.session import Session
from domain.speech import Sentence, Transcript
from domain.vision import SampledFrame, SampledFrames, Sighting, Sightings
from media.images import write_jpeg
from models.vision.frame_quality import Image
from pipeline.stages.highlights.describe_takes import DescribeTakes

CATALOG = Catalog(
    (
        Product(product_id="精华", title="精华液", short_name="双抗精华", brand="珀莱雅"),
        Product(product_id="毛巾", title="毛巾"),
    )
)
TIMELINE = Timeline((TimelineClip(0, 0.0, 1000.0, 0.0, 40.0),))  # the recording clock begins at 1000 s
SAID = (
    Sentence.with_even_timing(Span(0, 10), "欢迎双抗精华的姐妹"),
    Sentence.with_even_timing(Span(10, 20), "双抗精华抗糖抗氧"),
    Sentence.with_even_timing(Span(20, 30), "到手一百六十九块九"),
    Sentence.with_even_timing(Span(30, 40), "我给你们推开看"),
)


def named(product_id: str, sentence: int) -> Mention:
    start = SAID[sentence].start
    return Mention("name", (product_id,), Span(start, start + 2), sentence, "双抗精华", 3.0)


def take(start: Seconds, end: Seconds, product_id: str = "精华") -> Take:
    return Take((product_id,), Span(start, end), start, 0.9, take_number=1, is_best=True)


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


def talk() -> DiscourseClassification:
    """A unit a sentence: a greeting, a feature, a price, a demonstration, each by a chance of .4."""
    chances = np.full((4, len(DISCOURSE_ROLES)), 0.05)
    chances[
        range(4),
        [
            DISCOURSE_ROLES.index("chat"),
            DISCOURSE_ROLES.index("feature"),
            DISCOURSE_ROLES.index("price"),
            DISCOURSE_ROLES.index("demo"),
        ],
    ] = 0.4
    nothing = np.zeros(4)
    return DiscourseClassification(chances, nothing, nothing, np.array([sentence.start for sentence in SAID]))


def described(
    folder: Path,
    *takes: Take,
    frames: tuple[SampledFrame, ...] = (),
    mentions: tuple[Mention, ...] = (),
    events: tuple[HostEvent, ...] = (),
    sightings: tuple[Sighting, ...] = (),
    heard_again: tuple[Mention, ...] = (),
    late: Seconds = 0.0,
) -> tuple[DescribedTake, ...]:
    scratch = folder / "scratch"
    scratch.mkdir()
    made = DescribeTakes()(
        takes=Takes(tuple(t for t in takes if not t.is_tie), tuple(t for t in takes if t.is_tie)),
        transcript=Transcript("zh", "speech", SAID),
        mentions=Mentions(mentions),
        rescoring=RescoringResult((), heard_again),
        sightings=Sightings(sightings),
        discourse=talk(),
        catalog=CATALOG,
        events=EventLog(events),
        event_evidence=EventFeatures(np.zeros((4, 2, 0)), np.zeros((4, 2, 0)), late, 0.0, 0.0, 0.5, not events),
        timeline=TIMELINE,
        session=Session("场次"),
        frames=SampledFrames(frames, 320, 180),
        scratch=scratch,
    )
    return (*made.takes, *made.suggestions)


def test_the_best_frame_of_the_opening_is_copied(tmp_path: Path) -> None:
    frames = (
        frame(tmp_path, 9.0, scene(1)),
        frame(tmp_path, 10.0, black()),
        frame(tmp_path, 14.0, soft(2)),
        frame(tmp_path, 18.0, scene(2)),
        frame(tmp_path, 29.0, scene(3)),
    )
    (found,) = described(tmp_path, take(10, 30), frames=frames)
    assert found.thumbnail is not None
    assert found.thumbnail.parent == tmp_path / "scratch"
    assert found.thumbnail.read_bytes() == frames[3].file.read_bytes()


def test_where_no_frame_is_fit_there_is_no_picture(tmp_path: Path) -> None:
    frames = tuple(frame(tmp_path, time, black()) for time in (11.0, 15.0))
    (found,) = described(tmp_path, take(10, 40), frames=frames)
    assert found.thumbnail is None
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_take_between_two_frames_has_no_picture(tmp_path: Path) -> None:
    frames = (frame(tmp_path, 9.0, scene(1)), frame(tmp_path, 40.0, scene(1)))
    (found,) = described(tmp_path, take(10, 40), frames=frames)
    assert found.thumbnail is None


def test_frames_of_the_rest_are_looked_at_where_the_opening_has_none(tmp_path: Path) -> None:
    (found,) = described(tmp_path, take(10, 40), frames=(frame(tmp_path, 35.0, scene(1)),))
    assert found.thumbnail is not None


def test_takes_that_begin_together_keep_pictures_of_their_own(tmp_path: Path) -> None:
    frames = (frame(tmp_path, 11.0, soft(1)), frame(tmp_path, 18.0, scene(2)))
    short, long = described(tmp_path, take(10, 14), take(10, 40, "毛巾"), frames=frames)
    assert short.thumbnail is not None
    assert long.thumbnail is not None
    assert short.thumbnail.read_bytes() == frames[0].file.read_bytes()
    assert long.thumbnail.read_bytes() == frames[1].file.read_bytes()


def test_a_frame_just_after_a_demonstration_begins_is_preferred(tmp_path: Path) -> None:
    """The demonstration of the last sentence is outside the share of the take that is looked at otherwise."""
    frames = tuple(frame(tmp_path, time, soft(2)) for time in (11.0, 15.0, 33.0))
    (found,) = described(tmp_path, take(10, 40), frames=frames)
    assert found.thumbnail is not None
    assert found.thumbnail.read_bytes() == frames[2].file.read_bytes()


def test_a_frame_between_two_scenes_is_not_shown(tmp_path: Path) -> None:
    blend = np.asarray(cv2.addWeighted(scene(1), 0.5, scene(4), 0.5, 0), dtype=np.uint8)
    frames = (frame(tmp_path, 9.0, scene(1)), frame(tmp_path, 12.0, blend), frame(tmp_path, 41.0, scene(4)))
    (found,) = described(tmp_path, take(10, 30), frames=frames)
    assert found.thumbnail is None


def test_a_take_has_the_title_of_its_product(tmp_path: Path) -> None:
    assert described(tmp_path, take(10, 40))[0].title == "珀莱雅双抗精华"


def test_a_bundle_names_both_of_its_products(tmp_path: Path) -> None:
    both = Take(("精华", "毛巾"), Span(10, 40), 10, 0.9, take_number=1, is_best=True)
    assert described(tmp_path, both)[0].title == "珀莱雅双抗精华 + 毛巾"


def test_a_tie_names_one_or_the_other(tmp_path: Path) -> None:
    tie = Take(("精华", "毛巾"), Span(10, 40), 10, 0.9, take_number=1, is_best=True, is_tie=True)
    (made,) = described(tmp_path, tie)
    assert made.title == "珀莱雅双抗精华 / 毛巾"
    assert any(reason.kind == "doubt" and "分不清" in reason.text for reason in made.reasons)


def test_a_tie_is_never_published() -> None:
    tie = Take(("精华", "毛巾"), Span(10, 40), 10, 0.9, take_number=1, is_best=True, is_tie=True)
    with pytest.raises(InvalidValue, match="never published"):
        Takes((tie,), ())


def test_words_come_from_inside_the_take_only(tmp_path: Path) -> None:
    mentions = tuple(named("精华", number) for number in (0, 1))
    (found,) = described(tmp_path, take(10, 30), mentions=mentions)
    assert found.summary == "双抗精华抗糖抗氧，到手一百六十九块九。"
    assert [(moment.kind, moment.at) for moment in found.moments] == [("price", 20)]
    assert [reason.text for reason in found.reasons] == ["说到“双抗精华”"]


def test_pushes_are_reasons_at_their_place_in_the_replay(tmp_path: Path) -> None:
    pushed = HostEvent("product_push", recording_time=1012.0, product_id="精华")
    clicked = HostEvent("product_click", recording_time=1014.0, product_id="精华")
    outside = HostEvent("product_push", recording_time=12.0, product_id="精华")
    (found,) = described(tmp_path, take(10, 30), events=(pushed, clicked, outside))
    assert [(reason.start, reason.text) for reason in found.reasons] == [(12.0, "直播间 0:12 推了这个商品")]


def test_pushes_stand_where_the_rooms_clock_is_put_right(tmp_path: Path) -> None:
    pushed = HostEvent("product_push", recording_time=1016.0, product_id="精华")
    (found,) = described(tmp_path, take(10, 30), events=(pushed,), late=4.0)
    assert [reason.start for reason in found.reasons] == [12.0]


def test_names_that_were_heard_again_are_reasons(tmp_path: Path) -> None:
    (found,) = described(tmp_path, take(10, 30), heard_again=(named("精华", 1),))
    assert [reason.text for reason in found.reasons] == ["说到“双抗精华”"]


def test_a_frame_in_which_the_product_was_seen_is_preferred(tmp_path: Path) -> None:
    seen = Sighting("photo", ("精华",), Span(26, 28), "", 1.0)
    frames = tuple(frame(tmp_path, time, soft(2)) for time in (11.0, 15.0, 27.0))
    (found,) = described(tmp_path, take(10, 30), frames=frames, sightings=(seen,))
    assert found.thumbnail is not None
    assert found.thumbnail.read_bytes() == frames[2].file.read_bytes()


def test_mentions_of_other_products_are_no_reasons(tmp_path: Path) -> None:
    (found,) = described(tmp_path, take(10, 30, "毛巾"), mentions=(named("精华", 1),))
    assert found.reasons == ()


def test_a_stage_that_would_look_at_no_frame_is_refused() -> None:
    with pytest.raises(InvalidValue, match="max_compared_frames"):
        DescribeTakes(max_compared_frames=0)
