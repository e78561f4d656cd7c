"""A session as editors see it: what was delivered, with all edits made since."""

from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import InvalidValue, ReviewError
from domain.highlight import Highlight, HighlightsFile
from domain.review import Edits, Found, Published
from domain.session import check_session_id
from pipeline.outputs.highlights_file import filled, read_highlights
from pipeline.review.decisions import decisions_of
from pipeline.review.merge_edits import merge_review

TAKES_FILE = "takes.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """`file` is what would be published now, with suggestions; `found` is what the machine found.

    `refused` is what people refused, as it was then.
    """

    file: HighlightsFile
    found: HighlightsFile
    edits: Edits
    published: Published
    refused: tuple[Highlight, ...]


def results_of(out: Path, session_id: str) -> Path:
    """The folder of a session's results in OUT. Raises ReviewError where there are none, or the id can be none."""
    check_typed(session_id)
    results = out / session_id
    if not (results / TAKES_FILE).is_file():
        raise ReviewError(results, "holds no results to review or publish", "make them with kandian run, then publish")
    return results


def check_typed(session_id: str) -> None:
    """Raise ReviewError, which says what to give instead, where somebody gave what can be no session's id."""
    try:
        check_session_id(session_id)
    except InvalidValue as problem:
        name = session_id.rstrip("/").rpartition("/")[2]
        remedy = "give its id alone, the name of its folder in OUT" + (f": {name}" if _can_be_id(name) else "")
        raise ReviewError("session", str(problem), remedy) from problem


def _can_be_id(name: str) -> bool:
    try:
        check_session_id(name)
    except InvalidValue:
        return False
    return True


def draft_of(results: Path, edits: Edits, published: Published) -> Draft:
    """The draft of a session whose results lie in the folder `results`. Raises InputError where there are none."""
    return redrawn(read_highlights(results / TAKES_FILE), edits, published)


def redrawn(found: HighlightsFile, edits: Edits, published: Published) -> Draft:
    """The draft after `edits`."""
    takes, decisions = Found(found.highlights, found.suggestions), decisions_of(edits.edits)
    reviewed = merge_review(found.session_id, takes, decisions, published, found.products)
    listed = replace(found, revision=published.revision, products=(*found.products, *reviewed.products))
    file = filled(listed, reviewed.highlights, reviewed.suggestions)
    return Draft(file, found, edits, published, reviewed.refused)
