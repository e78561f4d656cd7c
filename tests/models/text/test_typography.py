"""How text is set for people."""

import pytest

from models.text.typography import display_width, join_with_spacing, to_full_width_marks, to_single_line, truncate


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("双抗\n\n精华\r", "双抗精华"),
        ("air\u2028 fryer ", "air fryer"),
        ("珀莱雅 3.0 精华", "珀莱雅 3.0 精华"),
        ("safe\u202egnp.exe\u200b", "safegnp.exe"),
        ("", ""),
    ],
)
def test_a_line_has_no_breaks_no_blanks_in_chinese_and_nothing_unseen(text: str, line: str) -> None:
    assert to_single_line(text) == line


@pytest.mark.parametrize(
    ("text", "set_right"),
    [
        ("没涂层,就是一块钢,压出来的.", "没涂层，就是一块钢，压出来的。"),
        ("今天29块9,16号", "今天29块9，16号"),
        ("16,000件,3.0版", "16,000件，3.0版"),
        ("20:30开播", "20:30开播"),
        ("你说呢?", "你说呢？"),
        ("It is 3.4 oz, okay?", "It is 3.4 oz, okay?"),
    ],
)
def test_marks_beside_chinese_are_full_width_and_numbers_keep_theirs(text: str, set_right: str) -> None:
    assert to_full_width_marks(text) == set_right


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("珀莱雅", "双抗精华", "珀莱雅双抗精华"),
        ("361度", "速干短袖", "361度速干短袖"),
        ("得力", "B5错题本", "得力 B5错题本"),
        ("INTO YOU", "唇泥", "INTO YOU 唇泥"),
        ("Dotty", "patches", "Dotty patches"),
        ("", "patches", "patches"),
    ],
)
def test_chinese_meets_chinese_without_a_blank(first: str, second: str, both: str) -> None:
    assert join_with_spacing(first, second) == both


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert display_width("唇泥 EM33") == 9


def test_what_is_too_long_is_cut_between_words() -> None:
    assert truncate("matte makeup setting spray", 20) == "matte makeup…"


def test_chinese_is_cut_to_columns() -> None:
    assert truncate("纯棉毛巾家用洗脸", 9) == "纯棉毛巾…"


def test_what_fits_is_left_alone() -> None:
    assert truncate("纯棉毛巾", 8) == "纯棉毛巾"


def test_a_text_of_any_length_is_cut_at_once() -> None:
    """One pass: a caption of a million characters must not hold up a show."""
    assert display_width(truncate("好用" * 500_000, 20)) <= 20


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_line_may_be_hardly_long_enough_for_anything(limit: int) -> None:
    assert display_width(truncate("双抗精华", limit)) <= limit + 1
