"""Merging the review: what people set stays, ids stay, and the machine decides the rest."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, Moment, PublicProduct, Reason
from domain.review import (
    Add,
    Approve,
    ChangeProduct,
    Edit,
    MachineHighlights,
    Merge,
    Move,
    Operation,
    PersistentId,
    PublishedHighlights,
    Reject,
    Retitle,
    ReviewedHighlights,
    Split,
)
from pipeline.review.decisions import fold_edits
from pipeline.review.merge_edits import merge_review


def highlight(identity: str, start: float, end: float, product: str = "锅") -> Highlight:
    return Highlight(
        id=identity,
        product_ids=(product,),
        start=start,
        end=end,
        seek=start,
        confidence=0.7,
        title=f"讲{product}",
        summary="",
        moments=(),
        reasons=(),
        thumbnail=None,
        take=1,
        best_take=True,
        status="auto",
    )


def product(name: str) -> PublicProduct:
    return PublicProduct(name, None, f"{name} 家用大号促销", name, "", "", {}, None, None, "CNY", None, None, None)


def promised(*highlights: Highlight) -> tuple[PersistentId, ...]:
    return tuple(PersistentId(each.id, each.product_ids[0], Span(each.start, each.end)) for each in highlights)


LISTED = tuple(map(product, ("锅", "毛巾", "平底锅", "锅盖", "锅铲", "盆")))
POT, TOWEL = highlight("h1", 100, 200), highlight("h2", 300, 400, "毛巾")


def merged(
    takes: tuple[Highlight, ...],
    *edits: Edit,
    suggestions: tuple[Highlight, ...] = (),
    published: PublishedHighlights = PublishedHighlights(),  # noqa: B008 - frozen
    listed: tuple[PublicProduct, ...] = LISTED,
) -> ReviewedHighlights:
    return merge_review("show", MachineHighlights(takes, suggestions), fold_edits(edits), published, listed)


def edit(operation: Operation, *seen: Highlight) -> Edit:
    return Edit(operation, seen)


def test_without_edits_the_machines_takes_are_shown_as_they_are() -> None:
    reviewed = merged((POT, TOWEL), suggestions=(highlight("h3", 500, 550),))
    assert reviewed.highlights == (POT, TOWEL)
    assert [(each.id, each.take, each.best_take) for each in reviewed.suggestions] == [("h3", 2, False)]


def test_an_edge_that_a_person_set_stays_when_the_machine_finds_another() -> None:
    move = edit(Move("move", "h1", end=180.0), POT)
    (again,) = merged((highlight("h9", 110, 230),), move).highlights
    assert (again.id, again.start, again.end, again.status) == ("h1", 110, 180, "edited")


def test_a_moved_start_is_where_players_land() -> None:
    (moved,) = merged((POT,), edit(Move("move", "h1", start=120.0), POT)).highlights
    assert (moved.start, moved.seek) == (120, 120)
    (moved,) = merged((POT,), edit(Move("move", "h1", start=120.0, seek=123.0), POT)).highlights
    assert (moved.start, moved.seek) == (120, 123)


def test_a_seek_that_a_person_chose_stays_with_a_new_start_as_long_as_it_lies_inside() -> None:
    chosen = edit(Move("move", "h1", seek=150.0), POT)
    for start, end, seek in ((90.0, None, 150), (160.0, None, 160), (90.0, 140.0, 90)):
        (moved,) = merged((POT,), chosen, edit(Move("move", "h1", start=start, end=end), POT)).highlights
        assert (moved.start, moved.seek) == (start, seek)


def test_a_start_that_is_moved_twice_is_where_players_land() -> None:
    moves = [edit(Move("move", "h1", start=start), POT) for start in (110.0, 90.0)]
    assert [h.seek for h in merged((POT,), *moves).highlights] == [90]


def test_a_product_that_a_person_set_stays_though_the_machine_says_another_again() -> None:
    change = edit(ChangeProduct("change_product", "h1", ("平底锅",)), POT)
    (again,) = merged((highlight("h7", 105, 205),), change).highlights
    assert (again.id, again.product_ids, again.start) == ("h1", ("平底锅",), 105)


CHANGED = ChangeProduct("change_product", "h1", ("平底锅",))
TOLD = replace(
    POT,
    summary="这口锅很好。",
    moments=(Moment("price", 120.0, "锅只要九十九"),),
    reasons=(Reason("name", 100.0, 130.0, "说到“锅”"),),
)


def test_what_was_said_of_the_old_product_is_not_said_of_the_one_that_a_person_set() -> None:
    change = edit(CHANGED, TOLD)
    for takes in ((TOLD,), (replace(TOLD, id="h9", start=105, seek=105),), ()):
        (shown,) = merged(takes, change).highlights
        assert (shown.title, shown.summary, shown.moments, shown.reasons) == ("平底锅", "", (), ())


def test_words_that_a_person_gave_stay_with_another_product() -> None:
    words = Retitle("retitle", "h1", title="人写的", summary="也是")
    for edits in ((words, CHANGED), (CHANGED, words)):
        (shown,) = merged((TOLD,), *(edit(operation, TOLD) for operation in edits)).highlights
        assert (shown.title, shown.summary, shown.moments) == ("人写的", "也是", ())


def test_when_the_machine_finds_the_product_that_a_person_set_its_words_are_shown() -> None:
    take = replace(TOLD, id="h9", product_ids=("平底锅",), title="不粘平底锅")
    (shown,) = merged((take,), edit(CHANGED, TOLD)).highlights
    assert (shown.id, shown.title, shown.summary, shown.moments) == ("h1", "不粘平底锅", TOLD.summary, TOLD.moments)


def test_a_product_more_changes_the_title_only() -> None:
    (shown,) = merged((TOLD,), edit(ChangeProduct("change_product", "h1", ("锅", "毛巾")), TOLD)).highlights
    assert (shown.title, shown.summary, shown.moments) == ("锅 + 毛巾", TOLD.summary, TOLD.moments)


@pytest.mark.parametrize("span", [(10, 44), (46, 70), (45.5, 60), (10, 45)])
def test_a_seek_that_a_person_set_stays_whatever_edges_the_machine_finds(span: tuple[float, float]) -> None:
    first = highlight("h1", 10, 60)
    (shown,) = merged((highlight("h9", *span),), edit(Move("move", "h1", seek=45.0), first)).highlights
    assert (shown.id, shown.start, shown.seek, shown.end) == ("h1", 10, 45, 60)


def test_a_product_that_left_the_catalogue_is_shown_as_viewers_had_it_last() -> None:
    pan, listed = product("平底锅"), tuple(each for each in LISTED if each.product_id != "平底锅")
    published = PublishedHighlights(1, (), (), (pan,))
    reviewed = merged((POT,), edit(CHANGED, POT), published=published, listed=listed)
    assert [h.product_ids for h in reviewed.highlights] == [("平底锅",)]
    assert (reviewed.products, reviewed.warnings) == ((pan,), ())


def test_a_product_that_left_the_catalogue_unpublished_makes_a_suggestion_and_a_warning() -> None:
    listed = tuple(each for each in LISTED if each.product_id != "平底锅")
    reviewed = merged((POT,), edit(CHANGED, POT), edit(Approve("approve", "h1"), POT), listed=listed)
    assert (reviewed.highlights, [h.id for h in reviewed.suggestions]) == ((), ["h1"])
    assert "no product 平底锅 any more" in reviewed.warnings[0]


def test_another_product_brings_back_what_became_a_suggestion_for_want_of_its_own() -> None:
    listed = tuple(each for each in LISTED if each.product_id != "平底锅")
    change = edit(CHANGED, POT)
    (seen,) = merged((POT,), change, listed=listed).suggestions
    again = Edit(ChangeProduct("change_product", "h1", ("盆",)), (seen,), ("h1",))
    assert [h.product_ids for h in merged((POT,), change, again, listed=listed).highlights] == [("盆",)]


def test_another_product_makes_no_highlight_of_a_suggestion_whose_own_left_the_catalogue() -> None:
    below, listed = (POT,), tuple(each for each in LISTED if each.product_id != "平底锅")
    change = Edit(CHANGED, below, ("h1",))
    (seen,) = merged((), change, suggestions=below, listed=listed).suggestions
    again = Edit(ChangeProduct("change_product", "h1", ("盆",)), (seen,), ("h1",))
    reviewed = merged((), change, again, suggestions=below, listed=listed)
    assert (reviewed.highlights, [h.product_ids for h in reviewed.suggestions]) == ((), [("盆",)])


def test_what_a_person_approved_stays_where_it_was_approved() -> None:
    approve = edit(Approve("approve", "h1"), POT)
    (again,) = merged((highlight("h9", 120, 230),), approve).highlights
    assert (again.id, again.start, again.end, again.status) == ("h1", 100, 200, "approved")


def test_what_a_person_touched_is_shown_though_the_machine_finds_it_no_more() -> None:
    reviewed = merged((), edit(Retitle("retitle", "h1", title="铁锅"), POT))
    assert [(each.id, each.title, each.start) for each in reviewed.highlights] == [("h1", "铁锅", 100)]


def test_an_approved_suggestion_is_shown_and_an_edited_one_stays_a_suggestion() -> None:
    below = highlight("h3", 500, 550)
    approved = Edit(Approve("approve", "h3"), (below,), ("h3",))
    assert [each.id for each in merged((), approved, suggestions=(below,)).highlights] == ["h3"]
    retitled = Edit(Retitle("retitle", "h3", title="铁锅"), (below,), ("h3",))
    reviewed = merged((), retitled, suggestions=(below,))
    assert (reviewed.highlights, [each.title for each in reviewed.suggestions]) == ((), ["铁锅"])


def test_what_a_person_refused_does_not_come_back_not_even_in_two_pieces() -> None:
    refuse = edit(Reject("reject", "h1"), POT)
    assert merged((highlight("h9", 95, 190),), refuse).highlights == ()
    again = merged((highlight("h8", 100, 148), highlight("h9", 152, 200)), refuse)
    assert (again.highlights, again.suggestions) == ((), ())
    assert [h.id for h in merged((highlight("h9", 600, 700),), refuse).highlights] == ["h9"]


def test_a_later_edit_takes_back_a_refusal() -> None:
    refuse, move = edit(Reject("reject", "h1"), POT), edit(Move("move", "h1", start=90.0), POT)
    assert [h.start for h in merged((POT,), refuse, move).highlights] == [90]


def test_a_refused_suggestion_that_is_edited_is_a_suggestion_again() -> None:
    below = highlight("h3", 500, 550)
    refuse = Edit(Reject("reject", "h3"), (below,), ("h3",))
    reviewed = merged((), refuse, edit(Retitle("retitle", "h3", title="铁锅"), below), suggestions=(below,))
    assert (reviewed.highlights, [h.title for h in reviewed.suggestions]) == ((), ["铁锅"])


def test_an_added_highlight_is_there_whatever_the_machine_finds() -> None:
    add = edit(Add("add", "hx", ("锅", "锅盖"), 500.0, 560.0, "锅和盖"))
    (added,) = merged((), add).highlights
    assert (added.id, added.status, added.confidence, added.seek) == ("hx", "added", 1.0, 500)
    (both,) = merged((highlight("h5", 510, 560),), add).highlights
    assert (both.id, both.start, both.product_ids) == ("hx", 500, ("锅", "锅盖"))


def test_a_split_before_the_landing_lets_the_first_part_be_entered_at_its_start() -> None:
    edits = edit(Move("move", "h1", seek=170.0), POT), edit(Split("split", "h1", 150.0, "hy"), POT)
    assert [(h.start, h.seek, h.end) for h in merged((), *edits).highlights] == [(100, 100, 150), (150, 150, 200)]


def test_a_split_makes_two_of_which_the_first_keeps_the_id() -> None:
    split = edit(Split("split", "h1", 150.0, "hy"), POT)
    for takes in ((POT,), (highlight("h8", 100, 150), highlight("h9", 150, 210)), ()):
        reviewed = merged(takes, split)
        assert [(h.id, h.start, h.seek) for h in reviewed.highlights] == [("h1", 100, 100), ("hy", 150, 150)]
        assert reviewed.highlights[0].end == 150


def test_both_halves_of_a_split_suggestion_stay_suggestions() -> None:
    split = Edit(Split("split", "h1", 150.0, "hy"), (POT,), ("h1",))
    reviewed = merged((), split, suggestions=(POT,))
    assert (reviewed.highlights, [h.id for h in reviewed.suggestions]) == ((), ["h1", "hy"])


def test_both_halves_of_what_was_approved_are_approved() -> None:
    approve = Edit(Approve("approve", "h1"), (POT,), ("h1",))
    split = Edit(Split("split", "h1", 150.0, "hy"), (replace(POT, status="approved"),))
    assert [h.id for h in merged((), approve, split, suggestions=(POT,)).highlights] == ["h1", "hy"]


def test_a_merge_makes_one_and_the_others_stay_gone() -> None:
    other = highlight("h4", 210, 260)
    merge = edit(Merge("merge", "h1", ("h4",)), POT, other)
    for takes in ((POT, other), (highlight("h9", 100, 255),), ()):
        reviewed = merged(takes, merge)
        assert [(h.id, h.start, h.end) for h in reviewed.highlights] == [("h1", 100, 260)]
        assert reviewed.suggestions == ()


EARLY, LATE = Moment("price", 120.0, "锅只要九十九"), Moment("demo", 180.0, "看这个锅")
WORDY = replace(POT, moments=(EARLY, LATE))


@pytest.mark.parametrize("takes", [(WORDY,), ()])
def test_moments_lie_within_the_edges_that_people_set(takes: tuple[Highlight, ...]) -> None:
    def moments(*operations: Operation) -> list[tuple[Moment, ...]]:
        return [h.moments for h in merged(takes, *(edit(operation, WORDY) for operation in operations)).highlights]

    assert moments(Split("split", "h1", 150.0, "hy")) == [(EARLY,), (LATE,)]
    assert moments(Move("move", "h1", end=180.0)) == [(EARLY,)]
    assert moments(Move("move", "h1", end=180.0), Move("move", "h1", end=181.0)) == [(EARLY, LATE)]


def test_a_merged_highlight_has_the_moments_of_all_until_its_product_is_another() -> None:
    other = replace(highlight("h4", 210, 260), moments=(Moment("coupon", 220.0, "领券"),))
    merge = edit(Merge("merge", "h1", ("h4",)), WORDY, other)
    for takes in ((WORDY, other), (replace(WORDY, id="h9", end=255, moments=(EARLY,)),), ()):
        (whole,) = merged(takes, merge).highlights
        assert whole.moments == (EARLY, LATE, *other.moments)
        (changed,) = merged(takes, merge, edit(CHANGED, whole)).highlights
        assert changed.moments == ()


PICTURED = replace(POT, thumbnail="thumbnails/h1.jpg")


def test_what_the_machine_finds_no_more_has_no_picture_not_even_anothers_of_that_name() -> None:
    approve = edit(Approve("approve", "h1"), PICTURED)
    assert [h.thumbnail for h in merged((), approve).highlights] == [None]
    other = replace(PICTURED, start=600, seek=600, end=640)
    assert [(h.start, h.thumbnail) for h in merged((other,), approve).highlights] == [
        (100, None),
        (600, other.thumbnail),
    ]


def test_what_people_saw_to_has_the_picture_of_its_take() -> None:
    for operation in (Approve("approve", "h1"), Reject("reject", "h1")):
        reviewed = merged((replace(PICTURED, thumbnail="thumbnails/h9.jpg"),), edit(operation, PICTURED))
        assert [h.thumbnail for h in (*reviewed.highlights, *reviewed.rejected)] == ["thumbnails/h9.jpg"]
    assert [h.thumbnail for h in merged((), edit(operation, PICTURED)).rejected] == [None]


def test_a_published_id_stays_with_its_explanation_when_takes_are_numbered_again() -> None:
    published = PublishedHighlights(1, (replace(POT, id="p1"),), promised(replace(POT, id="p1")))
    first, second = highlight("h-first", 10, 60), highlight("p1", 104, 210)  # the machine counts: p1 is the second now
    reviewed = merged((first, second), published=published)
    assert [(h.id, h.start) for h in reviewed.highlights] == [("h-first", 10), ("p1", 104)]


def test_an_id_that_was_promised_is_never_given_to_anything_else() -> None:
    published = PublishedHighlights(2, (), promised(POT))  # revision 1 had it, revision 2 has not
    (fresh,) = merged((highlight("h1", 700, 760),), published=published).highlights
    assert fresh.id != "h1"
    assert merged((highlight("h1", 700, 760),), published=published).highlights == (fresh,)


def test_a_take_that_went_and_came_back_under_another_id_has_its_promised_one_again() -> None:
    published = PublishedHighlights(2, (TOWEL,), promised(POT, TOWEL))  # revision 1 had the pot
    again = merged((highlight("h8", 104, 190), replace(TOWEL, id="h9")), published=published)
    assert [h.id for h in again.highlights] == ["h1", "h2"]
    (other,) = merged((highlight("h8", 104, 190, "盆"),), published=published).highlights
    assert other.id == "h8"


def test_what_viewers_have_now_comes_before_what_they_had() -> None:
    published = PublishedHighlights(3, (replace(POT, id="p2", end=150),), promised(POT, replace(POT, id="p2", end=150)))
    (shown,) = merged((replace(POT, id="h8"),), published=published).highlights
    assert shown.id == "p2"


def test_too_little_in_common_is_another_explanation() -> None:
    published = PublishedHighlights(1, (POT,), promised(POT))
    (other,) = merged((highlight("h1", 180, 300),), published=published).highlights
    assert other.id != "h1"


APPROVED = edit(Approve("approve", "h1"), POT)


@pytest.mark.parametrize("operation", [APPROVED.operation, CHANGED])
def test_a_take_of_the_same_product_where_people_saw_to_the_stretch_is_a_suggestion(operation: Operation) -> None:
    reviewed = merged((POT, highlight("h6", 120, 160)), edit(operation, POT))
    assert ([h.id for h in reviewed.highlights], [h.id for h in reviewed.suggestions]) == (["h1"], ["h6"])


def test_a_take_of_another_product_stays_where_people_saw_to_the_stretch() -> None:
    add = edit(Add("add", "hx", ("盆",), 90.0, 210.0, ""))
    assert [h.id for h in merged((POT, highlight("h6", 120, 160, "锅铲")), APPROVED, add).highlights] == [
        "hx",
        "h1",
        "h6",
    ]


def test_what_viewers_have_stays_where_people_saw_to_the_stretch() -> None:
    within = highlight("h6", 120, 160)
    published = PublishedHighlights(1, (within,), promised(within))
    assert [h.id for h in merged((POT, within), APPROVED, published=published).highlights] == ["h1", "h6"]


def test_the_best_take_of_a_product_is_one_that_people_saw_to() -> None:
    later = replace(highlight("h4", 600, 640), best_take=False, take=2)
    reviewed = merged((POT, later), edit(Approve("approve", "h4"), later))
    assert [(h.id, h.take, h.best_take) for h in reviewed.highlights] == [("h1", 1, False), ("h4", 2, True)]


def test_an_approval_holds_what_was_seen_then_not_what_was_seen_at_the_first_edit() -> None:
    retitle = edit(Retitle("retitle", "h1", title="铁锅"), POT)
    later = replace(highlight("h1", 110, 220), title="铁锅", status="edited")
    (again,) = merged((highlight("h9", 130, 240),), retitle, edit(Approve("approve", "h1"), later)).highlights
    assert (again.start, again.end, again.title) == (110, 220, "铁锅")


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Approve("approve", "h0"), "no highlight h0 was seen"),
        (Split("split", "h1", 200.0, "hy"), "must lie inside the highlight, 100 to 200"),
        (Split("split", "h1", 150.0, "h1"), "there is a highlight h1 already"),
        (Move("move", "h1", start=250.0), "start before it ends"),
        (Move("move", "h1", seek=200.0), "seek must lie inside the highlight"),
        (Move("move", "h1", seek=99.0), "seek must lie inside the highlight"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(operation: Operation, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        fold_edits([edit(operation, POT)])


spans = st.tuples(st.integers(0, 900), st.integers(5, 200)).map(lambda pair: (float(pair[0]), float(sum(pair))))
takes_found = st.lists(st.tuples(spans, st.sampled_from(["锅", "毛巾", "盆"])), max_size=8).map(
    lambda drawn: tuple(highlight(f"h{i}", *span, product) for i, (span, product) in enumerate(drawn))
)


@given(takes_found, takes_found, takes_found)
def test_ids_are_unique_and_people_keep_what_they_set(
    before: tuple[Highlight, ...], takes: tuple[Highlight, ...], below: tuple[Highlight, ...]
) -> None:
    below = tuple(replace(each, id=f"s{each.id}") for each in below)
    edits = [edit(Move("move", each.id, end=each.end + 3), each) for each in before[::2]]
    edits += [edit(Reject("reject", each.id), each) for each in before[1::2]]
    published = PublishedHighlights(1, before, promised(*before))
    reviewed = merged(takes, *edits, suggestions=below, published=published)
    ids = [each.id for each in (*reviewed.highlights, *reviewed.suggestions)]
    assert len(set(ids)) == len(ids)
    assert all(each.start <= each.seek < each.end for each in (*reviewed.highlights, *reviewed.suggestions))
    assert sorted(each.id for each in reviewed.rejected) == sorted(each.id for each in before[1::2])
    shown = {each.id: each for each in reviewed.highlights}
    assert all(shown[each.id].end == each.end + 3 for each in before[::2])
    assert not any(each.id in ids for each in before[1::2])
