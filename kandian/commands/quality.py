"""`kandian quality`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import TruthError, UsageError
from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.commands.run import print_outcome
from kandian.terminal.progress import show_progress
from learning.evaluation.ablations import SHIFTED_LOG_ABLATIONS, Ablation, applicable_ablations
from learning.evaluation.evaluated_show import EvaluatedShow
from learning.evaluation.ground_truth import GroundTruth, read_ground_truth
from learning.evaluation.metrics import Predictions
from learning.evaluation.scorecard import MethodPredictions, build_score_card, to_json
from learning.evaluation.scorecard_file import update_score_card_file
from learning.evaluation.text_report import render_score_card
from learning.report.page import render_page
from pipeline.engine.stage import Stage
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import SessionSource
from pipeline.run import RunConfig, run_sources
from pipeline.settings import load_stages

TRUTH_FILE = "truth.json"
SYSTEM_NAME = "kandian"
FULL_SYSTEM = Ablation("everything", ())


@dataclass(frozen=True, slots=True)
class QualityOptions:
    """What the card is to say besides kandian's own scores, and how it is given out.

    `held_out_dir`: a folder with learned weights for each show, by its id, that have not seen it.
    """

    baselines: bool = False
    ablations: bool = False
    as_json: bool = False
    html_file: Path | None = None
    held_out_dir: Path | None = None
    event_shifts: bool = False
    scorecard_file: Path | None = None

    def __post_init__(self) -> None:
        if self.html_file and self.html_file.is_dir():
            raise UsageError("--html", f"{self.html_file} is a folder", "name a file to write")


def quality_command(shows: Sequence[Path], setup: RunConfig, options: QualityOptions) -> int:
    """Run what is not done, compare everything with its truth, print the card; returns the exit code of the runs."""
    sources = find_sessions(shows)
    truths = {source.id: _read_source_truth(source) for source in sources}
    with show_progress(len(sources)) as observer:
        outcomes = run_sources(sources, setup, observer)
    for outcome in outcomes:
        if outcome.failures:
            print_outcome(outcome)
    delivered = [outcome for outcome in outcomes if outcome.folder is not None]
    if delivered:
        store = Store(setup.store_root)
        _print_score_card(
            [EvaluatedShow(store, outcome, truths[outcome.session_id]) for outcome in delivered], setup, options
        )
    return exit_code_of_outcomes(outcomes)


def _read_source_truth(source: SessionSource) -> GroundTruth:
    if source.folder is None:
        raise TruthError(source.where, "is no session folder", "name folders that hold a truth.json")
    return read_ground_truth(source.folder / TRUTH_FILE)


def _print_score_card(shows: Sequence[EvaluatedShow], setup: RunConfig, options: QualityOptions) -> None:
    gold = {show.id: show.gold_show() for show in shows}
    stages = load_stages(setup.settings)
    predictions = _system_predictions(shows, stages, options)
    baselines = _baseline_predictions(shows) if options.baselines else {}
    ablations = _ablation_predictions(shows, stages, options)
    card = build_score_card(gold, {SYSTEM_NAME: predictions} | baselines, ablations)
    if options.html_file:
        _write_page(options.html_file, render_page(card, gold, predictions))
    if options.scorecard_file:
        update_score_card_file(options.scorecard_file, card)
    sys.stdout.write((to_json(card) if options.as_json else render_score_card(card)).rstrip() + "\n")


def _system_predictions(
    shows: Sequence[EvaluatedShow], stages: Sequence[Stage], options: QualityOptions
) -> dict[str, Predictions]:
    """What was delivered or, by weights that have not seen the show, would have been."""
    if options.held_out_dir is None:
        return {show.id: show.predictions() for show in shows}
    return {
        show.id: show.predictions_with_ablation(FULL_SYSTEM, stages, _held_out_weights(show, options)) for show in shows
    }


def _held_out_weights(show: EvaluatedShow, options: QualityOptions) -> Path | None:
    if options.held_out_dir is None:
        return None
    folder = options.held_out_dir / show.id
    if not folder.is_dir():
        remedy = "make it by `kandian train SHOWS --leave-one-out`"
        raise UsageError("--held-out", f"{options.held_out_dir} has no weights for {show.id}", remedy)
    return folder


def _baseline_predictions(shows: Sequence[EvaluatedShow]) -> dict[str, Mapping[str, Predictions]]:
    return {
        "pushes": {show.id: show.push_baseline() for show in shows},
        "exact names": {show.id: show.exact_name_baseline() for show in shows},
    }


def _ablation_predictions(
    shows: Sequence[EvaluatedShow], stages: Sequence[Stage], options: QualityOptions
) -> MethodPredictions:
    steps = (
        *(applicable_ablations(stages) if options.ablations else ()),
        *(SHIFTED_LOG_ABLATIONS if options.event_shifts else ()),
    )
    return {
        step.name: {
            show.id: show.predictions_with_ablation(step, stages, _held_out_weights(show, options)) for show in shows
        }
        for step in steps
    }


def _write_page(file: Path, page: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError("--html", f"{file} cannot be written ({error.strerror})", "name another file") from error
