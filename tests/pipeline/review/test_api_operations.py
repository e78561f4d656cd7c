"""Operations of an editor's page: each sees what those before it changed, and wrong ones are named by their index."""

from typing import Any

import pytest

from domain.errors import ReviewError
from domain.highlight import Highlight, HighlightsFile, PublicProduct
from domain.review import Add, Approve, Edit, Edits, Merge, PublishedHighlights, Retitle, ReviewedHighlights, Split
from pipeline.review.api_operations import edits_from_operations
from pipeline.review.draft import Draft, build_draft
from pipeline.review.make_edit import new_highlight_id
from pipeline.review.merge_edits import merge_review

POT = Highlight("h1", ("锅",), 10.0, 60.0, 10.0, 0.8, "铁锅", "", (), (), None, 1, True, "auto")
PRODUCT = PublicProduct("锅", None, "铁锅", "", "", "", {}, None, None, "CNY", None, None, None)
MACHINE_FILE = HighlightsFile("1.0", "双十一", 0, 100.0, "zh", "replay/master.m3u8", (PRODUCT,), (POT,), (), ())


@pytest.fixture
def draft() -> Draft:
    return build_draft(MACHINE_FILE, Edits(), PublishedHighlights())


def test_an_operation_may_be_about_what_one_before_it_made(draft: Draft) -> None:
    new_ids: list[str] = []

    def split(new_id: str) -> Split:
        new_ids.append(new_id)
        return Split("split", "h1", 30.0, new_id)

    first, second = edits_from_operations(draft, [split, lambda _: Retitle("retitle", new_ids[0], title="锅盖")])
    assert (new_highlight_id(first), second.seen[0].id, second.seen[0].start) == (new_ids[0], new_ids[0], 30.0)


def test_the_review_is_merged_again_only_for_an_operation_that_follows_another(
    draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    merges: list[str] = []

    def counted(session_id: str, *arguments: Any) -> ReviewedHighlights:
        merges.append(session_id)
        return merge_review(session_id, *arguments)

    monkeypatch.setattr("pipeline.review.draft.merge_review", counted)
    approve = [lambda _: Approve("approve", "h1")]
    edits_from_operations(draft, approve)
    assert len(merges) == 0
    edits_from_operations(draft, approve * 3)
    assert len(merges) == 2


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (lambda _: Approve("approve", "h9"), r"operations\[1\]: there is no highlight h9"),
        (lambda _: Merge("merge", "h1", ("h9",)), r"operations\[1\]: there is no highlight h9"),
        (lambda new: Add("add", new, ("锅",), 2.0, 1.0, ""), r"operations\[1\]: a highlight must start before"),
        (lambda new: Add("add", new, ("锅",), 2.0, 101.0, ""), r"operations\[1\]\.end: must lie in the replay"),
        (lambda new: Split("split", "h1", 70.0, new), r"operations\[1\]: a split must lie inside the highlight"),
    ],
)
def test_an_operation_that_cannot_be_is_named(draft: Draft, operation: object, message: str) -> None:
    with pytest.raises(ReviewError, match=message):
        edits_from_operations(draft, [lambda _: Approve("approve", "h1"), operation])  # type: ignore[list-item]


def test_an_edit_keeps_what_its_editor_had_seen(draft: Draft) -> None:
    (edit,) = edits_from_operations(draft, [lambda _: Approve("approve", "h1")])
    assert edit == Edit(Approve("approve", "h1"), (POT,), ())
