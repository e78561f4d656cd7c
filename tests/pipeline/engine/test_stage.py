"""How annotations wire stages, and what does not fit together."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from domain.clock import Span
from domain.progress import Progress
from fixtures.toy_flow import FLOW, Count, Counted, Extract, Hear, Heard, HeardPart, Shelf, Sounds, Words
from pipeline.engine.stage import ApiKey, Needs, Part, PartSpec, WiringError, check_flow, stage_name, wiring_of


@dataclass(frozen=True)
class Plain:
    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()


class SecondHearing(Plain):
    def __call__(self, sounds: Sounds) -> Heard:
        return Heard(str(sounds.count))


class WithoutAnnotation(Plain):
    def __call__(self, sounds) -> Heard:  # type: ignore[no-untyped-def]
        return Heard(str(sounds.count))


class ReturnsText(Plain):
    def __call__(self, sounds: Sounds) -> str:
        return str(sounds.count)


class PartsWithoutJoin(Plain):
    def parts(self, sounds: Sounds) -> tuple[Span, ...]:
        return (Span(0.0, float(sounds.count)),)

    def __call__(self, sounds: Sounds, part: Part) -> HeardPart:
        return HeardPart(f"{sounds.count} {part.index}")


class JoinsOtherPieces(PartsWithoutJoin):
    def join(self, pieces: tuple[Words, ...]) -> Heard:
        return Heard(str(len(pieces)))


class AsksAsAWhole(Plain):
    needs: ClassVar[Needs] = Needs(network=True)

    def __call__(self, sounds: Sounds, api_key: ApiKey) -> Heard:
        return Heard(f"{sounds.count} {api_key}")


class PlansByTheShelf(Plain):
    def parts(self, shelf: Shelf) -> tuple[PartSpec, ...]:
        return tuple(PartSpec(Span(0.0, 1.0), Shelf((name,))) for name in shelf.names)

    def __call__(self, sounds: Sounds, part: Part) -> HeardPart:
        return HeardPart(f"{sounds.count} {part.payload}")

    def join(self, pieces: tuple[HeardPart, ...]) -> Heard:
        return Heard(str(len(pieces)))


def test_a_plain_stage_is_wired_by_its_call() -> None:
    contract = wiring_of(Extract)
    assert contract.inputs == {"words": Words}
    assert contract.call_injected == {"scratch": Path}
    assert (contract.output_type, contract.piece_type) == (Sounds, None)


def test_a_divisible_stage_is_wired_by_its_parts_call_and_join() -> None:
    contract = wiring_of(Hear)
    assert contract.inputs == {"sounds": Sounds}
    assert contract.call_injected == {"part": Part, "progress": Progress}
    assert (contract.output_type, contract.piece_type) == (Heard, HeardPart)
    assert contract.parts_inputs == {"sounds": Sounds}


def test_a_stage_waits_for_what_only_its_parts_are_planned_by() -> None:
    contract = wiring_of(PlansByTheShelf)
    assert contract.inputs == {"sounds": Sounds}
    assert contract.required_types == {Sounds, Shelf}


def test_a_stage_is_called_by_its_class_in_snake_case() -> None:
    assert [stage_name(stage) for stage in (*FLOW, SecondHearing())] == ["extract", "hear", "count", "second_hearing"]


def test_a_flow_whose_inputs_are_all_made_fits() -> None:
    check_flow(FLOW, (Words, Shelf))


@pytest.mark.parametrize(
    ("flow", "given", "told"),
    [
        (FLOW, (Words,), "Count needs Shelf, which nothing before it makes"),
        ((Count(), Extract(), Hear()), (Words, Shelf), "Count needs Heard, which nothing before it makes"),
        ((*FLOW, SecondHearing()), (Words, Shelf), "SecondHearing makes a second Heard"),
        (FLOW, (Words, Shelf, Counted), "Count makes a second Counted"),
    ],
)
def test_a_flow_that_does_not_fit_is_refused_with_the_stage(
    flow: tuple[Extract, ...], given: tuple[type, ...], told: str
) -> None:
    with pytest.raises(WiringError, match=told):
        check_flow(flow, given)


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (WithoutAnnotation, "WithoutAnnotation.__call__ has no annotation for sounds"),
        (ReturnsText, "must return one artefact"),
        (PartsWithoutJoin, "come together or not at all"),
        (AsksAsAWhole, "a stage that needs the network must be divisible"),
        (JoinsOtherPieces, r"needs pieces: tuple\[HeardPart, ...\]"),
    ],
)
def test_a_stage_with_a_broken_contract_is_refused(stage: type, told: str) -> None:
    with pytest.raises(WiringError, match=told):
        wiring_of(stage)
