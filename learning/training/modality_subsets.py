"""Training shows by the modalities that they have, and their evidence and scores, made by the flow's own stages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from domain.evidence import (
    DiscourseClassification,
    EventFeatures,
    EventLog,
    HostEvent,
    Mentions,
    ProductScores,
    UnitFeatures,
)
from domain.session import Session
from domain.vision import Sightings
from learning.evaluation.ground_truth import single_file_timeline
from learning.training.training_shows import TrainingShow
from models.segmentation.scorer import Modalities, ScoreWeights, score_products
from models.segmentation.weights_bundle import WeightsBundle
from pipeline.stages.highlights.align_events import align_event_log
from pipeline.stages.highlights.build_features import BuildFeatures

WeightsByModality = Mapping[Modalities, ScoreWeights]


@dataclass(frozen=True, eq=False)
class ShowEvidence:
    """A training show and its evidence."""

    show: TrainingShow
    evidence: UnitFeatures


@dataclass(frozen=True, eq=False)
class ScoredShow:
    """A training show, scored by weights that were learned without it."""

    show: TrainingShow
    scores: ProductScores


def evidence_by_modality(
    shows: Iterable[TrainingShow], discourse_by_show: Mapping[str, DiscourseClassification]
) -> dict[Modalities, list[ShowEvidence]]:
    """Each show once for every modality that it has, without the evidence of the others: each kind of weights is
    learned from shows that lack what it does without. `discourse_by_show`: by the shows' names.
    """
    by_modality: dict[Modalities, list[ShowEvidence]] = {kind: [] for kind in get_args(Modalities)}
    for show in shows:
        without_sightings = replace(show, sightings=())
        speech_evidence, full_evidence = (
            build_show_evidence(each, discourse_by_show[show.name]) for each in (without_sightings, show)
        )
        by_modality["speech"].append(ShowEvidence(replace(without_sightings, events=()), speech_evidence))
        if show.sightings:
            by_modality["pictures"].append(ShowEvidence(replace(show, events=()), full_evidence))
        if show.events:
            by_modality["room"].append(ShowEvidence(without_sightings, speech_evidence))
        if show.sightings and show.events:
            by_modality["all"].append(ShowEvidence(show, full_evidence))
    return by_modality


def build_show_evidence(show: TrainingShow, discourse: DiscourseClassification) -> UnitFeatures:
    """The show's evidence, given the discourse of its units."""
    mentions, sightings = Mentions(show.mentions), Sightings(show.sightings)
    return BuildFeatures()(show.units, mentions, discourse, sightings, show.catalog)


def aligned_event_features(show_evidence: ShowEvidence, weights: WeightsByModality) -> EventFeatures:
    """The evidence of the event log, aligned by weights that were learned without one."""
    show = show_evidence.show
    log = EventLog(tuple(HostEvent(each.type, each.time, None, each.product_id) for each in show.events))
    timeline = single_file_timeline(show.truth.duration)
    return align_event_log(show_evidence.evidence, log, timeline, Session(show.name), weights)


def score_evidence(show_evidence: ShowEvidence, weights: WeightsByModality) -> ScoredShow:
    """The show as `weights` score it."""
    event_features = aligned_event_features(show_evidence, weights)
    return ScoredShow(show_evidence.show, score_products(show_evidence.evidence, event_features, weights))


def score_show(show: TrainingShow, models: WeightsBundle) -> ProductScores:
    """The show as a run with these models scores it."""
    discourse = models.discourse[show.transcript.language].classify([show.features], show.units)
    return score_evidence(ShowEvidence(show, build_show_evidence(show, discourse)), models.scores).scores
