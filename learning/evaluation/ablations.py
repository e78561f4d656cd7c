"""What each kind of input is worth, and what a log with a wrong clock costs: the flow run again with some inputs
emptied or moved. Delivered results are not touched."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.clock import Seconds
from domain.evidence import EventLog, HostEvent
from domain.highlight import Takes
from domain.vision import Sightings
from pipeline.engine.stage import Artefact, Part, Progress, Stage, no_progress, parts_of, wiring
from pipeline.flow import leading_to

EMPTY: Mapping[type, Artefact] = {EventLog: EventLog(), Sightings: Sightings(())}
"""What an input that can be done without is when there is none of it."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """One way to run: without the inputs of these types, the room's log that much too late (early below 0)."""

    name: str
    without: tuple[type, ...]
    late: Seconds = 0.0


LADDER = (
    Ablation("speech only", (EventLog, Sightings)),
    Ablation("+ pictures", (EventLog,)),
    Ablation("+ events", ()),
)
"""One kind of input more at each step; the last step has everything."""

SHIFTS: tuple[Seconds, ...] = (-90.0, -60.0, -30.0, 30.0, 60.0, 90.0)
SHIFTED = tuple(Ablation(f"log {abs(late):.0f} s {'late' if late > 0 else 'early'}", (), late) for late in SHIFTS)
"""Everything, with a log whose clock is off: what is found should be the same."""


def ladder_of(stages: Sequence[Stage]) -> tuple[Ablation, ...]:
    """The steps that make a difference in this flow: one that adds only what no stage takes is left out."""
    taken = {kind for stage in leading_to((Takes,), stages) for kind in wiring(type(stage)).needed}
    steps: list[Ablation] = []
    for step in LADDER:
        without = tuple(kind for kind in step.without if kind in taken)
        if not steps or without != steps[-1].without:
            steps.append(Ablation(step.name, without))
    return tuple(steps)


def takes_under(
    ablation: Ablation,
    stages: Sequence[Stage],
    load: Callable[[type], Artefact],
    changed: Collection[Stage] = (),
) -> Takes:
    """The takes that `stages` would give with the inputs that `ablation` leaves, its log moved.

    `load` gives the artefacts of the whole run. Only what comes of something removed or moved, or of a stage that is
    `changed` against that run, is made anew, in this process; files go into a temporary folder.
    """
    known: dict[type, Artefact] = {kind: EMPTY[kind] for kind in ablation.without}
    if ablation.late:
        known[EventLog] = shifted(load(EventLog), ablation.late)

    def artefact(kind: type) -> Artefact:
        return known[kind] if kind in known else load(kind)

    with TemporaryDirectory(prefix="kandian-ablation-") as scratch:
        for number, stage in enumerate(leading_to((Takes,), stages)):
            contract = wiring(type(stage))
            is_anew = stage in changed or not contract.needed.isdisjoint(known)
            if contract.output not in known and is_anew:
                known[contract.output] = _made(stage, artefact, Path(scratch) / str(number))
        takes: Takes = artefact(Takes)
    return takes


def shifted(log: EventLog, late: Seconds) -> EventLog:
    """The log as a clock that is `late` would have written it."""
    return EventLog(tuple(_shifted(event, late) for event in log.events))


def _shifted(event: HostEvent, late: Seconds) -> HostEvent:
    time, at = event.recording_time, event.at
    return replace(
        event,
        recording_time=None if time is None else time + late,
        at=None if at is None else at + timedelta(seconds=late),
    )


def _made(stage: Stage, artefact: Callable[[type], Artefact], scratch: Path) -> Artefact:
    """What `stage` gives, all its parts one after another if it has parts."""
    contract = wiring(type(stage))
    inputs = {name: artefact(kind) for name, kind in contract.inputs.items()}
    if contract.piece is None:
        return stage(**inputs, **_specials(contract.call_specials, scratch))
    return _joined(stage, inputs, artefact, scratch)


def _joined(
    stage: Stage, inputs: Mapping[str, Artefact], artefact: Callable[[type], Artefact], scratch: Path
) -> Artefact:
    contract = wiring(type(stage))
    planned = {name: artefact(kind) for name, kind in contract.plan_inputs.items()}
    pieces = tuple(
        stage(**inputs, **_specials(contract.call_specials, scratch / str(part.index), part))
        for part in parts_of(stage, planned)
    )
    joining = {name: artefact(kind) for name, kind in contract.join_inputs.items()}
    whole: Artefact = stage.join(pieces=pieces, **joining, **_specials(contract.join_specials, scratch / "whole"))  # type: ignore[attr-defined]
    return whole


def _specials(specials: Mapping[str, type], scratch: Path, part: Part | None = None) -> dict[str, Any]:
    scratch.mkdir(parents=True)
    given: dict[type, Any] = {Path: scratch, Progress: no_progress, Part: part}
    return {name: given[kind] for name, kind in specials.items()}
