"""The tables of the score card in a Markdown page, between HTML comments."""

import re
from pathlib import Path

from domain.errors import UsageError
from learning.evaluation.scorecard import ScoreCard
from learning.report.tables import (
    ablation_tables,
    confidence_tables,
    discourse_tables,
    interval_tables,
    show_tables,
    slice_tables,
    summary_table,
    wrong_catalog_tables,
)
from learning.report.text_report import render_legend, render_tables

BLOCK_PATTERN = re.compile(r"(<!-- quality: ([\w-]+) -->\n)(.*?)(<!-- end of \2 -->)", re.DOTALL)
"""A block of the page. Its first comment names the tables."""

OPTION = "--scorecard"


def update_score_card_file(file: Path, card: ScoreCard) -> None:
    """Write the tables of `card` into `file`, between the comments that name them. Everything else stays,
    and so do blocks of tables that the card does not have.

    A block is `<!-- quality: methods -->` up to `<!-- end of methods -->`. Raises UsageError for a page that cannot be
    read or written, that has no block, or whose block has an unknown name.
    """
    blocks = render_blocks(card)
    try:
        page = file.read_text(encoding="utf-8")
        file.write_text(fill_blocks(page, blocks, file), encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(OPTION, f"{file} is not UTF-8 text", "name another page") from error
    except OSError as error:
        raise UsageError(OPTION, f"{file} cannot be changed ({error.strerror})", "name another page") from error


def render_blocks(card: ScoreCard) -> dict[str, str]:
    """Markdown by the names of blocks."""
    return {
        "methods": render_tables([summary_table(card)]),
        "ablations": render_tables(ablation_tables(card)),
        "intervals": render_tables(interval_tables(card)),
        "confidence": render_tables(confidence_tables(card)),
        "slices": render_tables(slice_tables(card)),
        "discourse": render_tables(discourse_tables(card)),
        "wrong-catalog": render_tables(wrong_catalog_tables(card)),
        "shows": render_tables(show_tables(card)),
        "legend": render_legend(),
    }


def fill_blocks(page: str, blocks: dict[str, str], file: Path) -> str:
    """`page` with the content of its blocks replaced, except those that are empty in `blocks`. `file`: for errors."""
    names = [match[2] for match in BLOCK_PATTERN.finditer(page)]
    unknown_names = [name for name in names if name not in blocks]
    if unknown_names or not names:
        problem = f"has a block {unknown_names[0]!r}" if unknown_names else "has no block"
        remedy = f"write <!-- quality: NAME --> and <!-- end of NAME -->; NAME is one of {', '.join(blocks)}"
        raise UsageError(OPTION, f"{file} {problem}", remedy)
    return BLOCK_PATTERN.sub(lambda match: _filled_block(match, blocks), page)


def _filled_block(match: re.Match[str], blocks: dict[str, str]) -> str:
    content = blocks[match[2]]
    return f"{match[1]}\n{content}\n{match[4]}" if content else match[0]
