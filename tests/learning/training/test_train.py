"""Everything that is learned from a handful of tiny simulated shows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.evidence import ROLES
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.simulate import Studio, simulate
from learning.training.fit_scores import ScoreFit
from learning.training.held_out_check import EVERY_TAKE, examined_takes, render_examination
from learning.training.model_card import card_of
from learning.training.train import Foundation, TrainSettings, foundation_of, train
from learning.training.training_shows import Lesson, lesson_of, material_of
from models.segmentation.weights_bundle import Understanding, folder_of_understanding, save_understanding, understanding

STUDIO = Studio((chinese_script("zh-tea-ta1"), english_script("en-gadgets-tb1")))
QUICK = TrainSettings(scores=ScoreFit(iterations=4, later_iterations=1))


def silent(_: str) -> None:
    """Tells nobody."""


def laid(lessons: Sequence[Lesson]) -> Foundation:
    return foundation_of(lessons, QUICK, silent)


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    return tuple(lesson_of(material_of(show)) for show in simulate(STUDIO, 3, range(4)))


@pytest.fixture(scope="module")
def foundation(lessons: tuple[Lesson, ...]) -> Foundation:
    return laid(lessons)


@pytest.fixture(scope="module")
def models(foundation: Foundation) -> Understanding:
    return train(foundation, (), QUICK, silent)


def test_the_same_lessons_teach_the_same_bytes(
    lessons: tuple[Lesson, ...], models: Understanding, tmp_path: Path
) -> None:
    save_understanding(models, tmp_path / "a", "")
    save_understanding(train(laid(lessons), (), QUICK, silent), tmp_path / "b", "")
    first, second = ({f.name: f.read_bytes() for f in (tmp_path / each).iterdir()} for each in "ab")
    assert first == second


def test_what_was_learned_can_be_read_back(models: Understanding, tmp_path: Path) -> None:
    save_understanding(models, tmp_path, "")
    read = understanding(str(tmp_path))
    assert folder_of_understanding(str(tmp_path)) == tmp_path
    for at_hand, weights in models.scores.items():
        np.testing.assert_allclose(read.scores[at_hand].vector, weights.vector)


def test_without_any_log_or_picture_the_weights_are_still_whole(lessons: tuple[Lesson, ...]) -> None:
    bare = laid([replace(lesson, sightings=(), events=()) for lesson in lessons])
    assert set(bare.scores) == {"speech", "pictures", "room", "all"}
    assert all(np.isfinite(weights.vector).all() for weights in bare.scores.values())


def test_the_examination_tells_its_figures(lessons: tuple[Lesson, ...], models: Understanding) -> None:
    told = render_examination(models, lessons)
    assert told.startswith(f"examined by {len(lessons)} simulated shows")
    assert "F1@.5" in told
    assert "ECE" in told


def test_the_examination_tells_of_each_writer_and_kind_of_evidence(
    lessons: tuple[Lesson, ...], models: Understanding
) -> None:
    told = render_examination(
        models, (*lessons, *(replace(lesson, group="else", sightings=(), events=()) for lesson in lessons))
    )
    assert "  by ta: ECE" in told
    assert "  by else: ECE" in told
    assert "  beside speech nothing: ECE" in told


def test_every_take_is_examined_with_its_confidence(lessons: tuple[Lesson, ...], models: Understanding) -> None:
    examined = examined_takes(models, lessons, EVERY_TAKE)
    assert examined
    assert all(0 <= each.judged.confidence <= 1 for each in examined)
    assert {each.writer for each in examined} <= {lesson.group for lesson in lessons}


def test_each_lesson_is_judged_once_for_each_kind_of_evidence_that_it_has(foundation: Foundation) -> None:
    kinds = Counter(lesson.name for lesson, _ in foundation.judged)
    for lesson in foundation.lessons:
        has_pictures, has_log = bool(lesson.sightings), bool(lesson.events)
        assert kinds[lesson.name] == (1 + has_pictures) * (1 + has_log)


def test_what_judges_a_show_hardly_knows_its_truth(lessons: tuple[Lesson, ...], foundation: Foundation) -> None:
    """Its truth reaches what judges it only by how the others' talk was read and their logs were aligned."""
    first = lessons[0]
    blank = replace(first, segments=(), roles=np.full_like(first.roles, ROLES.index("chat")))
    changes: dict[bool, list[float]] = {True: [], False: []}
    for (lesson, was), (_, now) in zip(foundation.judged, laid((blank, *lessons[1:])).judged, strict=True):
        changes[lesson.group == first.group].append(float(np.abs(was.identity - now.identity).max()))
    assert max(changes[True]) < 0.2 * max(changes[False])


def test_further_lessons_change_what_was_learned(lessons: tuple[Lesson, ...]) -> None:
    first, further = lessons[:3], (replace(lessons[3], name="heard", group="real", weight=2.0),)
    base = laid(first)
    alone, together = (train(base, some, QUICK, silent) for some in ((), further))
    assert not np.array_equal(alone.scores["speech"].vector, together.scores["speech"].vector)
    assert alone.confidence != together.confidence


def test_a_further_lesson_in_a_language_of_its_own_is_learned_too(lessons: tuple[Lesson, ...]) -> None:
    chinese, english = ([each for each in lessons if each.transcript.language == code] for code in ("zh", "en"))
    models = train(laid(chinese), english, QUICK, silent)
    assert set(models.discourse) == {"zh", "en"}


def test_the_card_says_what_was_learned_from(lessons: tuple[Lesson, ...], models: Understanding) -> None:
    card = card_of(models, lessons, 3, "双十一")
    assert f"{len(lessons)} shows with" in card
    assert "seed 3" in card
    assert "`双十一` was left out" in card
    assert "left out" not in card_of(models, lessons, 3, "")
