"""Adopting: a new ledger learns from the published files what viewers have."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.errors import ReviewError
from pipeline.ledger.database import Ledger, open_ledger, sqlite_url
from pipeline.ledger.transcript_search import search_transcripts
from pipeline.outputs.highlights_file import read_highlights
from pipeline.publishing.adopt import adopt_revisions
from pipeline.publishing.publish import publish_session

pytestmark = pytest.mark.media

NAME = "双十一"


@pytest.fixture
def new_ledger(out: Path) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_url(out / "other.db"))
    yield opened
    opened.close()


def test_a_ledger_that_knows_less_than_viewers_have_publishes_nothing_until_it_adopts_that(
    ledger: Ledger, new_ledger: Ledger, out: Path, retitle: Callable[[str], None]
) -> None:
    publish_session(ledger, out, NAME, publisher="编辑")
    retitle("人写的")
    second = publish_session(ledger, out, NAME, publisher="编辑")
    before = read_highlights(second.folder / "highlights.json")
    with pytest.raises(ReviewError, match="revision 2, of which the ledger knows 0"):
        publish_session(new_ledger, out, NAME, publisher="编辑")
    assert adopt_revisions(new_ledger, out, NAME, publisher="编辑") == 2
    assert adopt_revisions(new_ledger, out, NAME, publisher="编辑") == 0
    third = publish_session(new_ledger, out, NAME, publisher="编辑")
    assert third.publication.revision == 3  # the edit is lost with its ledger
    after = read_highlights(third.folder / "highlights.json")
    assert [h.id for h in after.highlights] == [h.id for h in before.highlights]
    assert read_highlights(second.folder / "highlights.json") == before


def test_the_transcript_of_an_adopted_revision_is_found_again(ledger: Ledger, new_ledger: Ledger, out: Path) -> None:
    publish_session(ledger, out, NAME, publisher="编辑")
    adopt_revisions(new_ledger, out, NAME, publisher="编辑")
    hits = []
    for each in (ledger, new_ledger):
        with each.read_transaction() as connection:
            hits.append(search_transcripts(connection, "精华", 10).hits)
    assert hits[0]
    assert hits[0] == hits[1]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "r1" / "transcript.vtt").unlink(), "transcript.vtt"),
        (lambda folder: (folder / "r1" / "transcript.json").unlink(), "transcript.json"),
        (lambda folder: (folder / "r1").rename(folder / "r9"), "is gone"),
        (lambda folder: (folder / "latest.json").write_text('{"revision": 1e300}'), "names no revision"),
        (lambda folder: (folder / "latest.json").write_text('{"revision": Infinity}'), "names no revision"),
        (lambda folder: (folder / "latest.json").write_text("[" * 100_000), "cannot be read"),
    ],
)
def test_what_is_not_as_it_was_published_is_not_adopted(
    ledger: Ledger, new_ledger: Ledger, out: Path, spoil: Callable[[Path], object], message: str
) -> None:
    publish_session(ledger, out, NAME, publisher="编辑")
    spoil(out / "published" / NAME)
    with pytest.raises(ReviewError, match=message):
        adopt_revisions(new_ledger, out, NAME, publisher="编辑")
