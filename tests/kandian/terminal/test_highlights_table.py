"""What `kandian show` prints, as a pipe sees it."""

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from domain.highlight import Highlight, HighlightsFile, PublicProduct
from kandian.terminal.highlights_table import print_highlights


def product(product_id: str, short_name: str, title: str = "标题") -> PublicProduct:
    return PublicProduct(product_id, None, title, short_name, "", "", {}, 169.9, None, "CNY", None, None, None)


def entry(product_ids: tuple[str, ...], times: tuple[float, float, float], title: str, take: int = 1) -> Highlight:
    start, end, seek = times
    return Highlight("h", product_ids, start, end, seek, 0.914, title, "", (), (), None, take, take == 1, "auto")


SHOW = HighlightsFile(
    schema_version="1.0",
    session_id="zh-mini",
    revision=0,
    duration=177.808,
    language="zh",
    replay="replay/master.m3u8",
    products=(
        product("730013", "双抗精华"),
        product("730014", "声波电动牙刷"),
        product("730011", "纯棉毛巾四条装"),
        product("730015", "", "科沃斯扫地机器人"),
    ),
    highlights=(
        entry(("730013",), (12.4, 56.8, 10.9), "熬夜用的精华"),
        entry(("730014",), (57.1, 99.5, 57.1), "电动牙刷"),
        entry(("730013", "730011"), (151.0, 170.0, 153.0), "一起拍", take=2),
    ),
    suggestions=(entry(("730011",), (101.0, 115.0, 101.0), "毛巾"),),
    unexplained=("730015",),
)


def printed(shown: HighlightsFile, width: int = 80, encoding: str = "utf-8") -> list[str]:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    print_highlights(shown, Console(file=out, width=width))
    out.flush()
    return [line.rstrip() for line in raw.getvalue().decode(encoding).splitlines()]


def test_a_highlight_is_one_line_with_times_product_confidence_title_and_take() -> None:
    assert "0:00:12 0:00:56 0:00:10 730013 双抗精华       0.91 熬夜用的精华  ★ 1" in printed(SHOW)


def test_a_take_that_is_not_the_best_has_no_star_and_a_bundle_names_both() -> None:
    lines = printed(SHOW)
    row = lines.index("0:02:31 0:02:50 0:02:33 730013 双抗精华       0.91 一起拍          2")
    assert lines[row + 1].strip() == "730011 纯棉毛巾四条装"


def test_the_first_line_says_what_show_it_is() -> None:
    assert printed(SHOW)[0] == "zh-mini: 0:02:57, zh, 3 highlights, 1 suggestions, not published"


def test_suggestions_have_a_table_of_their_own() -> None:
    lines = printed(SHOW)
    heading = lines.index("Suggestions for editors, not shown to viewers")
    assert [index for index, line in enumerate(lines) if line.startswith("0:01:41")] == [heading + 3]


def test_without_suggestions_nothing_is_said_of_them() -> None:
    assert not any("editors" in line for line in printed(replace(SHOW, suggestions=())))


def test_the_chart_has_a_row_for_every_explained_product() -> None:
    rows = [line for line in printed(SHOW) if "█" in line or "░" in line]
    assert [row.split()[0] for row in rows] == ["双抗精华", "声波电动牙刷", "纯棉毛巾四条装"]


def test_what_was_never_explained_is_told_at_the_end() -> None:
    assert printed(SHOW)[-1] == "1 of 4 products never explained: 730015 科沃斯扫地机器人"


def test_only_the_first_of_many_unexplained_products_are_named() -> None:
    text = " ".join(printed(replace(SHOW, unexplained=tuple(f"x{i}" for i in range(4000)))))
    assert "x9, and 3990 more" in text
    assert "x10" not in text


def test_a_show_in_which_nothing_was_found_is_shown_too() -> None:
    lines = printed(replace(SHOW, highlights=(), suggestions=()))
    assert lines[0] == "zh-mini: 0:02:57, zh, 0 highlights, 0 suggestions, not published"


@pytest.mark.parametrize("width", [40, 60, 80, 132])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    assert max(map(cell_len, printed(SHOW, width))) <= width


def test_a_pipe_gets_no_codes() -> None:
    assert "\x1b" not in "\n".join(printed(SHOW))


def test_titles_of_strangers_are_text_and_neither_markup_nor_codes() -> None:
    hostile = entry(("730013",), (1.0, 9.0, 1.0), "[red]急[/red]\x1b[2J\u202e降\n价")
    text = "\n".join(printed(replace(SHOW, highlights=(hostile,)), width=132))
    assert "[red]急[/red]\ufffd[2J降 价" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_names_and_ids_of_strangers_are_harmless_too() -> None:
    products = (product("730013", "[bold]双\x1b]0;x\x07抗"),)
    strange = replace(SHOW, session_id="\x1b[1ms", products=products, unexplained=("\x1b[5m",))
    text = "\n".join(printed(strange, width=132))
    assert "[bold]双\ufffd]0;x\ufffd抗" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_an_old_terminal_gets_what_it_can_write(encoding: str) -> None:
    assert any(" * 1" in line for line in printed(SHOW, encoding=encoding))


def test_chinese_survives_in_a_terminal_that_knows_chinese_only() -> None:
    assert any("双抗精华" in line and ">####" in line for line in printed(SHOW, encoding="gbk"))
