"""A session as editors see it: what was delivered, with all edits made since."""

from dataclasses import dataclass
from pathlib import Path

from domain.highlight import HighlightsFile
from domain.review import Edits, Found, Published
from pipeline.highlights_file import filled, read_highlights
from pipeline.review.decisions import decisions_of
from pipeline.review.merge import merge_review

TAKES_FILE = "takes.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """`file` is what would be published now, with suggestions; `found` is what the machine found."""

    file: HighlightsFile
    found: HighlightsFile
    edits: Edits
    published: Published


def draft_of(results: Path, edits: Edits, published: Published) -> Draft:
    """The draft of a session whose results lie in the folder `results`. Raises InputError where there are none."""
    return redrawn(read_highlights(results / TAKES_FILE), edits, published)


def redrawn(found: HighlightsFile, edits: Edits, published: Published) -> Draft:
    """The draft after `edits`."""
    takes = Found(found.highlights, found.suggestions)
    reviewed = merge_review(found.session_id, takes, decisions_of(edits.edits), published)
    file = filled(found, reviewed.highlights, reviewed.suggestions)
    return Draft(file, found, edits, published)
