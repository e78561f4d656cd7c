"""Ablations, with stages made for the tests and with the real ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Span
from domain.evidence import EventLog, HostEvent, Mention, Mentions
from domain.highlight import Take, Takes
from domain.progress import Progress
from domain.vision import Sighting, Sightings
from learning.evaluation.ablations import (
    SHIFTED_LOG_ABLATIONS,
    Ablation,
    Rerun,
    applicable_ablations,
    recompute,
    shift_log,
    takes_with_ablation,
)
from pipeline.engine.stage import Needs, Part, Stage
from pipeline.settings import load_stages

EVENT = HostEvent("product_push", 1.0, product_id="from events")
SEEN = Sightings((Sighting("card", ("from pictures",), Span(0, 1), "", 1.0),))
LOG = EventLog((EVENT,))


def mention(product: str) -> Mention:
    return Mention("name", (product,), Span(0, 1), 0, "", 1.0)


@dataclass(frozen=True)
class LookAtPictures:
    """Must not run: what it gives is either there or emptied."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, events: EventLog) -> Sightings:
        raise AssertionError(f"pictures were looked at again, with {len(events.events)} events")


@dataclass(frozen=True)
class HearInParts:
    """A divisible stage: two parts, each of which finds what the log names, and leaves word in its own folder."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def parts(self, events: EventLog) -> tuple[Span, ...]:
        return (Span(0, 1), Span(1, 2)) if events.events else (Span(0, 1),)

    def __call__(self, events: EventLog, part: Part, scratch: Path, progress: Progress) -> Mentions:
        progress(1.0)
        (scratch / "word").touch(exist_ok=False)
        return Mentions(tuple(mention(f"{event.product_id} {part.index}") for event in events.events))

    def join(self, pieces: tuple[Mentions, ...], sightings: Sightings, scratch: Path) -> "Heard":
        (scratch / "word").touch(exist_ok=False)
        said = [m.product_ids[0] for piece in pieces for m in piece.mentions]
        return Heard((*said, *(s.product_ids[0] for s in sightings.sightings)))


@dataclass(frozen=True)
class Heard:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """A take a name."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, heard: Heard) -> Takes:
        return Takes(tuple(take(name) for name in heard.names), ())


@dataclass(frozen=True)
class CutByTheLog:
    """A take an event."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, events: EventLog) -> Takes:
        return Takes(tuple(take(event.product_id) for event in events.events), ())


def take(name: str) -> Take:
    return Take((name,), Span(0, 1), 0.0, 0.5, 1.0, 1, is_best=True)


STAGES: tuple[Stage, ...] = (LookAtPictures(), HearInParts(), Cut())
DELIVERED = Takes((take("delivered"),), ())


def store(*artefacts: Any) -> Callable[[type], Any]:
    return {type(artefact): artefact for artefact in artefacts}.__getitem__


WHOLE = store(LOG, SEEN, Heard(("as heard",)), DELIVERED)


def names(removed: Sequence[type]) -> list[str]:
    return [
        each.product_ids[0] for each in takes_with_ablation(Ablation("with less", tuple(removed)), STAGES, WHOLE).takes
    ]


def test_with_everything_the_takes_are_those_of_the_run() -> None:
    assert names(()) == ["delivered"]


def test_without_events_what_lies_downstream_of_them_is_made_again() -> None:
    assert names((EventLog, Sightings)) == []


def test_what_was_made_of_a_removed_input_in_another_way_stays() -> None:
    assert names((Sightings,)) == ["from events 0", "from events 1"]


def test_each_step_of_the_ladder_adds_an_input_that_the_flow_takes() -> None:
    assert [(step.name, step.removed_inputs) for step in applicable_ablations(STAGES)] == [
        ("speech only", (EventLog, Sightings)),
        ("+ pictures", (EventLog,)),
        ("+ events", ()),
    ]


def test_a_flow_that_looks_at_no_pictures_has_no_step_for_them() -> None:
    assert [(step.name, step.removed_inputs) for step in applicable_ablations([CutByTheLog()])] == [
        ("speech only", (EventLog,)),
        ("+ events", ()),
    ]


@dataclass(frozen=True)
class CutByTime:
    """A take an event, named by when it was logged."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, events: EventLog) -> Takes:
        return Takes(tuple(take(f"{event.recording_time}") for event in events.events), ())


def test_a_log_is_moved_by_what_its_clock_is_off() -> None:
    found = [takes_with_ablation(step, [CutByTime()], WHOLE).takes[0].product_ids[0] for step in SHIFTED_LOG_ABLATIONS]
    assert found == ["-89.0", "-59.0", "-29.0", "31.0", "61.0", "91.0"]
    assert [step.name for step in SHIFTED_LOG_ABLATIONS][::5] == ["log 90 s early", "log 90 s late"]


def test_events_on_the_wall_clock_move_too() -> None:
    noon = datetime(2026, 11, 11, 12, tzinfo=UTC)
    (moved,) = shift_log(EventLog((HostEvent("order", None, noon, "1"),)), -30.0).events
    assert (moved.at, moved.recording_time) == (noon - timedelta(seconds=30), None)


def test_an_input_may_be_another_one_and_then_what_lies_downstream_of_it_is_made_again() -> None:
    other_log = EventLog((HostEvent("product_push", 1.0, product_id="another"),))
    takes = recompute(Takes, Rerun((CutByTheLog(),), inputs={EventLog: other_log}), WHOLE)
    assert takes == Takes((take("another"),), ())


def test_an_artefact_on_the_way_may_be_asked_for() -> None:
    assert recompute(Heard, Rerun(STAGES), WHOLE) == Heard(("as heard",))
    assert recompute(Heard, Rerun(STAGES, inputs={EventLog: EventLog(), Sightings: SEEN}), WHOLE) == Heard(
        ("from pictures",)
    )


def test_the_real_flow_can_do_without_events() -> None:
    assert EventLog in applicable_ablations(load_stages(None))[0].removed_inputs
