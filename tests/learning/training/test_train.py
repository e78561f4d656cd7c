"""Everything that is learned from a handful of tiny simulated shows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.evidence import DISCOURSE_ROLES
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.fit_scores import ScoreFitSettings
from learning.training.held_out_check import ALL_TAKES_SETTINGS, label_held_out_takes, render_held_out_report
from learning.training.model_card import render_model_card
from learning.training.train import BaseFit, TrainSettings, fit_base, train
from learning.training.training_shows import TrainingShow, build_training_show, inputs_from_simulation
from models.segmentation.weights_bundle import (
    DEFAULT_WEIGHTS,
    MODEL_CARD_FILE,
    WeightsBundle,
    load_weights_bundle,
    save_weights_bundle,
    weights_bundle_folder,
)

STUDIO = SimulationConfig((chinese_script("zh-tea-ta1"), english_script("en-gadgets-tb1")))
QUICK = TrainSettings(scores=ScoreFitSettings(max_iterations=4, max_refit_iterations=1))


def silent(_: str) -> None:
    """Tells nobody."""


def laid(lessons: Sequence[TrainingShow]) -> BaseFit:
    return fit_base(lessons, QUICK, silent)


@pytest.fixture(scope="module")
def lessons() -> tuple[TrainingShow, ...]:
    return tuple(build_training_show(inputs_from_simulation(show)) for show in simulate_shows(STUDIO, 3, range(4)))


@pytest.fixture(scope="module")
def foundation(lessons: tuple[TrainingShow, ...]) -> BaseFit:
    return laid(lessons)


@pytest.fixture(scope="module")
def models(foundation: BaseFit) -> WeightsBundle:
    return train(foundation, (), QUICK, silent)


def test_the_same_lessons_teach_the_same_bytes(
    lessons: tuple[TrainingShow, ...], models: WeightsBundle, tmp_path: Path
) -> None:
    save_weights_bundle(models, tmp_path / "a", "")
    save_weights_bundle(train(laid(lessons), (), QUICK, silent), tmp_path / "b", "")
    first, second = ({f.name: f.read_bytes() for f in (tmp_path / each).iterdir()} for each in "ab")
    assert first == second


def test_what_was_learned_can_be_read_back(models: WeightsBundle, tmp_path: Path) -> None:
    save_weights_bundle(models, tmp_path, "")
    read = load_weights_bundle(str(tmp_path))
    assert weights_bundle_folder(str(tmp_path)) == tmp_path
    for at_hand, weights in models.scores.items():
        np.testing.assert_allclose(read.scores[at_hand].vector, weights.vector)


def test_without_any_log_or_picture_the_weights_are_still_whole(lessons: tuple[TrainingShow, ...]) -> None:
    bare = laid([replace(lesson, sightings=(), events=()) for lesson in lessons])
    assert set(bare.weights) == {"speech", "pictures", "room", "all"}
    assert all(np.isfinite(weights.vector).all() for weights in bare.weights.values())


def test_the_examination_tells_its_figures(lessons: tuple[TrainingShow, ...], models: WeightsBundle) -> None:
    told = render_held_out_report(models, lessons)
    assert told.startswith(f"examined by {len(lessons)} simulated shows")
    assert "F1@.5" in told
    assert "ECE" in told


def test_the_examination_tells_of_each_writer_and_kind_of_evidence(
    lessons: tuple[TrainingShow, ...], models: WeightsBundle
) -> None:
    told = render_held_out_report(
        models, (*lessons, *(replace(lesson, group="else", sightings=(), events=()) for lesson in lessons))
    )
    assert "  by ta: ECE" in told
    assert "  by else: ECE" in told
    assert "  beside speech nothing: ECE" in told


def test_every_take_is_examined_with_its_confidence(lessons: tuple[TrainingShow, ...], models: WeightsBundle) -> None:
    examined = label_held_out_takes(models, lessons, ALL_TAKES_SETTINGS)
    assert examined
    assert all(0 <= each.labelled_confidence.confidence <= 1 for each in examined)
    assert {each.writer for each in examined} <= {lesson.group for lesson in lessons}


def test_each_lesson_is_judged_once_for_each_kind_of_evidence_that_it_has(foundation: BaseFit) -> None:
    kinds = Counter(each.show.name for each in foundation.scored_shows)
    for lesson in foundation.shows:
        has_pictures, has_log = bool(lesson.sightings), bool(lesson.events)
        assert kinds[lesson.name] == (1 + has_pictures) * (1 + has_log)


def test_what_judges_a_show_hardly_knows_its_truth(lessons: tuple[TrainingShow, ...], foundation: BaseFit) -> None:
    """Its truth reaches what judges it only by how the others' talk was read and their logs were aligned."""
    first = lessons[0]
    blank = replace(first, segments=(), roles=np.full_like(first.roles, DISCOURSE_ROLES.index("chat")))
    changes: dict[bool, list[float]] = {True: [], False: []}
    for was, now in zip(foundation.scored_shows, laid((blank, *lessons[1:])).scored_shows, strict=True):
        change = float(np.abs(was.scores.identity - now.scores.identity).max())
        changes[was.show.group == first.group].append(change)
    assert max(changes[True]) < 0.2 * max(changes[False])


def test_further_lessons_change_what_was_learned(lessons: tuple[TrainingShow, ...]) -> None:
    first, further = lessons[:3], (replace(lessons[3], name="heard", group="real", weight=2.0),)
    base = laid(first)
    alone, together = (train(base, some, QUICK, silent) for some in ((), further))
    assert not np.array_equal(alone.scores["speech"].vector, together.scores["speech"].vector)
    assert alone.confidence != together.confidence


def test_a_further_lesson_in_a_language_of_its_own_is_learned_too(lessons: tuple[TrainingShow, ...]) -> None:
    chinese, english = ([each for each in lessons if each.transcript.language == code] for code in ("zh", "en"))
    models = train(laid(chinese), english, QUICK, silent)
    assert set(models.discourse) == {"zh", "en"}


def test_the_card_says_what_was_learned_from(lessons: tuple[TrainingShow, ...], models: WeightsBundle) -> None:
    card = render_model_card(models, lessons, 3, "双十一")
    assert f"{len(lessons)} shows with" in card
    assert "seed 3" in card
    assert "`双十一` was left out" in card
    assert "left out" not in render_model_card(models, lessons, 3, "")


def test_the_shipped_card_has_the_words_of_the_card_that_training_writes(
    lessons: tuple[TrainingShow, ...], models: WeightsBundle
) -> None:
    shipped = (weights_bundle_folder(DEFAULT_WEIGHTS) / MODEL_CARD_FILE).read_text(encoding="utf-8")
    assert _fixed_lines(shipped) == _fixed_lines(render_model_card(models, lessons, 1, ""))


def _fixed_lines(card: str) -> list[str]:
    """The lines without figures and lists."""
    return [line for line in card.splitlines() if not line.startswith("-") and not re.match(r"\d+ shows", line)]
