"""How long it takes to find that nothing changed, and to take in a new catalogue."""

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench.measure import cost_of

RUNS = 5


def report(show: Path) -> str:
    """Medians over a few runs of one show, after a first full run."""
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
    return "\n".join(
        [
            f"unchanged second run of {show.name}: {statistics.median(unchanged):.2f} s   (must: under 1)",
            f"changed catalogue of {show.name}: {statistics.median(changed):.2f} s   (must: under 5)",
        ]
    )


def _raise_prices(file: Path, units: int) -> None:
    catalogue = json.loads(file.read_text(encoding="utf-8"))
    for product in catalogue["products"]:
        product["price"] = (product.get("price") or 0) + units
    file.chmod(0o644)
    file.write_text(json.dumps(catalogue, ensure_ascii=False), encoding="utf-8")
