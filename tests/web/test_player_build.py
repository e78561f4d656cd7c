"""The built player: its size, its types, its unit tests, and what its lock file says."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy

WEB = Path(__file__).parents[2] / "web"
BUDGET_BYTES = 20_000
"""What a page loads for the player, compressed, hls.js apart."""
TIMEOUT_S = 60


def gzipped(name: str) -> int:
    return len(gzip.compress((WEB / "static" / "player" / name).read_bytes(), 9))


def npm(*command: str) -> None:
    """Where `make web` had to install a node, it lies beside this Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    npm_path = shutil.which("npm", path=path)
    assert npm_path is not None, "there is no npm; run make web"
    environment = {**os.environ, "PATH": path}
    result = subprocess.run(
        [npm_path, *command], cwd=WEB, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_player_is_at_most_20_kilobytes() -> None:
    sizes = {name: gzipped(f"kandian-{name}.js") for name in ("core", "timeline", "player")}

    assert sizes["core"] < sizes["timeline"] < sizes["player"] <= BUDGET_BYTES


def test_the_unit_tests_of_the_player_pass() -> None:
    npm("run", "--silent", "test")


def test_the_players_types_hold_and_are_those_of_the_schema() -> None:
    npm("run", "--silent", "types")
    npm("run", "--silent", "schema", "--", "--check")


def test_the_lock_file_names_no_registry() -> None:
    locked = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert len(locked) > 4
    assert [name for name, package in locked.items() if "resolved" in package] == []
