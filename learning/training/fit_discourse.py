"""Fits what hosts do from how they talk: logistic regressions over hashed n-grams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.evidence import ROLES, Discourse
from learning.training.training_shows import Lesson
from models.segmentation.discourse_classifier import BUCKETS, DiscourseModel

ROLE_ITERATIONS = 30  # more changes next to nothing
SEED = 7
NEVER_READ = -20.0  # bias of a role that no lesson holds


@dataclass(frozen=True, slots=True)
class DiscourseFit:
    """`edge_freedom`, `role_freedom`: inverse of the ridge penalty (scikit-learn's C)."""

    edge_freedom: float = 0.5
    role_freedom: float = 0.5


def fit_discourse(lessons: Sequence[Lesson], fit: DiscourseFit) -> DiscourseModel:
    """The model of one language; `lessons` are all in it."""
    from scipy.sparse import vstack

    every = vstack([lesson.features for lesson in lessons]).tocsr()
    used = np.unique(every.indices)
    features = every[:, used]  # what no lesson says would get no weight
    weights = np.concatenate([np.full(len(lesson.units), lesson.weight) for lesson in lessons])
    roles = _role_regression(features, np.concatenate([lesson.roles for lesson in lessons]), weights, fit)
    edges = [
        _edge_regression(features, np.concatenate(of_lessons), weights, fit)
        for of_lessons in ([lesson.opens for lesson in lessons], [lesson.closes for lesson in lessons])
    ]
    role_weights, edge_weights = np.zeros((BUCKETS, len(ROLES))), np.zeros((2, BUCKETS))
    role_biases = np.full(len(ROLES), NEVER_READ)
    role_weights[np.ix_(used, roles.classes_)] = roles.coef_.T
    role_biases[roles.classes_] = roles.intercept_
    edge_weights[:, used] = np.concatenate([edge.coef_ for edge in edges])
    biases = np.array([edge.intercept_[0] for edge in edges])
    return DiscourseModel(role_weights, role_biases, edge_weights[0], edge_weights[1], biases)


def _role_regression(features: Any, roles: Any, weights: Any, fit: DiscourseFit) -> Any:
    from warnings import catch_warnings, simplefilter

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=fit.role_freedom, max_iter=ROLE_ITERATIONS, tol=1e-3)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)  # it is stopped on purpose
        return model.fit(features, roles, sample_weight=weights)


def _edge_regression(features: Any, edges: Any, weights: Any, fit: DiscourseFit) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=fit.edge_freedom, solver="liblinear", random_state=SEED)
    return model.fit(features, edges, sample_weight=weights)


def read_by_others(lessons: Sequence[Lesson], fit: DiscourseFit) -> Mapping[str, Discourse]:
    """What each lesson's units do, as a model says that was fitted on the lessons of the other groups alone.

    What is fitted on top must see mistakes as they will be on shows that nobody has seen.
    """
    read: dict[str, Discourse] = {}
    for language in sorted({lesson.transcript.language for lesson in lessons}):
        same = [lesson for lesson in lessons if lesson.transcript.language == language]
        for group in sorted({lesson.group for lesson in same}):
            others = [lesson for lesson in same if lesson.group != group]
            model = fit_discourse(others or same, fit)
            for lesson in same:
                if lesson.group == group:
                    read[lesson.name] = model.read([lesson.features], lesson.units)
    return read
