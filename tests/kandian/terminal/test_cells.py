"""Text for terminals."""

import pytest
from rich.cells import cell_len

from domain.text import format_hms, printable
from kandian.terminal.cells import fit_to_width


@pytest.mark.parametrize(
    ("time", "said"), [(0.0, "0:00:00"), (59.99, "0:00:59"), (3661.0, "1:01:01"), (43200.0, "12:00:00")]
)
def test_a_time_is_said_in_whole_hours_minutes_and_seconds(time: float, said: str) -> None:
    assert format_hms(time) == said


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


@pytest.mark.parametrize("width", range(12))
def test_fitted_text_has_just_the_width_asked_for(width: int) -> None:
    assert cell_len(fit_to_width("双抗精华x液", width)) == width


def test_text_that_is_cut_says_so() -> None:
    assert fit_to_width("双抗精华液", 6) == "双抗… "
