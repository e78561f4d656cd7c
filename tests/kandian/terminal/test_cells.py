"""Text that fits into so many cells of a terminal."""

import pytest
from rich.cells import cell_len

from kandian.terminal.cells import fit_to_width


@pytest.mark.parametrize("width", range(12))
def test_fitted_text_has_just_the_width_asked_for(width: int) -> None:
    assert cell_len(fit_to_width("双抗精华x液", width)) == width


def test_text_that_is_cut_says_so() -> None:
    assert fit_to_width("双抗精华液", 6) == "双抗… "
