"""Processor time of whole shows against their floor."""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import cost_of
from pipeline.inputs.find_sessions import find_sessions
from pipeline.outputs.layout import REPORT_FILE

HEAVY = ("extract_speech_audio", "transcribe", "encode_audio", "encode_video")  # what the floor does too


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
    """Run one show afresh, and its floor right after it."""
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


def table(costs: Sequence[ShowCost]) -> str:
    """The ratios a show and over all, then processor seconds an hour of show by stage."""
    lines = ["show                     kandian  floor (encode + speech)   ratio"]
    for cost in costs:
        floor = f"{cost.floor_encode_s:.1f} + {cost.floor_speech_s:.1f}"
        lines.append(f"{cost.show:22} {cost.kandian_s:8.1f} s  {floor:>22} s   {cost.ratio:.3f}")
    ours, floor_s = sum(c.kandian_s for c in costs), sum(c.floor_encode_s + c.floor_speech_s for c in costs)
    lines.append(f"{'all':22} {ours:8.1f} s  {floor_s:22.1f} s   {ours / floor_s:.3f}   (must: at most 1.10)")
    hours = sum(cost.duration_s for cost in costs) / 3600
    stages = Counter[str]()
    for cost in costs:
        stages.update(cost.by_stage)
    lines += ["", "processor seconds an hour of show"]
    lines += [f"  {stage:18} {seconds / hours:8.2f}" for stage, seconds in stages.most_common()]
    light = sum(seconds for stage, seconds in stages.items() if stage not in HEAVY)
    start_up = ours - sum(stages.values())
    lines.append(f"  all but encode and speech: {light / hours:.2f}   (must: at most 10)")
    lines.append(f"  starting the tool, once a call: {start_up / len(costs):.2f} s")
    return "\n".join(lines)
