"""Why takes were found, and why some were not published, as a terminal shows it."""

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from domain.highlight import (
    Highlight,
    HighlightsFile,
    ProductChance,
    PublicProduct,
    PublishingThresholds,
    StartChance,
    TakeEvidence,
    TakeJudgement,
)
from domain.session import Language
from kandian.terminal.why import JudgedShow, print_why, terminal_language
from pipeline.outputs.highlights_file import build_takes_file

NAMES = {"730013": "双抗精华", "730011": "纯棉毛巾"}
PRODUCTS = tuple(
    PublicProduct(product_id, None, name, name, "", "", {}, None, None, "CNY", None, None, None)
    for product_id, name in NAMES.items()
)


def entry(highlight_id: str, product_id: str, start: float, chances: tuple[float, float]) -> Highlight:
    return Highlight(
        *(highlight_id, (product_id,), start, start + 40, start, chances[0] * chances[1], "标题", "", (), ()),
        *(None, 1, True, "auto"),
        product_confidence=chances[0],
        start_confidence=chances[1],
    )


FOUND, SUGGESTED = entry("h1", "730013", 10.0, (0.92, 0.4)), entry("h2", "730011", 100.0, (0.31, 0.6))
FILE = HighlightsFile("1.0", "s", 0, 200.0, "zh", "replay/master.m3u8", PRODUCTS, (FOUND,), (SUGGESTED,), ())
JUDGEMENTS = {
    "h1": TakeJudgement(
        evidence=(TakeEvidence("name", 3.2), TakeEvidence("price", 1.1), TakeEvidence("rival", -2.0)),
        other_products=(ProductChance("730011", 0.05),),
        other_starts=(StartChance(31.0, 0.31),),
    ),
    "h2": TakeJudgement(evidence=(TakeEvidence("name", 1.2), TakeEvidence("talk", -3.1))),
}
TAKES = build_takes_file(FILE, JUDGEMENTS, PublishingThresholds(0.5, 0.05, 0.1))


def printed(
    file: HighlightsFile = FILE, language: Language = "en", width: int = 80, *, is_whole: bool = False
) -> list[str]:
    output = io.StringIO()
    print_why(JudgedShow(file, TAKES, NAMES, language), Console(file=output, width=width), is_whole=is_whole)
    return output.getvalue().splitlines()


def test_a_take_is_a_line_that_says_how_sure_each_half_is_and_the_strongest_for_and_against() -> None:
    assert "0:00:10 双抗精华  product 0.92 · start 0.40; named +3.2 · next product -2.0" in printed()
    assert "0:00:10 双抗精华  商品把握 0.92 · 起点把握 0.40; 说了商品名 +3.2 · 另一商品 -2.0" in printed(language="zh")


def test_a_suggestion_is_a_line_that_says_why_it_is_not_published() -> None:
    lines = printed()
    assert (
        lines[lines.index("not published:") + 1] == "0:01:40 纯棉毛巾  product 0.31 < 0.50; named +1.2 · chatting -3.1"
    )


@pytest.mark.parametrize("width", [40, 60, 200])
def test_a_take_stays_one_line_in_any_terminal(width: int) -> None:
    takes = [line for line in printed(width=width) if line.startswith("0:0")]
    assert len(takes) == 2
    assert max(map(cell_len, takes)) <= width


def test_all_of_it_has_the_runners_up_too() -> None:
    assert printed(is_whole=True)[1:6] == [
        "0:00:10 双抗精华  product 0.92 · start 0.40",
        "  for: named +3.2 · price +1.1",
        "  against: next product -2.0",
        "  or else: 纯棉毛巾 0.05",
        "  or from: 0:00:31 0.31",
    ]
    assert "  not published: product 0.31 < 0.50" in printed(is_whole=True)


def test_a_show_in_which_nothing_was_found_says_how_little_was_found() -> None:
    nothing = replace(FILE, highlights=(), suggestions=())
    assert printed(nothing) == ["Nowhere was a product likely enough to be suggested (product below 0.10)"]


def test_names_of_strangers_are_text() -> None:
    output = io.StringIO()
    print_why(JudgedShow(FILE, TAKES, {"730013": "[red]\x1b[2J"}, "en"), Console(file=output, width=80))
    assert "\x1b" not in output.getvalue()
    assert "[red]" in output.getvalue()


def test_results_of_a_version_that_kept_no_reasons_say_so_only_when_asked() -> None:
    old = build_takes_file(FILE, {name: TakeJudgement() for name in JUDGEMENTS}, None)
    output = io.StringIO()
    print_why(JudgedShow(FILE, old, NAMES, "en"), Console(file=output, width=120))
    assert output.getvalue() == ""
    print_why(JudgedShow(FILE, old, NAMES, "en"), Console(file=output, width=120), is_whole=True)
    assert "run the session again" in output.getvalue()


@pytest.mark.parametrize(
    ("environment", "encoding", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "utf-8", "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "utf-8", "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.GBK"}, "gbk", "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "ascii", "en"),
        ({}, "utf-8", "en"),
    ],
)
def test_words_are_in_the_language_of_the_terminal(
    environment: dict[str, str], encoding: str, language: Language
) -> None:
    assert terminal_language(encoding, environment) == language


def test_a_take_of_the_machine_is_shown_by_its_present_product() -> None:
    changed = replace(FILE, highlights=(replace(FOUND, product_ids=("730011",), status="edited"),), suggestions=())
    assert "0:00:10 纯棉毛巾  edited by a person; named +3.2 · next product -2.0" in printed(changed)
