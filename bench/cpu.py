"""Processor time of whole shows against their floor."""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bench.measure import cost_of
from bench.scorecard import markdown_table
from pipeline.inputs.find_sessions import find_sessions
from pipeline.outputs.layout import REPORT_FILE

HEAVY_STAGES = ("extract_speech_audio", "transcribe", "encode_audio", "encode_video")  # the floor does these too

Row: TypeAlias = tuple[str, str, str]
"""A row of the score card: what was measured, the figure, and what it must be."""


@dataclass(frozen=True, slots=True)
class ShowCost:
    """Processor seconds of one show: the tool's in all and by stage, the floor's, and how long the show is."""

    show: str
    duration_s: float
    kandian_s: float
    floor_encode_s: float
    floor_speech_s: float
    by_stage: dict[str, float]

    @property
    def ratio(self) -> float:
        return self.kandian_s / (self.floor_encode_s + self.floor_speech_s)


def measure(show: Path) -> ShowCost:
    """Run one show from nothing, and its floor right after it."""
    source = find_sessions([show])[0]
    catalogue = json.loads((source.catalog or show / "catalog.json").read_text(encoding="utf-8"))
    recording, language = str(source.recording[0]), str(catalogue.get("language", "zh"))
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "kandian", "run", str(show), "--out", out, "--workers", "1"]
        ours = cost_of(command)
        report = json.loads((Path(out) / source.id / REPORT_FILE).read_text())
    encode = cost_of([sys.executable, "-m", "bench.floor", "encode", recording])
    speech = cost_of([sys.executable, "-m", "bench.floor", "speech", recording, language])
    stages = {stage["stage"]: float(stage["cpu_seconds"]) for stage in report["stages"]}
    return ShowCost(source.id, report["duration"], ours.cpu_s, encode.cpu_s, speech.cpu_s, stages)


def by_show(costs: Sequence[ShowCost]) -> str:
    """A row for each show: kandian's processor time, the floor's, and their ratio."""
    rows = [
        (c.show, f"{c.kandian_s:.1f}", f"{c.floor_encode_s:.1f}", f"{c.floor_speech_s:.1f}", f"{c.ratio:.3f}")
        for c in costs
    ]
    return markdown_table(("show", "kandian, CPU s", "floor: encode", "floor: speech", "ratio"), rows)


def by_stage(costs: Sequence[ShowCost]) -> str:
    """Processor seconds of each stage, for an hour of show."""
    hours = sum(cost.duration_s for cost in costs) / 3600
    rows = [(stage, f"{seconds / hours:.2f}") for stage, seconds in _stage_seconds(costs).most_common()]
    return markdown_table(("stage", "CPU s an hour of show"), rows)


def rows(costs: Sequence[ShowCost]) -> list[Row]:
    """What the score card says of all shows together."""
    ours, floor_s = sum(c.kandian_s for c in costs), sum(c.floor_encode_s + c.floor_speech_s for c in costs)
    stages, hours = _stage_seconds(costs), sum(cost.duration_s for cost in costs) / 3600
    light_s = sum(seconds for stage, seconds in stages.items() if stage not in HEAVY_STAGES)
    start_up_s = (ours - sum(stages.values())) / len(costs)
    names = ", ".join(cost.show for cost in costs)
    return [
        (f"CPU time over the floor (bare ffmpeg + bare faster-whisper): {names}", _ratio(ours, floor_s, "s"), "1.10"),
        ("everything but encode and speech, core-seconds an hour of show", f"{light_s / hours:.1f}", "10"),
        ("CPU time of starting, once a call", f"{start_up_s:.2f} s", ""),
    ]


def _stage_seconds(costs: Sequence[ShowCost]) -> Counter[str]:
    seconds = Counter[str]()
    for cost in costs:
        seconds.update(cost.by_stage)
    return seconds


def _ratio(figure: float, other: float, unit: str) -> str:
    return f"{figure:.1f} {unit} / {other:.1f} {unit} = {figure / other:.2f}"
