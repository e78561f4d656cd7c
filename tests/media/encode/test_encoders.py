"""Options of the encoders."""

from pathlib import Path

import ffmpeg as graph
import pytest

from domain.replay import Rendition
from media import ffmpeg
from media.demuxer import generated_mp4_duration
from media.encode.encoders import key_frame_options, rendition_outputs
from media.images import PixelSize

pytestmark = pytest.mark.media


def test_a_stretch_that_seems_to_have_a_thousand_pictures_a_second_is_encoded(tmp_path: Path) -> None:
    picture = graph.input("testsrc2=s=64x64:r=1000:d=0.005", format="lavfi")["v"]
    file = tmp_path / "av1.mp4"
    rendition = Rendition("av1", 64, 64, "12", "", 40)
    ffmpeg.run(
        rendition_outputs(picture, PixelSize(64, 64), {rendition: file}, key_frame_options(0.0, 2.0)),
        ffmpeg.FfmpegJob(None, 0.005),
    )
    assert generated_mp4_duration(file) > 0
