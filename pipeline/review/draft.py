"""The draft of a session: its results with all edits, as editors see them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import InvalidValue, ReviewError
from domain.highlight import Highlight, HighlightsFile
from domain.review import Edits, MachineHighlights, PublishedHighlights
from domain.session import check_session_id
from pipeline.outputs.highlights_file import read_highlights, with_entries
from pipeline.outputs.layout import TAKES_FILE
from pipeline.review.decisions import fold_edits
from pipeline.review.merge_edits import merge_review


@dataclass(frozen=True, slots=True)
class Draft:
    """`file` is what would be published now, with suggestions; `machine_file` is what the machine found.

    `refused` are the highlights that people rejected, as they were then.
    """

    file: HighlightsFile
    machine_file: HighlightsFile
    edits: Edits
    published: PublishedHighlights
    refused: tuple[Highlight, ...]

    @property
    def highlights_by_id(self) -> Mapping[str, Highlight]:
        """All that editors see: highlights, suggestions and rejected highlights."""
        return {each.id: each for each in (*self.refused, *self.file.highlights, *self.file.suggestions)}

    @property
    def used_ids(self) -> frozenset[str]:
        """Ids that no new highlight can have."""
        visible_ids = (each.id for each in (*self.file.highlights, *self.file.suggestions))
        return frozenset({*visible_ids, *self.published.published_highlight_ids, *fold_edits(self.edits.edits)})


def results_folder(out: Path, session_id: str) -> Path:
    """The folder of a session's results in OUT. Raises ReviewError where there are none, or the id can be none."""
    validate_session_id(session_id)
    results = out / session_id
    if not (results / TAKES_FILE).is_file():
        raise ReviewError(results, "holds no results to review or publish", "make them with kandian run, then publish")
    return results


def validate_session_id(session_id: str) -> None:
    """Raise ReviewError, which says what to give instead, for what cannot be a session's id."""
    try:
        check_session_id(session_id)
    except InvalidValue as problem:
        name = session_id.rstrip("/").rpartition("/")[2]
        remedy = "give its id alone, the name of its folder in OUT" + (f": {name}" if is_session_id(name) else "")
        raise ReviewError("session", str(problem), remedy) from problem


def is_session_id(name: str) -> bool:
    """Whether `name` can be a session's id."""
    try:
        check_session_id(name)
    except InvalidValue:
        return False
    return True


def load_draft(results: Path, edits: Edits, published: PublishedHighlights) -> Draft:
    """The draft of the results in the folder `results`. Raises InputError where there are none."""
    return build_draft(read_highlights(results / TAKES_FILE), edits, published)


def build_draft(machine_file: HighlightsFile, edits: Edits, published: PublishedHighlights) -> Draft:
    """The draft after `edits`."""
    takes = MachineHighlights(machine_file.highlights, machine_file.suggestions)
    decisions = fold_edits(edits.edits)
    reviewed = merge_review(machine_file.session_id, takes, decisions, published, machine_file.products)
    published_file = replace(
        machine_file, revision=published.revision, products=(*machine_file.products, *reviewed.products)
    )
    file = with_entries(published_file, reviewed.highlights, reviewed.suggestions)
    return Draft(file, machine_file, edits, published, reviewed.rejected)
