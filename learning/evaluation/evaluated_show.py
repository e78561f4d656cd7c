"""A delivered show with truth: its evidence, its predictions, and those of baselines and ablations."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from domain.catalog import Catalog
from domain.clock import Timeline
from domain.evidence import EventLog, Mentions, ProductScores
from domain.highlight import Takes
from domain.session import Session
from domain.speech import Captions, Transcript
from domain.vision import Sightings
from learning.evaluation.ablations import Ablation, Rerun, recompute, takes_with_ablation
from learning.evaluation.baselines import predict_from_exact_names, predict_from_pushes, predict_from_substrings
from learning.evaluation.discourse_auc import DiscourseAuc, measure_discourse
from learning.evaluation.gold_show import GoldShow, product_events
from learning.evaluation.ground_truth import GroundTruth, to_replay_clock
from learning.evaluation.metrics import Predictions, predictions_from_file, predictions_from_takes
from learning.evaluation.wrong_catalog import WrongCatalog, WrongCatalogDots, count_dots
from pipeline.engine.stage import Stage
from pipeline.engine.store import ArtefactRef, Store
from pipeline.flow import select_stages
from pipeline.outputs.highlights_file import read_highlights, read_takes
from pipeline.outputs.layout import INDEX_FILE, TAKES_FILE
from pipeline.outputs.results_folder import delivered_artefacts
from pipeline.runner import Outcome
from pipeline.stages.highlights.align_events import AlignEvents
from pipeline.stages.highlights.classify_discourse import ClassifyDiscourse
from pipeline.stages.highlights.score_products import ScoreProducts
from pipeline.stages.highlights.segment_takes import SegmentTakes

T = TypeVar("T")
LEARNED_STAGES = (ClassifyDiscourse, AlignEvents, ScoreProducts, SegmentTakes)
"""The stages whose `model` is a weights bundle."""


class EvaluatedShow:
    """A delivered show with truth, and the artefacts of its results, which stay unchanged.

    `truth` is on the recording clock. Raises ValueError for an outcome without results.
    """

    def __init__(self, store: Store, outcome: Outcome, truth: GroundTruth) -> None:
        if outcome.folder is None:
            raise ValueError(f"{outcome.session_id} was not delivered")
        self.id = outcome.session_id
        self._store = store
        self._folder = outcome.folder
        self._keys = delivered_artefacts(outcome.folder) or {}
        self._truth = truth

    def gold_show(self) -> GoldShow:
        """Its truth and all evidence, on the replay clock."""
        timeline = self._load(Timeline)
        return GoldShow(
            truth=to_replay_clock(self._truth, timeline),
            catalog=self._load(Catalog),
            transcript=self._load(Transcript),
            mentions=self._load(Mentions),
            events=product_events(self._load(EventLog), timeline, self._load(Session).started_at),
            sightings=self._load(Sightings) if Sightings.__name__ in self._keys else Sightings(()),
        )

    def predictions(self) -> Predictions:
        """Those in highlights.json, with the reasons in takes.json."""
        return predictions_from_file(read_highlights(self._folder / INDEX_FILE), read_takes(self._folder / TAKES_FILE))

    def predictions_with_ablation(
        self, ablation: Ablation, stages: Sequence[Stage], weights_folder: Path | None = None
    ) -> Predictions:
        """What `stages`, with the settings of the run, predict under `ablation`.

        `weights_folder`: a weights bundle to use instead of their own.
        """
        flow, changed_stages = self._flow(stages, weights_folder)
        return predictions_from_takes(takes_with_ablation(ablation, flow, self._load, changed_stages))

    def discourse_auc(self, stages: Sequence[Stage], weights_folder: Path | None = None) -> DiscourseAuc:
        """How well the talk of explanations and of their starts is known. The weights are chosen as above."""
        scores: ProductScores = recompute(ProductScores, Rerun(*self._flow(stages, weights_folder)), self._load)
        return measure_discourse(scores, to_replay_clock(self._truth, self._load(Timeline)))

    def dots_with_wrong_catalog(
        self, wrong: WrongCatalog, stages: Sequence[Stage], weights_folder: Path | None = None
    ) -> WrongCatalogDots:
        """What the show gets with a catalogue of which nothing is shown. The weights are chosen as above.

        Names are not rescored: that would need the recogniser. Raises UsageError if the catalogue is a right one.
        """
        wrong.check_differs(self._load(Catalog), self.id, self._truth)
        flow, changed_stages = self._flow(stages, weights_folder, is_rescored=False)
        rerun = Rerun(flow, changed_stages, wrong.inputs(self._load(EventLog)))
        return count_dots(recompute(Takes, rerun, self._load), self.id, self._load(Timeline).duration)

    def _flow(
        self, stages: Sequence[Stage], weights_folder: Path | None, *, is_rescored: bool = True
    ) -> tuple[tuple[Stage, ...], tuple[Stage, ...]]:
        """The stages of the show, and those of them that have the weights in `weights_folder` instead of their own."""
        flow = select_stages(stages, has_captions=not is_rescored or Captions.__name__ in self._keys)
        if weights_folder is None:
            return flow, ()
        retrained_stages = tuple(
            replace(each, model=str(weights_folder)) if isinstance(each, LEARNED_STAGES) else each for each in flow
        )
        return retrained_stages, tuple(each for each in retrained_stages if isinstance(each, LEARNED_STAGES))

    def push_baseline(self) -> Predictions:
        """What the baseline of pushes predicts."""
        return Predictions(
            predict_from_pushes(self._load(EventLog), self._load(Timeline), self._load(Session).started_at)
        )

    def exact_name_baseline(self) -> Predictions:
        """What the baseline of exact names predicts."""
        return Predictions(predict_from_exact_names(self._load(Transcript), self._load(Catalog)))

    def substring_baseline(self) -> Predictions:
        """What the baseline of names as substrings predicts."""
        return Predictions(predict_from_substrings(self._load(Transcript), self._load(Catalog)))

    def _load(self, kind: type[T]) -> T:
        artefact: T = self._store.load(ArtefactRef(self.id, kind, self._keys[kind.__name__]))
        return artefact
