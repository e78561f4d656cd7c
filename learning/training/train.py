"""Fits all models from training shows: discourse, evidence weights, bundles and confidence.

The base fit uses the shows that stay the same; `train` adds others to it. So leave-one-out training over a few shows
costs little more than one training.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.evidence import DiscourseClassification
from domain.session import Language
from learning.training.fit_confidence import fit_bundle_model, fit_confidence, label_candidates
from learning.training.fit_discourse import DiscourseFitSettings, fit_discourse, out_of_fold_discourse
from learning.training.fit_scores import ScoreFitSettings, TrainingExample, build_example, fit_scores
from learning.training.folds import split_into_folds
from learning.training.show_evidence import (
    ScoredShow,
    ShowEvidence,
    aligned_event_features,
    evidence_copies,
    score_evidence,
)
from learning.training.training_shows import TrainingShow
from learning.training.weight_priors import prior_weights
from models.segmentation.calibration import untrained_model
from models.segmentation.discourse_classifier import DiscourseModel
from models.segmentation.scorer import ScoreWeights
from models.segmentation.segmenter import SegmentationSettings, candidate_takes
from models.segmentation.weights_bundle import WeightsBundle

WRONG_BAG_SCORE_WEIGHT = 0.25  # of a wrong bag in the fit of scores: at one half, unlisted things drown listed products

ReportStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """The regularisation of each fit, and the segmentation of the takes that chances are fitted on."""

    discourse: DiscourseFitSettings = field(default_factory=DiscourseFitSettings)
    scores: ScoreFitSettings = field(default_factory=ScoreFitSettings)
    segmentation: SegmentationSettings = field(default_factory=lambda: SegmentationSettings(20.0, 8.0, 0.0, 0.0))


@dataclass(frozen=True, eq=False)
class BaseFit:
    """The fits of the shows that stay the same. `scored_shows`: these shows, scored by weights that have not
    seen them.
    """

    shows: tuple[TrainingShow, ...]
    discourse: Mapping[Language, DiscourseModel]
    weights: ScoreWeights
    examples: tuple[TrainingExample, ...]
    scored_shows: tuple[ScoredShow, ...]


def fit_base(shows: Sequence[TrainingShow], settings: TrainSettings, report_step: ReportStep) -> BaseFit:
    """The base fit. The same shows in the same order give the same bits."""
    report_step("how hosts talk")
    copies = evidence_copies(shows, out_of_fold_discourse(shows, settings.discourse))
    report_step("what evidence is worth")
    without_log = [each for each in copies if not each.show.events]
    first_weights = fit_scores([_build_show_example(each, None) for each in without_log], settings.scores)
    examples = [_build_show_example(each, first_weights) for each in copies]
    weights = fit_scores(examples, settings.scores, first_weights)
    scored_shows: list[ScoredShow] = []
    for fold_number, fold in enumerate(folds := split_into_folds(shows), 1):
        report_step(f"what it is worth to shows of others ({fold_number} of {len(folds)})")
        fold_names = {show.name for show in fold}
        others = [example for each, example in zip(copies, examples, strict=True) if each.show.name not in fold_names]
        # From the prior: begun at `weights`, the search ends early and keeps what they know of the fold.
        fold_weights = fit_scores(others, settings.scores) if len(folds) > 1 else weights
        scored_shows += [score_evidence(each, fold_weights) for each in copies if each.show.name in fold_names]
    return BaseFit(tuple(shows), _fit_discourse_models(shows, settings), weights, tuple(examples), tuple(scored_shows))


def train(
    base_fit: BaseFit, extra_shows: Sequence[TrainingShow], settings: TrainSettings, report_step: ReportStep
) -> WeightsBundle:
    """The models fitted on the shows of `base_fit` and on `extra_shows`."""
    discourse_models, weights, scored_shows = base_fit.discourse, base_fit.weights, list(base_fit.scored_shows)
    if extra_shows:
        report_step("how hosts talk, with recorded shows")
        discourse_by_show = {
            show.name: _out_of_sample_discourse(show, extra_shows, base_fit, settings) for show in extra_shows
        }
        copies = evidence_copies(extra_shows, discourse_by_show)
        scored_shows += [score_evidence(each, weights) for each in copies]
        discourse_models = _fit_discourse_models((*base_fit.shows, *extra_shows), settings)
        report_step("what evidence is worth, with recorded shows")
        examples = [*base_fit.examples, *(_build_show_example(each, base_fit.weights) for each in copies)]
        weights = fit_scores(examples, settings.scores, base_fit.weights)
    report_step("how sure takes are")
    bundle_model = fit_bundle_model(scored_shows)
    decoder_model = untrained_model(bundle_model)  # decoding needs no chances
    labelled = [
        candidate
        for each in scored_shows
        for candidate in label_candidates(candidate_takes(each.scores, decoder_model, settings.segmentation), each)
    ]
    return WeightsBundle(discourse_models, weights, fit_confidence(labelled, bundle_model))


def _build_show_example(show_evidence: ShowEvidence, weights: ScoreWeights | None) -> TrainingExample:
    """`weights` align the event log; a show without one needs none."""
    show = show_evidence.show
    weight = show_evidence.weight * (1.0 if show.truth.highlights else WRONG_BAG_SCORE_WEIGHT)
    event_features = aligned_event_features(show_evidence, weights or prior_weights())
    return build_example(show, show_evidence.evidence, event_features, weight)


def _out_of_sample_discourse(
    show: TrainingShow, extra_shows: Sequence[TrainingShow], base_fit: BaseFit, settings: TrainSettings
) -> DiscourseClassification:
    """The discourse of the show's units, by a model that has not seen it, if there is one for its language."""
    language = show.transcript.language
    model = base_fit.discourse.get(language)
    if model is None:
        same_language_shows = [other for other in extra_shows if other.transcript.language == language]
        return out_of_fold_discourse(same_language_shows, settings.discourse)[show.name]
    return model.classify([show.features], show.units)


def _fit_discourse_models(shows: Sequence[TrainingShow], settings: TrainSettings) -> dict[Language, DiscourseModel]:
    shows = [show for show in shows if show.teaches_discourse]
    languages = sorted({show.transcript.language for show in shows})
    shows_by_language = {code: [show for show in shows if show.transcript.language == code] for code in languages}
    return {code: fit_discourse(shows_by_language[code], settings.discourse) for code in languages}
