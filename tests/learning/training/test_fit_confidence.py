"""The fits of the chances of takes and of the bundle classifier."""

from dataclasses import replace

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import EVIDENCE_KINDS, ProductScores
from domain.speech import Sentence, Transcript
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.reliability import LabelledConfidence, compute_calibration
from learning.training.fit_confidence import (
    LabelledCandidate,
    fit_confidence,
    is_product_right,
    is_start_right,
    label_candidates,
)
from learning.training.show_evidence import ScoredShow
from learning.training.training_shows import TrainingShow, TrainingShowInputs, build_training_show
from models.segmentation.calibration import (
    BUNDLE_FEATURE_NAMES,
    LogisticModel,
    ProductFeatures,
    StartFeatures,
    untrained_model,
)
from models.segmentation.candidate_takes import CandidateTake

NO_BUNDLES = LogisticModel(0.0, dict.fromkeys(BUNDLE_FEATURE_NAMES, 0.0))
PRODUCT = ProductFeatures(words=1.0, numbers=1.0, margin=10.0, inside=0.9, show_words=2.0)
START = StartFeatures(landing=0.9, peak=0.5, sets_in=0.0)
TRUTH = GroundTruth(
    "s", 200.0, (TrueHighlight(20.0, 60.0, ("a",)), TrueHighlight(70.0, 100.0, ("a", "b"))), ignored=(Span(150, 200),)
)


def candidates(count: int, seed: int, *, boast: float = 1.0) -> list[LabelledCandidate]:
    """Takes of which the product, and then the start, is right as often as its chance says, which is overstated by
    `boast`.
    """
    random = np.random.default_rng(seed)
    made = []
    for inside, landing in random.uniform(0.05, 0.95, (count, 2)).tolist():
        is_right, is_start = random.random(2) < (inside, landing)
        product = replace(PRODUCT, inside=_overstated(inside, boast))
        start = replace(START, landing=_overstated(landing, boast))
        made.append(LabelledCandidate(product, start, bool(is_right), bool(is_right and is_start)))
    return made


def _overstated(chance: float, boast: float) -> float:
    odds = float((chance / (1 - chance)) ** boast)
    return odds / (1 + odds)


def _ece(labelled: list[LabelledConfidence]) -> float:
    ece = compute_calibration(labelled).ece
    assert ece is not None
    return ece


def test_of_a_hundred_products_of_eighty_percent_eighty_are_right() -> None:
    model = fit_confidence(candidates(2000, 1, boast=3.0), NO_BUNDLES)
    labelled = [
        LabelledConfidence(model.product_chance(each.product_features), each.is_product_right)
        for each in candidates(2000, 2, boast=3.0)
    ]
    assert _ece(labelled) < 0.04


def test_of_a_hundred_starts_of_eighty_percent_eighty_are_right_where_the_product_is() -> None:
    model = fit_confidence(candidates(2000, 1, boast=3.0), NO_BUNDLES)
    labelled = [
        LabelledConfidence(model.start_chance(each.start_features), each.is_start_right)
        for each in candidates(2000, 2, boast=3.0)
        if each.is_product_right
    ]
    assert _ece(labelled) < 0.05


def test_a_likelier_landing_makes_a_start_surer_and_no_product() -> None:
    model = fit_confidence(candidates(500, 3), NO_BUNDLES)
    unsure, sure = (replace(START, landing=landing) for landing in (0.2, 0.9))
    assert model.start_chance(sure) > model.start_chance(unsure) + 0.3
    assert set(model.start.weights).isdisjoint(model.product.weights)


def test_starts_of_wrong_products_teach_nothing() -> None:
    known = candidates(200, 4)
    strangers = [replace(each, is_product_right=False, is_start_right=True) for each in candidates(200, 5)]
    alone, beside = (fit_confidence(some, NO_BUNDLES).start for some in (known, [*known, *strangers]))
    assert beside == alone


def test_where_more_evidence_goes_with_wrong_takes_its_weight_is_0_and_not_below() -> None:
    lies = [
        replace(
            each,
            product_features=replace(each.product_features, margin=0.0 if each.is_product_right else 30.0),
            start_features=replace(each.start_features, sets_in=-2.0 if each.is_start_right else 2.0),
        )
        for each in candidates(300, 6)
    ]
    model = fit_confidence(lies, NO_BUNDLES)
    assert model.product.weights["margin"] == model.start.weights["sets_in"] == 0.0
    assert min(*model.product.weights.values(), *model.start.weights.values()) == 0.0


