"""The contract of the ledger, the same on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from domain.clock import Span
from domain.errors import ConflictError, InvalidValue, ToolError, UsageError
from domain.highlight import Highlight, HighlightsFile
from domain.review import Add, Approve, Edit, PersistentId, PublishedHighlights, Retitle
from pipeline.ledger.database import Ledger, open_ledger
from pipeline.ledger.deliveries import Delivery, add_delivery, read_deliveries
from pipeline.ledger.edit_log import append_edits, read_edits
from pipeline.ledger.publications import (
    add_publication,
    find_explanations,
    read_document,
    read_latest_publications,
    read_publications,
    read_published,
)
from pipeline.ledger.tables import metadata

POT = Highlight("h1", ("锅", "盖"), 10, 60, 9, 0.8, "铁锅 🍳", "'; DROP TABLE edits", (), (), None, 1, True, "auto")


def document(*highlights: Highlight, session_id: str = "双十一", revision: int = 1) -> HighlightsFile:
    return HighlightsFile("1.0", session_id, revision, 100.0, "zh", "r/master.m3u8", (), highlights, (), ())


def add(identity: str) -> Edit:
    return Edit(Add("add", identity, ("锅",), 1.0, 2.0, "锅"), ())


def is_plain(name: str | None, _kind: object, _parents: object) -> bool:
    """The index of words is not SQLAlchemy's: it differs from database to database."""
    return not (name or "").startswith("passage_words")


def test_the_migrations_make_the_tables_that_the_code_knows(ledger: Ledger) -> None:
    with ledger.read_transaction() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_plain})
        assert compare_metadata(context, metadata) == []


def test_edits_are_read_back_in_order_and_to_the_letter(ledger: Ledger) -> None:
    first, second = add("hx"), Edit(Retitle("retitle", "h1", title="锅 𠮷"), (POT,), ("h1",))
    assert append_edits(ledger, "双十一", [first], editor="编辑", base_edit_count=0) == 1
    assert append_edits(ledger, "双十一", [second], editor="编辑", base_edit_count=1) == 2
    with ledger.read_transaction() as connection:
        assert read_edits(connection, "双十一").edits == (first, second)
        assert read_edits(connection, "another").edits == ()


def test_whoever_did_not_see_all_edits_is_told_and_nothing_is_kept(ledger: Ledger) -> None:
    append_edits(ledger, "s", [add("hx")], editor="a", base_edit_count=0)
    with pytest.raises(ConflictError, match="has 1 edits, of which you saw 0"):
        append_edits(ledger, "s", [add("hy")], editor="b", base_edit_count=0)
    with ledger.read_transaction() as connection:
        assert len(read_edits(connection, "s").edits) == 1


def test_a_time_is_read_back_in_utc_whatever_zone_it_was_written_in(ledger: Ledger) -> None:
    noon = datetime(2026, 11, 11, 20, tzinfo=timezone(timedelta(hours=8)))
    with ledger.write_transaction("双十一") as connection:
        add_publication(connection, document(), "d", "a")
        add_delivery(connection, Delivery("双十一", 1, "https://shop.example/hook", "{}", 0), noon)
    with ledger.read_transaction() as connection:
        (waiting,) = read_deliveries(connection, "waiting", 10)
    assert (waiting.due_at, waiting.host) == (noon, "shop.example")
    assert waiting.due_at is not None
    assert waiting.due_at.tzinfo == UTC


def test_an_edit_that_cannot_be_is_not_kept(ledger: Ledger) -> None:
    with pytest.raises(InvalidValue, match="no highlight h0"):
        append_edits(ledger, "s", [add("hx"), Edit(Approve("approve", "h0"), ())], editor="a", base_edit_count=0)
    with ledger.read_transaction() as connection:
        assert read_edits(connection, "s").edits == ()


@pytest.mark.parametrize("confidence", [float("nan"), float("inf")])
def test_an_edit_that_could_not_be_read_back_is_not_kept(ledger: Ledger, confidence: float) -> None:
    lossy = Edit(Approve("approve", "h1"), (replace(POT, confidence=confidence),))
    with pytest.raises(InvalidValue, match=r"read back|kept as JSON"):
        append_edits(ledger, "s", [add("hx"), lossy], editor="a", base_edit_count=0)
    with ledger.read_transaction() as connection:
        assert read_edits(connection, "s").edits == ()


def test_a_promise_is_of_the_last_revision_that_had_it(ledger: Ledger) -> None:
    revisions = (POT, replace(POT, product_ids=("盖",), start=20, end=30, seek=20), replace(POT, id="h2"))
    for number, highlight in enumerate(revisions, start=1):
        with ledger.write_transaction("s") as connection:
            add_publication(connection, document(highlight, session_id="s", revision=number), f"d{number}", "a")
    with ledger.read_transaction() as connection:
        published = read_published(connection, "s")
    assert published.persistent_ids == (PersistentId("h1", "盖", Span(20, 30)), PersistentId("h2", "锅", Span(10, 60)))


