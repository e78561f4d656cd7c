"""Tables of figures as Markdown, and the blocks of the score card that they replace.

<!-- make bench: encoders -->
| clip | ...
<!-- /make bench -->
"""

import re
from collections.abc import Sequence
from pathlib import Path

END = "<!-- /make bench -->"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """A table whose first `text_columns` columns are aligned left, and all others right."""
    ruler = ["---" if column < text_columns else "---:" for column in range(len(header))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ruler, *rows))


def replace_block(text: str, name: str, table: str) -> str:
    """`text` with `table` as its block called `name`. Raises ValueError where it has none."""
    begin = f"<!-- make bench: {name} -->"
    block = re.compile(f"{re.escape(begin)}\n.*?{re.escape(END)}", re.DOTALL)
    if not block.search(text):
        raise ValueError(f"no block {begin} ... {END}")
    return block.sub(lambda _: f"{begin}\n{table}\n{END}", text, count=1)


def write_block(scorecard: Path, name: str, table: str) -> None:
    """Write `table` into the block called `name`."""
    scorecard.write_text(replace_block(scorecard.read_text(encoding="utf-8"), name, table), encoding="utf-8")
