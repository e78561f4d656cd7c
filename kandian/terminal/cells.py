"""Text cut or padded to a width in terminal cells, of which a Chinese character takes two."""

from rich.cells import cell_len, set_cell_size

ELLIPSIS = "…"
ASCII_ELLIPSIS = "~"


def fit_to_width(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` in exactly `width` cells: padded with spaces, or cut and ended with `ellipsis`."""
    if cell_len(text) <= width or width < 1:
        return set_cell_size(text, max(0, width))
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ellipsis, width)
