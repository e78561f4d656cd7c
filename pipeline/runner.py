"""Runs sets of sessions: starts every stage whose inputs are there, and tells at the end what could not be done."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from domain.clock import Timeline
from domain.errors import InvalidValue
from domain.highlight import RewordedHighlights
from domain.review import Edits, PublishedHighlights
from domain.session import StartTime, check_session_id
from pipeline.engine.executors import Executor
from pipeline.engine.failures import Failure, clear_failures, save_failure
from pipeline.engine.file_digests import load_recording
from pipeline.engine.observer import NullObserver, RunObserver
from pipeline.engine.plan import SessionPlan
from pipeline.engine.stage import Artefact, Stage
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task
from pipeline.flow import select_stages
from pipeline.inputs.read_session import SessionInputs, read_session
from pipeline.inputs.retry_command import retry_command
from pipeline.inputs.session_source import SessionSource
from pipeline.network.language_model import ChatClient
from pipeline.network.reword import REWORD_STAGE as REWORD
from pipeline.network.reword import RewordingResult, reword
from pipeline.outputs.report import build_report
from pipeline.outputs.results_folder import deliver_results

T = TypeVar("T")
MAX_OPEN_SESSIONS_PER_SLOT = 2  # enough to keep every worker busy while other sessions wait for their own stages
PROGRESS_POLL_S = 0.5  # how often progress is looked at


def no_review(_session_id: str) -> tuple[Edits, PublishedHighlights]:
    """Where nobody has edited or published anything."""
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
    """A session on its way."""

    source: SessionSource
    inputs: SessionInputs
    plan: SessionPlan
    pending_tasks: int = 0
    is_duration_reported: bool = False
    warnings: list[str] = field(default_factory=list)
    computed: list[ArtefactRef] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.inputs.session.id


@dataclass(frozen=True, slots=True)
class Runner:
    """Brings sessions through the flow. `stages` are all stages with their settings; results go to `out`/SESSION_ID.

    `cli_flags` are those of `kandian run` that say all this, for the commands that people are told to run again. `chat`
    is asked for better words once a session's takes are described, if there is one. `load_review` gives, by session id,
    what people did to its highlights and what viewers have of them.
    """

    stages: Sequence[Stage]
    store: Store
    executor: Executor
    out: Path
    observer: RunObserver = field(default_factory=NullObserver)
    cli_flags: tuple[str, ...] = ()
    chat: ChatClient | None = None
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
        if self.chat is None:
            artefacts.append(RewordedHighlights())
        refs = {type(value): self.store.put(inputs.session.id, value) for value in artefacts}
        flow = select_stages(self.stages, has_captions=inputs.captions is not None)
        return inputs, SessionPlan(self.store, inputs.session.id, flow, refs)


class _SessionScheduler:
    """One call of `Runner.run`: what waits, what is open, what is under way."""

    def __init__(self, runner: Runner, sources: Iterable[SessionSource]) -> None:
        self._runner = runner
        self._sources = tuple(sources)
        self._waiting = deque(self._sources)
        self._opening: dict[Future[tuple[SessionInputs, SessionPlan]], SessionSource] = {}
        self._running: dict[Future[ArtefactRef], tuple[_OpenSession, Task]] = {}
        self._rewording: dict[Future[RewordingResult], _OpenSession] = {}
        self._outcomes: dict[int, Outcome] = {}

    def outcomes(self) -> tuple[Outcome, ...]:
        while self._waiting or self._opening or self._running or self._rewording:
            self._open_next()
            self._handle_completed()
        return tuple(self._outcomes[id(source)] for source in self._sources)

    def _open_next(self) -> None:
        """Read one more session, one at a time: two readers would only make a disk seek."""
        open_sessions = len({id(show) for show, _ in self._running.values()})
        has_capacity = open_sessions < self._runner.executor.slots * MAX_OPEN_SESSIONS_PER_SLOT
        if self._waiting and has_capacity and not self._opening:
            source = self._waiting.popleft()
            self._opening[_run_in_thread(lambda: self._runner.open_session(source))] = source

    def _handle_completed(self) -> None:
        pending: list[Future[Any]] = [*self._opening, *self._running, *self._rewording]
        done, _ = wait(pending, PROGRESS_POLL_S, FIRST_COMPLETED)
        for future in done:
            if future in self._rewording:
                self._handle_rewording(future)
            else:
                handle = self._handle_opened if future in self._opening else self._handle_task
                handle(future)
        self._report_progress()

    def _handle_opened(self, future: "Future[tuple[SessionInputs, SessionPlan]]") -> None:
        source = self._opening.pop(future)
        error = future.exception()
        if error is not None:
            self._fail_to_open(source, error)
            return
        inputs, plan = future.result()
        session = _OpenSession(source, inputs, plan)
        self._runner.observer.on_session_opened(session.id, None)
        self._start_planned(session, "plan", plan.next_tasks)

    def _handle_task(self, future: "Future[ArtefactRef]") -> None:
        session, task = self._running.pop(future)
        session.pending_tasks -= 1
        error = future.exception()
        if error is not None:
            self._add_failure(session, task.name, task.output.key, error)
            self._finish_if_idle(session)
            return
        session.computed.append(task.output)
        self._runner.observer.on_task_finished(task, self._runner.store.receipt(task.output).wall_seconds)
        self._start_planned(session, task.name, lambda: session.plan.complete(task))

    def _handle_rewording(self, future: "Future[RewordingResult]") -> None:
        session = self._rewording.pop(future)
        error = future.exception()
        if error is not None:
            self._add_failure(session, REWORD, "", error)
            self._finish_if_idle(session)
            return
        result = future.result()
        session.computed += result.new_answers
        session.warnings += result.warnings
        self._start_planned(session, REWORD, lambda: session.plan.add_input(result.rewordings, result.answers))

    def _start_planned(self, session: _OpenSession, stage: str, plan_tasks: Callable[[], list[Task]]) -> None:
        """Start what `plan_tasks` says; a stage that cannot even be planned fails its session, not the run."""
        try:
            tasks = plan_tasks()
            self._report_duration(session)
        except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
            self._add_failure(session, stage, "", error)
            tasks = []
        for task in tasks:
            self._runner.observer.on_task_started(task)
            session.pending_tasks += 1
            self._running[self._runner.executor.submit(self._runner.store, task)] = (session, task)
        self._finish_if_idle(session)

    def _report_duration(self, session: _OpenSession) -> None:
        """Tell how long the show is as soon as that is known."""
        timeline = session.plan.available.get(Timeline)
        if timeline is not None and not session.is_duration_reported:
            session.is_duration_reported = True
            self._runner.observer.on_session_opened(session.id, self._runner.store.load(timeline).duration)

    def _finish_if_idle(self, session: _OpenSession) -> None:
        if session.pending_tasks or id(session.source) in self._outcomes:
            return
        if not session.failures and self._start_rewording(session):
            return
        if not session.failures:
            try:
                self._deliver(session)
                return
            except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
                self._add_failure(session, "deliver", "", error)
        self._finish_without_results(session.source, session.id, tuple(session.failures), session)

    def _start_rewording(self, session: _OpenSession) -> bool:
        """Ask for better words if there is somebody to ask who was not asked yet. What else needs doing is done."""
        chat, plan = self._runner.chat, session.plan
        if chat is None or RewordedHighlights in plan.available:
            return False
        self._rewording[_run_in_thread(lambda: reword(self._runner.store, session.id, plan.available, chat))] = session
        return True

    def _deliver(self, session: _OpenSession) -> None:
        runner, folder = self._runner, self._runner.out / session.id
        report = build_report(
            runner.store, session.plan, session.computed, (*session.inputs.warnings, *session.warnings)
        )
        deliver_results(runner.store, session.plan, report, folder)
        clear_failures(runner.store.root, session.id)
        runner.observer.on_session_delivered(session.id, len(session.computed))
        self._outcomes[id(session.source)] = Outcome(session.id, folder, len(session.computed), report.warnings)

    def _add_failure(self, session: _OpenSession, stage: str, key: str, error: BaseException) -> None:
        command = retry_command(session.source, self._runner.cli_flags)
        failure = Failure.from_error(error, session=session.id, stage=stage, key=key, command=command)
        session.failures.append(failure)
        self._record_failure(failure)

    def _fail_to_open(self, source: SessionSource, error: BaseException) -> None:
        name = source.id
        command = retry_command(source, self._runner.cli_flags)
        failure = Failure.from_error(error, session=name, stage="read", key="", command=command)
        self._record_failure(failure)
        self._finish_without_results(source, name, (failure,), None)

    def _record_failure(self, failure: Failure) -> None:
        try:
            check_session_id(failure.session)
            save_failure(self._runner.store.root, failure)
        except (InvalidValue, OSError):
            pass  # a name that no folder can have, or a full disk: the failure is still told at the end
        self._runner.observer.on_failure(failure)

    def _finish_without_results(
        self, source: SessionSource, name: str, failures: tuple[Failure, ...], session: _OpenSession | None
    ) -> None:
        warnings = session.inputs.warnings if session else ()
        self._outcomes[id(source)] = Outcome(name, None, len(session.computed) if session else 0, warnings, failures)
        self._runner.observer.on_session_failed(name)

    def _report_progress(self) -> None:
        for _, task in self._running.values():
            fraction = self._runner.store.progress_of(task.output)
            if fraction is not None:
                self._runner.observer.on_task_progress(task, fraction)


def _run_in_thread(work: Callable[[], T]) -> "Future[T]":
    """Do `work` in a thread that nobody waits for: a run that is stopped must not read a terabyte to its end."""
    future: Future[T] = Future()

    def target() -> None:
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
            future.set_exception(error)

    Thread(target=target, name="aside", daemon=True).start()
    return future
