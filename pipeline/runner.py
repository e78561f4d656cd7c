"""Runs sets of sessions: starts every stage whose inputs are there, and says at the end what could not be done."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from domain.clock import Timeline
from domain.errors import InvalidValue, ToolError
from domain.review import Edits, PublishedHighlights
from domain.session import StartTime, check_session_id
from pipeline.engine.executors import Executor
from pipeline.engine.executors.background_thread import BackgroundThread
from pipeline.engine.executors.on_network import NetworkExecutor
from pipeline.engine.failures import Failure, clear_failures, save_failure
from pipeline.engine.file_digests import load_recording
from pipeline.engine.observer import NullObserver, RunObserver
from pipeline.engine.plan import SessionPlan
from pipeline.engine.stage import ApiKey, Artefact, Stage
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import NO_KEY, Task
from pipeline.flow import select_stages
from pipeline.inputs.read_session import SessionInputs, read_session
from pipeline.inputs.retry_command import retry_command
from pipeline.inputs.session_source import SessionSource
from pipeline.outputs.report import build_report
from pipeline.outputs.results_folder import deliver_results

MAX_OPEN_SESSIONS_PER_SLOT = 2  # enough to keep every worker busy while other sessions wait for their own stages
PROGRESS_POLL_S = 0.5  # how often the progress of tasks is read


def no_review(_session_id: str) -> tuple[Edits, PublishedHighlights]:
    """The review of a session that nobody has edited or published."""
    return Edits(), PublishedHighlights()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one session ended. `folder` holds its results, or is None; `failures` say why."""

    session_id: str
    folder: Path | None
    tasks_run: int
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass
class _OpenSession:
    """A session on its way. `number` counts the sources of the run from 0."""

    number: int
    source: SessionSource
    inputs: SessionInputs
    plan: SessionPlan
    pending_tasks: int = 0
    is_duration_reported: bool = False
    skipped: list[tuple[Task, ToolError]] = field(default_factory=list)
    computed: list[ArtefactRef] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.inputs.session.id

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of the inputs, and one for each stage with parts that gave nothing."""
        errors: dict[str, list[ToolError]] = {}
        for task, error in self.skipped:
            errors.setdefault(task.stage.failure_warning, []).append(error)  # type: ignore[attr-defined]  # tested
        return (*self.inputs.warnings, *(f"{text}: {len(each)} ({each[-1]})" for text, each in errors.items()))


@dataclass(frozen=True, slots=True)
class Runner:
    """Brings sessions through the flow. `stages` are all stages with their settings; results go to `out`/SESSION_ID.

    `cli_flags` are those of `kandian run` that mean the same as these fields, for the commands that people may run
    again. `api_key` is for stages that need the network. `load_review` gives, by session id, what people did to its
    highlights and what viewers have of them.
    """

    stages: Sequence[Stage]
    store: Store
    executor: Executor
    out: Path
    observer: RunObserver = field(default_factory=NullObserver)
    cli_flags: tuple[str, ...] = ()
    api_key: ApiKey = NO_KEY
    load_review: Callable[[str], tuple[Edits, PublishedHighlights]] = no_review

    def run(self, sources: Iterable[SessionSource]) -> tuple[Outcome, ...]:
        """Do all sessions; those that fail do not stop the others. Outcomes are in the order of `sources`."""
        return _SessionScheduler(self, sources).outcomes()

    def open_session(self, source: SessionSource) -> tuple[SessionInputs, SessionPlan]:
        """Read and store the inputs of a session. Raises InputError."""
        inputs = read_session(source)
        recording = load_recording(inputs.recording, self.store.root)
        start = StartTime(inputs.session.started_at)
        artefacts: list[Artefact] = [inputs.session, inputs.language, start, recording, inputs.catalog]
        artefacts += [inputs.photos, inputs.events, *self.load_review(inputs.session.id)]
        if inputs.captions is not None:
            artefacts.append(inputs.captions)
        refs = {type(value): self.store.put(inputs.session.id, value) for value in artefacts}
        flow = select_stages(self.stages, has_captions=inputs.captions is not None)
        return inputs, SessionPlan(self.store, inputs.session.id, flow, refs)


class _SessionScheduler:
    """One call of `Runner.run`: the sessions that wait, the session that is read, and the tasks that run."""

    def __init__(self, runner: Runner, sources: Iterable[SessionSource]) -> None:
        self._runner = runner
        self._sources = tuple(sources)
        self._waiting = deque(enumerate(self._sources))
        self._reader = BackgroundThread()
        self._network = NetworkExecutor(runner.api_key)
        self._opening: dict[Future[Any], int] = {}
        self._running: dict[Future[Any], tuple[_OpenSession, Task]] = {}
        self._outcomes: dict[int, Outcome] = {}

    def outcomes(self) -> tuple[Outcome, ...]:
        try:
            while self._waiting or self._opening or self._running:
                self._open_next()
                self._handle_completed()
        finally:
            self._reader.close()
            self._network.close()
        return tuple(self._outcomes[number] for number in range(len(self._sources)))

    def _open_next(self) -> None:
        """Read one more session, one at a time: two readers would only make a disk seek.

        Sessions that only wait for an answer from the network do not keep others waiting.
        """
        open_sessions = len({session.number for session, task in self._running.values() if not task.needs_network})
        has_capacity = open_sessions < self._runner.executor.slots * MAX_OPEN_SESSIONS_PER_SLOT
        if self._waiting and has_capacity and not self._opening:
            number, source = self._waiting.popleft()
            self._opening[self._reader.submit(partial(self._runner.open_session, source))] = number

    def _handle_completed(self) -> None:
        done, _ = wait([*self._opening, *self._running], PROGRESS_POLL_S, FIRST_COMPLETED)
        for future in done:
            if future in self._opening:
                self._handle_opened(self._opening.pop(future), future)
            else:
                self._handle_task(*self._running.pop(future), future)
        self._report_progress()

    def _handle_opened(self, number: int, future: "Future[tuple[SessionInputs, SessionPlan]]") -> None:
        source, error = self._sources[number], future.exception()
        if error is not None:
            failure = self._record_failure(source, "read", "", error, source.id)
            self._finish_without_results(number, Outcome(source.id, None, 0, failures=(failure,)))
            return
        inputs, plan = future.result()
        session = _OpenSession(number, source, inputs, plan)
        self._runner.observer.on_session_opened(session.id, None)
        self._start_planned(session, "plan", plan.next_tasks)

    def _handle_task(self, session: _OpenSession, task: Task, future: "Future[ArtefactRef]") -> None:
        session.pending_tasks -= 1
        error = future.exception()
        if isinstance(error, ToolError) and task.needs_network:
            session.skipped.append((task, error))
            self._runner.observer.on_task_skipped(task)
            self._start_planned(session, task.name, partial(session.plan.skip, task))
            return
        if error is not None:
            self._add_failure(session, task.name, task.output.key, error)
            self._finish_if_idle(session)
            return
        session.computed.append(task.output)
        self._runner.observer.on_task_finished(task, self._runner.store.receipt(task.output).wall_seconds)
        self._start_planned(session, task.name, partial(session.plan.complete, task))

    def _start_planned(self, session: _OpenSession, stage: str, plan_tasks: Callable[[], list[Task]]) -> None:
        """Start what `plan_tasks` gives; a stage that cannot even be planned fails its session, not the run."""
        try:
            tasks = plan_tasks()
            self._report_duration(session)
        except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
            self._add_failure(session, stage, "", error)
            tasks = []
        for task in tasks:
            self._runner.observer.on_task_started(task)
            session.pending_tasks += 1
            executor = self._network if task.needs_network else self._runner.executor
            self._running[executor.submit(self._runner.store, task)] = (session, task)
        self._finish_if_idle(session)

    def _report_duration(self, session: _OpenSession) -> None:
        """Report how long the show is as soon as that is known."""
        if session.plan.has(Timeline) and not session.is_duration_reported:
            session.is_duration_reported = True
            self._runner.observer.on_session_opened(session.id, session.plan.load(Timeline).duration)

    def _finish_if_idle(self, session: _OpenSession) -> None:
        if session.pending_tasks or session.number in self._outcomes:
            return
        if not session.failures:
            try:
                self._deliver(session)
                return
            except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
                self._add_failure(session, "deliver", "", error)
        outcome = Outcome(session.id, None, len(session.computed), session.inputs.warnings, tuple(session.failures))
        self._finish_without_results(session.number, outcome)

    def _deliver(self, session: _OpenSession) -> None:
        runner, folder = self._runner, self._runner.out / session.id
        report = build_report(runner.store, session.plan, session.computed, session.warnings)
        deliver_results(session.plan, report, folder)
        clear_failures(runner.store.root, session.id)
        runner.observer.on_session_delivered(session.id, len(session.computed))
        self._outcomes[session.number] = Outcome(session.id, folder, len(session.computed), report.warnings)

    def _add_failure(self, session: _OpenSession, stage: str, key: str, error: BaseException) -> None:
        session.failures.append(self._record_failure(session.source, stage, key, error, session.id))

    def _record_failure(
        self, source: SessionSource, stage: str, key: str, error: BaseException, session_id: str
    ) -> Failure:
        command = retry_command(source, self._runner.cli_flags)
        failure = Failure.from_error(error, session=session_id, stage=stage, key=key, command=command)
        try:
            check_session_id(failure.session)
            save_failure(self._runner.store.root, failure)
        except (InvalidValue, OSError):
            pass  # a name that no folder can have, or a full disk: the failure is still in the outcome
        self._runner.observer.on_failure(failure)
        return failure

    def _finish_without_results(self, number: int, outcome: Outcome) -> None:
        self._outcomes[number] = outcome
        self._runner.observer.on_session_failed(outcome.session_id)

    def _report_progress(self) -> None:
        for _, task in self._running.values():
            fraction = self._runner.store.progress_of(task.output)
            if fraction is not None:
                self._runner.observer.on_task_progress(task, fraction)
