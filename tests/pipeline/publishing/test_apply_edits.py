"""Edited files come back late: others edited and published meanwhile."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ConflictError
from domain.highlight import Highlight, HighlightsFile, PublicProduct
from domain.review import Add, Approve, ChangeProduct, Edit, Operation, Retitle
from pipeline.ledger.database import Ledger, open_ledger, sqlite_url
from pipeline.ledger.edit_log import append_edits
from pipeline.ledger.publications import add_publication, read_published, read_published_at
from pipeline.outputs.highlights_file import highlights_json
from pipeline.publishing.apply_edits import export_for_review, find_pending_edits, read_current_draft
from pipeline.review.edited_file import read_edited_file

NAME = "双十一"
POT = Highlight("h1", ("锅",), 10.0, 60.0, 10.0, 0.8, "铁锅", "", (), (), None, 1, True, "auto")
TOWEL = replace(POT, id="h2", product_ids=("毛巾",), title="毛巾", start=70.0, end=90.0, seek=70.0)
PRODUCTS = tuple(
    PublicProduct(name, None, name, "", "", "", {}, None, None, "CNY", None, None, None)
    for name in ("锅", "毛巾", "盆")
)
FOUND = HighlightsFile("1.0", NAME, 0, 100.0, "zh", "replay/master.m3u8", PRODUCTS, (POT, TOWEL), (), ())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "takes.json").write_bytes(highlights_json(FOUND))
    return tmp_path


@pytest.fixture
def ledger(out: Path) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_url(out / "ledger.db"))
    yield opened
    opened.close()


def edit(ledger: Ledger, out: Path, operation: Operation) -> None:
    append_edits(
        ledger,
        NAME,
        [Edit(operation, (POT,))],
        editor="甲",
        base_edit_count=len(read_current_draft(ledger, out, NAME).edits.edits),
    )


def publish(ledger: Ledger, out: Path) -> None:
    draft = read_current_draft(ledger, out, NAME)
    with ledger.write_transaction(NAME) as connection:
        add_publication(connection, replace(draft.file, revision=draft.published.revision + 1), "", "甲")


Change = Callable[[Any], object]


def changed(ledger: Ledger, out: Path, exported: bytes, change: Change) -> list[Operation]:
    """What `change` does to the exported document, as operations."""
    document = json.loads(exported)
    change(document)
    file = out / "review.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return [each.operation for each in find_pending_edits(ledger, out, read_edited_file(file)).edits]


ANOTHER = ChangeProduct("change_product", "h1", ("盆",))


def retitle(index: int) -> Change:
    return lambda document: document["highlights"][index].update(title="改")


def test_others_edits_of_other_highlights_are_no_conflict_though_they_are_published(ledger: Ledger, out: Path) -> None:
    exported = export_for_review(ledger, out, NAME)
    edit(ledger, out, ANOTHER)
    publish(ledger, out)
    assert changed(ledger, out, exported, retitle(1)) == [Retitle("retitle", "h2", title="改")]


@pytest.mark.parametrize("change", [retitle(0), lambda document: document["highlights"].pop(0)])
def test_others_edits_of_the_same_highlight_are_a_conflict_though_they_are_published(
    ledger: Ledger, out: Path, change: Change
) -> None:
    exported = export_for_review(ledger, out, NAME)
    edit(ledger, out, ANOTHER)
    publish(ledger, out)
    with pytest.raises(ConflictError, match="somebody else edited h1 meanwhile"):
        changed(ledger, out, exported, change)


def test_a_file_that_does_not_tell_the_revision_is_read_by_what_viewers_have_now(ledger: Ledger, out: Path) -> None:
    publish(ledger, out)
    document = json.loads(export_for_review(ledger, out, NAME))
    assert document["review"].pop("revision") == 1
    assert changed(ledger, out, json.dumps(document).encode(), retitle(1)) == [Retitle("retitle", "h2", title="改")]


def test_a_revision_that_the_ledger_does_not_know_is_a_conflict(ledger: Ledger, out: Path) -> None:
    exported = export_for_review(ledger, out, NAME)
    with pytest.raises(ConflictError, match="was published 0 times, and the file says that revision 1 was seen"):
        changed(ledger, out, exported, lambda document: document["review"].update(revision=1))


def test_what_viewers_had_is_read_as_it_was_then(ledger: Ledger, out: Path) -> None:
    seen = []
    for operation in (Retitle("retitle", "h1", title="改"), ANOTHER):
        publish(ledger, out)
        with ledger.read_transaction() as connection:
            seen.append(read_published(connection, NAME))
        edit(ledger, out, operation)
    publish(ledger, out)
    with ledger.read_transaction() as connection:
        assert [read_published_at(connection, NAME, revision) for revision in (1, 2)] == seen


def test_a_file_that_a_version_with_one_confidence_exported_is_applied(ledger: Ledger, out: Path) -> None:
    def strip_and_retitle(document: Any) -> None:
        for entry in document["highlights"]:
            del entry["product_confidence"], entry["start_confidence"]
        document["highlights"][0]["title"] = "铸铁锅"

    retitle = Retitle("retitle", "h1", title="铸铁锅")
    assert changed(ledger, out, export_for_review(ledger, out, NAME), strip_and_retitle) == [retitle]


def test_what_people_add_is_sure_in_both_halves(ledger: Ledger, out: Path) -> None:
    add = Add("add", "hx", ("盆",), 91.0, 99.0, "盆")
    append_edits(ledger, NAME, [Edit(add, ())], editor="甲", base_edit_count=0)
    (added,) = (each for each in read_current_draft(ledger, out, NAME).file.highlights if each.id == "hx")
    assert (added.product_confidence, added.start_confidence, added.confidence) == (1.0, 1.0, 1.0)


def test_approving_leaves_what_the_machine_thought(ledger: Ledger, out: Path) -> None:
    edit(ledger, out, Approve("approve", "h1"))
    (approved, _) = read_current_draft(ledger, out, NAME).file.highlights
    assert approved.status == "approved"
    assert (approved.product_confidence, approved.confidence) == (POT.product_confidence, POT.confidence)
