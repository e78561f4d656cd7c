"""`kandian quality`: score highlights against ground truth."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import TruthError, UsageError
from kandian.cli.app import app, with_exit_code
from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.cli.options import AsJson, OutDir, SettingsFile, StoreDir, WorkerCount
from kandian.cli.run import print_outcomes, run_with_progress

if TYPE_CHECKING:
    from learning.evaluation.ablations import Ablation
    from learning.evaluation.discourse_auc import DiscourseScores
    from learning.evaluation.evaluated_show import EvaluatedShow
    from learning.evaluation.gold_show import GoldShow
    from learning.evaluation.ground_truth import GroundTruth
    from learning.evaluation.metrics import Predictions
    from learning.evaluation.scorecard import ScoreCard
    from learning.evaluation.wrong_catalog import WrongCatalog, WrongCatalogScores
    from pipeline.engine.stage import Stage
    from pipeline.inputs.session_source import SessionSource
    from pipeline.run import RunConfig
    from pipeline.runner import Outcome

TRUTH_FILE = "truth.json"
SYSTEM_NAME = "kandian"


TruthShows = Annotated[list[Path], typer.Argument(metavar="SESSION...", help="Session folders that hold a truth.json.")]
Rivals = Annotated[bool, typer.Option("--rivals", help="Score three simple rivals beside kandian.")]
Ablations = Annotated[
    bool, typer.Option("--ablations", help="Score kandian with speech only, then with one kind of input more each.")
]
Shifts = Annotated[
    bool, typer.Option("--shifts", help="Score kandian with the room's log 30, 60 and 90 s early and late.")
]
WrongCatalogFile = Annotated[
    Path | None,
    typer.Option(
        "--wrong-catalog", metavar="FILE", help="Count the dots with this catalogue, which is of other shows."
    ),
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page that shows what went wrong where.")
]
ScoreCardFile = Annotated[
    Path | None,
    typer.Option("--scorecard", metavar="FILE", help="Write the tables between the comments of a Markdown page."),
]
HeldOutDir = Annotated[
    Path | None,
    typer.Option("--held-out", metavar="DIR", help="Judge each show by weights that have not seen it: DIR/SHOW."),
]


@app.command()
@with_exit_code
def quality(
    shows: TruthShows,
    out: OutDir = Path("out"),
    store: StoreDir = None,
    workers: WorkerCount = None,
    settings: SettingsFile = None,
    baselines: Rivals = False,
    ablations: Ablations = False,
    event_shifts: Shifts = False,
    wrong_catalog: WrongCatalogFile = None,
    html: HtmlFile = None,
    held_out: HeldOutDir = None,
    scorecard: ScoreCardFile = None,
    as_json: AsJson = False,
) -> int:
    """Run shows with truth, as far as they are not done, and print the score card."""
    from learning.evaluation.scorecard import to_json
    from learning.evaluation.wrong_catalog import read_wrong_catalog
    from learning.report.scorecard_file import update_score_card_file
    from learning.report.text_report import render_score_card
    from pipeline.run import RunConfig
    from pipeline.settings import load_stages

    config = RunConfig(out, store, workers=workers, settings=settings)
    if html and html.is_dir():
        raise UsageError("--html", f"{html} is a folder", "name a file to write")
    wrong = read_wrong_catalog(wrong_catalog) if wrong_catalog else None
    outcomes, delivered = _run_shows(shows, config)
    if delivered:
        scoring = _Scoring(delivered, load_stages(settings), held_out, wrong)
        card = scoring.score_card(baselines=baselines, ablations=ablations, event_shifts=event_shifts)
        if html:
            _write_page(html, scoring.page(card))
        if scorecard:
            update_score_card_file(scorecard, card)
        sys.stdout.write((to_json(card) if as_json else render_score_card(card)).rstrip() + "\n")
    return exit_code_of_outcomes(outcomes)


def _run_shows(shows: Sequence[Path], config: "RunConfig") -> "tuple[tuple[Outcome, ...], list[EvaluatedShow]]":
    """The outcomes of all shows, and those with results. Raises TruthError before anything runs."""
    from learning.evaluation.evaluated_show import EvaluatedShow
    from pipeline.engine.store import Store
    from pipeline.inputs.find_sessions import find_sessions

    sources = find_sessions(shows)
    truths = {source.id: _read_source_truth(source) for source in sources}
    outcomes = run_with_progress(sources, config)
    print_outcomes([outcome for outcome in outcomes if outcome.failures])
    delivered = [outcome for outcome in outcomes if outcome.folder is not None]
    return outcomes, [
        EvaluatedShow(Store(config.store_root), outcome, truths[outcome.session_id]) for outcome in delivered
    ]


def _read_source_truth(source: "SessionSource") -> "GroundTruth":
    from learning.evaluation.ground_truth import read_ground_truth

    if source.folder is None:
        raise TruthError(source.where, "is no session folder", "name folders that hold a truth.json")
    return read_ground_truth(source.folder / TRUTH_FILE)


@dataclass(frozen=True)
class _Scoring:
    """Scores of `shows`. `stages` have the settings of ablations. `held_out_dir`: a folder with weights for each show,
    by its id, that were trained without it; None to score the delivered highlights.
    `wrong_catalog`: to count dots with.
    """

    shows: "Sequence[EvaluatedShow]"
    stages: "Sequence[Stage]"
    held_out_dir: Path | None
    wrong_catalog: "WrongCatalog | None" = None

    @cached_property
    def gold(self) -> "Mapping[str, GoldShow]":
        return {show.id: show.gold_show() for show in self.shows}

    @cached_property
    def predictions(self) -> "Mapping[str, Predictions]":
        """The delivered highlights, or those by held-out weights."""
        from learning.evaluation.ablations import Ablation

        if self.held_out_dir is None:
            return {show.id: show.predictions() for show in self.shows}
        return self._predictions_with(Ablation("everything", ()))

    def score_card(self, *, baselines: bool, ablations: bool, event_shifts: bool) -> "ScoreCard":
        from learning.evaluation.ablations import SHIFTED_LOG_ABLATIONS, applicable_ablations
        from learning.evaluation.scorecard import build_score_card

        steps = (
            *(applicable_ablations(self.stages) if ablations else ()),
            *(SHIFTED_LOG_ABLATIONS if event_shifts else ()),
        )
        methods = {SYSTEM_NAME: self.predictions} | (self._baseline_predictions() if baselines else {})
        card = build_score_card(self.gold, methods, {step.name: self._predictions_with(step) for step in steps})
        return replace(card, discourse=self._discourse_scores(), wrong_catalog=self._wrong_catalog_scores())

    def page(self, card: "ScoreCard") -> str:
        from learning.report.page import render_page

        return render_page(card, self.gold, self.predictions)

    def _discourse_scores(self) -> "DiscourseScores":
        from learning.evaluation.discourse_auc import ShowDiscourseAuc, summarize_discourse

        return summarize_discourse(
            ShowDiscourseAuc(show.id, show.discourse_auc(self.stages, self._held_out_weights(show.id)))
            for show in self.shows
        )

    def _wrong_catalog_scores(self) -> "WrongCatalogScores | None":
        from learning.evaluation.wrong_catalog import summarize_dots

        if self.wrong_catalog is None:
            return None
        return summarize_dots(
            show.dots_with_wrong_catalog(self.wrong_catalog, self.stages, self._held_out_weights(show.id))
            for show in self.shows
        )

    def _baseline_predictions(self) -> "dict[str, Mapping[str, Predictions]]":
        return {
            "pushes": {show.id: show.push_baseline() for show in self.shows},
            "exact names": {show.id: show.exact_name_baseline() for show in self.shows},
            "substrings": {show.id: show.substring_baseline() for show in self.shows},
        }

    def _predictions_with(self, ablation: "Ablation") -> "Mapping[str, Predictions]":
        return {
            show.id: show.predictions_with_ablation(ablation, self.stages, self._held_out_weights(show.id))
            for show in self.shows
        }

    def _held_out_weights(self, show_id: str) -> Path | None:
        if self.held_out_dir is None:
            return None
        folder = self.held_out_dir / show_id
        if not folder.is_dir():
            remedy = "make it by `kandian train SHOWS --leave-one-out`"
            raise UsageError("--held-out", f"{self.held_out_dir} has no weights for {show_id}", remedy)
        return folder


def _write_page(file: Path, page: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError("--html", f"{file} cannot be written ({error.strerror})", "name another file") from error
