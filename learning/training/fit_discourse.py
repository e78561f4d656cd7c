"""Fits the discourse models: logistic regressions over hashed n-grams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.evidence import DISCOURSE_ROLES, DiscourseClassification
from learning.training.training_shows import TrainingShow
from models.segmentation.discourse_classifier import HASH_BUCKETS, DiscourseModel

MAX_ROLE_ITERATIONS = 30  # more iterations change almost nothing
SEED = 7
UNSEEN_ROLE_BIAS = -20.0  # bias of a role that no show has


@dataclass(frozen=True, slots=True)
class DiscourseFitSettings:
    """`edge_inverse_regularization`, `role_inverse_regularization`: inverse of the ridge penalty (scikit-learn's C)."""

    edge_inverse_regularization: float = 0.5
    role_inverse_regularization: float = 0.5


def fit_discourse(shows: Sequence[TrainingShow], settings: DiscourseFitSettings) -> DiscourseModel:
    """The model of one language. All `shows` are in it."""
    from scipy.sparse import vstack

    all_features = vstack([show.features for show in shows]).tocsr()
    used_buckets = np.unique(all_features.indices)
    features = all_features[:, used_buckets]  # other buckets would get no weight
    weights = np.concatenate([np.full(len(show.units), show.weight) for show in shows])
    role_model = _fit_role_regression(features, np.concatenate([show.roles for show in shows]), weights, settings)
    edge_models = [
        _fit_edge_regression(features, np.concatenate(labels_by_show), weights, settings)
        for labels_by_show in ([show.opening_labels for show in shows], [show.closing_labels for show in shows])
    ]
    role_weights, edge_weights = np.zeros((HASH_BUCKETS, len(DISCOURSE_ROLES))), np.zeros((2, HASH_BUCKETS))
    role_biases = np.full(len(DISCOURSE_ROLES), UNSEEN_ROLE_BIAS)
    role_weights[np.ix_(used_buckets, role_model.classes_)] = role_model.coef_.T
    role_biases[role_model.classes_] = role_model.intercept_
    edge_weights[:, used_buckets] = np.concatenate([edge.coef_ for edge in edge_models])
    biases = np.array([edge.intercept_[0] for edge in edge_models])
    return DiscourseModel(role_weights, role_biases, edge_weights[0], edge_weights[1], biases)


def _fit_role_regression(features: Any, roles: Any, weights: Any, settings: DiscourseFitSettings) -> Any:
    from warnings import catch_warnings, simplefilter

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=settings.role_inverse_regularization, max_iter=MAX_ROLE_ITERATIONS, tol=1e-3)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)  # it is stopped early on purpose
        return model.fit(features, roles, sample_weight=weights)


def _fit_edge_regression(features: Any, edges: Any, weights: Any, settings: DiscourseFitSettings) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=settings.edge_inverse_regularization, solver="liblinear", random_state=SEED)
    return model.fit(features, edges, sample_weight=weights)


def out_of_fold_discourse(
    shows: Sequence[TrainingShow], settings: DiscourseFitSettings
) -> Mapping[str, DiscourseClassification]:
    """The discourse of each show's units, by its name, from a model that was fitted on the other groups of its
    language.

    The fits on top of it must see errors as they occur on unseen shows.
    """
    discourse_by_show: dict[str, DiscourseClassification] = {}
    for language in sorted({show.transcript.language for show in shows}):
        same_language_shows = [show for show in shows if show.transcript.language == language]
        for group in sorted({show.group for show in same_language_shows}):
            teachers = [show for show in same_language_shows if show.teaches_discourse]
            other_group_teachers = [show for show in teachers if show.group != group]
            model = fit_discourse(other_group_teachers or teachers, settings)
            for show in same_language_shows:
                if show.group == group:
                    discourse_by_show[show.name] = model.classify([show.features], show.units)
    return discourse_by_show
