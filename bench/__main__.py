"""`python -m bench [SHOW...]`: all benchmarks over shows, the fixtures by default. Everything is measured in one go."""

import sys
from pathlib import Path

from bench import cpu, memory, reruns

FIXTURES = Path(__file__).parents[1] / "fixtures" / "shows"


def main(shows: list[Path]) -> None:
    costs = []
    for show in shows:
        print(f"measuring {show.name} ...", file=sys.stderr, flush=True)
        costs.append(cpu.measure(show))
    print(cpu.table(costs), flush=True)
    print()
    print(reruns.report(shows[-1]), flush=True)
    print()
    print(memory.report(shows[-1]), flush=True)


if __name__ == "__main__":
    main([Path(place) for place in sys.argv[1:]] or sorted(path for path in FIXTURES.iterdir() if path.is_dir()))
