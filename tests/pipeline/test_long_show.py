"""A show of twelve hours: flat memory, in parts, stopped, killed and continued."""

import json
import signal
import time
from pathlib import Path

import pytest

from fixtures.kandian_process import KandianProcess, made_in
from fixtures.long_show import LongShow, write_long_show

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]

NAME = "十二小时"
HOURS = 12.0
SHOW = LongShow(HOURS, products=25, speech_share=0.1, frame_rate=0.25, key_frame_every=2, has_audio=False)
SETTINGS = """
[probe]
max_gap_s = 10.0
[choose_renditions]
has_av1 = false
[encode_video]
segment_s = 60.0
[sample_frames]
interval_s = 60.0
"""
"""A picture every 4 s is no gap here; the rest spares time."""
MAX_MEMORY_MB = 450  # of any process: a worker that has read overlays keeps the OCR models and then segments takes


def begin(folder: Path, out: str) -> KandianProcess:
    flags = ("--out", str(folder / out), "--workers", "2", "--settings", str(folder / "kandian.toml"))
    command = KandianProcess(("run", str(folder / NAME), *flags))
    assert command.process.pid
    return command


def parts_in(folder: Path) -> dict[str, int]:
    """When each encoded part was made, by its folder's name."""
    parts = (folder / "stopped" / ".store" / NAME / "EncodedVideoPart").glob("*/receipt.json")
    return {part.parent.name: part.stat().st_mtime_ns for part in parts}


def wait_for_parts(folder: Path, command: KandianProcess, count: int) -> None:
    while len(parts_in(folder)) < count:
        assert command.process.poll() is None, command.end()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The show, done once in peace in `peace`, and once more in `stopped`, interrupted twice."""
    folder = tmp_path_factory.mktemp("long")
    write_long_show(folder / NAME, SHOW)
    (folder / "kandian.toml").write_text(SETTINGS)
    code, err = begin(folder, "peace").end(timeout_s=500)
    assert code == 0, err
    return folder


def report(out: Path) -> dict[str, dict[str, float]]:
    """What each stage took."""
    stages = json.loads((out / NAME / "report.json").read_text(encoding="utf-8"))["stages"]
    return {stage["stage"]: stage for stage in stages}


def test_no_process_takes_more_memory_for_twelve_hours_than_others_for_one(folder: Path) -> None:
    stages = report(folder / "peace")
    too_large = {name: cost["peak_memory_mb"] for name, cost in stages.items()}
    assert {name: peak for name, peak in too_large.items() if peak > MAX_MEMORY_MB} == {}


def test_a_show_that_is_stopped_and_killed_goes_on_where_it_was(folder: Path) -> None:
    command = begin(folder, "stopped")
    wait_for_parts(folder, command, 10)
    command.signal_group(signal.SIGINT)
    assert command.end()[0] == 130
    stopped = parts_in(folder)

    command = begin(folder, "stopped")
    wait_for_parts(folder, command, 30)
    command.signal_group(signal.SIGKILL)
    assert command.end()[0] == -signal.SIGKILL
    killed = parts_in(folder)
    assert command.survivors() == []

    code, err = begin(folder, "stopped").end(timeout_s=500)
    assert code == 0, err
    done = parts_in(folder)
    assert len(done) == HOURS * 3600 / 600
    assert stopped.items() <= killed.items() <= done.items()
    assert report(folder / "stopped")["encode_video"]["tasks_run"] == len(done) - len(killed) + 1
    assert made_in(folder / "stopped") == made_in(folder / "peace")
