"""Cards and stickers are read from the sampled pictures; comments and scenery are not."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from domain.media import Frame, Frames
from domain.pictures import ScreenTexts
from fixtures.media import recording
from pipeline.frames import write_jpeg
from pipeline.inputs.catalog import read_catalog
from pipeline.stage import no_progress
from pipeline.stages.find_sightings import FindSightings
from pipeline.stages.line_up import LineUp
from pipeline.stages.probe import Probe
from pipeline.stages.read_pictures import ReadPictures
from pipeline.stages.sample_frames import SampleFrames

SHOWS = Path(__file__).parents[3] / "fixtures" / "shows"


@cache
def texts_of(show: str) -> ScreenTexts:
    recorded = recording(SHOWS / show / "recording.flv")
    media = Probe()(recorded, no_progress)
    frames = SampleFrames()(recorded, media, LineUp()(media), Path(mkdtemp()), no_progress)
    return ReadPictures()(frames, no_progress)


def test_the_pushed_cards_of_a_show_are_read_when_they_were_pushed() -> None:
    """The room log says: pushed at 20, 72, 132 and 161 s; pictures are 6 s apart."""
    catalog = read_catalog(SHOWS / "zh-mini" / "catalog.json", None).catalog
    cards = FindSightings()(texts_of("zh-mini"), catalog).sightings

    assert [(card.kind, card.product_ids) for card in cards] == [
        ("card", ("730013",)),
        ("card", ("730014",)),
        ("card", ("730015",)),
        ("card", ("730013",)),
    ]
    assert [round(card.span.start) for card in cards] == [21, 75, 129, 159]


def test_comments_are_not_read() -> None:
    assert [line for text in texts_of("zh-mini").texts for line in text.lines if line.startswith("u")] == []


def test_a_show_without_cards_has_no_sightings() -> None:
    catalog = read_catalog(SHOWS / "en-mini" / "catalog.json", None).catalog

    assert FindSightings()(texts_of("en-mini"), catalog).sightings == ()


def test_one_picture_is_enough_to_find_nothing(tmp_path: Path) -> None:
    write_jpeg(tmp_path / "0.jpg", np.full((64, 36, 3), 90, dtype=np.uint8), 85)

    assert ReadPictures()(Frames((Frame(0.0, tmp_path / "0.jpg"),), 36, 64), no_progress) == ScreenTexts(())
