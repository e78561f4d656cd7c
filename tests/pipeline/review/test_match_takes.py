"""A highlight finds the take that it comes from, whatever people changed."""

from dataclasses import replace

from domain.highlight import HighlightsFile, MachineTake, TakeEvidence, TakeJudgement, TakesFile
from pipeline.review.match_takes import find_take, judgements_by_id

POT = MachineTake("h1", ("锅",), 10.0, 60.0, 10.0, 0.8, "铁锅", "", (), (), None, 1, True, "auto")
POT_AGAIN = replace(POT, id="h2", start=100.0, end=150.0, seek=100.0)
LID = replace(POT, id="h3", product_ids=("盖",), start=20.0, end=55.0)
TAKES = TakesFile("1.0", "s", 0, 200.0, "zh", "replay/master.m3u8", (), (POT, POT_AGAIN), (LID,), ())


def test_a_highlight_under_the_id_of_another_take_is_found_by_its_product_and_place() -> None:
    assert find_take(replace(POT_AGAIN, id="h1"), TAKES) == POT_AGAIN


def test_a_suggestion_is_found_too() -> None:
    assert find_take(LID, TAKES) == LID


def test_a_highlight_with_moved_edges_is_found() -> None:
    assert find_take(replace(POT, start=20.0, end=80.0), TAKES) == POT


def test_a_highlight_whose_product_people_changed_is_found_by_its_edges() -> None:
    assert find_take(replace(POT_AGAIN, product_ids=("毛巾",)), TAKES) == POT_AGAIN


def test_what_people_added_elsewhere_comes_from_no_take() -> None:
    assert find_take(replace(POT, start=160.0, end=190.0), TAKES) is None


def test_judgements_are_found_by_the_ids_that_editors_see() -> None:
    judgement = TakeJudgement(evidence=(TakeEvidence("name", 3.0),))
    takes = replace(TAKES, highlights=(replace(POT, judgement=judgement),))
    added = replace(POT, id="h9", start=160.0, end=190.0, status="added")
    file = HighlightsFile("1.0", "s", 0, 200.0, "zh", "r", (), (replace(POT, id="h7"), added), (LID,), ())
    assert judgements_by_id(file, takes) == {"h7": judgement, "h3": TakeJudgement()}
