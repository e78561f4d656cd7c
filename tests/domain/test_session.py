"""Session ids, starts, and what makes a recording the same recording."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import InvalidValue
from domain.session import MAX_ID_BYTES, Recording, RecordingFile, Session, check_session_id


@pytest.mark.parametrize("session_id", ["双十一", "2026-11-11", "a b", "a.b", "x" * MAX_ID_BYTES])
def test_names_of_folders_are_ids(session_id: str) -> None:
    check_session_id(session_id)


@pytest.mark.parametrize(
    "session_id",
    ["", " ", " a", "a ", ".a", "..", "a/b", "a\\b", "a:b", "a?", "a#b", "a%b", "a\nb", "a\x00", "x" * 201, "双" * 67],
)
def test_what_no_folder_or_address_can_hold_is_no_id(session_id: str) -> None:
    with pytest.raises(InvalidValue):
        check_session_id(session_id)


def test_a_session_checks_its_id() -> None:
    with pytest.raises(InvalidValue, match="must not hold '/'"):
        Session("a/b")


def test_a_start_needs_a_time_zone() -> None:
    assert Session("a", started_at=datetime(2026, 11, 11, tzinfo=UTC)).started_at is not None
    with pytest.raises(InvalidValue, match="started_at needs a time zone"):
        Session("a", started_at=datetime(2026, 11, 11))


def test_a_recording_needs_a_file() -> None:
    with pytest.raises(InvalidValue, match="at least one file"):
        Recording(())


def test_a_recording_that_was_moved_is_the_same_and_one_in_another_order_is_not() -> None:
    here, there = (
        [RecordingFile(Path(folder, name), digest, 1) for name, digest in (("a.flv", "0a"), ("b.flv", "0b"))]
        for folder in ("here", "there")
    )
    digest = Recording(tuple(here)).content_digest()
    assert Recording(tuple(there)).content_digest() == digest
    assert Recording(tuple(reversed(here))).content_digest() != digest
