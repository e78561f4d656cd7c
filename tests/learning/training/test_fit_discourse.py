"""The fit of the discourse models."""

from dataclasses import replace

import numpy as np
import pytest

from domain.evidence import DISCOURSE_ROLES
from fixtures.tiny_scripts import chinese_script
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.fit_discourse import UNSEEN_ROLE_BIAS, DiscourseFitSettings, fit_discourse, out_of_fold_discourse
from learning.training.training_shows import TrainingShow, build_training_show, inputs_from_simulation

pytestmark = pytest.mark.heavy

FREE = DiscourseFitSettings(edge_inverse_regularization=50.0, role_inverse_regularization=50.0)


@pytest.fixture(scope="module")
def training_shows() -> tuple[TrainingShow, ...]:
    studio = SimulationConfig((chinese_script(),))
    return tuple(build_training_show(inputs_from_simulation(show)) for show in simulate_shows(studio, 5, range(3)))


def test_roles_of_known_talk_are_read_again(training_shows: tuple[TrainingShow, ...]) -> None:
    model = fit_discourse(training_shows, FREE)
    for training_show in training_shows:
        read = model.classify([training_show.features], training_show.units)
        assert (read.role_probabilities.argmax(axis=1) == training_show.roles).mean() > 0.8


def test_openings_and_closings_of_known_talk_stand_out(training_shows: tuple[TrainingShow, ...]) -> None:
    read = fit_discourse(training_shows, FREE).classify([training_shows[0].features], training_shows[0].units)
    opens, closes = training_shows[0].opening_labels.astype(bool), training_shows[0].closing_labels.astype(bool)
    assert read.opening_log_odds[opens].mean() > read.opening_log_odds[~opens].mean() + 1.0
    assert read.closing_log_odds[closes].mean() > read.closing_log_odds[~closes].mean() + 1.0


def test_a_role_that_no_show_holds_is_never_read(training_shows: tuple[TrainingShow, ...]) -> None:
    model = fit_discourse(training_shows, FREE)
    absent = DISCOURSE_ROLES.index("logistics")
    assert absent not in np.concatenate([training_show.roles for training_show in training_shows])
    assert model.role_biases[absent] == UNSEEN_ROLE_BIAS
    assert not model.roles[:, absent].any()


def test_words_that_no_show_says_have_no_weight(training_shows: tuple[TrainingShow, ...]) -> None:
    model = fit_discourse(training_shows, FREE)
    said = np.unique(np.concatenate([training_show.features.indices for training_show in training_shows]))
    unsaid = np.setdiff1d(np.arange(len(model.opening)), said)
    assert len(unsaid)
    assert not any(weights[unsaid].any() for weights in (model.roles, model.opening, model.closing))


def test_the_same_shows_teach_the_same_to_the_bit(training_shows: tuple[TrainingShow, ...]) -> None:
    first, second = (fit_discourse(training_shows, FREE) for _ in range(2))
    assert first.roles.tobytes() == second.roles.tobytes()
    assert first.opening.tobytes() == second.opening.tobytes()


def test_a_show_is_read_by_a_model_of_the_other_groups(training_shows: tuple[TrainingShow, ...]) -> None:
    own, other = replace(training_shows[0], group="a"), replace(training_shows[1], group="b")
    read = out_of_fold_discourse([own, other], FREE)[own.name]
    np.testing.assert_array_equal(
        read.opening_log_odds, fit_discourse([other], FREE).classify([own.features], own.units).opening_log_odds
    )


def test_a_wrong_bag_is_read_and_teaches_nothing(training_shows: tuple[TrainingShow, ...]) -> None:
    own, other = replace(training_shows[0], group="a"), replace(training_shows[1], group="b")
    bag = replace(other, truth=replace(other.truth, highlights=()))
    read = out_of_fold_discourse([own, bag], FREE)
    model = fit_discourse([own], FREE)
    for show in (own, bag):
        np.testing.assert_array_equal(
            read[show.name].opening_log_odds, model.classify([show.features], show.units).opening_log_odds
        )


def test_shows_of_a_single_group_are_read_by_their_own_model(training_shows: tuple[TrainingShow, ...]) -> None:
    read = out_of_fold_discourse(training_shows, FREE)
    model = fit_discourse(training_shows, FREE)
    for training_show in training_shows:
        np.testing.assert_array_equal(
            read[training_show.name].opening_log_odds,
            model.classify([training_show.features], training_show.units).opening_log_odds,
        )
