"""Everything that is learned from a handful of tiny simulated shows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fixtures.tiny_scripts import chinese_script, english_script
from models.understanding import Understanding, folder_of_understanding, save_understanding, understanding
from pipeline.simulator.simulate import Studio, simulate
from pipeline.training.card import card_of
from pipeline.training.examine import EVERY_TAKE, judged_takes, render_examination
from pipeline.training.fit_scores import ScoreFit
from pipeline.training.lessons import Lesson, lesson_of, material_of
from pipeline.training.train import TrainSettings, train

STUDIO = Studio((chinese_script("zh-tea-ta1"), english_script("en-gadgets-tb1")))
QUICK = TrainSettings(scores=ScoreFit(iterations=5, later_iterations=2))


def learned(lessons: Sequence[Lesson]) -> Understanding:
    return train(lessons, QUICK, lambda _: None)


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    return tuple(lesson_of(material_of(show)) for show in simulate(STUDIO, 3, range(6)))


@pytest.fixture(scope="module")
def models(lessons: tuple[Lesson, ...]) -> Understanding:
    return learned(lessons)


def test_the_same_lessons_teach_the_same_bytes(
    lessons: tuple[Lesson, ...], models: Understanding, tmp_path: Path
) -> None:
    save_understanding(models, tmp_path / "a", "")
    save_understanding(learned(lessons), tmp_path / "b", "")
    first, second = ({f.name: f.read_bytes() for f in (tmp_path / each).iterdir()} for each in "ab")
    assert first == second


def test_what_was_learned_can_be_read_back(models: Understanding, tmp_path: Path) -> None:
    save_understanding(models, tmp_path, "")
    read = understanding(str(tmp_path))
    assert folder_of_understanding(str(tmp_path)) == tmp_path
    for at_hand, weights in models.scores.items():
        np.testing.assert_allclose(read.scores[at_hand].vector, weights.vector)


def test_without_any_log_or_picture_the_weights_are_still_whole(lessons: tuple[Lesson, ...]) -> None:
    bare = learned([replace(lesson, sightings=(), events=()) for lesson in lessons])
    assert set(bare.scores) == {"speech", "pictures", "room", "all"}
    assert all(np.isfinite(weights.vector).all() for weights in bare.scores.values())


def test_the_examination_tells_its_figures(lessons: tuple[Lesson, ...], models: Understanding) -> None:
    told = render_examination(models, lessons)
    assert told.startswith(f"examined by {len(lessons)} simulated shows")
    assert "F1@.5" in told
    assert "ECE" in told


def test_every_take_is_judged_with_its_confidence(lessons: tuple[Lesson, ...], models: Understanding) -> None:
    judged = judged_takes(models, lessons, EVERY_TAKE)
    assert judged
    assert all(0 <= each.confidence <= 1 for each in judged)


def test_the_card_says_what_was_learned_from(lessons: tuple[Lesson, ...], models: Understanding) -> None:
    card = card_of(models, lessons, 3, "双十一")
    assert f"{len(lessons)} shows with" in card
    assert "seed 3" in card
    assert "`双十一` was left out" in card
    assert "left out" not in card_of(models, lessons, 3, "")
