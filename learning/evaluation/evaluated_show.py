"""A delivered show with truth: what was found in it, what would have been found, and what was at hand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from domain.catalog import Catalog
from domain.clock import Timeline
from domain.evidence import EventLog, Mentions
from domain.session import Session
from domain.speech import Captions, Transcript
from domain.vision import Sightings
from learning.evaluation.ablations import Ablation, takes_under
from learning.evaluation.baselines import exact_names, pushes
from learning.evaluation.gold_show import GoldShow, placed_events
from learning.evaluation.ground_truth import Truth, on_replay
from learning.evaluation.metrics import Found, found_by, found_in
from pipeline.engine.stage import Stage
from pipeline.engine.store import Ref, Store
from pipeline.flow import flow_of
from pipeline.outputs.highlights_file import read_highlights
from pipeline.outputs.results_folder import INDEX_FILE, artefacts_behind
from pipeline.runner import Outcome
from pipeline.stages.highlights.align_events import AlignRoom
from pipeline.stages.highlights.classify_discourse import ReadDiscourse
from pipeline.stages.highlights.score_products import ScoreProducts
from pipeline.stages.highlights.segment_takes import CutTakes

T = TypeVar("T")
LEARNED = (ReadDiscourse, AlignRoom, ScoreProducts, CutTakes)
"""The stages whose `model` is a folder of what was learned about shows."""


class DeliveredShow:
    """A delivered show with truth, and the artefacts that its results were made from. Nothing of it is changed.

    `truth` is on the recording clock. Raises ValueError for an outcome without results.
    """

    def __init__(self, store: Store, outcome: Outcome, truth: Truth) -> None:
        if outcome.folder is None:
            raise ValueError(f"{outcome.session_id} was not delivered")
        self.id = outcome.session_id
        self._store = store
        self._folder = outcome.folder
        self._keys = artefacts_behind(outcome.folder) or {}
        self._truth = truth

    def gold(self) -> GoldShow:
        """Its truth, on the replay clock, and all that was at hand."""
        timeline = self._load(Timeline)
        return GoldShow(
            truth=on_replay(self._truth, timeline),
            catalog=self._load(Catalog),
            transcript=self._load(Transcript),
            mentions=self._load(Mentions),
            events=placed_events(self._load(EventLog), timeline, self._load(Session).started_at),
            sightings=self._load(Sightings) if Sightings.__name__ in self._keys else Sightings(()),
        )

    def found(self) -> Found:
        """What highlights.json says."""
        return found_in(read_highlights(self._folder / INDEX_FILE))

    def found_under(self, ablation: Ablation, stages: Sequence[Stage], model: Path | None = None) -> Found:
        """What `stages`, with the settings that it was made with, would have found under `ablation`.

        `model`: a folder of learned weights that they are to use instead of their own.
        """
        flow = flow_of(stages, has_captions=Captions.__name__ in self._keys)
        if model is None:
            return found_by(takes_under(ablation, flow, self._load))
        taught = tuple(replace(each, model=str(model)) if isinstance(each, LEARNED) else each for each in flow)
        changed = tuple(each for each in taught if isinstance(each, LEARNED))
        return found_by(takes_under(ablation, taught, self._load, changed))

    def pushes(self) -> Found:
        """What the rival that follows pushes finds."""
        return Found(pushes(self._load(EventLog), self._load(Timeline), self._load(Session).started_at))

    def exact_names(self) -> Found:
        """What the rival that looks for names letter by letter finds."""
        return Found(exact_names(self._load(Transcript), self._load(Catalog)))

    def _load(self, kind: type[T]) -> T:
        artefact: T = self._store.load(Ref(self.id, kind, self._keys[kind.__name__]))
        return artefact
