"""Titles, summaries and ids from people; times and lines as they are printed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.text import MAX_SUMMARY_CHARS, MAX_TITLE_CHARS, check_id, check_summary, check_title, format_hms, printable


@pytest.mark.parametrize(
    ("check", "text", "message"),
    [
        (check_title, " ", "a title must not be blank"),
        (check_title, "毛" * 201, "a title must not be longer than 200 characters, these are 201"),
        (check_title, "毛\n巾", "a title must be one line without control characters, and holds U+000A"),
        (check_title, "毛\u2028巾", "a title must be one line without control characters, and holds U+2028"),
        (check_summary, "毛\x1b[31m", "a summary must be one line without control characters, and holds U+001B"),
        (check_summary, "毛" * 2001, "a summary must not be longer than 2000 characters, these are 2001"),
        (lambda text: check_id("a product", text), "", "a product's id must not be blank"),
        (lambda text: check_id("a highlight", text), "h\ud800", "a highlight's id must be one line without"),
    ],
)
def test_text_that_cannot_be_shown_as_a_line_is_refused(check: Callable[[str], None], text: str, message: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check(text)
    assert str(refused.value).startswith(message)


def test_text_of_the_greatest_length_is_taken() -> None:
    check_title("毛" * MAX_TITLE_CHARS)
    check_summary("毛" * MAX_SUMMARY_CHARS)


def test_a_summary_may_be_empty() -> None:
    check_summary("")


@pytest.mark.parametrize(
    ("time", "written"), [(-3.0, "0:00:00"), (59.99, "0:00:59"), (3661.0, "1:01:01"), (43200.0, "12:00:00")]
)
def test_a_time_is_written_in_whole_seconds(time: float, written: str) -> None:
    assert format_hms(time) == written


@pytest.mark.parametrize(("time", "written"), [(0.0, "0:00"), (125.9, "2:05"), (3725.0, "1:02:05")])
def test_without_hours_of_0_a_time_is_as_players_write_it(time: float, written: str) -> None:
    assert format_hms(time, omit_zero_hours=True) == written


@pytest.mark.parametrize(("time", "written"), [(3723.46, "1:02:03.5"), (59.96, "0:01:00.0"), (0.04, "0:00:00.0")])
def test_tenths_are_rounded_and_carried(time: float, written: str) -> None:
    assert format_hms(time, tenths=True) == written


@given(st.integers(0, 10**6))
def test_a_written_time_can_be_read_back(time: int) -> None:
    hours, minutes, seconds = map(int, format_hms(time).split(":"))
    assert (hours * 3600 + minutes * 60 + seconds, minutes < 60, seconds < 60) == (time, True, True)


def test_codes_that_drive_a_terminal_are_taken_out() -> None:
    assert printable("红\x1b[31m色\x07\x9b2J") == "红\ufffd[31m色\ufffd\ufffd2J"


def test_line_breaks_and_tabs_become_spaces() -> None:
    assert printable("一\n二\t三\u2028四") == "一 二 三 四"


def test_marks_that_turn_the_line_around_are_dropped() -> None:
    assert printable("a\u202eb\u2066c\u200bd") == "abcd"


def test_half_a_surrogate_pair_cannot_be_written_and_is_replaced() -> None:
    assert printable("a\ud800b") == "a\ufffdb"


def test_what_an_old_terminal_cannot_write_becomes_a_question_mark() -> None:
    assert printable("精华 é☃", "gbk") == "精华 é?"
