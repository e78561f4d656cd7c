"""Ablations: the flow run again without some inputs, or with an event log whose clock is off. Results stay
untouched.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.clock import Seconds
from domain.evidence import EventLog, HostEvent
from domain.highlight import Takes
from domain.progress import Progress, no_progress
from domain.vision import Sightings
from pipeline.engine.stage import Artefact, Part, Stage, plan_parts, wiring_of
from pipeline.flow import required_stages

EMPTY_INPUTS: Mapping[type, Artefact] = {EventLog: EventLog(), Sightings: Sightings(())}
"""The artefact of an input that is missing."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """One way to run: without the inputs of these types, and with the event log late by `log_delay` (early below 0)."""

    name: str
    removed_inputs: tuple[type, ...]
    log_delay: Seconds = 0.0


ABLATION_STEPS = (
    Ablation("speech only", (EventLog, Sightings)),
    Ablation("+ pictures", (EventLog,)),
    Ablation("+ events", ()),
)
"""Each step adds one kind of input; the last has all."""

EVENT_LOG_SHIFTS_S: tuple[Seconds, ...] = (-90.0, -60.0, -30.0, 30.0, 60.0, 90.0)
SHIFTED_LOG_ABLATIONS = tuple(
    Ablation(f"log {abs(late):.0f} s {'late' if late > 0 else 'early'}", (), late) for late in EVENT_LOG_SHIFTS_S
)
"""All inputs, with a log whose clock is off. The takes should not change."""


def applicable_ablations(stages: Sequence[Stage]) -> tuple[Ablation, ...]:
    """The steps that make a difference in this flow. A step that adds only inputs that no stage takes is left out."""
    consumed_types = {
        kind for stage in required_stages((Takes,), stages) for kind in wiring_of(type(stage)).required_types
    }
    steps: list[Ablation] = []
    for step in ABLATION_STEPS:
        removed_inputs = tuple(kind for kind in step.removed_inputs if kind in consumed_types)
        if not steps or removed_inputs != steps[-1].removed_inputs:
            steps.append(Ablation(step.name, removed_inputs))
    return tuple(steps)


def takes_with_ablation(
    ablation: Ablation,
    stages: Sequence[Stage],
    load: Callable[[type], Artefact],
    changed_stages: Collection[Stage] = (),
) -> Takes:
    """The takes that `stages` give with the inputs that `ablation` leaves. The rest is as in `recompute`."""
    inputs: dict[type, Artefact] = {kind: EMPTY_INPUTS[kind] for kind in ablation.removed_inputs}
    if ablation.log_delay:
        inputs[EventLog] = shift_log(load(EventLog), ablation.log_delay)
    takes: Takes = recompute(Takes, Rerun(tuple(stages), tuple(changed_stages), inputs), load)
    return takes


@dataclass(frozen=True)
class Rerun:
    """What differs from the whole run: these stages, of which `changed_stages` have other settings, and `inputs`
    instead of those that the run had.
    """

    stages: tuple[Stage, ...]
    changed_stages: tuple[Stage, ...] = ()
    inputs: Mapping[type, Artefact] = field(default_factory=dict)


def recompute(kind: type, rerun: Rerun, load: Callable[[type], Artefact]) -> Artefact:
    """The artefact of this kind as `rerun` makes it.

    `load` gives the artefacts of the whole run. Only what depends on one of the new inputs or of the changed stages is
    computed again, in this process; files go into a temporary folder.
    """
    overrides = dict(rerun.inputs)

    def load_artefact(kind: type) -> Artefact:
        return overrides[kind] if kind in overrides else load(kind)

    with TemporaryDirectory(prefix="kandian-ablation-") as scratch:
        for number, stage in enumerate(required_stages((kind,), rerun.stages)):
            contract = wiring_of(type(stage))
            is_recomputed = stage in rerun.changed_stages or not contract.required_types.isdisjoint(overrides)
            if contract.output_type not in overrides and is_recomputed:
                overrides[contract.output_type] = _run_stage(stage, load_artefact, Path(scratch) / str(number))
        return load_artefact(kind)


def shift_log(log: EventLog, delay: Seconds) -> EventLog:
    """The log as a clock that is late by `delay` would have written it."""
    return EventLog(tuple(_shift_event(event, delay) for event in log.events))


def _shift_event(event: HostEvent, delay: Seconds) -> HostEvent:
    time, at = event.recording_time, event.at
    return replace(
        event,
        recording_time=None if time is None else time + delay,
        at=None if at is None else at + timedelta(seconds=delay),
    )


def _run_stage(stage: Stage, load_artefact: Callable[[type], Artefact], scratch: Path) -> Artefact:
    """The stage's artefact; its parts run one after another."""
    contract = wiring_of(type(stage))
    inputs = {name: load_artefact(kind) for name, kind in contract.inputs.items()}
    if contract.piece_type is None:
        return stage(**inputs, **_special_arguments(contract.call_injected, scratch))
    return _run_divided_stage(stage, inputs, load_artefact, scratch)


def _run_divided_stage(
    stage: Stage, inputs: Mapping[str, Artefact], load_artefact: Callable[[type], Artefact], scratch: Path
) -> Artefact:
    contract = wiring_of(type(stage))
    plan_inputs = {name: load_artefact(kind) for name, kind in contract.parts_inputs.items()}
    part_results = tuple(
        stage(**inputs, **_special_arguments(contract.call_injected, scratch / str(part.index), part))
        for part in plan_parts(stage, plan_inputs)
    )
    join_inputs = {name: load_artefact(kind) for name, kind in contract.join_inputs.items()}
    joined: Artefact = stage.join(  # type: ignore[attr-defined]
        pieces=part_results, **join_inputs, **_special_arguments(contract.join_injected, scratch / "whole")
    )
    return joined


def _special_arguments(parameters: Mapping[str, type], scratch: Path, part: Part | None = None) -> dict[str, Any]:
    scratch.mkdir(parents=True)
    values_by_type: dict[type, Any] = {Path: scratch, Progress: no_progress, Part: part}
    return {name: values_by_type[kind] for name, kind in parameters.items()}
