"""Where a product's own words set in and fade, by how much of the talk is about it just before and just after."""

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray

TURN_WINDOW_S: Seconds = 30.0  # before and after a boundary
BACKGROUND_NATS = 2.0  # added to both sides: a first faint word is no turn


def sets_in(nats: FloatArray, starts: FloatArray) -> FloatArray:
    """(units, products): log-ratio of the nats in the TURN_WINDOW_S from each unit's start on to those before it.

    Above 0 where a product's words set in. `nats`: (units, products), not below 0; `starts`: (units,), seconds.
    """
    sums = np.concatenate([np.zeros((1, nats.shape[1])), np.cumsum(nats, axis=0)])
    here = np.arange(len(starts))
    before = sums[here] - sums[np.searchsorted(starts, starts - TURN_WINDOW_S)]
    after = sums[np.searchsorted(starts, starts + TURN_WINDOW_S)] - sums[here]
    return np.asarray(np.log((after + BACKGROUND_NATS) / (before + BACKGROUND_NATS)))


def next_unit(values: FloatArray) -> FloatArray:
    """(units, ...): the values of the unit after each; those of the last unit are 0."""
    return np.concatenate([values[1:], np.zeros_like(values[:1])])


def best_of_others(values: FloatArray) -> FloatArray:
    """(units, products): the greatest value of any other product, at least 0."""
    if values.shape[1] < 2:
        return np.zeros_like(values)
    top_two = np.partition(values, -2, axis=1)[:, -2:]
    is_best = np.arange(values.shape[1]) == values.argmax(axis=1)[:, None]
    return np.maximum(np.where(is_best, top_two[:, :1], top_two[:, 1:]), 0.0)
