"""The timeline picture, looked at as text."""

import pytest
from rich.cells import cell_len

from domain.highlight import Highlight, HighlightsFile, PublicProduct
from kandian.terminal.timeline_chart import draw_timeline


def product(product_id: str, name: str) -> PublicProduct:
    return PublicProduct(product_id, None, name, "", "", "", {}, None, None, "CNY", None, None, None)


def entry(start: float, end: float, *products: str, seek: float | None = None) -> Highlight:
    lands = start if seek is None else seek
    return Highlight("h", products, start, end, lands, 0.9, "", "", (), (), None, 1, True, "auto")


def file(
    *highlights: Highlight, suggestions: tuple[Highlight, ...] = (), duration: float = 100.0, name: str = "精华"
) -> HighlightsFile:
    products = (product("p1", name), product("p2", "牙刷"), product("p3", "毛巾"))
    return HighlightsFile("1.0", "s", 0, duration, "zh", "r", products, highlights, suggestions, ())


def drawn(shown: HighlightsFile, width: int, encoding: str = "utf-8") -> list[str]:
    return [line.plain for line in draw_timeline(shown, width, encoding)]


def test_each_product_has_a_row_with_its_takes_where_they_are() -> None:
    assert drawn(file(entry(0, 50, "p1"), entry(50, 100, "p2")), 25) == [
        "精华 ▶█████████",
        "牙刷           ▶█████████",
        "     ┬───────────┬───────",
        "     0:00:00     0:01:00",
    ]


def test_rows_stand_in_the_order_in_which_products_appear() -> None:
    rows = drawn(file(entry(50, 60, "p1"), entry(10, 20, "p2")), 40)
    assert [row[:2] for row in rows[:2]] == ["牙刷", "精华"]


def test_the_seek_is_marked_where_the_player_lands() -> None:
    assert drawn(file(entry(20, 60, "p1", seek=30)), 15)[0] == "精华   █▶██"


def test_a_seek_before_the_take_is_marked_too() -> None:
    assert drawn(file(entry(20, 60, "p1", seek=10)), 15)[0] == "精华  ▶████"


def test_suggestions_are_lighter_and_lie_under_highlights() -> None:
    assert drawn(file(entry(20, 60, "p1"), suggestions=(entry(0, 40, "p1"),)), 15)[0] == "精华 ▷░▶███"


def test_a_bundle_stands_in_the_row_of_each_of_its_products() -> None:
    rows = drawn(file(entry(0, 50, "p1", "p2")), 15)
    assert rows[:2] == ["精华 ▶████", "牙刷 ▶████"]


def test_the_shortest_take_is_still_seen() -> None:
    assert "▶" in drawn(file(entry(99.9, 99.95, "p1")), 15)[0]


def test_a_take_beyond_the_end_stays_inside_the_bar() -> None:
    assert drawn(file(entry(90, 400, "p1", seek=300)), 15)[0] == "精华          ▶"


def test_a_product_that_the_catalogue_lacks_is_called_by_its_id() -> None:
    assert drawn(file(entry(0, 50, "x9")), 40)[0].startswith("x9 ▶")


def test_without_unicode_the_chart_is_made_of_ascii() -> None:
    rows = drawn(file(entry(0, 50, "p1"), suggestions=(entry(60, 90, "p1"),), name="pan"), 14, "ascii")
    assert rows == ["pan >#### :..", "    +---------", "    0:00:00"]


def test_nothing_found_draws_nothing() -> None:
    assert draw_timeline(file(), 80) == ()


def test_time_labels_begin_under_their_ticks() -> None:
    rule, times = drawn(file(entry(0, 50, "p1"), duration=7200.0), 65)[-2:]
    ticks = [index for index, character in enumerate(rule) if character == "┬"]
    assert [times[tick : tick + 7] for tick in ticks] == [
        "0:00:00",
        "0:20:00",
        "0:40:00",
        "1:00:00",
        "1:20:00",
        "1:40:00",
    ]


@pytest.mark.parametrize("duration", [0.5, 74.0, 1090.0, 12 * 3600.0, 400 * 3600.0])
@pytest.mark.parametrize("width", [*range(1, 30), 80, 201])
def test_no_line_is_wider_than_the_terminal(width: int, duration: float) -> None:
    shown = file(entry(duration * 0.1, duration, "p1", "p2"), duration=duration, name="珀莱雅双抗精华液3.0抗氧抗糖提亮")
    assert max(cell_len(row) for row in drawn(shown, width)) <= width
