"""The two files that are made, by their places in a checkout."""

from collections.abc import Mapping
from pathlib import Path

from docs.flow_diagram.graph import flow_nodes
from docs.flow_diagram.grid import FlowGrid
from docs.flow_diagram.svg import FlowPicture
from docs.flow_diagram.table import cpu_of_page, cpu_of_report, flow_table, with_table
from docs.flow_diagram.terms import chinese_terms

PAGE, PICTURE, GLOSSARY = Path("docs/flow.md"), Path("docs/flow.svg"), Path("docs/glossary.md")


def flow_files(page: str, glossary: str, report: str | None = None) -> Mapping[Path, str]:
    """The text of both files. `page` and `glossary` are docs/flow.md and docs/glossary.md as they are.

    `report` is the text of a report.json with new CPU seconds. Those of other stages are kept as the page has them.
    """
    cpu = cpu_of_page(page) | (cpu_of_report(report) if report is not None else {})
    picture = FlowPicture(FlowGrid(flow_nodes()), chinese_terms(glossary)).text()
    return {PAGE: with_table(page, flow_table(cpu)), PICTURE: picture}


def write_flow_files(folder: Path, report: str | None = None) -> None:
    """Write both files into a checkout."""
    page, glossary = ((folder / file).read_text(encoding="utf-8") for file in (PAGE, GLOSSARY))
    for file, text in flow_files(page, glossary, report).items():
        (folder / file).write_text(text, encoding="utf-8")
