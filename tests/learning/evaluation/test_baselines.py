"""The three baselines."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span, Timeline, TimelineClip
from domain.evidence import EventLog, HostEvent
from domain.speech import Sentence, Transcript
from learning.evaluation.baselines import predict_from_exact_names, predict_from_pushes, predict_from_substrings
from learning.evaluation.ground_truth import read_ground_truth, single_file_timeline
from learning.evaluation.metrics import compute_metrics, count_outcomes, pool_counts


def push(time: float, product: str) -> HostEvent:
    return HostEvent("product_push", time, product_id=product)


def said(*sentences: tuple[float, str]) -> Transcript:
    """Sentences of one second a character."""
    spoken = (Sentence.with_even_timing(Span(start, start + len(text)), text) for start, text in sentences)
    return Transcript("zh", "speech", tuple(spoken))


SHELF = Catalog(
    (
        Product(product_id="p1", title="珀莱雅双抗精华液3.0", short_name="双抗精华", aliases=("双抗",)),
        Product(product_id="p2", title="扫地机器人", short_name="", aliases=("pan",)),
    )
)


def test_a_push_lasts_until_the_next_push() -> None:
    found = predict_from_pushes(EventLog((push(10, "p1"), push(50, "p2"))), single_file_timeline(100.0))
    assert [(p.span, p.product_ids, p.seek) for p in found] == [
        (Span(10, 50), ("p1",), 10.0),
        (Span(50, 100), ("p2",), 50.0),
    ]


def test_a_push_lasts_three_minutes_at_most() -> None:
    assert [p.span for p in predict_from_pushes(EventLog((push(10, "p1"),)), single_file_timeline(1000.0))] == [
        Span(10, 190)
    ]


def test_other_events_neither_begin_nor_end_anything() -> None:
    click = HostEvent("product_click", 20.0, product_id="p2")
    assert [p.span for p in predict_from_pushes(EventLog((push(10, "p1"), click)), single_file_timeline(60.0))] == [
        Span(10, 60)
    ]


def test_pushes_are_taken_in_order_of_time() -> None:
    found = predict_from_pushes(EventLog((push(50, "p2"), push(10, "p1"))), single_file_timeline(60.0))
    assert [p.product_ids for p in found] == [("p1",), ("p2",)]


def test_a_show_without_a_log_gives_nothing() -> None:
    assert predict_from_pushes(EventLog(), single_file_timeline(60.0)) == ()


def test_a_push_after_a_cut_moves_up() -> None:
    timeline = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 20.0), TimelineClip(0, 35.0, 35.0, 20.0, 65.0)))
    assert [p.span for p in predict_from_pushes(EventLog((push(45, "p1"),)), timeline)] == [Span(30, 85)]


def test_a_push_with_wall_clock_time_is_placed_where_the_start_of_the_show_is_known() -> None:
    log = EventLog((HostEvent("product_push", at=datetime(2026, 11, 11, 12, 0, 30, tzinfo=UTC), product_id="p1"),))
    started_at = datetime(2026, 11, 11, 12, 0, 0, tzinfo=UTC)
    assert [p.span for p in predict_from_pushes(log, single_file_timeline(60.0), started_at)] == [Span(30, 60)]
    assert predict_from_pushes(log, single_file_timeline(60.0)) == ()


def test_two_namings_less_than_40_s_apart_are_one_explanation() -> None:
    found = predict_from_exact_names(said((10, "这个双抗精华"), (45, "双抗")), SHELF)
    assert [(p.span, p.product_ids) for p in found] == [(Span(12, 47), ("p1",))]


def test_two_namings_more_than_40_s_apart_are_two() -> None:
    found = predict_from_exact_names(said((0, "双抗"), (42.5, "双抗")), SHELF)
    assert [p.span for p in found] == [Span(0, 2), Span(42.5, 44.5)]


def test_a_name_with_one_wrong_character_is_not_found() -> None:
    assert predict_from_exact_names(said((0, "双康精华")), SHELF) == ()


def test_the_title_is_no_name() -> None:
    assert predict_from_exact_names(said((0, "扫地机器人")), SHELF) == ()


def test_latin_names_are_whole_words_in_any_case() -> None:
    assert [p.span for p in predict_from_exact_names(said((0, "this Pan"), (20, "we expand")), SHELF)] == [Span(5, 8)]


def test_a_latin_name_between_chinese_characters_is_found() -> None:
    assert [p.span for p in predict_from_exact_names(said((0, "这个pan好")), SHELF)] == [Span(2, 5)]


def test_a_sentence_that_contains_a_name_is_predicted_whole() -> None:
    found = predict_from_substrings(said((10, "这个双抗精华好"), (50, "没有名字")), SHELF)
    assert [(p.span, p.product_ids, p.seek) for p in found] == [(Span(10, 17), ("p1",), 10.0)]


def test_sentences_less_than_15_s_apart_are_one_explanation() -> None:
    found = predict_from_substrings(said((0, "双抗"), (16, "双抗"), (34, "双抗")), SHELF)
    assert [p.span for p in found] == [Span(0, 18), Span(34, 36)]


def test_a_substring_may_be_part_of_a_word_and_is_found_in_any_case() -> None:
    assert [p.span for p in predict_from_substrings(said((0, "we exPAND")), SHELF)] == [Span(0, 9)]


def test_a_product_without_a_short_name_is_found_by_its_title() -> None:
    found = predict_from_substrings(said((0, "扫地机器人"), (30, "珀莱雅双抗")), SHELF)
    assert [p.product_ids for p in found] == [("p2",), ("p1",)]


def devset() -> Path:
    if "KANDIAN_DEVSET" not in os.environ:
        pytest.skip("KANDIAN_DEVSET names no development set")
    return Path(os.environ["KANDIAN_DEVSET"])


def logged(file: Path) -> EventLog:
    if not file.exists():
        return EventLog()
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return EventLog(tuple(HostEvent(e["type"], float(e["t"]), product_id=e.get("product_id", "")) for e in lines))


def test_pushes_reach_the_known_figures_over_all_six_shows() -> None:
    folders = sorted(file.parent for file in devset().glob("*/truth.json"))
    truths = {folder: read_ground_truth(folder / "truth.json") for folder in folders}
    found = {
        f: predict_from_pushes(logged(f / "events.jsonl"), single_file_timeline(truth.duration))
        for f, truth in truths.items()
    }
    over_all = compute_metrics(pool_counts(count_outcomes(found[folder], truth) for folder, truth in truths.items()))
    figures = (over_all.f1_at_50, over_all.f1_at_70, over_all.seek_precision, over_all.seek_recall)
    assert [round(figure or 0.0, 2) for figure in figures] == [0.30, 0.17, 0.12, 0.11]
