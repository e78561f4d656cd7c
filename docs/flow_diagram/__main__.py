"""`python -m docs.flow_diagram [report.json]`, called in a checkout, writes docs/flow.svg and docs/flow.md's table.

A report.json of `make demo` gives new CPU seconds; without one they stay as they are.
"""

import sys
from pathlib import Path

from docs.flow_diagram.files import write_flow_files


def main(arguments: list[str]) -> None:
    report = Path(arguments[0]).read_text(encoding="utf-8") if arguments else None
    write_flow_files(Path(), report)


if __name__ == "__main__":
    main(sys.argv[1:])
