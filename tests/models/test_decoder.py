"""The decoder against enumerating every segmentation of a few units."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from domain.evidence import FloatArray
from models.decoder import Lattice, Segment, best_path, posteriors

Path_ = tuple[Segment, ...]


def lattice_of(units: int, products: int, seed: int) -> Lattice:
    random = np.random.default_rng(seed)
    return Lattice(
        log_odds=random.normal(0, 2, (units, products)),
        opening=random.normal(0, 1, units),
        closing=random.normal(0, 1, units),
        boundaries=np.concatenate([[0.0], np.cumsum(random.uniform(1, 6, units))]),
        log_duration=log_duration,
        entry=-1.0,
        longest=14.0,
    )


def log_duration(seconds: FloatArray) -> FloatArray:
    return -np.abs(np.log(seconds / 5.0))


def every_path(lattice: Lattice, unit: int = 0, last: Segment | None = None) -> Iterator[Path_]:
    """All ways to fill units from `unit` on: nothing, or a segment of a product that does not touch its like."""
    if unit == lattice.units:
        yield ()
        return
    yield from every_path(lattice, unit + 1)
    for end in range(unit + 1, lattice.units + 1):
        if lattice.boundaries[end] - lattice.boundaries[unit] > lattice.longest:
            break
        for product in range(lattice.products):
            if last is None or last.product != product:
                segment = Segment(unit, end, product)
                for rest in every_path(lattice, end, segment):
                    yield (segment, *rest)


def score(lattice: Lattice, path: Path_) -> float:
    return float(sum(segment_score(lattice, segment) for segment in path))


def segment_score(lattice: Lattice, segment: Segment) -> float:
    start, end = segment.start, segment.end
    duration = np.array([lattice.boundaries[end] - lattice.boundaries[start]])
    inside = lattice.log_odds[start:end, segment.product].sum()
    edges = lattice.opening[start] + lattice.closing[end - 1]
    return float(inside + edges + lattice.log_duration(duration)[0] + lattice.entry)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_path_scores_as_high_as_the_best_of_all_segmentations(seed: int) -> None:
    lattice = lattice_of(units=6, products=1 + seed % 3, seed=seed)
    best = max(score(lattice, path) for path in every_path(lattice))
    assert score(lattice, best_path(lattice)) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(8))
def test_posteriors_are_the_shares_of_all_segmentations(seed: int) -> None:
    lattice = lattice_of(units=5, products=1 + seed % 3, seed=seed)
    paths = list(every_path(lattice))
    weights = np.exp([score(lattice, path) for path in paths])
    weights /= weights.sum()
    starts = np.zeros((lattice.units + 1, lattice.products))
    ends, units = np.zeros_like(starts), np.zeros((lattice.units, lattice.products))
    for path, weight in zip(paths, weights, strict=True):
        for segment in path:
            starts[segment.start, segment.product] += weight
            ends[segment.end, segment.product] += weight
            units[segment.start : segment.end, segment.product] += weight
    found = posteriors(lattice)
    np.testing.assert_allclose(found.starts, starts, atol=1e-9)
    np.testing.assert_allclose(found.ends, ends, atol=1e-9)
    np.testing.assert_allclose(found.units, units, atol=1e-9)


def test_segments_of_one_product_never_touch() -> None:
    for seed in range(20):
        path = best_path(lattice_of(units=12, products=2, seed=seed))
        assert not any(a.end == b.start and a.product == b.product for a, b in pairwise(path))


def test_overwhelming_evidence_for_one_product_keeps_posteriors_finite() -> None:
    lattice = replace(lattice_of(units=6, products=2, seed=1), longest=1000.0)
    lattice.log_odds[:, 0] += 400.0
    found = posteriors(lattice)
    assert np.isfinite(found.units).all()
    assert found.units[:, 0].min() > 0.99


def test_a_show_of_no_products_is_nothing() -> None:
    assert best_path(lattice_of(units=4, products=0, seed=0)) == ()
