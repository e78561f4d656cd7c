"""Fits all models from training shows: discourse, evidence weights, bundles and confidence.

The base fit uses the shows that stay the same; `train` adds others to it. So leave-one-out training over a few shows
costs little more than one training.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from domain.evidence import DiscourseClassification
from domain.session import Language
from learning.training.fit_confidence import (
    BundleWeights,
    LabelledCandidate,
    fit_bundle_weights,
    fit_confidence,
    is_correct,
)
from learning.training.fit_discourse import DiscourseFitSettings, fit_discourse, out_of_fold_discourse
from learning.training.fit_scores import ScoreFitSettings, TrainingExample, build_example, fit_scores
from learning.training.folds import split_into_folds
from learning.training.modality_subsets import (
    ScoredShow,
    ShowEvidence,
    WeightsByModality,
    aligned_event_features,
    evidence_by_modality,
    score_evidence,
)
from learning.training.training_shows import TrainingShow
from models.segmentation.discourse_classifier import DiscourseModel
from models.segmentation.scorer import Modalities, ScoreWeights, combine_features
from models.segmentation.segmenter import SegmentationSettings, candidate_takes
from models.segmentation.weights_bundle import WeightsBundle

ReportStep = Callable[[str], None]
ExamplesByModality = Mapping[Modalities, Sequence[TrainingExample]]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """The regularisation of each fit, and the segmentation of the takes that confidence is fitted on."""

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
    weights: WeightsByModality
    examples: ExamplesByModality
    scored_shows: tuple[ScoredShow, ...]


def fit_base(shows: Sequence[TrainingShow], settings: TrainSettings, report_step: ReportStep) -> BaseFit:
    """The base fit. The same shows in the same order give the same bits."""
    report_step("how hosts talk")
    evidence = evidence_by_modality(shows, out_of_fold_discourse(shows, settings.discourse))
    report_step("what evidence is worth")
    weights, examples = _fit_by_modality(evidence, settings)
    scored_shows: list[ScoredShow] = []
    for fold_number, fold in enumerate(folds := split_into_folds(shows), 1):
        report_step(f"what it is worth to shows of others ({fold_number} of {len(folds)})")
        fold_names = {show.name for show in fold}
        other_examples = {kind: _examples_without(evidence[kind], examples[kind], fold_names) for kind in evidence}
        fold_weights = (
            _refit_by_modality(other_examples, settings) if len(folds) > 1 else weights
        )  # a single show has no other weights
        scored_shows += _score_shows(_evidence_of_shows(evidence, fold_names), fold_weights)
    return BaseFit(tuple(shows), _fit_discourse_models(shows, settings), weights, examples, tuple(scored_shows))


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
        evidence = evidence_by_modality(extra_shows, discourse_by_show)
        scored_shows += _score_shows(evidence, weights)
        discourse_models = _fit_discourse_models((*base_fit.shows, *extra_shows), settings)
        report_step("what evidence is worth, with recorded shows")
        weights = _extend_base_fit(base_fit, evidence, settings)
    report_step("how sure takes are")
    bundle_weights = fit_bundle_weights(scored_shows)
    return WeightsBundle(
        discourse_models,
        weights,
        fit_confidence(_labelled_candidates(scored_shows, bundle_weights, settings), bundle_weights),
    )


def _fit_by_modality(
    evidence: Mapping[Modalities, Sequence[ShowEvidence]], settings: TrainSettings
) -> tuple[WeightsByModality, ExamplesByModality]:
    """Weights for each modality, each warm-started from those of a smaller one, which also align the event logs."""
    weights: dict[Modalities, ScoreWeights] = {}
    examples: dict[Modalities, list[TrainingExample]] = {}
    for modality in get_args(Modalities):
        examples[modality] = [_build_show_example(each, weights) for each in evidence[modality]]
        weights[modality] = fit_scores(examples[modality], settings.scores, _warm_start(modality, weights))
    return weights, examples


def _refit_by_modality(examples: ExamplesByModality, settings: TrainSettings) -> WeightsByModality:
    weights: dict[Modalities, ScoreWeights] = {}
    for modality in get_args(Modalities):
        weights[modality] = fit_scores(examples[modality], settings.scores, _warm_start(modality, weights))
    return weights


def _extend_base_fit(
    base_fit: BaseFit, evidence: Mapping[Modalities, Sequence[ShowEvidence]], settings: TrainSettings
) -> WeightsByModality:
    """The weights of the base fit, refitted with further shows."""
    weights: dict[Modalities, ScoreWeights] = {}
    for modality in get_args(Modalities):
        examples = [
            *base_fit.examples[modality],
            *(_build_show_example(each, base_fit.weights) for each in evidence[modality]),
        ]
        weights[modality] = fit_scores(examples, settings.scores, base_fit.weights[modality])
    return weights


def _warm_start(modality: Modalities, weights: WeightsByModality) -> ScoreWeights | None:
    return weights.get("pictures" if modality == "all" else "speech")


def _build_show_example(show_evidence: ShowEvidence, weights: WeightsByModality) -> TrainingExample:
    return build_example(
        show_evidence.show,
        show_evidence.evidence,
        combine_features(show_evidence.evidence, aligned_event_features(show_evidence, weights)),
    )


def _examples_without(
    show_evidence: Sequence[ShowEvidence], examples: Sequence[TrainingExample], excluded_names: set[str]
) -> list[TrainingExample]:
    return [
        example for each, example in zip(show_evidence, examples, strict=True) if each.show.name not in excluded_names
    ]


def _evidence_of_shows(
    evidence: Mapping[Modalities, Sequence[ShowEvidence]], show_names: set[str]
) -> dict[Modalities, list[ShowEvidence]]:
    return {modality: [each for each in shows if each.show.name in show_names] for modality, shows in evidence.items()}


def _score_shows(
    evidence: Mapping[Modalities, Sequence[ShowEvidence]], weights: WeightsByModality
) -> Iterable[ScoredShow]:
    for modality_evidence in evidence.values():
        for show_evidence in modality_evidence:
            yield score_evidence(show_evidence, weights)


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
    languages = sorted({show.transcript.language for show in shows})
    shows_by_language = {code: [show for show in shows if show.transcript.language == code] for code in languages}
    return {code: fit_discourse(shows_by_language[code], settings.discourse) for code in languages}


def _labelled_candidates(
    scored_shows: Sequence[ScoredShow], bundle_weights: BundleWeights, settings: TrainSettings
) -> list[LabelledCandidate]:
    bundle_only_model = fit_confidence([], bundle_weights)  # bundles only: decoding needs no confidence
    return [
        LabelledCandidate(candidate.features, is_correct(candidate, each.scores, each.show.truth), each.show.weight)
        for each in scored_shows
        for candidate in candidate_takes(each.scores, bundle_only_model, settings.segmentation)
    ]
