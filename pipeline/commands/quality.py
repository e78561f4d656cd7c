"""`kandian quality`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from domain.catalog import Catalog
from domain.clock import Timeline
from domain.errors import TruthError
from domain.evidence import EventLog
from domain.session import Session
from domain.speech import Transcript
from pipeline.commands.run import print_outcome
from pipeline.exit_codes import of_outcomes
from pipeline.highlights_file import read_highlights
from pipeline.inputs.session_source import SessionSource
from pipeline.inputs.sessions import find_sessions
from pipeline.job import Setup, run_sources
from pipeline.progress_display import display
from pipeline.quality.measures import Prediction, predictions_of
from pipeline.quality.rivals import exact_names, pushes
from pipeline.quality.scorecard import render_text, score_card, to_json
from pipeline.quality.truth import Truth, on_replay, read_truth
from pipeline.results import INDEX_FILE, artefacts_behind
from pipeline.runner import Outcome
from pipeline.store import Ref, Store

T = TypeVar("T")
TRUTH = "truth.json"
Found = dict[str, Sequence[Prediction]]


def quality_command(shows: Sequence[Path], setup: Setup, rivals: bool, as_json: bool) -> int:
    """Run what is not done, compare everything with its truth, print the card; returns the exit code of the runs."""
    sources = find_sessions(shows)
    truths = {source.id: _truth_of(source) for source in sources}
    with display(len(sources)) as watcher:
        outcomes = run_sources(sources, setup, watcher)
    for outcome in outcomes:
        if outcome.failures:
            print_outcome(outcome)
    done = [outcome for outcome in outcomes if outcome.folder is not None]
    if done:
        _print_card(done, truths, setup, rivals=rivals, as_json=as_json)
    return of_outcomes(outcomes)


def _truth_of(source: SessionSource) -> Truth:
    if source.folder is None:
        raise TruthError(source.where, "is no session folder", "name folders that hold a truth.json")
    return read_truth(source.folder / TRUTH)


def _print_card(
    done: Sequence[Outcome], truths: dict[str, Truth], setup: Setup, *, rivals: bool, as_json: bool
) -> None:
    shows = [_Done(Store(setup.store_root), outcome) for outcome in done]
    placed = {show.id: on_replay(truths[show.id], show.timeline) for show in shows}
    methods: dict[str, Found] = {"kandian": {show.id: show.predictions() for show in shows}}
    if rivals:
        methods["pushes"] = {show.id: show.pushes() for show in shows}
        methods["exact names"] = {show.id: show.exact_names() for show in shows}
    card = score_card(placed, methods)
    sys.stdout.write((to_json(card) if as_json else render_text(card)).rstrip() + "\n")


class _Done:
    """A delivered show, and the artefacts that it was made from."""

    def __init__(self, store: Store, outcome: Outcome) -> None:
        if outcome.folder is None:
            raise ValueError(f"{outcome.session_id} was not delivered")
        self.id = outcome.session_id
        self._store = store
        self._folder = outcome.folder
        self._keys = artefacts_behind(outcome.folder) or {}
        self.timeline = self._load(Timeline)

    def predictions(self) -> tuple[Prediction, ...]:
        return predictions_of(read_highlights(self._folder / INDEX_FILE))

    def pushes(self) -> tuple[Prediction, ...]:
        return pushes(self._load(EventLog), self.timeline, self._load(Session).started_at)

    def exact_names(self) -> tuple[Prediction, ...]:
        return exact_names(self._load(Transcript), self._load(Catalog))

    def _load(self, kind: type[T]) -> T:
        artefact: T = self._store.load(Ref(self.id, kind, self._keys[kind.__name__]))
        return artefact
