"""Publishing: whole revisions, each once, that need nothing but their own files."""

import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import ReviewError
from pipeline.ledger.database import Ledger
from pipeline.ledger.location import open_configured_ledger
from pipeline.ledger.transcript_search import search_transcripts
from pipeline.outputs.highlights_file import highlights_json, read_highlights
from pipeline.publishing.publish import is_published, publish_session
from pipeline.publishing.revision_files import content_digest, viewer_document

pytestmark = pytest.mark.media

NAME = "双十一"


def test_a_revision_holds_all_that_a_player_needs(ledger: Ledger, out: Path) -> None:
    released = publish_session(ledger, out, NAME, publisher="编辑")
    folder = out / "published" / NAME
    assert json.loads((folder / "latest.json").read_text()) == {"revision": 1, "highlights": "r1/highlights.json"}
    file = read_highlights(released.folder / "highlights.json")
    assert (file.revision, file.suggestions) == (1, ())
    assert (released.folder / file.replay).is_file()
    assert all((released.folder / h.thumbnail).is_file() for h in file.highlights if h.thumbnail)
    sheets = {
        line.split("#")[0] for line in (released.folder / "thumbnails.vtt").read_text().splitlines() if "#" in line
    }
    assert sheets
    assert all((released.folder / sheet).is_file() for sheet in sheets)


def test_the_same_again_is_no_new_revision_and_a_change_is(
    ledger: Ledger, out: Path, retitle: Callable[[str], None]
) -> None:
    first, again = (publish_session(ledger, out, NAME, publisher="编辑") for _ in range(2))
    assert (first.is_new, again.is_new, again.publication) == (True, False, first.publication)
    before = (first.folder / "highlights.json").read_bytes()
    retitle("新标题")
    second = publish_session(ledger, out, NAME, publisher="编辑")
    assert (second.publication.revision, read_highlights(second.folder / "highlights.json").highlights[0].title) == (
        2,
        "新标题",
    )
    assert (first.folder / "highlights.json").read_bytes() == before
    assert json.loads((second.folder.parent / "latest.json").read_text())["revision"] == 2


def test_results_are_known_to_be_published_until_a_later_run_finds_something_else(ledger: Ledger, out: Path) -> None:
    released = publish_session(ledger, out, NAME, publisher="编辑")
    file = read_highlights(out / NAME / "highlights.json")
    assert is_published(file, out / NAME, released.publication)
    fewer = replace(file, highlights=file.highlights[1:])
    assert not is_published(fewer, out / NAME, released.publication)


def test_a_changed_transcript_is_a_new_revision(ledger: Ledger, out: Path) -> None:
    publish_session(ledger, out, NAME, publisher="编辑")
    transcript = out / NAME / "transcript.vtt"
    changed = transcript.read_text(encoding="utf-8") + "\n00:00.100 --> 00:00.200\n补上的话\n"
    transcript.unlink()
    transcript.write_text(changed, encoding="utf-8")
    second = publish_session(ledger, out, NAME, publisher="编辑")
    assert second.is_new
    assert "补上的话" in (second.folder / "transcript.vtt").read_text(encoding="utf-8")


def test_a_changed_transcript_json_is_a_new_revision_and_is_what_the_search_finds(ledger: Ledger, out: Path) -> None:
    publish_session(ledger, out, NAME, publisher="编辑")
    transcript = out / NAME / "transcript.json"
    document = json.loads(transcript.read_text(encoding="utf-8"))
    document["cues"][0]["text"] = "补上的话"
    transcript.unlink()
    transcript.write_text(json.dumps(document), encoding="utf-8")
    assert publish_session(ledger, out, NAME, publisher="编辑").is_new
    with ledger.read_transaction() as connection:
        (hit,) = search_transcripts(connection, "补上的话", 2).hits
    assert (hit.start, hit.text) == (document["cues"][0]["start"], "补上的话")


def test_what_an_earlier_version_published_is_known_to_be_published(out: Path) -> None:
    """Its digest had transcript.vtt alone and no two chances, and its results have no transcript.json."""
    (out / NAME / "transcript.json").unlink()
    file = read_highlights(out / NAME / "highlights.json")
    digest = content_digest(viewer_document(file, out / NAME), out / NAME)
    vtt = (out / NAME / "transcript.vtt").read_bytes()
    document = replace(viewer_document(file, out / NAME), revision=0)
    before = re.sub(rb' *"(product|start)_confidence": [^\n]*\n', b"", highlights_json(document))
    assert digest == hashlib.sha256(before + vtt).hexdigest()


def test_results_of_a_version_without_transcript_json_must_be_made_again(ledger: Ledger, out: Path) -> None:
    released = publish_session(ledger, out, NAME, publisher="编辑")
    (out / NAME / "transcript.json").unlink()
    with pytest.raises(ReviewError, match=r"transcript\.json.*run the session again: kandian run"):
        publish_session(ledger, out, NAME, publisher="编辑")
    assert not is_published(read_highlights(out / NAME / "highlights.json"), out / NAME, released.publication)


def test_many_who_publish_at_once_make_one_revision(out: Path) -> None:
    def publish_once(_: int) -> bool:
        ledger = open_configured_ledger(out)
        try:
            return publish_session(ledger, out, NAME, publisher="job").is_new
        finally:
            ledger.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish_once, range(4))) == [False, False, False, True]
    folder = out / "published" / NAME
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("replay-"))
    assert names == ["latest.json", "r1"]


def test_what_a_killed_publisher_left_is_replaced(ledger: Ledger, out: Path) -> None:
    left = out / "published" / NAME / "r1"
    left.mkdir(parents=True)
    (left / "highlights.json").write_text("half")
    released = publish_session(ledger, out, NAME, publisher="编辑")
    assert read_highlights(released.folder / "highlights.json").revision == 1


def test_files_that_were_lost_are_laid_again(ledger: Ledger, out: Path) -> None:
    released = publish_session(ledger, out, NAME, publisher="编辑")
    before = (released.folder / "highlights.json").read_bytes()
    for path in sorted(released.folder.parent.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    again = publish_session(ledger, out, NAME, publisher="编辑")
    assert not again.is_new
    assert (again.folder / "highlights.json").read_bytes() == before
    assert (again.folder.parent / "latest.json").is_file()


def test_a_session_without_results_cannot_be_published(ledger: Ledger, out: Path) -> None:
    with pytest.raises(ReviewError, match="kandian run, then publish"):
        publish_session(ledger, out, "another", publisher="编辑")