def test_candidates_that_weigh_nothing_teach_nothing() -> None:
    known = candidates(300, 4)
    liars = [
        replace(each, is_product_right=not each.is_product_right, is_start_right=False, weight=0.0)
        for each in candidates(300, 5)
    ]
    alone, beside = (fit_confidence(some, NO_BUNDLES).product_chance(PRODUCT) for some in (known, [*known, *liars]))
    assert beside == pytest.approx(alone, abs=1e-3)


@pytest.mark.parametrize("labels", [(), (True,), (False, False, False)])
def test_where_all_candidates_are_alike_nothing_is_learned(labels: tuple[bool, ...]) -> None:
    alike = [LabelledCandidate(PRODUCT, START, label, label) for label in labels]
    assert fit_confidence(alike, NO_BUNDLES) == untrained_model()


def test_bundles_are_taken_over() -> None:
    bundles = LogisticModel(-2.0, dict(zip(BUNDLE_FEATURE_NAMES, (1.0, 2.0, 3.0), strict=True)))
    assert fit_confidence([], bundles).bundle == bundles


@pytest.mark.parametrize(
    ("product", "start", "end", "is_right"),
    [
        ("a", 20, 60, True),
        ("a", 0, 40, True),  # half of it
        ("a", 0, 39, True),  # not half, but .32 of the same time
        ("a", 0, 28, False),
        ("a", 30, 34, True),  # a piece of it
        ("a", 45, 85, True),  # half of it, over two explanations
        ("b", 70, 100, True),  # one of a bundle
        ("b", 20, 60, False),
        ("c", 20, 60, False),
        ("a", 60, 69, False),
        ("a", 0, 200, False),  # all of both is too little of it
    ],
)
def test_a_product_is_right_where_half_of_the_take_or_much_of_the_same_time_is_about_it(
    product: str, start: float, end: float, is_right: bool
) -> None:
    assert is_product_right(product, Span(start, end), TRUTH) == is_right


@pytest.mark.parametrize(
    ("product", "seek", "is_right"),
    [("a", 14.9, False), ("a", 15, True), ("a", 30, True), ("a", 30.1, False), ("b", 70, True), ("b", 20, False)],
)
def test_a_start_is_right_from_5_s_before_to_10_s_after_an_explanation_of_the_product(
    product: str, seek: float, is_right: bool
) -> None:
    assert is_start_right(product, seek, TRUTH) == is_right


def scored_show(weight: float = 1.0) -> ScoredShow:
    """Ten units of 20 seconds, and one product."""
    starts = np.arange(0.0, 200.0, 20.0)
    nothing = np.zeros((10, 1))
    scores = ProductScores(
        ("a",), starts, starts + 20.0, nothing[:, 0], nothing[:, 0], nothing[:, 0],
        np.zeros((10, 1, len(EVIDENCE_KINDS))), nothing, nothing, np.zeros(3), 0.0, 0.0, 0.0, 0.0,
        has_video=False, has_event_log=False,
    )  # fmt: skip
    return ScoredShow(_bare_show(), scores, weight)


def _bare_show() -> TrainingShow:
    said = Transcript("zh", "captions", (Sentence.with_even_timing(Span(0.0, 9.0), "大家好"),))
    catalog = Catalog((Product(product_id="a", title="寿眉饼"),))
    return build_training_show(TrainingShowInputs("s", "ta", catalog, said, (), (), TRUTH, ()))


def candidate(start: int, end: int) -> CandidateTake:
    return CandidateTake(start, end, (0,), 20.0 * start, PRODUCT, START)


def test_candidates_are_labelled_by_the_truth_and_weigh_as_their_show() -> None:
    labelled = list(label_candidates([candidate(1, 3), candidate(2, 3), candidate(5, 7)], scored_show(0.5)))
    assert [(each.is_product_right, each.is_start_right) for each in labelled] == [
        (True, True), (True, False), (False, False)
    ]  # fmt: skip
    assert {each.weight for each in labelled} == {0.5}


def test_candidates_in_stretches_that_do_not_count_are_no_lessons() -> None:
    assert list(label_candidates([candidate(8, 10)], scored_show())) == []
