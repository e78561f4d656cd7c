"""`python -m bench [costs|encoders|serving ...] [--show FOLDER ...] [--scorecard FILE]`: these three by default.

Tables are printed, and written into the marked blocks of the score card where one is named. Shows are those of
fixtures/shows by default. `encoders` takes a quarter of an hour of two quiet cores.

`python -m bench rooms ...` is another program, in bench/rooms.py: it measures quality, and only when it is asked for.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench import cpu, encoders, memory, reruns, rooms, serving
from bench.scorecard import markdown_table, write_block

SHOWS = Path(__file__).parents[1] / "fixtures" / "shows"


def costs(shows: Sequence[Path]) -> str:
    """Processor time over the floor, the time of runs that have little to do, and peak memory."""
    measured = []
    for show in shows:
        print(f"measuring {show.name} ...", file=sys.stderr, flush=True)
        measured.append(cpu.measure(show))
    print(f"{cpu.by_show(measured)}\n\n{cpu.by_stage(measured)}\n", flush=True)
    rows = [*cpu.rows(measured), *reruns.rows(shows[-1]), *memory.rows(shows[-1])]
    return markdown_table(("what", "figure", "must"), rows, text_columns=3)


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["rooms"]:
        rooms.main(arguments[1:])
        return
    parser = argparse.ArgumentParser("python -m bench")
    parser.add_argument("parts", nargs="*", help="costs, encoders or serving; or rooms, alone and first")
    parser.add_argument("--show", type=Path, action="append", default=[])
    parser.add_argument("--scorecard", type=Path)
    options = parser.parse_args(arguments)
    shows = options.show or sorted(path for path in SHOWS.iterdir() if path.is_dir())
    parts: Mapping[str, Callable[[], str]] = {
        "costs": lambda: costs(shows),
        "encoders": encoders.report,
        "serving": serving.report,
    }
    if unknown := set(options.parts) - parts.keys():
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(parts)}")
    for part in options.parts or parts:
        table = parts[part]()
        print(f"{table}\n", flush=True)
        if options.scorecard:
            write_block(options.scorecard, part, table)


if __name__ == "__main__":
    main(sys.argv[1:])
