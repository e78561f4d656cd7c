"""Wall time of a run that has nothing to do, and of a run with a new catalogue."""

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench.measure import cost_of

RUNS = 5


def rows(show: Path) -> list[tuple[str, str, str]]:
    """Medians over `RUNS` runs of one show, after a first full run."""
    with tempfile.TemporaryDirectory() as folder:
        session, out = Path(folder) / show.name, Path(folder) / "out"
        shutil.copytree(show, session)
        command = [sys.executable, "-m", "kandian", "run", str(session), "--out", str(out)]
        cost_of(command)
        unchanged = [cost_of(command).wall_s for _ in range(RUNS)]
        changed = []
        for run in range(RUNS):
            _raise_prices(session / "catalog.json", run + 1)
            changed.append(cost_of(command).wall_s)
    what = f"of {show.name}, the whole command, median of {RUNS}"
    return [
        (f"unchanged second run {what}", f"{statistics.median(unchanged):.2f} s", "1"),
        (f"changed catalogue {what}", f"{statistics.median(changed):.2f} s", "5"),
    ]


def _raise_prices(file: Path, units: int) -> None:
    catalogue = json.loads(file.read_text(encoding="utf-8"))
    for product in catalogue["products"]:
        product["price"] = (product.get("price") or 0) + units
    file.chmod(0o644)
    file.write_text(json.dumps(catalogue, ensure_ascii=False), encoding="utf-8")
