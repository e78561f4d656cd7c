"""Slices of the truth."""

from dataclasses import replace

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention, MentionKind, Mentions
from domain.session import Language
from domain.speech import Transcript
from domain.vision import Sighting, Sightings
from learning.evaluation.gold_show import GoldShow, ProductEvent
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.manners import Manner
from learning.evaluation.metrics import Prediction, Predictions
from learning.evaluation.slices import (
    QUICK_TURN,
    QuickTurnCounts,
    SliceDimension,
    SliceScore,
    count_quick_turns,
    find_quick_turns,
    pool_quick_turns,
    score_slices,
)

CATALOG = Catalog(tuple(Product(product_id=each, title=each) for each in "abc"))


def show(*truths: TrueHighlight, language: Language = "zh") -> GoldShow:
    return GoldShow(GroundTruth("s", 1000.0, truths), CATALOG, Transcript(language, "speech", ()))


def true(start: float, end: float, *products: str) -> TrueHighlight:
    return TrueHighlight(start, end, products)


def dot(start: float, end: float, product: str) -> Prediction:
    return Prediction(Span(start, end), (product,), start, 0.9)


def counted(one: GoldShow, dimension: SliceDimension) -> dict[str, int]:
    return {s.kind: s.truths for s in score_slices({"s": one}, {"s": Predictions()}) if s.dimension == dimension}


def test_a_slice_says_how_many_of_its_truths_are_found_and_how_well() -> None:
    one = show(true(0, 20, "a"), true(100, 120, "b"))
    found = {"s": Predictions((dot(4, 20, "a"),))}
    (short,) = [s for s in score_slices({"s": one}, found) if s.dimension == "length"]
    assert short == SliceScore("length", "under 30 s", 2, 0.5, 0.5, 0.5, 4.0)


def test_suggestions_find_nothing() -> None:
    one = show(true(0, 20, "a"))
    (short,) = [
        s for s in score_slices({"s": one}, {"s": Predictions((), (dot(0, 20, "a"),))}) if s.dimension == "length"
    ]
    assert (short.recall_at_50, short.seek_recall, short.start_error_median) == (0.0, 0.0, None)


def test_lengths_are_parted_at_30_and_90_seconds() -> None:
    one = show(true(0, 29, "a"), true(100, 130, "a"), true(200, 290, "a"), true(300, 391, "a"))
    assert counted(one, "length") == {"under 30 s": 1, "30 to 90 s": 2, "over 90 s": 1}


def test_what_was_explained_before_is_a_return_even_if_the_file_tells_it_first() -> None:
    one = show(true(200, 220, "a"), true(0, 20, "a"), true(300, 320, "a", "b"), true(400, 420, "b"))
    assert counted(one, "form") == {"single": 1, "bundle": 1, "return": 2}


@pytest.mark.parametrize(
    ("kind", "product", "time", "is_recognised"),
    [
        ("name", "a", 5, True),
        ("alias", "a", 5, True),
        ("title", "a", 5, False),
        ("name", "b", 5, False),
        ("name", "a", 30, False),
    ],
)
def test_a_name_is_heard_where_it_is_said_for_the_product_inside(
    kind: MentionKind, product: str, time: float, is_recognised: bool
) -> None:
    mention = Mention(kind, (product, "c"), Span(time, time + 1), 0, "x", 1.0)
    one = replace(show(true(0, 20, "a")), mentions=Mentions((mention,)))
    assert counted(one, "name") == {"heard" if is_recognised else "not heard": 1}


def test_events_are_inside_where_one_of_the_product_is() -> None:
    one = show(true(0, 20, "a"), true(30, 50, "b"))
    events = (ProductEvent("product_push", 3.0, "a"), ProductEvent("product_push", 40.0, "a"))
    assert counted(replace(one, events=events), "events") == {"inside": 1, "none inside": 1}


