"""Training on a few tiny simulated shows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.evidence import DISCOURSE_ROLES
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.fit_discourse import fit_discourse
from learning.training.fit_scores import ScoreFitSettings
from learning.training.held_out_check import ALL_TAKES_SETTINGS, label_held_out_takes, render_held_out_report
from learning.training.model_card import render_model_card
from learning.training.train import (
    WRONG_BAG_SCORE_WEIGHT,
    BaseFit,
    TrainSettings,
    fit_base,
    train,
)
from learning.training.training_shows import (
    TrainingShow,
    TrainingShowInputs,
    build_training_show,
    inputs_from_simulation,
)
from learning.training.weight_priors import prior_weights, weight_bounds
from models.segmentation.scorer import FEATURE_GROUPS
from models.segmentation.weights_bundle import (
    DEFAULT_WEIGHTS,
    MODEL_CARD_FILE,
    WeightsBundle,
    load_weights_bundle,
    save_weights_bundle,
    weights_bundle_folder,
)

pytestmark = pytest.mark.heavy

CONFIG = SimulationConfig((chinese_script("zh-tea-ta1"), english_script("en-gadgets-tb1")))
PRIOR = prior_weights()
QUICK = TrainSettings(scores=ScoreFitSettings(max_iterations=4, max_refit_iterations=1))


def silent(_: str) -> None:
    """Reports nothing."""


def quick_base_fit(training_shows: Sequence[TrainingShow]) -> BaseFit:
    return fit_base(training_shows, QUICK, silent)


def wrong_bag_of(show: TrainingShow) -> TrainingShow:
    """The same talk beside a catalogue of which nothing is shown."""
    strangers = Catalog(tuple(Product(product_id=f"p{n}", title=f"第{n}口砂锅") for n in range(3)))
    return build_training_show(
        TrainingShowInputs(
            f"{show.name}-bag", show.group, strangers, show.transcript, (), (), replace(show.truth, highlights=()), ()
        )
    )


@pytest.fixture(scope="module")
def training_shows() -> tuple[TrainingShow, ...]:
    return tuple(build_training_show(inputs_from_simulation(show)) for show in simulate_shows(CONFIG, 3, range(4)))


@pytest.fixture(scope="module")
def base_fit(training_shows: tuple[TrainingShow, ...]) -> BaseFit:
    return quick_base_fit(training_shows)


@pytest.fixture(scope="module")
def models(base_fit: BaseFit) -> WeightsBundle:
    return train(base_fit, (), QUICK, silent)


def test_the_same_shows_give_the_same_bytes(
    training_shows: tuple[TrainingShow, ...], models: WeightsBundle, tmp_path: Path
) -> None:
    save_weights_bundle(models, tmp_path / "a", "")
    save_weights_bundle(train(quick_base_fit(training_shows), (), QUICK, silent), tmp_path / "b", "")
    first, second = ({f.name: f.read_bytes() for f in (tmp_path / each).iterdir()} for each in "ab")
    assert first == second


def test_saved_weights_can_be_read_back(models: WeightsBundle, tmp_path: Path) -> None:
    save_weights_bundle(models, tmp_path, "")
    read = load_weights_bundle(str(tmp_path))
    assert weights_bundle_folder(str(tmp_path)) == tmp_path
    np.testing.assert_array_equal(read.scores.vector, models.scores.vector)
    assert read.confidence == models.confidence


def test_without_any_log_or_picture_the_weights_are_still_whole(training_shows: tuple[TrainingShow, ...]) -> None:
    bare = quick_base_fit([replace(training_show, sightings=(), events=()) for training_show in training_shows])
    assert np.isfinite(bare.weights.vector).all()
    for group, names in (("identity", ("card", "click", "pushed")), ("opening_of", ("shown_soon", "push"))):
        learned, prior = (dict(zip(FEATURE_GROUPS[group], each[group], strict=True)) for each in (bare.weights, PRIOR))
        assert [learned[name] for name in names] == pytest.approx([prior[name] for name in names])


def test_what_speaks_for_a_product_never_weighs_less_than_nothing(models: WeightsBundle) -> None:
    lowest, highest = weight_bounds().T
    assert ((lowest <= models.scores.vector) & (models.scores.vector <= highest)).all()
    assert min(*models.confidence.product.weights.values(), *models.confidence.start.weights.values()) >= 0


def test_the_held_out_report_has_its_figures(training_shows: tuple[TrainingShow, ...], models: WeightsBundle) -> None:
    report = render_held_out_report(models, training_shows)
    assert report.startswith(f"examined by {len(training_shows)} simulated shows")
    assert "F1@.5" in report
    assert "\nchance of the product: ECE" in report
    assert "\nchance of the start, where the product is right: ECE" in report
    assert "wrong catalogues" not in report


def test_the_held_out_report_counts_dots_beside_wrong_catalogues_and_judges_them_by_nothing_else(
    training_shows: tuple[TrainingShow, ...], models: WeightsBundle
) -> None:
    own, both = (
        render_held_out_report(models, shows)
        for shows in (training_shows, (*training_shows, wrong_bag_of(training_shows[0])))
    )
    added = set(both.splitlines()) - set(own.splitlines())
    assert [re.sub(r"[0-9.]+ dots", "N dots", line) for line in added] == [
        "beside wrong catalogues, 1 shows: N dots an hour"
    ]


def test_the_held_out_report_has_each_writer_and_kind_of_evidence(
    training_shows: tuple[TrainingShow, ...], models: WeightsBundle
) -> None:
    report = render_held_out_report(
        models,
        (
            *training_shows,
            *(replace(training_show, group="else", sightings=(), events=()) for training_show in training_shows),
        ),
    )
    assert "  by ta: ECE" in report
    assert "  by else: ECE" in report
    assert "  beside speech nothing: ECE" in report


def test_every_held_out_take_has_the_chance_of_its_product_and_of_its_start_if_that_is_right(
    training_shows: tuple[TrainingShow, ...], models: WeightsBundle
) -> None:
    held_out = label_held_out_takes(models, training_shows, ALL_TAKES_SETTINGS)
    assert held_out
    assert all((each.start is not None) == each.product.is_correct for each in held_out)
    assert {each.writer for each in held_out} <= {training_show.group for training_show in training_shows}


def test_each_show_is_judged_with_speech_alone_whole_and_with_less(base_fit: BaseFit) -> None:
    kinds = Counter(each.show.name for each in base_fit.scored_shows)
    for training_show in base_fit.shows:
        assert kinds[training_show.name] == (3 if training_show.sightings or training_show.events else 2)


def test_a_wrong_bag_teaches_no_discourse_and_weighs_less_than_a_show(training_shows: tuple[TrainingShow, ...]) -> None:
    bag = wrong_bag_of(training_shows[0])
    fit = quick_base_fit((*training_shows[:2], bag))
    teachers = [show for show in training_shows[:2] if show.transcript.language == bag.transcript.language]
    expected = fit_discourse(teachers, QUICK.discourse)
    assert fit.discourse[bag.transcript.language].opening.tobytes() == expected.opening.tobytes()
    assert sum(each.weight for each in fit.examples) == pytest.approx(2 + WRONG_BAG_SCORE_WEIGHT)
    assert WRONG_BAG_SCORE_WEIGHT < 1


def test_the_scores_of_a_show_hardly_depend_on_its_truth(training_shows: tuple[TrainingShow, ...]) -> None:
    """Its truth influences its scores only through the discourse and the aligned logs of the other shows."""
    first = training_shows[0]
    blank = replace(first, segments=(), roles=np.full_like(first.roles, DISCOURSE_ROLES.index("chat")))
    changes: dict[bool, list[float]] = {True: [], False: []}
    whole, changed = (
        fit_base(shows, TrainSettings(), silent).scored_shows
        for shows in (training_shows, (blank, *training_shows[1:]))
    )
    for was, now in zip(whole, changed, strict=True):
        change = float(np.abs(was.scores.identity - now.scores.identity).max())
        changes[was.show.group == first.group].append(change)
    assert max(changes[True]) < 0.2 * max(changes[False])


def test_further_shows_change_what_was_learned(training_shows: tuple[TrainingShow, ...]) -> None:
    first, further = training_shows[:3], (replace(training_shows[3], name="recorded", group="real", weight=2.0),)
    base = quick_base_fit(first)
    alone, together = (train(base, some, QUICK, silent) for some in ((), further))
    assert not np.array_equal(alone.scores.vector, together.scores.vector)
    assert alone.confidence != together.confidence


def test_a_further_show_in_a_language_of_its_own_is_learned_too(training_shows: tuple[TrainingShow, ...]) -> None:
    chinese, english = ([each for each in training_shows if each.transcript.language == code] for code in ("zh", "en"))
    models = train(quick_base_fit(chinese), english, QUICK, silent)
    assert set(models.discourse) == {"zh", "en"}


def test_the_card_says_what_was_learned_from(training_shows: tuple[TrainingShow, ...], models: WeightsBundle) -> None:
    card = render_model_card(models, training_shows, 3, "双十一")
    assert f"{len(training_shows)} shows with" in card
    assert "; 0 have none" in card
    assert "; 1 have none" in render_model_card(models, (*training_shows, wrong_bag_of(training_shows[0])), 3, "")
    assert "seed 3" in card
    assert "`双十一` was left out" in card
    assert "- only rh" in render_model_card(models, training_shows, 3, "", examiners_note="only rh").splitlines()
    assert "left out" not in render_model_card(models, training_shows, 3, "")


def test_the_shipped_card_has_the_words_of_the_card_that_training_writes(
    training_shows: tuple[TrainingShow, ...], models: WeightsBundle
) -> None:
    shipped = (weights_bundle_folder(DEFAULT_WEIGHTS) / MODEL_CARD_FILE).read_text(encoding="utf-8")
    assert _fixed_lines(shipped) == _fixed_lines(render_model_card(models, training_shows, 1, ""))


def _fixed_lines(card: str) -> list[str]:
    """The lines without figures and lists."""
    lines = [line for line in card.splitlines() if not line.startswith("-") and not re.match(r"\d+ shows", line)]
    return [re.sub(r"(The largest weights [^:]*):.*", r"\1", line) for line in lines]
