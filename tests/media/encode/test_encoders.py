"""Options of the encoders."""

from pathlib import Path

import ffmpeg as graph

from domain.replay import Rendition
from media import ffmpeg
from media.demuxer import made_length
from media.encode.encoders import key_frames, outputs
from media.keyframes import Size


def test_a_stretch_that_seems_to_have_a_thousand_pictures_a_second_is_encoded(tmp_path: Path) -> None:
    picture = graph.input("testsrc2=s=64x64:r=1000:d=0.005", format="lavfi")["v"]
    file = tmp_path / "av1.mp4"
    rendition = Rendition("av1", 64, 64, "12", "", 40)
    ffmpeg.run(outputs(picture, Size(64, 64), {rendition: file}, key_frames(0.0, 2.0)), ffmpeg.Job(None, 0.005))
    assert made_length(file) > 0
