"""The tables of the score card inside a Markdown page."""

from pathlib import Path

import pytest

from domain.catalog import Catalog, Product
from domain.errors import UsageError
from domain.speech import Transcript
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Predictions
from learning.evaluation.scorecard import ScoreCard, build_score_card
from learning.evaluation.scorecard_file import render_blocks, update_score_card_file

PAGE = "# Card\n\n<!-- quality: methods -->\n\n| old |\n\n<!-- end of methods -->\n\nWhat people wrote.\n"


def card() -> ScoreCard:
    show = GoldShow(
        GroundTruth("s", 60.0, (TrueHighlight(10.0, 20.0, ("a",)),)),
        Catalog((Product(product_id="a", title="a"),)),
        Transcript("zh", "speech", ()),
    )
    return build_score_card({"s": show}, {"kandian": {"s": Predictions()}})


def page(folder: Path, text: str) -> Path:
    file = folder / "scorecard.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_block_gets_its_tables_and_the_rest_stays(tmp_path: Path) -> None:
    file = page(tmp_path, PAGE)
    update_score_card_file(file, card())
    before, _, after = PAGE.partition("\n\n| old |\n")
    text = file.read_text(encoding="utf-8")
    assert text.startswith(before)
    assert text.endswith(after)
    assert "| kandian, all shows" in text
    assert "near-duplicate" in text


def test_a_second_update_changes_nothing(tmp_path: Path) -> None:
    file = page(tmp_path, PAGE)
    update_score_card_file(file, card())
    first = file.read_bytes()
    update_score_card_file(file, card())
    assert file.read_bytes() == first


def test_every_block_can_be_named_in_one_page(tmp_path: Path) -> None:
    blocks = render_blocks(card())
    file = page(tmp_path, "".join(f"<!-- quality: {name} -->\n<!-- end of {name} -->\n" for name in blocks))
    update_score_card_file(file, card())
    assert all(block in file.read_text(encoding="utf-8") for block in blocks.values())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# Card\n", "has no block"),
        ("<!-- quality: methods -->\n", "has no block"),
        ("<!-- quality: methodz -->\n<!-- end of methodz -->\n", "has a block 'methodz'"),
    ],
)
def test_a_page_without_a_known_block_is_refused_and_kept(text: str, problem: str, tmp_path: Path) -> None:
    file = page(tmp_path, text)
    with pytest.raises(UsageError, match=problem):
        update_score_card_file(file, card())
    assert file.read_text(encoding="utf-8") == text


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be changed"):
        update_score_card_file(tmp_path / "none.md", card())
