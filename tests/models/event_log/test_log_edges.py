"""What the ends of a log say about its clock."""

import numpy as np
import pytest

from domain.clock import Seconds
from domain.evidence import FloatArray
from models.event_log.log_edges import MAX_EDGE_NATS, edge_nats
from models.event_log.time_grid import OFFSETS_S

END: Seconds = 1200.0
COMMENTS: FloatArray = np.arange(1.0, END, 5.0)


def gain(times: FloatArray, offset: Seconds) -> float:
    """By which the edges prefer an offset to none."""
    nats = edge_nats(times, 0.0, END)
    return float(nats[OFFSETS_S.index(offset)] - nats[OFFSETS_S.index(0.0)])


@pytest.mark.parametrize("late", [-60.0, -36.0, 36.0, 90.0])
def test_a_gap_at_one_edge_and_events_beyond_the_other_speak_for_an_offset(late: Seconds) -> None:
    assert gain(COMMENTS + late, late) > MAX_EDGE_NATS
    assert gain(COMMENTS + late, -late) <= 0


def test_a_log_that_begins_late_says_nothing() -> None:
    assert max(gain(COMMENTS[COMMENTS > 60], offset) for offset in OFFSETS_S) <= MAX_EDGE_NATS / 2


def test_a_log_that_outlasts_the_recording_at_both_ends_says_nothing() -> None:
    outlasting = np.arange(-120.0, END + 120.0, 5.0)
    assert max(gain(outlasting, offset) for offset in OFFSETS_S if abs(offset) < 100) == 0.0


def test_a_sparse_log_says_nothing() -> None:
    assert not edge_nats(COMMENTS[::8] + 60.0, 0.0, END).any()