def test_pictures_are_no_kind_where_nothing_was_seen_at_all() -> None:
    one = show(true(0, 20, "a"), true(30, 50, "b"))
    assert counted(one, "pictures") == {}
    seen = Sightings((Sighting("card", ("a",), Span(5, 9), "a", 2.0),))
    assert counted(replace(one, sightings=seen), "pictures") == {"seen": 1, "not seen": 1}


def test_a_truth_counts_for_each_manner_of_its_show() -> None:
    one = show(true(0, 20, "a"), true(100, 120, "b"))
    manners: tuple[Manner, ...] = ("returns", "noprice")
    one = replace(one, truth=replace(one.truth, manners=manners))
    other = replace(one, truth=replace(one.truth, manners=("noprice",)))
    scores = score_slices({"s": one, "t": other}, {"s": Predictions((dot(0, 20, "a"),)), "t": Predictions()})
    found = [(s.kind, s.truths, s.recall_at_50) for s in scores if s.dimension == "manner"]
    assert found == [("noprice", 4, 0.25), ("returns", 2, 0.5)]


def test_shows_without_manners_have_no_slice_for_them() -> None:
    assert counted(show(true(0, 20, "a")), "manner") == {}


def test_languages_are_those_of_the_shows() -> None:
    shows = {"zh": show(true(0, 20, "a")), "en": show(true(0, 20, "a"), true(40, 60, "b"), language="en")}
    scores = score_slices(shows, {"zh": Predictions(), "en": Predictions()})
    assert [(s.kind, s.truths) for s in scores if s.dimension == "language"] == [("zh", 1), ("en", 2)]


def truths(*explanations: tuple[float, float, str]) -> tuple[TrueHighlight, ...]:
    return tuple(TrueHighlight(start, end, tuple(products.split("+"))) for start, end, products in explanations)


def test_a_product_that_returns_within_three_minutes_makes_a_quick_turn_of_all_three() -> None:
    assert find_quick_turns(truths((0, 40, "a"), (40, 80, "b"), (80, 180, "a"))) == {0, 1, 2}
    assert find_quick_turns(truths((0, 40, "a"), (40, 80, "b"), (80, 181, "a"))) == set()


def test_a_return_without_another_product_between_is_none() -> None:
    assert find_quick_turns(truths((0, 20, "a"), (60, 80, "a"), (100, 120, "b"))) == set()
    assert find_quick_turns(truths((0, 20, "a"), (60, 80, "a+b"), (100, 120, "a"))) == set()


def test_a_product_may_return_in_a_bundle() -> None:
    assert find_quick_turns(truths((0, 20, "a"), (20, 40, "b"), (40, 60, "a+b"))) == {0, 1, 2}


def test_three_products_by_turns_are_all_inside_and_what_comes_later_is_not() -> None:
    explanations = ((0, 20, "a"), (20, 40, "b"), (40, 60, "c"), (60, 80, "a"), (80, 100, "d"))
    assert find_quick_turns(truths(*explanations)) == {0, 1, 2, 3}


def test_the_order_of_the_truths_does_not_matter() -> None:
    assert find_quick_turns(truths((80, 120, "a"), (0, 40, "a"), (300, 320, "c"), (40, 80, "b"))) == {0, 1, 3}


def test_truths_inside_count_as_found_at_half_an_overlap() -> None:
    truth = GroundTruth("show", 300.0, truths((0, 40, "a"), (40, 80, "b"), (80, 120, "a"), (200, 240, "c")))
    predictions = [
        Prediction(Span(start, end), (product,), start, 0.9)
        for start, end, product in ((0, 36, "a"), (40, 55, "b"), (200, 240, "c"))
    ]
    counts = count_quick_turns(predictions, truth)
    assert counts == QuickTurnCounts(truths=3, found=1)
    assert pool_quick_turns([counts, QuickTurnCounts(1, 1)]).found_share == 0.5
    assert QuickTurnCounts().found_share is None


def test_quick_turns_are_a_slice() -> None:
    one = show(*truths((0, 40, "a"), (40, 80, "b"), (80, 120, "a"), (200, 240, "c")))
    assert counted(one, "turns") == {QUICK_TURN: 3, "slower": 1}