def test_of_many_who_edit_at_once_each_is_kept_or_told(ledger: Ledger) -> None:
    def edit(number: int) -> bool:
        try:
            append_edits(ledger, "s", [add(f"h{number}")], editor=str(number), base_edit_count=0)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        was_kept = list(pool.map(edit, range(8)))
    assert was_kept.count(True) == 1
    with ledger.read_transaction() as connection:
        assert len(read_edits(connection, "s").edits) == 1


def test_what_was_published_is_read_back_and_every_id_stays_promised(ledger: Ledger) -> None:
    with ledger.write_transaction("双十一") as connection:
        assert read_published(connection, "双十一") == PublishedHighlights()
        add_publication(connection, document(POT), "d1", "a")
    with ledger.write_transaction("双十一") as connection:
        add_publication(connection, document(replace(POT, id="h2"), revision=2), "d2", "b")
    with ledger.read_transaction() as connection:
        published = read_published(connection, "双十一")
        rows = [(each.revision, each.digest, each.published_by) for each in read_publications(connection, "双十一")]
        assert all(each.published_at.tzinfo for each in read_publications(connection, "双十一"))
        assert read_document(connection, "双十一") == document(replace(POT, id="h2"), revision=2)
    both = tuple(PersistentId(name, "锅", Span(10, 60)) for name in ("h1", "h2"))
    assert published == PublishedHighlights(2, (replace(POT, id="h2"),), both)
    assert rows == [(1, "d1", "a"), (2, "d2", "b")]


def test_a_product_is_found_over_sessions_the_clearest_first(ledger: Ledger) -> None:
    shows = {
        "a": replace(POT, product_ids=("盖", "锅")),
        "b": replace(POT, confidence=0.5),
        "c": replace(POT, confidence=0.9),
        "d": replace(POT, confidence=0.99, best_take=False),
    }
    for session_id, highlight in shows.items():
        with ledger.write_transaction(session_id) as connection:
            add_publication(connection, document(highlight, session_id=session_id), "d", "a")
    with ledger.read_transaction() as connection:
        assert [each.session_id for each in find_explanations(connection, "锅", 10)] == ["c", "b", "d", "a"]
        assert [each.session_id for each in find_explanations(connection, "锅", 2)] == ["c", "b"]
        assert find_explanations(connection, "毛巾", 10) == ()
    with ledger.write_transaction("c") as connection:
        add_publication(connection, document(session_id="c", revision=2), "d", "a")
    with ledger.read_transaction() as connection:
        assert "c" not in [each.session_id for each in find_explanations(connection, "锅", 10)]


def test_the_last_revision_of_each_session_is_told_the_last_published_first(ledger: Ledger) -> None:
    for session_id, revision, highlights in (("a", 1, ()), ("b", 1, (POT,)), ("a", 2, (POT,)), ("c", 1, ())):
        with ledger.write_transaction(session_id) as connection:
            add_publication(connection, document(*highlights, session_id=session_id, revision=revision), "d", "a")
    with ledger.read_transaction() as connection:
        latest = read_latest_publications(connection, 10)
        assert [(each.session_id, each.revision, each.highlights) for each in latest] == [
            ("c", 1, 0),
            ("a", 2, 1),
            ("b", 1, 1),
        ]
        assert [each.session_id for each in read_latest_publications(connection, 1, 1)] == ["a"]


def test_nothing_is_kept_of_a_transaction_that_failed(ledger: Ledger) -> None:
    with pytest.raises(ToolError, match="edits"), ledger.write_transaction("s") as connection:  # noqa: PT012 - one transaction
        add_publication(connection, document(POT, session_id="s"), "d", "a")
        connection.execute(text("INSERT INTO edits VALUES (NULL, NULL, NULL, NULL, NULL)"))
    with ledger.read_transaction() as connection:
        assert read_published(connection, "s") == PublishedHighlights()


def test_many_may_open_a_new_ledger_at_once(address: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for opened in list(pool.map(lambda _: open_ledger(address), range(4))):
            opened.close()


def test_a_ledger_of_a_newer_kandian_is_left_alone(ledger: Ledger, address: str) -> None:
    with ledger.write_transaction("s") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ToolError, match="newer kandian"):
        open_ledger(address)


@pytest.mark.parametrize("address_of", ["", "no address", "oracle://u@h/n", "mysql://h/n"])
def test_an_address_that_is_none_is_told(address_of: str) -> None:
    with pytest.raises(UsageError, match=r"sqlite:///FILE or postgresql://"):
        open_ledger(address_of)


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(ToolError) as error:
        open_ledger("postgresql://user:secret@127.0.0.1:1/none")
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 99)
    with pytest.raises(ToolError, match="not a database"):
        open_ledger(f"sqlite:///{tmp_path / 'x.db'}")
