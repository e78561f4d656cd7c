"""Cards are read from sampled frames, and products that are held up are matched; comments and background are not."""

import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from domain.clock import Span
from domain.progress import no_progress
from domain.vision import OverlayTexts, ProductPhotos, SampledFrame, SampledFrames, Sighting
from fixtures.media import PROBED, media_of, recording
from media.images import write_jpeg
from pipeline.inputs.catalog import read_catalog
from pipeline.inputs.product_photos import find_photos
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.vision.detect_foreground import DetectForeground
from pipeline.stages.vision.link_sightings import LinkSightings
from pipeline.stages.vision.read_overlays import ReadOverlays
from pipeline.stages.vision.sample_frames import SampleFrames

pytestmark = pytest.mark.media
SHOWS = Path(__file__).parents[4] / "fixtures" / "shows"


@cache
def frames_of(show: str) -> SampledFrames:
    show_recording = recording(SHOWS / show / "recording.flv")
    media = media_of(show_recording)
    return SampleFrames()(show_recording, media, BuildTimeline()(media, PROBED), Path(mkdtemp()), no_progress)


@cache
def texts_of(show: str) -> OverlayTexts:
    return ReadOverlays()(frames_of(show), no_progress)


def sightings_of(show: str) -> tuple[Sighting, ...]:
    catalog = read_catalog(SHOWS / show / "catalog.json", None).catalog
    foreground = DetectForeground()(frames_of(show), texts_of(show), no_progress)
    return LinkSightings()(texts_of(show), foreground, find_photos(catalog, SHOWS / show).photos, catalog).sightings


def test_the_pushed_cards_of_a_show_are_read_when_they_were_pushed() -> None:
    """By the event log they were pushed at 20, 72, 132 and 161 s; frames are 6 s apart."""
    cards = [sighting for sighting in sightings_of("zh-mini") if sighting.kind == "card"]

    assert [(card.product_ids, round(card.span.start)) for card in cards] == [
        (("730013",), 21),
        (("730014",), 75),
        (("730015",), 129),
        (("730013",), 159),
    ]


def test_products_that_are_held_up_are_those_of_the_talk() -> None:
    truth = json.loads((SHOWS / "zh-mini" / "truth.json").read_text(encoding="utf-8"))
    photo_sightings = [sighting for sighting in sightings_of("zh-mini") if sighting.kind == "photo"]

    assert photo_sightings
    for sighting in photo_sightings:
        near = Span(max(0.0, sighting.span.start - 10), sighting.span.end + 10)
        utterances = [each for each in truth["utterances"] if near.overlap(Span(each["start"], each["end"]))]
        product_ids = {product_id for each in utterances for product_id in (*each["about"], *each["mentions"])}
        assert product_ids & set(sighting.product_ids)


def test_comments_are_not_read() -> None:
    assert [line for text in texts_of("zh-mini").texts for line in text.lines if line.startswith("u")] == []


def test_a_show_without_cards_where_little_is_held_up_has_no_sightings() -> None:
    """Three objects are too few to tell likeness from chance."""
    assert sightings_of("en-mini") == ()


def test_without_photos_nothing_that_is_held_up_is_named() -> None:
    catalog = read_catalog(SHOWS / "zh-mini" / "catalog.json", None).catalog
    foreground = DetectForeground()(frames_of("zh-mini"), texts_of("zh-mini"), no_progress)
    sightings = LinkSightings()(texts_of("zh-mini"), foreground, ProductPhotos(), catalog).sightings

    assert len(foreground.starts) > 0
    assert {sighting.kind for sighting in sightings} == {"card"}


def test_in_a_single_frame_nothing_is_found(tmp_path: Path) -> None:
    write_jpeg(tmp_path / "0.jpg", np.full((64, 36, 3), 90, dtype=np.uint8), 85)

    frames = SampledFrames((SampledFrame(0.0, tmp_path / "0.jpg"),), 36, 64)

    assert ReadOverlays()(frames, no_progress) == OverlayTexts(())
    assert len(DetectForeground()(frames, OverlayTexts(()), no_progress).starts) == 0
