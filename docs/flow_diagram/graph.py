"""The flow as a graph: inputs, stages and results are nodes, artefacts on their way are edges."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal, TypeAlias

from pipeline.engine.stage import Stage, wiring_of
from pipeline.flow import INPUT_TYPES, OUTPUT_TYPES, STAGES, input_types, select_stages

NodeKind: TypeAlias = Literal["input", "stage", "result"]


@dataclass(frozen=True, slots=True)
class Node:
    """One box. `lane` is the folder of pipeline/stages that a stage is in; an input stands with its first taker.

    `gives` is an artefact's name, as the name of an input or of a result is. `is_optional`: only some sessions have it.
    """

    name: str
    kind: NodeKind
    lane: str
    gives: str
    takes: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An artefact on its way from a node that gives it to one that takes it."""

    maker: Node
    taker: Node


def flow_nodes(stages: Sequence[type[Stage]] = STAGES) -> tuple[Node, ...]:
    """All inputs, then all stages in order, then all results: makers before takers."""
    stage_nodes = _stage_nodes(stages)
    results = [_result_node(kind.__name__, stage_nodes) for kind in OUTPUT_TYPES]
    return (*_input_nodes(stage_nodes), *stage_nodes, *results)


def flow_edges(nodes: Sequence[Node]) -> tuple[Edge, ...]:
    """Every artefact from each of its makers to each of its takers."""
    makers = [node for node in nodes if node.kind != "result"]
    return tuple(Edge(maker, taker) for maker in makers for taker in nodes if maker.gives in taker.takes)


def _stage_nodes(stages: Sequence[type[Stage]]) -> list[Node]:
    made = [stage() for stage in stages]
    with_captions, without = ({type(each) for each in select_stages(made, has_captions=has)} for has in (True, False))
    return [_stage_node(stage, is_optional=stage not in with_captions & without) for stage in stages]


def _stage_node(stage: type[Stage], *, is_optional: bool) -> Node:
    contract = wiring_of(stage)
    lane = stage.__module__.split(".")[-2]
    takes = tuple(sorted(kind.__name__ for kind in contract.required_types))
    return Node(stage.__name__, "stage", lane, contract.output_type.__name__, takes, is_optional)


def _input_nodes(stage_nodes: Sequence[Node]) -> list[Node]:
    """The inputs, those first that are taken last: in a lane, what is taken first then stands next to its taker."""
    takers = {
        kind: next(stage for stage in stage_nodes if kind.__name__ in stage.takes)
        for kind in input_types(has_captions=True)
        if any(kind.__name__ in stage.takes for stage in stage_nodes)
    }
    in_order = sorted(takers, key=lambda kind: -stage_nodes.index(takers[kind]))
    return [_input_node(kind, takers[kind]) for kind in in_order]


def _input_node(kind: type, taker: Node) -> Node:
    is_optional = kind not in INPUT_TYPES or _may_be_empty(kind)
    return Node(kind.__name__, "input", taker.lane, kind.__name__, (), is_optional)


def _may_be_empty(kind: Any) -> bool:
    """Whether an artefact can be made of nothing: then some sessions do without."""
    return all(each.default is not MISSING or each.default_factory is not MISSING for each in fields(kind))


def _result_node(name: str, stage_nodes: Sequence[Node]) -> Node:
    maker = next(stage for stage in reversed(stage_nodes) if stage.gives == name)
    return Node(name, "result", maker.lane, name, (name,))
