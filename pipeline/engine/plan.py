"""What one session can do next: the flow, what is there already, and what is under way."""

from collections.abc import Mapping, Sequence

from pipeline.engine.cache_keys import key_of
from pipeline.engine.stage import Part, Stage, parts_of, wiring
from pipeline.engine.store import Ref, Store
from pipeline.engine.task import Task


class Plan:
    """The tasks of one session. Ask `next_tasks` whenever something was `done`; what the store holds is done."""

    def __init__(self, store: Store, session_id: str, flow: Sequence[Stage], given: Mapping[type, Ref]) -> None:
        self._store = store
        self._session_id = session_id
        self._flow = flow
        self._begun: set[type[Stage]] = set()
        self._pieces: dict[type[Stage], tuple[Ref, ...]] = {}
        self._unfinished: dict[type[Stage], set[Ref]] = {}
        self._given_pieces: tuple[Ref, ...] = ()
        self.have: dict[type, Ref] = dict(given)

    def next_tasks(self) -> list[Task]:
        """Every task that can start now and was not handed out before."""
        tasks: list[Task] = []
        while stage := self._next_stage():
            self._begun.add(type(stage))
            tasks += self._begin(stage)
        return tasks

    def done(self, task: Task) -> list[Task]:
        """Take note of a finished task; returns what can start because of it."""
        if task.part is None:
            self.have[task.output.kind] = task.output
            return self.next_tasks()
        waiting = self._unfinished[type(task.stage)]
        waiting.discard(task.output)
        return [] if waiting else self._begin_join(task.stage) + self.next_tasks()

    def give(self, ref: Ref, pieces: tuple[Ref, ...]) -> list[Task]:
        """Take an input that came later than the others, put together from `pieces`; returns what can start now."""
        self.have[ref.kind] = ref
        self._given_pieces += pieces
        return self.next_tasks()

    def refs(self) -> tuple[Ref, ...]:
        """Everything the session's results are made from, pieces included."""
        pieces = (piece for pieces in self._pieces.values() for piece in pieces)
        return (*self.have.values(), *pieces, *self._given_pieces)

    def _next_stage(self) -> Stage | None:
        for stage in self._flow:
            if type(stage) not in self._begun and wiring(type(stage)).needed <= self.have.keys():
                return stage
        return None

    def _begin(self, stage: Stage) -> list[Task]:
        contract = wiring(type(stage))
        inputs = self._refs_of(contract.inputs)
        if contract.piece is None:
            return self._unless_there(Task(stage, self._ref(contract.output, stage, "make", inputs), inputs))
        tasks = [self._piece_task(stage, contract.piece, part, inputs) for part in self._parts(stage)]
        self._pieces[type(stage)] = tuple(task.output for task in tasks)
        missing = [task for task in tasks if not self._store.has(task.output)]
        self._unfinished[type(stage)] = {task.output for task in missing}
        return missing or self._begin_join(stage)

    def _begin_join(self, stage: Stage) -> list[Task]:
        contract = wiring(type(stage))
        inputs, pieces = self._refs_of(contract.join_inputs), self._pieces[type(stage)]
        digests = {f"piece {i}": self._store.digest(piece) for i, piece in enumerate(pieces)}
        key = key_of(stage, "join", digests | self._digests(inputs))
        output = Ref(self._session_id, contract.output, key)
        return self._unless_there(Task(stage, output, inputs, pieces=pieces))

    def _piece_task(self, stage: Stage, kind: type, part: Part, inputs: Mapping[str, Ref]) -> Task:
        return Task(stage, self._ref(kind, stage, "part", inputs, part), inputs, part)

    def _parts(self, stage: Stage) -> list[Part]:
        planned = wiring(type(stage)).plan_inputs
        values = {name: self._store.load(self.have[kind]) for name, kind in planned.items()}
        return parts_of(stage, values)

    def _unless_there(self, task: Task) -> list[Task]:
        if self._store.has(task.output):
            self.have[task.output.kind] = task.output
            return []
        return [task]

    def _refs_of(self, parameters: Mapping[str, type]) -> dict[str, Ref]:
        return {name: self.have[kind] for name, kind in parameters.items()}

    def _digests(self, inputs: Mapping[str, Ref]) -> dict[str, str]:
        return {name: self._store.digest(ref) for name, ref in inputs.items()}

    def _ref(self, kind: type, stage: Stage, action: str, inputs: Mapping[str, Ref], part: Part | None = None) -> Ref:
        return Ref(self._session_id, kind, key_of(stage, action, self._digests(inputs), part))
