"""`kandian train`: what it refuses, and what it writes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kandian.cli.train import train_models
from learning.training.fit_scores import ScoreFitSettings
from learning.training.fold_jobs import TrainConfig, split_scripts
from learning.training.train import TrainSettings
from models.segmentation.weights_bundle import weights_bundle_folder
from pipeline.run import RunConfig

Command = Callable[..., Any]
SCRIPTS = Path(__file__).parents[3] / "fixtures" / "scripts"
TRAIN_SCRIPTS = ("zh-storage-wa1.json", "en-pets-wc2.json")
EXAMINING_SCRIPT = "en-coffee-rk4.json"
TEST_SCRIPT = "zh-wash-wb1.json"
TRUTH = {
    "stream_id": "双十一",
    "duration": 30.0,
    "highlights": [
        {"start": 0.2, "end": 14.0, "product_ids": ["730011"]},
        {"start": 14.2, "end": 29.5, "product_ids": ["730013"]},
    ],
    "utterances": [
        {"start": 0.2, "end": 7.9, "text": "来看一号链接", "about": ["730011"], "role": "intro"},
        {"start": 8.0, "end": 13.9, "text": "一号链接去拍", "about": ["730011"], "role": "link"},
        {"start": 14.2, "end": 18.9, "text": "接下来看二号链接", "about": ["730013"], "role": "intro"},
        {"start": 19.0, "end": 29.5, "text": "二号链接去拍", "about": ["730013"], "role": "link"},
    ],
}


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name in TRAIN_SCRIPTS:
        shutil.copy(SCRIPTS / name, folder / name)
    return folder


@pytest.fixture
def marked(show: Path) -> Path:
    """The tiny show with truth, and what was said."""
    (show / "truth.json").write_text(json.dumps(TRUTH), encoding="utf-8")
    return show


def test_with_nothing_to_learn_from_it_says_so(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("train", "--simulated", "0", "--model", tmp_path / "model")
    assert answer.code == 2
    assert "there is nothing to learn from" in answer.err
    assert not (tmp_path / "model").exists()


def test_simulated_shows_need_scripts(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("train", "--simulated", "4", "--model", tmp_path / "model")
    assert answer.code == 2
    assert "needs --scripts to simulate shows from" in answer.err


def test_fewer_than_no_shows_are_refused(kandian_command: Command, scripts: Path) -> None:
    answer = kandian_command("train", "--scripts", scripts, "--simulated", "-1")
    assert answer.code == 2
    assert "must not be below 0" in answer.err


def test_a_writer_without_scripts_is_told_with_those_that_there_are(kandian_command: Command, scripts: Path) -> None:
    answer = kandian_command("train", "--scripts", scripts, "--test-writer", "nobody")
    assert answer.code == 2
    assert "--test-writer: no script is by 'nobody'; name one of wa, wc" in answer.err


def test_a_test_writer_needs_scripts(kandian_command: Command) -> None:
    answer = kandian_command("train", "--simulated", "0", "--test-writer", "wa")
    assert answer.code == 2
    assert "--test-writer: needs --scripts" in answer.err


def test_test_writers_must_leave_scripts_to_learn_from(kandian_command: Command, scripts: Path) -> None:
    answer = kandian_command("train", "--scripts", scripts, "--test-writer", "wa", "--test-writer", "wc")
    assert answer.code == 2
    assert "no script is left to learn from" in answer.err


def test_scripts_that_only_examine_are_not_enough_to_learn_from(kandian_command: Command, scripts: Path) -> None:
    for name in TRAIN_SCRIPTS:
        (scripts / name).unlink()
    shutil.copy(SCRIPTS / EXAMINING_SCRIPT, scripts / EXAMINING_SCRIPT)
    answer = kandian_command("train", "--scripts", scripts)
    assert answer.code == 2
    assert "--scripts: no script is left to learn from; scripts not learned from, by writer: rk 1" in answer.err


def test_examiners_are_left_out_without_being_named_and_examine_where_they_are(scripts: Path) -> None:
    for name in (EXAMINING_SCRIPT, TEST_SCRIPT):
        shutil.copy(SCRIPTS / name, scripts / name)
    plain = split_scripts(TrainConfig(scripts, (scripts,)))
    assert [script.id for script in plain.train] == ["en-pets-wc2", "zh-storage-wa1", "zh-wash-wb1"]
    assert [script.id for script in plain.examiners] == ["en-coffee-rk4"]
    assert plain.test == ()
    tested = split_scripts(TrainConfig(scripts, (scripts,), test_writers=("rk", "wb")))
    assert [script.id for script in tested.train] == ["en-pets-wc2", "zh-storage-wa1"]
    assert [script.id for script in tested.test] == ["en-coffee-rk4", "zh-wash-wb1"]


def test_a_language_of_which_nothing_is_explained_is_told_too(
    kandian_command: Command, scripts: Path, tmp_path: Path
) -> None:
    """How hosts talk cannot be learned from shows without an explanation."""
    file = scripts / "en-pets-wc2.json"
    script = json.loads(file.read_text(encoding="utf-8"))
    for utterance in script["utterances"]:
        utterance["about"] = []
    file.write_text(json.dumps(script), encoding="utf-8")
    answer = kandian_command("train", "--scripts", scripts, "--simulated", "2", "--model", tmp_path / "model")
    assert answer.code == 2
    assert "there is no show with an explanation in en to learn from" in answer.err


def test_three_shows_are_simulated_for_each_script_unless_it_is_said_how_many(scripts: Path) -> None:
    assert TrainConfig(scripts, (scripts,)).lesson_count(56) == 168
    assert TrainConfig(scripts, (scripts,), simulated_shows=4).lesson_count(56) == 4


def test_without_scripts_nothing_is_simulated_and_nobody_need_say_so(scripts: Path) -> None:
    assert split_scripts(TrainConfig(scripts)).train == ()


def test_fewer_examined_shows_than_one_are_refused(kandian_command: Command, scripts: Path) -> None:
    answer = kandian_command("train", "--scripts", scripts, "--test-writer", "wa", "--examined", "0")
    assert answer.code == 2
    assert "--examined: must be at least 1" in answer.err


def test_a_language_without_shows_is_told_before_anything_is_learned(
    kandian_command: Command, scripts: Path, tmp_path: Path
) -> None:
    (scripts / "en-pets-wc2.json").unlink()
    answer = kandian_command("train", "--scripts", scripts, "--simulated", "1", "--model", tmp_path / "model")
    assert answer.code == 2
    assert (
        "there is no show with an explanation in en to learn from; name such shows with truth, or --scripts"
        in answer.err
    )
    assert not (tmp_path / "model").exists()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_training_writes_the_same_bytes_however_many_processes_there_are(
    kandian_command: Command, scripts: Path, marked: Path, out: Path, tmp_path: Path
) -> None:
    """From scripts and a show, once without that show, with few rounds; then the show is judged without itself."""
    quick = TrainSettings(scores=ScoreFitSettings(max_iterations=2, max_refit_iterations=1))
    written = []
    for workers in (1, 2):
        model = tmp_path / f"model-{workers}"
        config = TrainConfig(model, (scripts,), simulated_shows=4, leave_one_out=True, fit_settings=quick)
        assert train_models([marked], RunConfig(out, workers=workers), config) == 0
        written.append({file.relative_to(model): file.read_bytes() for file in model.rglob("*") if file.is_file()})
    assert written[0] == written[1]
    assert {Path("scores.json"), Path("held-out", "双十一", "scores.json")} <= set(written[0])
    assert "`双十一` was left out" in written[0][Path("held-out", "双十一", "card.md")].decode()
    held_out = ("--held-out", tmp_path / "model-1" / "held-out")
    assert kandian_command("quality", marked, "--out", out, *held_out, "--json").code == 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_command_learns_from_scripts_and_is_examined_by_another_writer(
    kandian_command: Command, scripts: Path, tmp_path: Path
) -> None:
    for name in (TEST_SCRIPT, EXAMINING_SCRIPT):
        shutil.copy(SCRIPTS / name, scripts / name)
    model = tmp_path / "model"
    answer = kandian_command(
        "train", "--scripts", scripts, "--simulated", 4, "--test-writer", "wb", "--examined", 2, "--model", model,
        "--workers", 1,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "examined by 2 simulated shows" in answer.out
    assert "  by wb: ECE" in answer.out
    assert "scripts not learned from, by writer: rk 1" in answer.err
    assert "- scripts not learned from, by writer: rk 1" in (model / "card.md").read_text(encoding="utf-8")
    assert weights_bundle_folder(str(model)) == model
