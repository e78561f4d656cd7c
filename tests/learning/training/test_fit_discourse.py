"""What hosts do, learned from how they talk."""

from dataclasses import replace

import numpy as np
import pytest

from domain.evidence import DISCOURSE_ROLES
from fixtures.tiny_scripts import chinese_script
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.fit_discourse import UNSEEN_ROLE_BIAS, DiscourseFitSettings, fit_discourse, out_of_fold_discourse
from learning.training.training_shows import TrainingShow, build_training_show, inputs_from_simulation

FREE = DiscourseFitSettings(edge_inverse_regularization=50.0, role_inverse_regularization=50.0)


@pytest.fixture(scope="module")
def lessons() -> tuple[TrainingShow, ...]:
    studio = SimulationConfig((chinese_script(),))
    return tuple(build_training_show(inputs_from_simulation(show)) for show in simulate_shows(studio, 5, range(3)))


def test_roles_of_known_talk_are_read_again(lessons: tuple[TrainingShow, ...]) -> None:
    model = fit_discourse(lessons, FREE)
    for lesson in lessons:
        read = model.classify([lesson.features], lesson.units)
        assert (read.role_probabilities.argmax(axis=1) == lesson.roles).mean() > 0.8


def test_openings_and_closings_of_known_talk_stand_out(lessons: tuple[TrainingShow, ...]) -> None:
    read = fit_discourse(lessons, FREE).classify([lessons[0].features], lessons[0].units)
    opens, closes = lessons[0].opening_labels.astype(bool), lessons[0].closing_labels.astype(bool)
    assert read.opening_log_odds[opens].mean() > read.opening_log_odds[~opens].mean() + 1.0
    assert read.closing_log_odds[closes].mean() > read.closing_log_odds[~closes].mean() + 1.0


def test_a_role_that_no_lesson_holds_is_never_read(lessons: tuple[TrainingShow, ...]) -> None:
    model = fit_discourse(lessons, FREE)
    absent = DISCOURSE_ROLES.index("logistics")
    assert absent not in np.concatenate([lesson.roles for lesson in lessons])
    assert model.role_biases[absent] == UNSEEN_ROLE_BIAS
    assert not model.roles[:, absent].any()


def test_words_that_no_lesson_says_have_no_weight(lessons: tuple[TrainingShow, ...]) -> None:
    model = fit_discourse(lessons, FREE)
    said = np.unique(np.concatenate([lesson.features.indices for lesson in lessons]))
    unsaid = np.setdiff1d(np.arange(len(model.opening)), said)
    assert len(unsaid)
    assert not any(weights[unsaid].any() for weights in (model.roles, model.opening, model.closing))


def test_the_same_lessons_teach_the_same_to_the_bit(lessons: tuple[TrainingShow, ...]) -> None:
    first, second = (fit_discourse(lessons, FREE) for _ in range(2))
    assert first.roles.tobytes() == second.roles.tobytes()
    assert first.opening.tobytes() == second.opening.tobytes()


def test_a_lesson_is_read_by_a_model_of_the_other_groups(lessons: tuple[TrainingShow, ...]) -> None:
    own, other = replace(lessons[0], group="a"), replace(lessons[1], group="b")
    read = out_of_fold_discourse([own, other], FREE)[own.name]
    np.testing.assert_array_equal(
        read.opening_log_odds, fit_discourse([other], FREE).classify([own.features], own.units).opening_log_odds
    )


def test_shows_of_a_single_group_are_read_by_their_own_model(lessons: tuple[TrainingShow, ...]) -> None:
    read = out_of_fold_discourse(lessons, FREE)
    model = fit_discourse(lessons, FREE)
    for lesson in lessons:
        np.testing.assert_array_equal(
            read[lesson.name].opening_log_odds, model.classify([lesson.features], lesson.units).opening_log_odds
        )
