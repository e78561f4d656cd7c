"""The budget of the search, counted by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.replay import Rendition, Vmaf
from media.encode.probe_budget import BEGIN_S, DECODE_S, ENCODE_S, SAMPLE_S, SCORE_S, START_S, Budget, Pictures
from media.encode.probe_encodes import Trial
from media.encode.samples import Samples
from media.keyframes import Size

LARGE = Size(1000, 1000)  # a megapixel
H264 = Rendition("h264", 1000, 1000, "veryfast", "", 24)
BUDGET = Budget(0.1, Pictures(3000, LARGE, 0.0), Pictures(40, LARGE, 0.0), places=2)


def test_a_share_of_decoding_and_of_each_encode_is_allowed() -> None:
    small = replace(H264, width=500, height=500)
    work = 3000 * (DECODE_S + ENCODE_S["h264"] + ENCODE_S["h264"] / 4)
    assert BUDGET.allowed([H264, small]) == pytest.approx(0.1 * work)


def test_samples_encodes_and_scores_are_counted_and_no_clock(tmp_path: Path) -> None:
    samples = Samples(tmp_path, LARGE, 4.0, 0.0)
    trial = Trial("it", H264, samples, 2.0, {24: 100.0, 30: 50.0}, {30: Vmaf(93.0, 85.0)}, {24: 99.0, 30: 99.0})
    taken = BEGIN_S + 2 * SAMPLE_S + 40 * DECODE_S
    tried = 2 * (START_S + 40 * ENCODE_S["h264"]) + START_S + 40 * SCORE_S
    assert BUDGET.spent([trial]) == pytest.approx(taken + tried)
