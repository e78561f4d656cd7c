"""What the ends of a log say about its clock: a dense log begins and ends with the recording."""

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray
from models.event_log.time_grid import OFFSETS_S

MIN_DENSE_EVENTS = 60  # fewer leave gaps that mean nothing
BURSTINESS = 3.0  # events come in bursts: a gap is worth so much less than a Poisson process says
MAX_EDGE_NATS = 3.0  # of one edge: a log may begin late, or outlast the recording; both together decide nothing alone
EDGE_TOLERANCE_S: Seconds = 3.0


def edge_nats(times: FloatArray, show_start: Seconds, show_end: Seconds) -> FloatArray:
    """(OFFSETS_S,): log-likelihood of the offset of the log's clock by where its events begin and end.

    A gap at an edge of the recording and events beyond it both speak against an offset. Only if one edge has a gap and
    events lie beyond the other does an offset gain by it. `times`: of all events, of any kind, on the log's clock.
    """
    inside = int(np.count_nonzero((times >= show_start) & (times < show_end)))
    if inside < MIN_DENSE_EVENTS:
        return np.zeros(len(OFFSETS_S))
    rate = inside / (show_end - show_start)
    return np.array(
        [
            -_edge_cost(times - offset - show_start, rate) - _edge_cost(show_end - (times - offset), rate)
            for offset in OFFSETS_S
        ]
    )


def _edge_cost(distances: FloatArray, rate: float) -> float:
    """Nats against an edge. `distances`: (events,), seconds of each event inside of it, below 0 outside."""
    outside = int(np.count_nonzero(distances < -EDGE_TOLERANCE_S))
    gap = max(0.0, float(distances.min()) - EDGE_TOLERANCE_S)
    return min(outside + rate * gap / BURSTINESS, MAX_EDGE_NATS)
