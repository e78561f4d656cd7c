"""`kandian quality`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import TruthError, UsageError
from kandian.cli.exit_codes import of_outcomes
from kandian.commands.run import print_outcome
from kandian.terminal.progress import display
from learning.evaluation.ablations import SHIFTED, Ablation, ladder_of
from learning.evaluation.evaluated_show import DeliveredShow
from learning.evaluation.ground_truth import Truth, read_truth
from learning.evaluation.metrics import Found
from learning.evaluation.scorecard import MethodsFound, score_card, to_json
from learning.evaluation.text_report import render_text
from learning.report.page import page_of
from pipeline.engine.stage import Stage
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import SessionSource
from pipeline.run import Setup, run_sources
from pipeline.settings import stages_from

TRUTH = "truth.json"
OURS = "kandian"
WHOLE = Ablation("everything", ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the card is to say besides kandian's own scores, and how it is given out.

    `held_out`: a folder with learned weights for each show, by its id, that have not seen it.
    """

    rivals: bool = False
    ablations: bool = False
    as_json: bool = False
    html: Path | None = None
    held_out: Path | None = None
    shifts: bool = False

    def __post_init__(self) -> None:
        if self.html and self.html.is_dir():
            raise UsageError("--html", f"{self.html} is a folder", "name a file to write")


def quality_command(shows: Sequence[Path], setup: Setup, wanted: Wanted) -> int:
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
        store = Store(setup.store_root)
        _give_out([DeliveredShow(store, outcome, truths[outcome.session_id]) for outcome in done], setup, wanted)
    return of_outcomes(outcomes)


def _truth_of(source: SessionSource) -> Truth:
    if source.folder is None:
        raise TruthError(source.where, "is no session folder", "name folders that hold a truth.json")
    return read_truth(source.folder / TRUTH)


def _give_out(shows: Sequence[DeliveredShow], setup: Setup, wanted: Wanted) -> None:
    gold = {show.id: show.gold() for show in shows}
    stages = stages_from(setup.settings)
    ours = _ours(shows, stages, wanted)
    rivals = _rivals(shows) if wanted.rivals else {}
    ablations = _ablations(shows, stages, wanted)
    card = score_card(gold, {OURS: ours} | rivals, ablations)
    if wanted.html:
        _write(wanted.html, page_of(card, gold, ours))
    sys.stdout.write((to_json(card) if wanted.as_json else render_text(card)).rstrip() + "\n")


def _ours(shows: Sequence[DeliveredShow], stages: Sequence[Stage], wanted: Wanted) -> dict[str, Found]:
    """What was delivered or, by weights that have not seen the show, would have been."""
    if wanted.held_out is None:
        return {show.id: show.found() for show in shows}
    return {show.id: show.found_under(WHOLE, stages, _model(show, wanted)) for show in shows}


def _model(show: DeliveredShow, wanted: Wanted) -> Path | None:
    if wanted.held_out is None:
        return None
    folder = wanted.held_out / show.id
    if not folder.is_dir():
        remedy = "make it by `kandian train SHOWS --leave-one-out`"
        raise UsageError("--held-out", f"{wanted.held_out} has no weights for {show.id}", remedy)
    return folder


def _rivals(shows: Sequence[DeliveredShow]) -> dict[str, Mapping[str, Found]]:
    return {
        "pushes": {show.id: show.pushes() for show in shows},
        "exact names": {show.id: show.exact_names() for show in shows},
    }


def _ablations(shows: Sequence[DeliveredShow], stages: Sequence[Stage], wanted: Wanted) -> MethodsFound:
    steps = (*(ladder_of(stages) if wanted.ablations else ()), *(SHIFTED if wanted.shifts else ()))
    return {
        step.name: {show.id: show.found_under(step, stages, _model(show, wanted)) for show in shows} for step in steps
    }


def _write(file: Path, page: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError("--html", f"{file} cannot be written ({error.strerror})", "name another file") from error
