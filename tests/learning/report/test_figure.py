"""Scale, products and excerpts of a timeline."""

from itertools import pairwise

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.speech import Sentence, Transcript
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction, Predictions
from learning.report.figure import ShowFigure, TimeScale, excerpt
from learning.report.timeline import axis_row


def test_a_short_show_fills_the_page_and_a_long_one_scrolls() -> None:
    assert TimeScale(600.0).width == TimeScale(60.0).width
    assert TimeScale(43200.0).width > 10 * TimeScale(600.0).width


def test_what_lies_outside_the_show_is_drawn_at_its_edge() -> None:
    scale = TimeScale(100.0)
    assert (scale.x(-5), scale.x(50), scale.x(120)) == (0.0, scale.width / 2, scale.width)


def test_the_shortest_stretch_can_still_be_seen() -> None:
    assert TimeScale(3600.0).x_and_width(Span(10, 10))["width"] == 2.0


def test_labels_of_the_axis_keep_their_distance() -> None:
    for duration in (20.0, 177.0, 1000.0, 7200.0, 43200.0):
        xs = [float(mark.attrib["x"]) for mark in axis_row(TimeScale(duration)).marks if mark.tag == "text"]
        assert min(b - a for a, b in pairwise(xs)) >= 56


def test_products_stand_in_the_order_of_their_truth_and_then_of_their_takes() -> None:
    truth = GroundTruth("s", 100.0, (TrueHighlight(20.0, 30.0, ("b",)), TrueHighlight(40.0, 50.0, ("a", "c"))))
    catalog = Catalog(tuple(Product(product_id=each, title=each) for each in "abcd"))
    predictions = Predictions((Prediction(Span(1, 2), ("d",), 1.0, 0.5), Prediction(Span(3, 4), ("a",), 3.0, 0.5)))
    figure = ShowFigure(GoldShow(truth, catalog, Transcript("zh", "speech", ())), predictions)
    assert figure.products.ids == ("b", "a", "c", "d")


def test_an_excerpt_joins_english_sentences_with_spaces_and_chinese_ones_without() -> None:
    sentences = (Sentence.with_even_timing(Span(10, 11), " one two"), Sentence.with_even_timing(Span(12, 13), "three"))
    assert excerpt(Transcript("en", "speech", sentences), Span(10, 20)) == "“one two three”"
    assert excerpt(Transcript("zh", "speech", sentences), Span(11, 20)) == "“three”"
    assert excerpt(Transcript("zh", "speech", sentences), Span(50, 60)) == ""


def test_a_long_excerpt_is_cut() -> None:
    sentences = (Sentence.with_even_timing(Span(10, 60), "好" * 200),)
    assert excerpt(Transcript("zh", "speech", sentences), Span(10, 20)) == f"“{'好' * 90}…”"
