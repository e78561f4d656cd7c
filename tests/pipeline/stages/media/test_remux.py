"""Broken files as copies that all later stages can read."""

from dataclasses import replace

from domain.clock import Span
from fixtures.broken.bytes import with_clock_set
from fixtures.broken.show import USUAL, Stretch, stretch
from fixtures.media import media_of, recording


def test_a_broken_file_that_was_delivered_twice_is_mended_once() -> None:
    recorder = replace(USUAL, width=64, height=64, length_s=4.0, key_every_s=4.0)
    broken = with_clock_set(stretch(Stretch(Span(0, 4), 30.0, recorder), ".flv"), 32_000, 0)
    first, second = media_of(recording(broken, broken)).files
    assert (first.source_index, first.duplicate_of, second.source_index, second.duplicate_of) == (0, None, 1, 0)
    assert first.remuxed_path == second.remuxed_path
