"""The score card: values, text and JSON."""

from dataclasses import replace
from functools import cache

import pytest
from pydantic import TypeAdapter
from rich.cells import cell_len

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.errors import InvalidValue
from domain.speech import Transcript
from learning.evaluation.discourse_auc import DiscourseAuc, ShowDiscourseAuc, summarize_discourse
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction, Predictions
from learning.evaluation.scorecard import ScoreCard, build_score_card, to_json
from learning.evaluation.wrong_catalog import WrongCatalogDots, summarize_dots
from learning.report.text_report import render_score_card

CATALOG = Catalog(tuple(Product(product_id=each, title=f"{each * 9} 水") for each in "abc"))
TRUTHS = {
    "周末专场": GroundTruth("周末专场", 100.0, (TrueHighlight(10.0, 30.0, ("a",)),)),
    "en-show": GroundTruth("en-show", 300.0, (TrueHighlight(0.0, 50.0, ("b",)), TrueHighlight(60.0, 90.0, ("c",)))),
}

SHOWS = {name: GoldShow(truth, CATALOG, Transcript("zh", "speech", ())) for name, truth in TRUTHS.items()}
NOTHING = {name: Predictions() for name in SHOWS}


def dot(start: float, end: float, product: str) -> Prediction:
    return Prediction(Span(start, end), (product,), start, 1.0)


@cache
def card() -> ScoreCard:
    good = {"周末专场": Predictions((dot(12, 30, "a"),)), "en-show": Predictions((dot(0, 50, "b"),))}
    return build_score_card(SHOWS, {"kandian": good, "nothing": NOTHING}, {"speech only": NOTHING})


def rows(text: str) -> dict[str, list[str]]:
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|")
    return {first: rest for first, *rest in cells}


def test_over_all_adds_up_counts_and_the_mean_takes_shows_alike() -> None:
    kandian = card().methods[0]
    assert kandian.over_all.measures.f1_at_50 == 2 * 2 / (2 + 3)
    assert kandian.mean.f1_at_50 == pytest.approx((1 + 2 / 3) / 2)


def test_the_worst_show_is_the_one_of_the_lowest_f1() -> None:
    assert card().methods[0].worst == "en-show"


def test_between_two_shows_of_f1_0_the_worst_has_the_least_right_time() -> None:
    shares = {show.show: show.score.measures.time_share for show in card().methods[1].shows}
    assert shares == {"周末专场": 0.8, "en-show": pytest.approx(220 / 300)}
    assert card().methods[1].worst == "en-show"


def test_methods_of_different_shows_are_not_compared() -> None:
    with pytest.raises(InvalidValue, match=r"pushes and the truth are not of the same shows; they differ in: en-show"):
        build_score_card(SHOWS, {"pushes": {"周末专场": Predictions()}})


def test_a_card_without_shows_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at least one show"):
        build_score_card({}, {"kandian": {}})
    with pytest.raises(InvalidValue, match="at least one show"):
        build_score_card(SHOWS, {})


def test_the_text_tells_every_measure_of_a_show() -> None:
    kandian, nothing = card().methods
    found = rows(render_score_card(replace(card(), methods=(kandian,))))
    assert found["周末专场"] == ["1.00", "1.00", "1.00", "1.00", "0.00", "0.00", "0.98", "2.0", "2.0", "1/1"]
    found = rows(render_score_card(replace(card(), methods=(nothing,))))
    assert found["周末专场"] == ["0.00", "0.00", "-", "0.00", "-", "-", "0.80", "-", "-", "0/1"]


def test_the_text_sums_up_each_method() -> None:
    found = rows(render_score_card(card()))
    assert found["kandian, all shows"] == ["0.80", "0.80", "1.00", "0.67", "0.00", "0.00", "0.92", "1.0", "1.8", "2/3"]
    assert found["nothing, worst show"] == ["0.00", "0.00", "-", "0.00", "-", "-", "0.73", "-", "-", "0/2"]


def block(text: str, name: str) -> dict[str, list[str]]:
    """The rows of the table whose first column is called `name`."""
    (found,) = [each for each in text.split("\n\n") if each.startswith(f"| {name}")]
    return rows(found)


def test_the_text_says_between_which_ends_the_pooled_measures_lie() -> None:
    ends = block(render_score_card(card()), "95 % between")["kandian"]
    shares = [".67-1.00", ".67-1.00", "1.00-1.00", ".50-1.00", ".00-.00", ".00-.00", ".90-.98"]
    assert ends == [*shares, ".0-2.0", ".0-2.0"]


