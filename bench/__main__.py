"""`python -m bench [SHOW...]`: all benchmarks over shows, the fixtures by default. Everything is measured in one go.

`python -m bench encoders [CLIP...]`: the comparison of encoders alone, a quarter of an hour of two quiet cores.
"""

import sys
from pathlib import Path

from bench import cpu, encoders, memory, reruns

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
    print()
    print(encoders.report(), flush=True)


def _begin(words: list[str]) -> None:
    if words[:1] == ["encoders"]:
        print(encoders.report(words[1:]))
    else:
        main([Path(place) for place in words] or sorted(path for path in FIXTURES.iterdir() if path.is_dir()))


if __name__ == "__main__":
    _begin(sys.argv[1:])
