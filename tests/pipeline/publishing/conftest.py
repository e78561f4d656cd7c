"""A show that is done, its ledger, and an edit of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.review import Edit, Retitle
from pipeline.ledger.database import Ledger
from pipeline.ledger.edit_log import append_edits
from pipeline.ledger.location import open_configured_ledger
from pipeline.publishing.apply_edits import read_current_draft

NAME = "双十一"


@pytest.fixture
def ledger(out: Path) -> Iterator[Ledger]:
    opened = open_configured_ledger(out)
    yield opened
    opened.close()


@pytest.fixture
def retitle(ledger: Ledger, out: Path) -> Callable[[str], None]:
    """Records an edit that gives the first highlight another title."""

    def record(title: str) -> None:
        draft = read_current_draft(ledger, out, NAME)
        first = draft.file.highlights[0]
        edit = Edit(Retitle("retitle", first.id, title=title), (first,))
        append_edits(ledger, NAME, [edit], editor="编辑", base_edit_count=len(draft.edits.edits))

    return record