def test_ends_above_ten_keep_their_digits() -> None:
    late = {"周末专场": Predictions((dot(20.4, 30, "a"),)), "en-show": Predictions((dot(10.5, 50, "b"),))}
    assert (
        block(render_score_card(build_score_card(SHOWS, {"kandian": late})), "95 % between")["kandian"][7]
        == "10.4-10.5"
    )


def test_the_text_of_one_show_has_no_ends() -> None:
    one = build_score_card({"en-show": SHOWS["en-show"]}, {"kandian": {"en-show": Predictions()}})
    assert "| 95 % between" not in render_score_card(one)


def test_ablations_are_listed_where_there_are_any() -> None:
    assert block(render_score_card(card()), "with less, or a log moved")["speech only"][-1] == "0/3"
    assert "with less" not in render_score_card(replace(card(), ablations=()))


def test_confidences_are_judged_of_suggestions_too() -> None:
    suggested = {"周末专场": Predictions((), (dot(12, 30, "a"),)), "en-show": Predictions((dot(200, 250, "b"),))}
    judged = build_score_card(SHOWS, {"kandian": suggested, "nothing": NOTHING})
    assert (judged.calibration.takes, judged.calibration.right_share) == (2, 0.5)
    assert rows(render_score_card(judged))["all takes"] == ["0.500", "0.500", "0.500", "2"]


def test_thresholds_that_publish_the_same_are_listed_once() -> None:
    found = rows(render_score_card(card()))
    assert found["0.0"] == ["1.00", "0.67", "2"]
    assert "0.1" not in found


def test_kinds_of_truth_are_listed() -> None:
    assert rows(render_score_card(card()))["length: under 30 s"] == ["1.00", "1.00", "1.00", "2.0", "1"]


MANNERED = {name: replace(show, truth=replace(show.truth, manners=("noprice",))) for name, show in SHOWS.items()}


def test_kinds_of_truth_by_manner_have_a_table_where_shows_have_any() -> None:
    judged = build_score_card(MANNERED, {"nothing": NOTHING})
    assert block(render_score_card(judged), "truths in shows of a manner")["noprice"] == [
        "0.00",
        "0.00",
        "0.00",
        "-",
        "3",
    ]
    assert "manner: noprice" not in render_score_card(judged)
    assert "truths in shows of a manner" not in render_score_card(card())


DISCOURSE = summarize_discourse([ShowDiscourseAuc("en-show", DiscourseAuc(0.814, None))])


def test_the_text_says_how_well_talk_is_known_where_that_was_measured() -> None:
    found = block(render_score_card(replace(card(), discourse=DISCOURSE)), "AUC of talk")
    assert found["mean"] == found["worst"] == found["en-show"] == ["0.81", "-"]
    assert "| AUC of talk" not in render_score_card(card())


DOTS = summarize_dots([WrongCatalogDots("周末专场", 1800.0, 1, 4), WrongCatalogDots("en-show", 5400.0, 0, 0)])


def test_the_text_says_what_a_wrong_catalogue_gets_where_that_was_measured() -> None:
    found = block(render_score_card(replace(card(), wrong_catalog=DOTS)), "wrong catalogue")
    assert found["all shows"] == ["0.5", "1", "4", "2.00"]
    assert found["周末专场 (worst)"] == ["2.0", "1", "4", "0.50"]
    assert found["en-show"] == ["0.0", "0", "0", "1.50"]
    assert "| wrong catalogue" not in render_score_card(card())


def test_the_text_names_the_worst_show() -> None:
    assert "en-show (worst)" in render_score_card(card())


def test_every_table_is_straight_in_a_terminal_where_chinese_takes_two_cells() -> None:
    blocks = [block.splitlines() for block in render_score_card(card()).split("\n\n") if block.startswith("|")]
    assert len(blocks) == 9
    assert all(len({cell_len(line) for line in block}) == 1 for block in blocks)


def test_every_table_is_one_that_markdown_reads() -> None:
    blocks = [block.splitlines() for block in render_score_card(card()).split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in block}) == 1 for block in blocks)
    assert all(set(block[1]) == {"|", "-", ":"} for block in blocks)


def test_json_gives_the_same_card_back() -> None:
    for each in (card(), replace(card(), discourse=DISCOURSE, wrong_catalog=DOTS)):
        assert TypeAdapter(ScoreCard).validate_json(to_json(each), strict=True) == each


def test_json_says_null_where_nothing_could_be_measured() -> None:
    assert '"seek_precision": null' in to_json(card())
