"""What one session can do next: its flow, the artefacts that are there, and the tasks that run."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pipeline.engine.cache_keys import artefact_key
from pipeline.engine.stage import Part, Stage, plan_parts, wiring_of
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task

T = TypeVar("T")


class SessionPlan:
    """The tasks of one session. What the store holds is done."""

    def __init__(
        self, store: Store, session_id: str, flow: Sequence[Stage], input_refs: Mapping[type, ArtefactRef]
    ) -> None:
        self._store = store
        self._session_id = session_id
        self._flow = flow
        self._started: set[type[Stage]] = set()
        self._pieces: dict[type[Stage], tuple[ArtefactRef, ...]] = {}
        self._unfinished_pieces: dict[type[Stage], set[ArtefactRef]] = {}
        self._available: dict[type, ArtefactRef] = dict(input_refs)

    def has(self, kind: type) -> bool:
        """Whether the artefact of class `kind` is there."""
        return kind in self._available

    def ref(self, kind: type) -> ArtefactRef:
        """The reference of the artefact of class `kind`, which must be there."""
        return self._available[kind]

    def load(self, kind: type[T]) -> T:
        """The artefact of class `kind`, which must be there."""
        artefact: T = self._store.load(self._available[kind])
        return artefact

    def next_tasks(self) -> list[Task]:
        """Every task that can start now and was not handed out before."""
        tasks: list[Task] = []
        while stage := self._next_stage():
            self._started.add(type(stage))
            tasks += self._start(stage)
        return tasks

    def complete(self, task: Task) -> list[Task]:
        """Take note of a finished task; returns what can start because of it."""
        if task.part is None:
            self._available[task.output.kind] = task.output
            return self.next_tasks()
        return self._finish_part(task)

    def skip(self, task: Task) -> list[Task]:
        """Go on without a part that gave nothing: its piece is not joined; returns what can start because of it."""
        pieces = self._pieces[type(task.stage)]
        self._pieces[type(task.stage)] = tuple(piece for piece in pieces if piece != task.output)
        return self._finish_part(task)

    def refs(self) -> tuple[ArtefactRef, ...]:
        """Everything that the session's results are made from, pieces included."""
        pieces = (piece for pieces in self._pieces.values() for piece in pieces)
        return (*self._available.values(), *pieces)

    def refs_by_kind(self) -> Mapping[str, ArtefactRef]:
        """The artefacts that are there, without pieces, by the name of their class."""
        return {kind.__name__: ref for kind, ref in self._available.items()}

    def _finish_part(self, task: Task) -> list[Task]:
        unfinished = self._unfinished_pieces[type(task.stage)]
        unfinished.discard(task.output)
        return [] if unfinished else self._start_join(task.stage) + self.next_tasks()

    def _next_stage(self) -> Stage | None:
        for stage in self._flow:
            if type(stage) not in self._started and wiring_of(type(stage)).required_types <= self._available.keys():
                return stage
        return None

    def _start(self, stage: Stage) -> list[Task]:
        contract = wiring_of(type(stage))
        inputs = self._refs_of(contract.inputs)
        if contract.piece_type is None:
            return self._unless_stored(Task(stage, self._ref(contract.output_type, stage, "make", inputs), inputs))
        tasks = [self._piece_task(stage, contract.piece_type, part, inputs) for part in self._parts(stage)]
        self._pieces[type(stage)] = tuple(task.output for task in tasks)
        missing = [task for task in tasks if not self._store.has(task.output)]
        self._unfinished_pieces[type(stage)] = {task.output for task in missing}
        return missing or self._start_join(stage)

    def _start_join(self, stage: Stage) -> list[Task]:
        contract = wiring_of(type(stage))
        inputs, pieces = self._refs_of(contract.join_inputs), self._pieces[type(stage)]
        digests = {f"piece {i}": self._store.digest(piece) for i, piece in enumerate(pieces)}
        key = artefact_key(stage, "join", digests | self._digests(inputs))
        output = ArtefactRef(self._session_id, contract.output_type, key)
        return self._unless_stored(Task(stage, output, inputs, pieces=pieces))

    def _piece_task(self, stage: Stage, kind: type, part: Part, inputs: Mapping[str, ArtefactRef]) -> Task:
        return Task(stage, self._ref(kind, stage, "part", inputs, part), inputs, part)

    def _parts(self, stage: Stage) -> list[Part]:
        if not getattr(stage, "is_enabled", True):
            return []
        parts_inputs = wiring_of(type(stage)).parts_inputs
        return plan_parts(stage, {name: self.load(kind) for name, kind in parts_inputs.items()})

    def _unless_stored(self, task: Task) -> list[Task]:
        if self._store.has(task.output):
            self._available[task.output.kind] = task.output
            return []
        return [task]

    def _refs_of(self, parameters: Mapping[str, type]) -> dict[str, ArtefactRef]:
        return {name: self._available[kind] for name, kind in parameters.items()}

    def _digests(self, inputs: Mapping[str, ArtefactRef]) -> dict[str, str]:
        return {name: self._store.digest(ref) for name, ref in inputs.items()}

    def _ref(
        self, kind: type, stage: Stage, action: str, inputs: Mapping[str, ArtefactRef], part: Part | None = None
    ) -> ArtefactRef:
        return ArtefactRef(self._session_id, kind, artefact_key(stage, action, self._digests(inputs), part))
