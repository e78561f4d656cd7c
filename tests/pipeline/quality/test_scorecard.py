"""The score card: values, text and JSON."""

import pytest
from rich.cells import cell_len

from domain.clock import Span
from domain.errors import InvalidValue
from pipeline.quality.measures import Prediction
from pipeline.quality.scorecard import ScoreCard, from_json, render_text, score_card, to_json
from pipeline.quality.truth import TrueHighlight, Truth

TRUTHS = {
    "周末专场": Truth("周末专场", 100.0, (TrueHighlight(10.0, 30.0, ("a",)),)),
    "en-show": Truth("en-show", 300.0, (TrueHighlight(0.0, 50.0, ("b",)), TrueHighlight(60.0, 90.0, ("c",)))),
}


def dot(start: float, end: float, product: str) -> Prediction:
    return Prediction(Span(start, end), (product,), start, 1.0)


def card() -> ScoreCard:
    good = {"周末专场": (dot(12, 30, "a"),), "en-show": (dot(0, 50, "b"),)}
    nothing: dict[str, tuple[Prediction, ...]] = {"周末专场": (), "en-show": ()}
    return score_card(TRUTHS, {"kandian": good, "nothing": nothing})


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
        score_card(TRUTHS, {"pushes": {"周末专场": ()}})


def test_a_card_without_shows_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at least one show"):
        score_card({}, {"kandian": {}})


def test_the_text_tells_every_measure_of_a_show() -> None:
    kandian, nothing = card().methods
    found = rows(render_text(ScoreCard((kandian,))))
    assert found["周末专场"] == ["1.00", "1.00", "1.00", "1.00", "0.00", "0.98", "2.0", "2.0", "1/1"]
    found = rows(render_text(ScoreCard((nothing,))))
    assert found["周末专场"] == ["0.00", "0.00", "-", "0.00", "-", "0.80", "-", "-", "0/1"]


def test_the_text_sums_up_each_method() -> None:
    found = rows(render_text(card()))
    assert found["kandian, all shows"] == ["0.80", "0.80", "1.00", "0.67", "0.00", "0.92", "1.0", "1.8", "2/3"]
    assert found["nothing, worst show"] == ["0.00", "0.00", "-", "0.00", "-", "0.73", "-", "-", "0/2"]


def test_the_text_names_the_worst_show() -> None:
    assert "en-show (worst)" in render_text(card())


def test_every_table_is_straight_in_a_terminal_where_chinese_takes_two_cells() -> None:
    blocks = [block.splitlines() for block in render_text(card()).split("\n\n") if block.startswith("|")]
    assert len(blocks) == 3
    assert all(len({cell_len(line) for line in block}) == 1 for block in blocks)


def test_every_table_is_one_that_markdown_reads() -> None:
    blocks = [block.splitlines() for block in render_text(card()).split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in block}) == 1 for block in blocks)
    assert all(set(block[1]) == {"|", "-", ":"} for block in blocks)


def test_json_gives_the_same_card_back() -> None:
    assert from_json(to_json(card())) == card()


def test_json_says_null_where_nothing_could_be_measured() -> None:
    assert '"seek_precision": null' in to_json(card())
