"""What is known of a show beside its highlights, for formats that name it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.errors import InputError
from pipeline.inputs.parsing.json_file import read_json
from pipeline.outputs.layout import REPORT_FILE
from pipeline.outputs.report import Report


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """`published_at`: when viewers first had it. Empty where it is not known."""

    title: str = ""
    started_at: datetime | None = None
    published_at: datetime | None = None


def read_show_facts(results: Path, published_at: datetime | None = None) -> ShowFacts:
    """What the results folder tells; no more than `published_at` where it holds no report, as after it was removed.

    Raises InputError for a damaged report.
    """
    if not (results / REPORT_FILE).is_file():
        return ShowFacts(published_at=published_at)
    report = read_json(Report, results / REPORT_FILE, InputError, "make it anew: kandian run")
    return ShowFacts(report.title, report.started_at, published_at)
