"""The evidence and scores of training shows, made by the flow's own stages, with some of it left out at random."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from domain.evidence import (
    DiscourseClassification,
    EventFeatures,
    EventLog,
    HostEvent,
    MentionKind,
    Mentions,
    ProductScores,
    UnitFeatures,
)
from domain.session import Session
from domain.vision import Sightings
from learning.evaluation.ground_truth import single_file_timeline
from learning.training.training_shows import TrainingShow
from models.evidence.unit_features import SPEECH_FEATURES
from models.segmentation.scorer import ScoreWeights, score_products
from models.segmentation.weights_bundle import WeightsBundle
from pipeline.stages.highlights.align_events import align_event_log
from pipeline.stages.highlights.build_features import BuildFeatures

LEFT_OUT_SHARES: Mapping[tuple[MentionKind, ...], float] = {
    ("link",): 0.3,
    ("price",): 0.3,
    ("attribute",): 0.15,
    ("name", "alias"): 0.15,
}
"""Of the copies of shows with evidence left out: how many lack these mentions."""
NO_DESCRIPTION_SHARE = 0.2  # of these copies that lack the likeness to descriptions
SHIFTED_DISCOURSE_SHARE = 0.25  # of these copies in which what hosts do says nothing
MIN_DISCOURSE_SHIFT = 0.25  # of the show


@dataclass(frozen=True, eq=False)
class ShowEvidence:
    """A training show and its evidence. `weight`: of this copy of the show among all."""

    show: TrainingShow
    evidence: UnitFeatures
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class ScoredShow:
    """A training show, scored by weights that were learned without it. `weight`: of this copy of the show."""

    show: TrainingShow
    scores: ProductScores
    weight: float = 1.0


def evidence_copies(
    shows: Iterable[TrainingShow], discourse_by_show: Mapping[str, DiscourseClassification]
) -> list[ShowEvidence]:
    """Each show with all its evidence, with speech alone, and with some of that left out at random; their weights add
    up to that of the show. `discourse_by_show`: by the shows' names.
    """
    return [copy for show in shows for copy in _copies(show, discourse_by_show[show.name])]


def _copies(show: TrainingShow, discourse: DiscourseClassification) -> Iterator[ShowEvidence]:
    speech_alone = replace(show, sightings=(), events=())
    whole = (speech_alone, show) if show.sightings or show.events else (speech_alone,)
    for variant in whole:
        yield ShowEvidence(variant, build_show_evidence(variant, discourse), show.weight / 2 / len(whole))
    subsets = (speech_alone, replace(show, events=()), replace(show, sightings=()), show)
    subset = subsets[crc32(show.name.encode()) % len(subsets)]
    yield replace(_leave_evidence_out(subset, discourse), weight=show.weight / 2)


def _leave_evidence_out(show: TrainingShow, discourse: DiscourseClassification) -> ShowEvidence:
    """`show` without some of its evidence. What is left out depends on its name alone."""
    rng = np.random.default_rng(crc32(f"left out of {show.name}".encode()))
    left_out = {kind for kinds, share in LEFT_OUT_SHARES.items() if rng.random() < share for kind in kinds}
    without_mentions = replace(show, mentions=tuple(each for each in show.mentions if each.kind not in left_out))
    has_no_description = rng.random() < NO_DESCRIPTION_SHARE
    is_shifted = rng.random() < SHIFTED_DISCOURSE_SHARE
    shift = round(len(show.units) * rng.uniform(MIN_DISCOURSE_SHIFT, 1 - MIN_DISCOURSE_SHIFT))
    heard = _shift_discourse(discourse, shift) if is_shifted else discourse
    evidence = build_show_evidence(without_mentions, heard)
    if has_no_description:
        identity = evidence.identity.copy()
        identity[:, :, SPEECH_FEATURES.index("description")] = 0.0
        evidence = replace(evidence, identity=identity)
    return ShowEvidence(without_mentions, evidence)


def _shift_discourse(discourse: DiscourseClassification, units: int) -> DiscourseClassification:
    """What hosts do, as late by `units` as the show goes, the end at the beginning: it says nothing any more."""
    return replace(
        discourse,
        role_probabilities=np.roll(discourse.role_probabilities, units, axis=0),
        opening_log_odds=np.roll(discourse.opening_log_odds, units),
        closing_log_odds=np.roll(discourse.closing_log_odds, units),
    )


def build_show_evidence(show: TrainingShow, discourse: DiscourseClassification) -> UnitFeatures:
    """The show's evidence, given the discourse of its units."""
    mentions, sightings = Mentions(show.mentions), Sightings(show.sightings)
    return BuildFeatures()(show.units, mentions, discourse, sightings, show.catalog)


def aligned_event_features(show_evidence: ShowEvidence, weights: ScoreWeights) -> EventFeatures:
    """The evidence of the event log, aligned by `weights` as if there were none."""
    show = show_evidence.show
    log = EventLog(tuple(HostEvent(each.type, each.time, None, each.product_id) for each in show.events))
    timeline = single_file_timeline(show.truth.duration)
    return align_event_log(show_evidence.evidence, log, timeline, Session(show.name), weights)


def score_evidence(show_evidence: ShowEvidence, weights: ScoreWeights) -> ScoredShow:
    """The show as `weights` score it."""
    event_features = aligned_event_features(show_evidence, weights)
    scores = score_products(show_evidence.evidence, event_features, weights)
    return ScoredShow(show_evidence.show, scores, show_evidence.weight)


def score_show(show: TrainingShow, models: WeightsBundle) -> ProductScores:
    """The show as a run with these models scores it."""
    discourse = models.discourse[show.transcript.language].classify([show.features], show.units)
    return score_evidence(ShowEvidence(show, build_show_evidence(show, discourse)), models.scores).scores
