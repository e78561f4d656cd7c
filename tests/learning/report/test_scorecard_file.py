"""The tables of the score card inside a Markdown page."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.errors import UsageError
from domain.speech import Transcript
from learning.evaluation.discourse_auc import DiscourseAuc, ShowDiscourseAuc, summarize_discourse
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction, Predictions
from learning.evaluation.scorecard import ScoreCard, build_score_card
from learning.evaluation.wrong_catalog import WrongCatalogDots, summarize_dots
from learning.report.scorecard_file import BLOCK_PATTERN, render_blocks, update_score_card_file

PAGE = "# Card\n\n<!-- quality: methods -->\n\n| old |\n\n<!-- end of methods -->\n\nWhat people wrote.\n"


SHOW = GoldShow(
    GroundTruth("s", 60.0, (TrueHighlight(10.0, 20.0, ("a",)),)),
    Catalog((Product(product_id="a", title="a"),)),
    Transcript("zh", "speech", ()),
)


def card() -> ScoreCard:
    return build_score_card({"s": SHOW}, {"kandian": {"s": Predictions()}})


def card_with_everything() -> ScoreCard:
    predictions = dict.fromkeys("st", Predictions((Prediction(Span(10.0, 20.0), ("a",), 10.0, 0.5),)))
    card = build_score_card(dict.fromkeys("st", SHOW), {"kandian": predictions}, {"speech only": predictions})
    discourse = summarize_discourse([ShowDiscourseAuc("s", DiscourseAuc(0.5, 0.5))])
    return replace(card, discourse=discourse, wrong_catalog=summarize_dots([WrongCatalogDots("s", 60.0, 0, 0)]))


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


def test_a_block_of_tables_that_the_card_does_not_have_stays(tmp_path: Path) -> None:
    text = "<!-- quality: ablations -->\n\n| old |\n\n<!-- end of ablations -->\n"
    file = page(tmp_path, text)
    update_score_card_file(file, card())
    assert file.read_text(encoding="utf-8") == text


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


def test_the_score_card_of_the_docs_has_every_block_with_todays_headings_and_legend() -> None:
    text = (Path(__file__).parents[3] / "docs" / "scorecard.md").read_text(encoding="utf-8")
    blocks = {match[2]: match[3].strip() for match in BLOCK_PATTERN.finditer(text)}
    expected = render_blocks(card_with_everything())
    assert blocks.keys() == expected.keys()
    assert blocks["legend"] == expected["legend"].strip()
    assert {name: headings(block) for name, block in blocks.items()} == {
        name: headings(block) for name, block in expected.items()
    }


def headings(block: str) -> set[tuple[str, ...]]:
    """The column headings of a block's tables, without the name of the first column."""
    first_lines = (table.splitlines()[0] for table in block.strip().split("\n\n") if table.startswith("|"))
    return {tuple(cell.strip() for cell in line.split("|")[2:-1]) for line in first_lines}
