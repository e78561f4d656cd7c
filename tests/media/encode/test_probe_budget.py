"""The budget of the search, counted by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.replay import Rendition, VmafScore
from media.encode.probe_budget import (
    DECODE_S_PER_MEGAPIXEL,
    ENCODE_S_PER_MEGAPIXEL,
    FFMPEG_START_S,
    SAMPLE_OPEN_S,
    SCORE_S_PER_MEGAPIXEL,
    STAGE_START_S,
    ProbeBudget,
    VideoWorkload,
)
from media.encode.probe_encodes import ProbeEncode
from media.encode.samples import VideoSamples
from media.images import PixelSize

LARGE = PixelSize(1000, 1000)  # a megapixel
H264 = Rendition("h264", 1000, 1000, "veryfast", "", 24)
BUDGET = ProbeBudget(0.1, VideoWorkload(3000, LARGE, 0.0), VideoWorkload(40, LARGE, 0.0), sample_count=2)


def test_a_share_of_decoding_and_of_each_encode_is_allowed() -> None:
    small = replace(H264, width=500, height=500)
    work = 3000 * (DECODE_S_PER_MEGAPIXEL + ENCODE_S_PER_MEGAPIXEL["h264"] + ENCODE_S_PER_MEGAPIXEL["h264"] / 4)
    assert BUDGET.allowed_s([H264, small]) == pytest.approx(0.1 * work)


def test_samples_encodes_and_scores_are_counted_and_no_clock(tmp_path: Path) -> None:
    samples = VideoSamples(tmp_path, LARGE, 4.0, ())
    trial = ProbeEncode(
        "it", H264, samples, 2.0, {24: 100.0, 30: 50.0}, {30: VmafScore(93.0, 85.0)}, {24: 99.0, 30: 99.0}
    )
    taken = STAGE_START_S + 2 * SAMPLE_OPEN_S + 40 * DECODE_S_PER_MEGAPIXEL
    tried = 2 * (FFMPEG_START_S + 40 * ENCODE_S_PER_MEGAPIXEL["h264"]) + FFMPEG_START_S + 40 * SCORE_S_PER_MEGAPIXEL
    assert BUDGET.spent_s([trial]) == pytest.approx(taken + tried)
