"""What an editor changed in a file, as operations. Errors name the entry, whatever else is in it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ReviewError
from domain.highlight import Highlight, HighlightsFile, PublicProduct
from domain.review import Add, Approve, ChangeProduct, Edit, Edits, Move, PublishedHighlights, Reject
from pipeline.review.difference import diff_edits
from pipeline.review.draft import build_draft
from pipeline.review.edited_file import read_edited_file, render_editable

POT = Highlight("h1", ("锅",), 10.0, 60.0, 10.0, 0.8, "铁锅", "", (), (), None, 1, True, "auto")
PRODUCT = PublicProduct("锅", None, "铁锅", "", "", "", {}, None, None, "CNY", None, None, None)
FOUND = HighlightsFile("1.0", "双十一", 0, 100.0, "zh", "replay/master.m3u8", (PRODUCT,), (POT,), (), ())
Change = Callable[[Any], object]


@pytest.fixture
def edits_of(tmp_path: Path) -> Callable[..., tuple[Edit, ...]]:
    """The edits of an editor who changed the exported document."""

    def edits(change: Change, *before: Edit, machine_file: HighlightsFile = FOUND) -> tuple[Edit, ...]:
        seen = build_draft(machine_file, Edits(before), PublishedHighlights())
        document = json.loads(render_editable(seen, "takes"))
        change(document)
        file = tmp_path / "review.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return diff_edits(read_edited_file(file), seen)

    return edits


def first(**changes: object) -> Change:
    return lambda document: document["highlights"][0].update(changes)


def added(**fields: object) -> Change:
    entry = {"id": "", "product_ids": ["锅"], "start": 70.0, "end": 80.0, **fields}
    return lambda document: document["highlights"].append(entry)


NAN = float("nan")
NEW_BELOW = r"suggestions\[0\]: has no id: it was never there; put what is new among the highlights"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (first(seek=NAN), r"highlights\[0\]: seek must be a time"),
        (first(seek=5.0), r"highlights\[0\]: seek must lie inside the highlight, \[10.0, 60.0\), not at 5.0"),
        (first(seek=60.0), r"highlights\[0\]: seek must lie inside"),
        (first(start=60.0), r"highlights\[0\]: a highlight must start before it ends"),
        (first(end=NAN), r"highlights\[0\]: "),
        (first(product_ids=["锅", "锅"]), r"highlights\[0\]: a highlight needs at least one product, and each once"),
        (first(product_ids=[]), r"highlights\[0\]: a highlight needs at least one product"),
        (first(title=""), r"highlights\[0\]: a title must not be blank"),
        (first(title="铁\0锅"), r"highlights\[0\]: a title must be one line.*U\+0000"),
        (first(title="长" * 201), r"highlights\[0\]: a title must not be longer than 200"),
        (first(summary="长" * 2001), r"highlights\[0\]: a summary must not be longer than 2000"),
        (added(product_ids=[]), r"highlights\[1\]: a highlight needs at least one product"),
        (added(seek=80.0), r"highlights\[1\]: seek must lie inside"),
        (added(start=80.0), r"highlights\[1\]: a highlight must start before"),
        (added(title="\u2028"), r"highlights\[1\]: a title must not be blank"),
        (lambda d: (first(end=150.0)(d), d.update(duration=1e9)), r"highlights\[0\].end: must lie in the replay"),
        (lambda d: d["suggestions"].append({"id": "", "product_ids": ["锅"], "start": 1.0, "end": 2.0}), NEW_BELOW),
        (
            lambda d: d["highlights"].append({**d["highlights"][0], "start": 30.0, "title": ""}),
            r"highlights\[1\]: a title",
        ),
        (lambda d: d["review"].update(revision=-1), "review: .*nobody can have seen revision -1"),
        (lambda d: d["review"].update(edits=-1), "review: .*nobody can have seen -1 edits"),
        (lambda d: d["refused"].append({"id": "h1"}), r"refused\[0\]\.product_ids"),
        (lambda d: d.update(session_id="/etc"), "session_id: a session id names a folder"),
        (lambda d: d.update(session_id="x" * 300), "session_id: a session id must not be longer"),
    ],
)
def test_an_entry_that_cannot_be_is_told_by_its_place(
    edits_of: Callable[..., tuple[Edit, ...]], change: Change, message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        edits_of(change)


def test_a_file_that_is_nested_too_deep_is_told(tmp_path: Path) -> None:
    file = tmp_path / "review.json"
    file.write_text("[" * 100_000)
    with pytest.raises(ReviewError, match=r"is no edited highlights\.json"):
        read_edited_file(file)


def test_half_a_character_is_told_by_its_place(tmp_path: Path) -> None:
    document = json.loads(render_editable(build_draft(FOUND, Edits(), PublishedHighlights()), "takes"))
    document["highlights"][0]["title"] = "\ud800"
    file = tmp_path / "review.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ReviewError, match=r"highlights\[0\].title: holds half a character"):
        read_edited_file(file)


def test_an_added_entry_without_a_title_is_called_as_its_product_is(
    edits_of: Callable[..., tuple[Edit, ...]],
) -> None:
    (edit,) = edits_of(added())
    assert isinstance(edit.operation, Add)
    assert [h.title for h in build_draft(FOUND, Edits((edit,)), PublishedHighlights()).file.highlights] == [
        "铁锅",
        "铁锅",
    ]


def halves(first: str, second: str, before: str) -> Change:
    """The first entry of the section `before`, split at 30 s, its halves in the sections `first` and `second`."""

    def change(document: Any) -> None:
        whole = document[before].pop(0)
        document[first].append({**whole, "end": 30.0})
        document[second].append({**whole, "start": 30.0})

    return change


BELOW = replace(FOUND, highlights=(), suggestions=(POT,))


@pytest.mark.parametrize(
    ("first", "second"),
    [("suggestions", "suggestions"), ("suggestions", "highlights"), ("highlights", "suggestions")],
)
def test_each_half_of_a_split_suggestion_is_for_viewers_only_if_it_stands_among_the_highlights(
    edits_of: Callable[..., tuple[Edit, ...]], first: str, second: str
) -> None:
    edits = edits_of(halves(first, second, "suggestions"), machine_file=BELOW)
    file = build_draft(BELOW, Edits(edits), PublishedHighlights()).file
    standing = {30.0: "highlights" if second == "highlights" else "suggestions", 10.0: first}
    assert {h.start: name for name in ("highlights", "suggestions") for h in getattr(file, name)} == standing


def test_a_half_among_the_refused_is_refused_and_the_other_stays(edits_of: Callable[..., tuple[Edit, ...]]) -> None:
    draft = build_draft(FOUND, Edits(edits_of(halves("highlights", "refused", "highlights"))), PublishedHighlights())
    assert [(h.start, h.end) for h in draft.file.highlights] == [(10, 30)]
    assert [(h.start, h.end) for h in draft.refused] == [(30, 60)]


def test_a_part_that_also_grew_over_a_removed_highlight_ends_where_its_editor_says(
    edits_of: Callable[..., tuple[Edit, ...]],
) -> None:
    earlier = replace(POT, id="h0", start=2.0, end=6.0, seek=2.0)
    found = replace(FOUND, highlights=(earlier, POT))

    def split_and_merge(document: Any) -> None:
        _, whole = document["highlights"]
        document["highlights"] = [{**whole, "start": 2.0}]
        document["refused"].append({**whole, "start": 40.0, "seek": 40.0})

    edits = edits_of(split_and_merge, machine_file=found)
    assert [edit.operation.kind for edit in edits] == ["split", "merge", "move", "reject"]
    (shown,) = build_draft(found, Edits(edits), PublishedHighlights()).file.highlights
    assert (shown.start, shown.end, shown.seek) == (2.0, 60.0, 10.0)


def test_a_half_that_cannot_be_a_suggestion_is_told_by_its_own_place(
    edits_of: Callable[..., tuple[Edit, ...]],
) -> None:
    with pytest.raises(ReviewError, match=r"suggestions\[0\]: h1 cannot be made a suggestion again"):
        edits_of(halves("highlights", "suggestions", "highlights"))


CHOSEN = Edit(Move("move", "h1", seek=45.0), (POT,))


@pytest.mark.parametrize(("start", "seek"), [(5.0, 45), (50.0, 50)])
def test_a_seek_that_stands_in_the_file_is_kept_with_another_start_if_it_lies_inside(
    edits_of: Callable[..., tuple[Edit, ...]], start: float, seek: float
) -> None:
    edits = edits_of(first(start=start), CHOSEN)
    assert [
        (h.start, h.seek) for h in build_draft(FOUND, Edits((CHOSEN, *edits)), PublishedHighlights()).file.highlights
    ] == [(start, seek)]


def test_a_half_in_which_the_seek_of_the_whole_lies_keeps_it(edits_of: Callable[..., tuple[Edit, ...]]) -> None:
    edits = edits_of(halves("highlights", "highlights", "highlights"), CHOSEN)
    assert [h.seek for h in build_draft(FOUND, Edits((CHOSEN, *edits)), PublishedHighlights()).file.highlights] == [
        10,
        45,
    ]


def test_a_highlight_whose_product_left_the_catalogue_is_brought_back_by_another_and_approved_at_once(
    edits_of: Callable[..., tuple[Edit, ...]],
) -> None:
    gone = Edit(ChangeProduct("change_product", "h1", ("平底锅",)), (POT,))

    def change(document: Any) -> None:
        document["highlights"].append({**document["suggestions"].pop(), "product_ids": ["锅"]})

    edits = edits_of(change, gone)
    assert [
        h.product_ids for h in build_draft(FOUND, Edits((gone, *edits)), PublishedHighlights()).file.highlights
    ] == [("锅",)]
    with pytest.raises(ReviewError, match='has no product "平底锅" any more'):
        edits_of(lambda document: document["suggestions"][0].update(status="approved"), gone)


REFUSED = Edit(Reject("reject", "h1"), (POT,))


def test_a_refused_entry_that_is_moved_up_is_approved_under_its_id(
    edits_of: Callable[..., tuple[Edit, ...]],
) -> None:
    edits = edits_of(lambda document: document["highlights"].append(document["refused"].pop()), REFUSED)
    assert [edit.operation for edit in edits] == [Approve("approve", "h1")]
    assert [h.id for h in build_draft(FOUND, Edits((REFUSED, *edits)), PublishedHighlights()).file.highlights] == ["h1"]


def test_an_entry_that_is_moved_to_the_refused_is_refused_and_one_that_stays_there_is_left_alone(
    edits_of: Callable[..., tuple[Edit, ...]],
) -> None:
    edits = edits_of(lambda document: document["refused"].append(document["highlights"].pop()))
    assert [edit.operation for edit in edits] == [Reject("reject", "h1")]
    assert edits_of(lambda _: None, REFUSED) == ()
    assert edits_of(lambda document: document["refused"].clear(), REFUSED) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["refused"][0].update(title="改"), r"refused\[0\]: is changed, but still refused"),
        (lambda d: d["refused"][0].update(end=-1.0), r"refused\[0\]: is changed, but still refused"),
        (lambda d: d["refused"][0].update(id="h7"), r"refused\[0\]: there is no highlight h7"),
        (lambda d: d["refused"][0].update(id=""), r"refused\[0\]: has no id"),
        (lambda d: d["suggestions"].append(d["refused"].pop()), r"suggestions\[0\]: h1 cannot be made a suggestion"),
    ],
)
def test_a_refused_entry_that_cannot_be_is_told(
    edits_of: Callable[..., tuple[Edit, ...]], change: Change, message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        edits_of(change, REFUSED)
