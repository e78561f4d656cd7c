"""What exports are made from beside the highlights: facts about the show that some formats name."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.errors import InputError
from domain.highlight import HighlightsFile
from pipeline.inputs.parsing.json_file import read_json
from pipeline.ledger.database import Ledger
from pipeline.ledger.publications import read_document, read_publications
from pipeline.outputs.layout import REPORT_FILE
from pipeline.outputs.report import Report


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """`published_at`: when viewers first had it. Empty where it is not known."""

    title: str = ""
    started_at: datetime | None = None
    published_at: datetime | None = None


def read_show_facts(results: Path, published_at: datetime | None = None) -> ShowFacts:
    """What the report in a results folder says of the show; `published_at` alone where there is no report.

    Raises InputError for a damaged report.
    """
    if not (results / REPORT_FILE).is_file():
        return ShowFacts(published_at=published_at)
    report = read_json(Report, results / REPORT_FILE, InputError, "make it anew: kandian run")
    return ShowFacts(report.title, report.started_at, published_at)


def read_published_show(ledger: Ledger, out: Path, session_id: str) -> tuple[HighlightsFile, ShowFacts] | None:
    """The last published revision and the facts about its show; None for a session that was never published."""
    with ledger.read_transaction() as connection:
        document = read_document(connection, session_id)
        if document is None:
            return None
        first = read_publications(connection, session_id)[0]
    return document, read_show_facts(out / session_id, first.published_at)
