"""What a stage is, and how its annotations wire it to the others.

A stage is a frozen dataclass. Its fields are settings; `__call__` takes artefacts by type and returns one artefact.
A stage with `parts` is divisible:

    parts(artefacts) -> tuple[Span | PartSpec, ...]     cheap, from values only, no files are read
    __call__(artefacts, part: Part) -> Piece            one part; may run anywhere, alone
    join(pieces: tuple[Piece, ...], artefacts) -> Whole

Each of the three names its own artefacts. A `PartSpec` is a stretch and what its part needs of artefacts that
`__call__` does not take. Such a part runs again when its own payload changes, not whenever anything in those artefacts
does. A divisible stage whose attribute `is_enabled` is false has no parts, and its `parts` is not called.

Parameters of these types are no artefacts:

    Path       an empty scratch folder; the files that the stage writes there become part of the artefact
    Progress   a function that takes the share of the work that is done
    Part       the part to do, of a divisible stage
    ApiKey     the key of the server that a network stage asks; it is never stored

A stage reads no config, clock, environment or other folder and never learns who runs it or where. Only a stage with
`Needs(network=True)` opens connections. It is divisible, and its session goes on without the parts that fail.
`version` is bumped when the output may change. `tools` names outside software whose version may change the output;
`weights` names the learned files that the stage loads.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import Any, ClassVar, Protocol, TypeAlias, get_args, get_origin, get_type_hints, runtime_checkable

from domain.clock import Span
from domain.errors import KandianError
from domain.progress import Progress


@dataclass(frozen=True, slots=True)
class Needs:
    """What one task of a stage takes: processor cores, graphics cards, and memory in MiB.

    `is_sandboxed`: it runs in a process of its own, because C code reads strangers' files there. Such a stage takes the
    Recording. `network`: its parts run in the runner's own process, which alone may need the network and the key.
    """

    cpus: float = 1.0
    gpus: float = 0.0
    memory_mb: int = 200
    is_sandboxed: bool = False
    network: bool = False


NOT_IN_KEY: Mapping[str, bool] = MappingProxyType({"is_in_key": False})
"""The metadata of a setting that cannot change the output, such as a server's address."""

NO_SPAN = Span(0.0, 0.0)
"""The span of a part that is no stretch of the replay: it does not run again where only times moved."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The key of a server. It comes from the environment, and is never printed, stored or hashed."""

    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A stretch of the replay and all else that its part needs: `payload`, a frozen dataclass, which is in its key."""

    span: Span
    payload: "Artefact"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of divisible work: the stretch `span` of the replay, the `index`-th of all.

    `index` names the part to people. It is not in the key, so no output may depend on it.
    """

    index: int
    span: Span
    payload: "Artefact" = None


@runtime_checkable
class Stage(Protocol):
    """What every stage declares."""

    version: ClassVar[int]
    needs: ClassVar[Needs]
    tools: ClassVar[tuple[str, ...]]

    @property
    def __call__(self) -> Callable[..., Any]: ...


Artefact: TypeAlias = Any
"""A frozen dataclass of domain/: what stages take and return."""


@dataclass(frozen=True)
class Wiring:
    """The contract of a stage, read from its annotations. `inputs` are parameters of artefact type, by name."""

    inputs: dict[str, type]
    parts_inputs: dict[str, type]
    join_inputs: dict[str, type]
    output_type: type
    piece_type: type | None
    call_injected: dict[str, type]
    join_injected: dict[str, type]

    @property
    def required_types(self) -> frozenset[type]:
        """Every artefact type that must be there before a task of the stage can start."""
        return frozenset((*self.inputs.values(), *self.parts_inputs.values(), *self.join_inputs.values()))


class WiringError(KandianError):
    """The flow does not fit together: a bug. Annotations are checked at start-up, the whole flow by a test."""


INJECTED_TYPES = (Path, Progress, Part, ApiKey)


def stage_name(stage: Stage) -> str:
    """The stage's name in settings, keys and messages: its class in snake case."""
    name = type(stage).__name__
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


@cache
def wiring_of(stage_class: type) -> Wiring:
    """Read the contract of a stage class from its annotations."""
    call = _parameters(stage_class.__call__)
    is_divisible = hasattr(stage_class, "parts")
    if is_divisible != hasattr(stage_class, "join") or is_divisible != (Part in call.values()):
        raise WiringError(f"{stage_class.__name__}: parts, join and a Part parameter come together or not at all")
    if stage_class.needs.network and not is_divisible:  # type: ignore[attr-defined]
        raise WiringError(f"{stage_class.__name__}: a stage that needs the network must be divisible")
    return_type = _return_type(stage_class.__call__)
    inputs, injected = _split_injected(call)
    if not is_divisible:
        return Wiring(inputs, {}, {}, return_type, None, injected, {})
    join = _parameters(stage_class.join)  # type: ignore[attr-defined]
    pieces = join.pop("pieces", None)
    if get_origin(pieces) is not tuple or get_args(pieces) != (return_type, ...):
        raise WiringError(f"{stage_class.__name__}.join needs pieces: tuple[{return_type.__name__}, ...], not {pieces}")
    parts_inputs, _ = _split_injected(_parameters(stage_class.parts))  # type: ignore[attr-defined]
    join_inputs, join_injected = _split_injected(join)
    joined_type = _return_type(stage_class.join)  # type: ignore[attr-defined]
    return Wiring(inputs, parts_inputs, join_inputs, joined_type, return_type, injected, join_injected)


def plan_parts(stage: Stage, inputs: Mapping[str, Artefact]) -> list[Part]:
    """The parts of a divisible stage, in order. `inputs`: what its `parts` takes, by name."""
    specs: tuple[Span | PartSpec, ...] = stage.parts(**inputs)  # type: ignore[attr-defined]  # it is divisible
    return [_part(index, spec) for index, spec in enumerate(specs)]


def _part(index: int, spec: Span | PartSpec) -> Part:
    return Part(index, spec) if isinstance(spec, Span) else Part(index, spec.span, spec.payload)


def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function)
    names = list(inspect.signature(function).parameters)[1:]
    missing = [name for name in names if name not in hints]
    if missing:
        raise WiringError(f"{function.__qualname__} has no annotation for {', '.join(missing)}")
    return {name: hints[name] for name in names}


def _return_type(function: Callable[..., Any]) -> type:
    output = get_type_hints(function).get("return", NoneType)
    if not (isinstance(output, type) and is_dataclass(output)):
        raise WiringError(f"{function.__qualname__} must return one artefact, not {output}")
    return output


def _split_injected(parameters: dict[str, Any]) -> tuple[dict[str, type], dict[str, type]]:
    injected = {name: kind for name, kind in parameters.items() if kind in INJECTED_TYPES}
    return {name: kind for name, kind in parameters.items() if kind not in INJECTED_TYPES}, injected


def check_flow(flow: Iterable[Stage], input_types: Iterable[type]) -> None:
    """Raise WiringError unless every input is in `input_types` or made earlier, and nothing is made twice."""
    available = set(input_types)
    for stage in flow:
        contract = wiring_of(type(stage))
        missing = contract.required_types - available
        if missing:
            names = ", ".join(sorted(kind.__name__ for kind in missing))
            raise WiringError(f"{type(stage).__name__} needs {names}, which nothing before it makes")
        if contract.output_type in available:
            raise WiringError(f"{type(stage).__name__} makes a second {contract.output_type.__name__}")
        available.add(contract.output_type)
