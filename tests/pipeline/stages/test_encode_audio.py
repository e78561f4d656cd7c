"""The replay's sound: one AAC track on the replay clock."""

from pathlib import Path

import av
import numpy as np
import pytest

from domain.clock import Span
from fixtures.media import Clip, media_of, recording, rendered, with_hole
from pipeline.containers import made_length
from pipeline.stage import no_progress
from pipeline.stages.encode_audio import EncodeAudio
from pipeline.stages.line_up import LineUp


def encoded(folder: Path, *files: Path) -> tuple[Path | None, float]:
    show = recording(*files)
    media = media_of(show)
    timeline = LineUp()(media)
    return EncodeAudio()(show, media, timeline, folder, no_progress).file, timeline.duration


def test_all_pieces_are_one_track_as_long_as_the_replay(tmp_path: Path) -> None:
    hole = with_hole(Clip(".flv", length_s=8), Span(2, 5))
    file, duration = encoded(tmp_path, hole, rendered(Clip(".ts")))
    assert file is not None
    assert made_length(file) == pytest.approx(duration, abs=0.03)


def test_sound_begins_when_it_did_in_the_recording(tmp_path: Path) -> None:
    file, _ = encoded(tmp_path, rendered(Clip(".mp4", sound_delay_s=2.0)))
    with av.open(str(file)) as track:
        blocks = [(frame.time or 0.0, np.abs(frame.to_ndarray()).mean()) for frame in track.decode(audio=0)]
    first_loud = next(time for time, level in blocks if level > 0.01)
    assert first_loud == pytest.approx(2.0, abs=0.05)


def test_a_show_without_sound_has_none(tmp_path: Path) -> None:
    assert encoded(tmp_path, rendered(Clip(has_sound=False)))[0] is None


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        file, _ = encoded(tmp_path / name, rendered(Clip(".flv")))
        assert file is not None
        made.append(file.read_bytes())
    assert made[0] == made[1]
