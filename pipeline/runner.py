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
from domain.review import Edits, Published
from domain.rewording import Rewordings
from domain.session import StartTime, check_session_id
from pipeline.engine.executors import Executor
from pipeline.engine.failures import Failure, forget, remember
from pipeline.engine.file_digests import recording_of
from pipeline.engine.observer import Unwatched, Watcher
from pipeline.engine.plan import Plan
from pipeline.engine.stage import Artefact, Stage
from pipeline.engine.store import Ref, Store
from pipeline.engine.task import Task
from pipeline.flow import flow_of
from pipeline.inputs.read_session import SessionInputs, read_session
from pipeline.inputs.retry_command import command_again
from pipeline.inputs.session_source import SessionSource
from pipeline.network.language_model import Chat
from pipeline.network.reword import STAGE as REWORD
from pipeline.network.reword import Reworded, reword
from pipeline.outputs.report import report_on
from pipeline.outputs.results_folder import deliver

T = TypeVar("T")
OPEN_SESSIONS_PER_SLOT = 2  # enough to keep every worker busy while other sessions wait for their own stages
LOOK_PERIOD_S = 0.5  # how often progress is looked at


def not_reviewed(_session_id: str) -> tuple[Edits, Published]:
    """Where nobody has edited or published anything."""
    return Edits(), Published()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one session ended. `folder` holds its results, or is None; `failures` say why."""

    session_id: str
    folder: Path | None
    tasks_run: int
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass
class _Open:
    """A session on its way."""

    source: SessionSource
    inputs: SessionInputs
    plan: Plan
    under_way: int = 0
    is_measured: bool = False
    warnings: list[str] = field(default_factory=list)
    ran: list[Ref] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.inputs.session.id


@dataclass(frozen=True, slots=True)
class Runner:
    """Brings sessions through the flow. `stages` are all stages with their settings; results go to `out`/SESSION_ID.

    `flags` are those of `kandian run` that say all this, for the commands that people are told to run again. `chat`
    is asked for better words once a session's takes are described, if there is one. `review_of` gives, by session id,
    what people did to its highlights and what viewers have of them.
    """

    stages: Sequence[Stage]
    store: Store
    executor: Executor
    out: Path
    watcher: Watcher = field(default_factory=Unwatched)
    flags: tuple[str, ...] = ()
    chat: Chat | None = None
    review_of: Callable[[str], tuple[Edits, Published]] = not_reviewed

    def run(self, sources: Iterable[SessionSource]) -> tuple[Outcome, ...]:
        """Do all sessions; those that fail do not stop the others. Outcomes are in the order of `sources`."""
        return _Run(self, sources).outcomes()

    def open(self, source: SessionSource) -> tuple[SessionInputs, Plan]:
        """Read and store the inputs of a session. Raises InputError."""
        inputs = read_session(source)
        recording = recording_of(inputs.recording, self.store.root)
        start = StartTime(inputs.session.started_at)
        given: list[Artefact] = [inputs.session, inputs.language, start, recording, inputs.catalog]
        given += [inputs.photos, inputs.events, *self.review_of(inputs.session.id)]
        if inputs.captions is not None:
            given.append(inputs.captions)
        if self.chat is None:
            given.append(Rewordings())
        refs = {type(value): self.store.put(inputs.session.id, value) for value in given}
        flow = flow_of(self.stages, has_captions=inputs.captions is not None)
        return inputs, Plan(self.store, inputs.session.id, flow, refs)


class _Run:
    """One call of `Runner.run`: what waits, what is open, what is under way."""

    def __init__(self, runner: Runner, sources: Iterable[SessionSource]) -> None:
        self._runner = runner
        self._sources = tuple(sources)
        self._waiting = deque(self._sources)
        self._reading: dict[Future[tuple[SessionInputs, Plan]], SessionSource] = {}
        self._working: dict[Future[Ref], tuple[_Open, Task]] = {}
        self._asking: dict[Future[Reworded], _Open] = {}
        self._outcomes: dict[int, Outcome] = {}

    def outcomes(self) -> tuple[Outcome, ...]:
        while self._waiting or self._reading or self._working or self._asking:
            self._open_more()
            self._settle()
        return tuple(self._outcomes[id(source)] for source in self._sources)

    def _open_more(self) -> None:
        """Read one more session, one at a time: two readers would only make a disk seek."""
        open_sessions = len({id(show) for show, _ in self._working.values()})
        has_room = open_sessions < self._runner.executor.slots * OPEN_SESSIONS_PER_SLOT
        if self._waiting and has_room and not self._reading:
            source = self._waiting.popleft()
            self._reading[_aside(lambda: self._runner.open(source))] = source

    def _settle(self) -> None:
        under_way: list[Future[Any]] = [*self._reading, *self._working, *self._asking]
        done, _ = wait(under_way, LOOK_PERIOD_S, FIRST_COMPLETED)
        for future in done:
            if future in self._asking:
                self._settle_words(future)
            else:
                settle = self._settle_reading if future in self._reading else self._settle_task
                settle(future)
        self._look_at_progress()

    def _settle_reading(self, future: "Future[tuple[SessionInputs, Plan]]") -> None:
        source = self._reading.pop(future)
        error = future.exception()
        if error is not None:
            self._give_up(source, error)
            return
        inputs, plan = future.result()
        show = _Open(source, inputs, plan)
        self._runner.watcher.opened(show.id, None)
        self._guarded(show, "plan", plan.next_tasks)

    def _settle_task(self, future: "Future[Ref]") -> None:
        show, task = self._working.pop(future)
        show.under_way -= 1
        error = future.exception()
        if error is not None:
            self._fail(show, task.name, task.output.key, error)
            self._finish_if_idle(show)
            return
        show.ran.append(task.output)
        self._runner.watcher.finished(task, self._runner.store.receipt(task.output).wall_seconds)
        self._guarded(show, task.name, lambda: show.plan.done(task))

    def _settle_words(self, future: "Future[Reworded]") -> None:
        show = self._asking.pop(future)
        error = future.exception()
        if error is not None:
            self._fail(show, REWORD, "", error)
            self._finish_if_idle(show)
            return
        words = future.result()
        show.ran += words.asked
        show.warnings += words.warnings
        self._guarded(show, REWORD, lambda: show.plan.give(words.rewordings, words.answers))

    def _guarded(self, show: _Open, stage: str, plan_more: Callable[[], list[Task]]) -> None:
        """Start what `plan_more` says; a stage that cannot even be planned fails its session, not the run."""
        try:
            tasks = plan_more()
            self._measure(show)
        except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
            self._fail(show, stage, "", error)
            tasks = []
        for task in tasks:
            self._runner.watcher.started(task)
            show.under_way += 1
            self._working[self._runner.executor.start(self._runner.store, task)] = (show, task)
        self._finish_if_idle(show)

    def _measure(self, show: _Open) -> None:
        """Tell how long the show is as soon as that is known."""
        timeline = show.plan.have.get(Timeline)
        if timeline is not None and not show.is_measured:
            show.is_measured = True
            self._runner.watcher.opened(show.id, self._runner.store.load(timeline).duration)

    def _finish_if_idle(self, show: _Open) -> None:
        if show.under_way or id(show.source) in self._outcomes:
            return
        if not show.failures and self._ask(show):
            return
        if not show.failures:
            try:
                self._deliver(show)
                return
            except Exception as error:  # noqa: BLE001 - see above
                self._fail(show, "deliver", "", error)
        self._end(show.source, show.id, tuple(show.failures), show)

    def _ask(self, show: _Open) -> bool:
        """Ask for better words if there is somebody to ask who was not asked yet. What else needs doing is done."""
        chat, plan = self._runner.chat, show.plan
        if chat is None or Rewordings in plan.have:
            return False
        self._asking[_aside(lambda: reword(self._runner.store, show.id, plan.have, chat))] = show
        return True

    def _deliver(self, show: _Open) -> None:
        runner, folder = self._runner, self._runner.out / show.id
        report = report_on(runner.store, show.plan, show.ran, (*show.inputs.warnings, *show.warnings))
        deliver(runner.store, show.plan, report, folder)
        forget(runner.store.root, show.id)
        runner.watcher.delivered(show.id, len(show.ran))
        self._outcomes[id(show.source)] = Outcome(show.id, folder, len(show.ran), report.warnings)

    def _fail(self, show: _Open, stage: str, key: str, error: BaseException) -> None:
        command = command_again(show.source, self._runner.flags)
        failure = Failure.of(error, session=show.id, stage=stage, key=key, command=command)
        show.failures.append(failure)
        self._note(failure)

    def _give_up(self, source: SessionSource, error: BaseException) -> None:
        name = source.id
        command = command_again(source, self._runner.flags)
        failure = Failure.of(error, session=name, stage="read", key="", command=command)
        self._note(failure)
        self._end(source, name, (failure,), None)

    def _note(self, failure: Failure) -> None:
        try:
            check_session_id(failure.session)
            remember(self._runner.store.root, failure)
        except (InvalidValue, OSError):
            pass  # a name that no folder can have, or a full disk: the failure is still told at the end
        self._runner.watcher.failed(failure)

    def _end(self, source: SessionSource, name: str, failures: tuple[Failure, ...], show: _Open | None) -> None:
        warnings = show.inputs.warnings if show else ()
        self._outcomes[id(source)] = Outcome(name, None, len(show.ran) if show else 0, warnings, failures)
        self._runner.watcher.given_up(name)

    def _look_at_progress(self) -> None:
        for _, task in self._working.values():
            done = self._runner.store.progress_of(task.output)
            if done is not None:
                self._runner.watcher.progressed(task, done)


def _aside(work: Callable[[], T]) -> "Future[T]":
    """Do `work` in a thread that nobody waits for: a run that is stopped must not read a terabyte to its end."""
    outcome: Future[T] = Future()

    def do() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001 - handed to whoever waits, as every error of a session
            outcome.set_exception(error)

    Thread(target=do, name="aside", daemon=True).start()
    return outcome
