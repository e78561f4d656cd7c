"""Broken files are remuxed into files that all later stages can read."""

from dataclasses import fields, replace

import pytest

from domain.clock import Span
from fixtures.broken.bytes import with_clock_set
from fixtures.broken.show import USUAL, Stretch, stretch
from fixtures.media import PROBED, Clip, media_of, recording, restarting
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.probe import Probe
from pipeline.stages.media.remux import Remux

pytestmark = pytest.mark.media


def test_a_broken_file_that_was_delivered_twice_is_remuxed_once() -> None:
    recorder = replace(USUAL, width=64, height=64, length_s=4.0, key_every_s=4.0)
    broken = with_clock_set(stretch(Stretch(Span(0, 4), 30.0, recorder), ".flv"), 32_000, 0)
    first, second = media_of(recording(broken, broken)).files
    assert (first.source_index, first.duplicate_of, second.source_index, second.duplicate_of) == (0, None, 1, 0)
    assert first.remuxed_path == second.remuxed_path


@pytest.mark.parametrize("probe", [Probe(), Probe(max_jump_back_s=10.0), Probe(max_gap_s=0.2)])
def test_a_file_is_remuxed_by_the_rules_by_which_it_was_probed(probe: Probe) -> None:
    """The clock of the file restarts: rules that differ would look for sections that are not there."""
    media = media_of(recording(restarting(Clip(".flv"))), probe)
    timeline = BuildTimeline()(media, replace(PROBED, rules=probe.rules))
    assert timeline.duration >= 5.8
    assert all(info.remuxed_path is None or info.remuxed_path.exists() for info in media.files)


def test_nothing_of_a_remux_can_be_set() -> None:
    assert fields(Remux) == ()
