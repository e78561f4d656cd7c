"""Every decision says its number, date and status in one form, and the index lists them all."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (?P<number>\d+)\. \S.*\n\n"
    r"Date: \d{4}-\d{2}-\d{2} · Status: (kept|replaced by \d+)( · Includes: (?P<included>\d+(, \d+)*))?\n\n"
)
INDEX_ROW = re.compile(r"^\| (?:\[(\d+)\]\(([^)]+)\)|(\d+)) \|.*\| (kept|replaced by \d+|withdrawn|not used) \|", re.M)


def index() -> dict[int, tuple[str, str]]:
    """File name, or nothing where the page is gone, and status by number."""
    rows = INDEX_ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    return {int(linked or bare): (file, status) for linked, file, bare, status in rows}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_begins_with_its_number_date_and_status(page: Path) -> None:
    head = HEAD.match(page.read_text(encoding="utf-8"))

    assert head is not None
    assert int(head["number"]) == int(page.name[:3])


def test_the_index_lists_every_number_once_in_order() -> None:
    assert list(index()) == list(range(1, len(index()) + 1))
    assert {file for file, _ in index().values() if file} == {page.name for page in PAGES}


def test_a_decision_says_which_ones_it_replaced() -> None:
    replaced = {number: status.removeprefix("replaced by ") for number, (_, status) in index().items()}
    superseded = {number: int(after) for number, after in replaced.items() if after.isdigit()}
    included: dict[int, int] = {}
    for page in PAGES:
        head = HEAD.match(page.read_text(encoding="utf-8"))
        names = ((head and head["included"]) or "").split(", ")
        included |= {int(name): int(page.name[:3]) for name in names if name}

    assert included == superseded
