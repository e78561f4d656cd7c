"""`make bench` writes its tables between the markers of the score card, and nothing else."""

from pathlib import Path

import pytest

from bench.bjontegaard import Point
from bench.encoders import Measured, table
from bench.scorecard import END, markdown_table, replace_block, write_block

CARD = Path(__file__).parents[1] / "docs" / "scorecard.md"
TEXT = f"before\n<!-- make bench: a -->\nold\n{END}\nbetween\n<!-- make bench: b -->\n{END}\nafter\n"


def test_a_block_is_replaced_and_all_else_stays() -> None:
    expected = TEXT.replace("old", "| new \\1 |")
    assert replace_block(TEXT, "a", "| new \\1 |") == expected
    assert replace_block(expected, "a", "old") == TEXT


def test_a_block_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="no block <!-- make bench: c -->"):
        replace_block(TEXT, "c", "new")


@pytest.mark.parametrize("name", ["costs", "encoders", "serving"])
def test_the_score_card_has_every_block(tmp_path: Path, name: str) -> None:
    card = tmp_path / "scorecard.md"
    card.write_text(CARD.read_text(encoding="utf-8"), encoding="utf-8")
    write_block(card, name, "| figures of today |")
    assert "| figures of today |" in card.read_text(encoding="utf-8")


def test_figures_are_aligned_right() -> None:
    assert markdown_table(("what", "figure"), [("a", "1")]) == "| what | figure |\n| --- | ---: |\n| a | 1 |"


def test_encoders_are_compared_clip_by_clip_and_in_the_mean() -> None:
    anchor = [Point(rate, vmaf, vmaf, vmaf, 1.0) for rate, vmaf in ((100, 60.0), (200, 80.0), (400, 95.0))]
    half = [Point(point.rate_kbps / 2, point.vmaf, point.neg, point.low, 2.0) for point in anchor]
    points = {"x264 veryfast": anchor, "H.264 profile": half, "AV1 profile": anchor}
    header, _, first, second, mean = table([Measured("a", points), Measured("b", points)]).splitlines()
    assert header == "| clip | H.264 | NEG | low 5 % | time | AV1 | NEG | low 5 % | time |"
    assert first == "| a | -50 % | -50 % | -50 % | 2.00 | 0 % | 0 % | 0 % | 1.00 |"
    assert (second, mean) == (first.replace("a", "b", 1), first.replace("a", "**mean**", 1))
