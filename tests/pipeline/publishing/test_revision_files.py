"""What an earlier version published is known again."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from domain.highlight import Highlight, HighlightsFile
from pipeline.outputs.highlights_file import highlights_json
from pipeline.publishing.revision_files import content_digest

POT = Highlight("h1", ("锅",), 10.0, 60.0, 10.0, 0.8, '"start_confidence": 1', "", (), (), None, 1, True, "auto")
FILE = HighlightsFile("1.0", "双十一", 3, 100.0, "zh", "replay/master.m3u8", (), (POT,), (), ())
CHANCES = ("product_confidence", "start_confidence")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "transcript.vtt").write_bytes(b"WEBVTT")
    return tmp_path


def test_what_a_version_with_one_confidence_published_has_the_digest_that_it_had(results: Path) -> None:
    document = json.loads(highlights_json(replace(FILE, revision=0)))
    for entry in document["highlights"]:
        for name in CHANCES:
            del entry[name]
    as_written_then = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    assert content_digest(FILE, results) == hashlib.sha256(as_written_then + b"WEBVTT").hexdigest()


def test_another_confidence_is_other_content(results: Path) -> None:
    other = replace(FILE, highlights=(replace(POT, confidence=0.7),))
    assert content_digest(other, results) != content_digest(FILE, results)
