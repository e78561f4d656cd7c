"""The table of docs/flow.md: every stage with its module, what it takes and gives, memory, CPU seconds and purpose."""

import inspect
import json
import re
from collections.abc import Mapping, Sequence

from domain.errors import InvalidValue
from pipeline.engine.stage import Stage, stage_name, wiring_of
from pipeline.flow import STAGES

BEGIN, END = "<!-- made by `make docs`: begin -->", "<!-- made by `make docs`: end -->"
HEADINGS = "| stage | takes | gives | memory | CPU | what it does |\n| --- | --- | --- | ---: | ---: | --- |"
NOT_MEASURED = "-"
CPU_COLUMN = 4

CpuCells = Mapping[str, str]
"""CPU seconds as the table shows them, by the stage's module file."""


def flow_table(cpu: CpuCells, stages: Sequence[type[Stage]] = STAGES) -> str:
    """The table in Markdown. What it does: the first sentence of the stage's docstring."""
    return "\n".join([HEADINGS, *(_row(stage, cpu.get(module_file(stage), NOT_MEASURED)) for stage in stages)])


def with_table(page: str, table: str) -> str:
    """The page with this table between its two markers. Raises InvalidValue for a page without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise InvalidValue(f"docs/flow.md lacks the lines {BEGIN} and {END}; put them around its table")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def cpu_of_page(page: str) -> dict[str, str]:
    """The CPU seconds that the table of a page has, for all stages whose modules are where they were."""
    rows = re.findall(r"^\| \[\w+\]\(\.\./(\S+?)\) (\|.*)$", page, re.M)
    return {file: cells.split("|")[CPU_COLUMN].strip() for file, cells in rows}


def cpu_of_report(report: str, stages: Sequence[type[Stage]] = STAGES) -> dict[str, str]:
    """The CPU seconds of a report.json, to a tenth. `report`: the file's text."""
    seconds = {cost["stage"]: cost["cpu_seconds"] for cost in json.loads(report)["stages"]}
    names = {stage: stage_name(stage()) for stage in stages}
    return {module_file(stage): f"{seconds[name]:.1f}" for stage, name in names.items() if name in seconds}


def purpose(stage: type[Stage]) -> str:
    """The first sentence of a stage's docstring, without its full stop."""
    paragraph = " ".join(inspect.cleandoc(stage.__doc__ or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.?!])\s", paragraph, maxsplit=1)[0].removesuffix(".")


def module_file(stage: type[Stage]) -> str:
    """Where a stage's module is in a checkout."""
    return stage.__module__.replace(".", "/") + ".py"


def _row(stage: type[Stage], cpu: str) -> str:
    contract = wiring_of(stage)
    taken = ", ".join(sorted(kind.__name__ for kind in contract.required_types))
    given = contract.output_type.__name__
    if contract.piece_type is not None:
        given = f"{contract.piece_type.__name__} a part, joined to {given}"
    link = f"[{stage.__name__}](../{module_file(stage)})"
    cells = (link, taken, given, str(stage.needs.memory_mb), cpu, purpose(stage).replace("|", r"\|"))
    return f"| {' | '.join(cells)} |"
