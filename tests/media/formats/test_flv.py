"""FLV files that change how they are coded, or only seem to."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.clock import FaultKind, Span, Timeline
from fixtures.broken.bytes import AUDIO, VIDEO, joined, with_false_config
from fixtures.broken.show import USUAL, Recorder, Stretch, stretch
from fixtures.media import PROBED, media_of, recording
from media.formats.flv import find_codec_changes
from pipeline.stages.media.build_timeline import BuildTimeline

pytestmark = pytest.mark.media

SMALL = replace(USUAL, width=64, height=64, length_s=4.0)
TOLERANCE_S = 0.15  # a frame, and how much earlier the audio begins


def show(begins_at: float, recorder: Recorder = SMALL) -> Path:
    return stretch(Stretch(Span(0, 4), begins_at, recorder), ".flv")


def timeline_of(file: Path) -> Timeline:
    return BuildTimeline()(media_of(recording(file)), PROBED)


def repair_kinds(timeline: Timeline) -> list[FaultKind]:
    return [repair.kind for repair in timeline.repairs]


@pytest.mark.parametrize("tag_type", [AUDIO, VIDEO])
def test_a_flipped_bit_that_looks_like_another_codec_config_costs_one_packet(tag_type: int) -> None:
    timeline = timeline_of(with_false_config(show(0), tag_type, 15))
    assert timeline.duration == pytest.approx(4, abs=TOLERANCE_S)
    assert len(timeline.clips) == 1
    assert repair_kinds(timeline) == ["damaged"]


OTHER_RECORDERS = {
    "size and sample rate": replace(SMALL, width=96, sample_rate=22_050),
    "size and sound codec": replace(SMALL, width=96, sound="libmp3lame"),
    "both codecs": replace(SMALL, codec="libx265", sound="libmp3lame"),
}


@pytest.mark.parametrize("later", OTHER_RECORDERS.values(), ids=OTHER_RECORDERS)
def test_video_and_audio_that_change_together_change_once(later: Recorder) -> None:
    file = joined([show(0), show(4, later)], f"both-{abs(hash(later))}")
    assert len(find_codec_changes(file).offsets) == 1
    timeline = timeline_of(file)
    assert timeline.duration == pytest.approx(8, abs=TOLERANCE_S)
    assert repair_kinds(timeline) == ["changed"]
