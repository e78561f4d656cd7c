"""Training as `kandian train` asks for it, on tiny scripts."""

from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.fit_scores import ScoreFitSettings
from learning.training.fold_jobs import ScriptSplit, TrainConfig, train_folds
from learning.training.train import TrainSettings
from learning.training.training_shows import TrainingShow, build_training_show, inputs_from_simulation

pytestmark = pytest.mark.heavy

SCRIPTS = (chinese_script("zh-tea-ta1"), english_script("en-gadgets-tb1"))
QUICK = TrainSettings(scores=ScoreFitSettings(max_iterations=2, max_refit_iterations=1))


def silent(_: str) -> None:
    """Logs nothing, in other processes too."""


def recorded_show() -> TrainingShow:
    (show,) = simulate_shows(SimulationConfig(SCRIPTS[:1]), 9, range(1))
    return build_training_show(replace(inputs_from_simulation(show), name="recorded", group="real", weight=2.0))


def files_of(folder: Path) -> dict[Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def config_for(model_dir: Path) -> TrainConfig:
    return TrainConfig(
        model_dir, (model_dir.parent,), simulated_shows=2, leave_one_out=True, test_shows=2, fit_settings=QUICK
    )


def test_another_number_of_processes_changes_no_byte(tmp_path: Path) -> None:
    written = []
    for workers in (1, 2):
        config = config_for(tmp_path / f"model-{workers}")
        train_folds(config, ScriptSplit(SCRIPTS, ()), (recorded_show(),), workers, silent)
        written.append(files_of(config.model_dir))
    assert written[0] == written[1]
    assert {Path("scores.json"), Path("held-out", "recorded", "scores.json")} <= set(written[0])


def test_the_model_without_a_show_differs_from_that_with_it_and_says_so(tmp_path: Path) -> None:
    config = config_for(tmp_path / "model")
    train_folds(config, ScriptSplit(SCRIPTS, ()), (recorded_show(),), 1, silent)
    held_out = config.model_dir / "held-out" / "recorded"
    assert (held_out / "scores.json").read_bytes() != (config.model_dir / "scores.json").read_bytes()
    assert "`recorded` was left out" in (held_out / "card.md").read_text(encoding="utf-8")


def test_scripts_to_examine_by_give_a_report(tmp_path: Path) -> None:
    config = config_for(tmp_path / "model")
    report = train_folds(config, ScriptSplit(SCRIPTS, SCRIPTS[:1]), (), 1, silent)
    assert report.startswith("examined by 2 simulated shows of writers that were not learned from:")
