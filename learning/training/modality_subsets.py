"""Lessons with less at hand than they have: each kind of evidence is learned by shows that lack the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from domain.evidence import DiscourseClassification, EventFeatures, ProductScores, UnitFeatures
from learning.training.training_shows import TrainingShow
from models.segmentation.event_alignment import TimedEvent
from models.segmentation.event_features import build_event_features, empty_event_features
from models.segmentation.features import SpeechEvidence, build_unit_features
from models.segmentation.prior_posteriors import posteriors_without_log
from models.segmentation.scorer import Modalities, ScoreWeights, score_products
from models.segmentation.weights_bundle import WeightsBundle

WeightsByModality = Mapping[Modalities, ScoreWeights]


@dataclass(frozen=True, eq=False)
class ShowEvidence:
    """A lesson and its evidence."""

    show: TrainingShow
    evidence: UnitFeatures


def evidence_by_modality(
    shows: Iterable[TrainingShow], discourse_by_show: Mapping[str, DiscourseClassification]
) -> dict[Modalities, list[ShowEvidence]]:
    """The lessons with no more at hand than each kind says, of those that have so much. `discourse_by_show`: by
    names of lessons.
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
    """The lesson's evidence, given what its units do."""
    return build_unit_features(SpeechEvidence(show.units, discourse, show.mentions), show.sightings, show.catalog)


def aligned_event_features(show_evidence: ShowEvidence, weights: WeightsByModality) -> EventFeatures:
    """What the room's log says, once it is aligned by weights that were learned without one."""
    column_of = {product_id: i for i, product_id in enumerate(show_evidence.evidence.product_ids)}
    events = [
        TimedEvent(e.type, e.time, column_of[e.product_id])
        for e in show_evidence.show.events
        if e.product_id in column_of
    ]
    if not events:
        return empty_event_features(*show_evidence.evidence.identity.shape[:2])
    return build_event_features(events, posteriors_without_log(show_evidence.evidence, weights))


def score_show(show: TrainingShow, models: WeightsBundle) -> ProductScores:
    """The lesson as the models score it, as a run would."""
    discourse = models.discourse[show.transcript.language].classify([show.features], show.units)
    show_evidence = ShowEvidence(show, build_show_evidence(show, discourse))
    return score_products(show_evidence.evidence, aligned_event_features(show_evidence, models.scores), models.scores)
