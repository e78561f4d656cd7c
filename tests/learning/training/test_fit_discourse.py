"""What hosts do, learned from how they talk."""

from dataclasses import replace

import numpy as np
import pytest

from domain.evidence import ROLES
from fixtures.tiny_scripts import chinese_script
from learning.simulation.simulate import Studio, simulate
from learning.training.fit_discourse import NEVER_READ, DiscourseFit, fit_discourse, read_by_others
from learning.training.training_shows import Lesson, lesson_of, material_of

FREE = DiscourseFit(edge_freedom=50.0, role_freedom=50.0)


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    studio = Studio((chinese_script(),))
    return tuple(lesson_of(material_of(show)) for show in simulate(studio, 5, range(3)))


def test_roles_of_known_talk_are_read_again(lessons: tuple[Lesson, ...]) -> None:
    model = fit_discourse(lessons, FREE)
    for lesson in lessons:
        read = model.read([lesson.features], lesson.units)
        assert (read.roles.argmax(axis=1) == lesson.roles).mean() > 0.8


def test_openings_and_closings_of_known_talk_stand_out(lessons: tuple[Lesson, ...]) -> None:
    read = fit_discourse(lessons, FREE).read([lessons[0].features], lessons[0].units)
    opens, closes = lessons[0].opens.astype(bool), lessons[0].closes.astype(bool)
    assert read.opening[opens].mean() > read.opening[~opens].mean() + 1.0
    assert read.closing[closes].mean() > read.closing[~closes].mean() + 1.0


def test_a_role_that_no_lesson_holds_is_never_read(lessons: tuple[Lesson, ...]) -> None:
    model = fit_discourse(lessons, FREE)
    absent = ROLES.index("logistics")
    assert absent not in np.concatenate([lesson.roles for lesson in lessons])
    assert model.role_biases[absent] == NEVER_READ
    assert not model.roles[:, absent].any()


def test_words_that_no_lesson_says_have_no_weight(lessons: tuple[Lesson, ...]) -> None:
    model = fit_discourse(lessons, FREE)
    said = np.unique(np.concatenate([lesson.features.indices for lesson in lessons]))
    unsaid = np.setdiff1d(np.arange(len(model.opening)), said)
    assert len(unsaid)
    assert not any(weights[unsaid].any() for weights in (model.roles, model.opening, model.closing))


def test_the_same_lessons_teach_the_same_to_the_bit(lessons: tuple[Lesson, ...]) -> None:
    first, second = (fit_discourse(lessons, FREE) for _ in range(2))
    assert first.roles.tobytes() == second.roles.tobytes()
    assert first.opening.tobytes() == second.opening.tobytes()


def test_a_lesson_is_read_by_a_model_of_the_other_groups(lessons: tuple[Lesson, ...]) -> None:
    own, other = replace(lessons[0], group="a"), replace(lessons[1], group="b")
    read = read_by_others([own, other], FREE)[own.name]
    np.testing.assert_array_equal(read.opening, fit_discourse([other], FREE).read([own.features], own.units).opening)


def test_shows_of_a_single_group_are_read_by_their_own_model(lessons: tuple[Lesson, ...]) -> None:
    read = read_by_others(lessons, FREE)
    model = fit_discourse(lessons, FREE)
    for lesson in lessons:
        np.testing.assert_array_equal(read[lesson.name].opening, model.read([lesson.features], lesson.units).opening)
