"""Scripts become shows of captions, and are judged with the same result every time."""

from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.caption_shows import Hearing, caption_show, scripts_by_writers, with_pushes, with_wrong_catalog
from bench.rooms import JudgedShow, Logged, dots_per_hour, judge_scripts, render_table
from domain.catalog import Catalog, Product
from domain.errors import ScriptError
from fixtures.tiny_scripts import chinese_script, english_script
from learning.evaluation.metrics import OutcomeCounts
from learning.evaluation.slices import QuickTurnCounts
from learning.simulation.scripts.script import ShowScript
from learning.simulation.simulate import SimulationConfig
from learning.training.training_shows import TrainingShowInputs
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS, load_weights_bundle

TEA = replace(chinese_script(), manners=("duo",))
KITCHEN = chinese_script("zh-kitchen-tb1")
GADGETS = english_script()


def show_of(script: ShowScript, hearing: Hearing, voice: int = 0) -> TrainingShowInputs:
    return caption_show(script, hearing, voice, SimulationConfig((TEA, KITCHEN, GADGETS)).confusion_model)


def words_of(show: TrainingShowInputs) -> str:
    return "".join(filter(str.isalpha, "".join(sentence.text for sentence in show.transcript.sentences)))


def judged(
    script: ShowScript, counts: OutcomeCounts, wrong_dots: int | None, hearing: Hearing = "clean", log: Logged = ""
) -> JudgedShow:
    return JudgedShow(script, hearing, log, 1800.0, counts, QuickTurnCounts(4, 1), wrong_dots)


@pytest.mark.heavy
def test_the_same_scripts_and_weights_give_the_same_table_however_many_processes_there_are() -> None:
    models, scripts = load_weights_bundle(DEFAULT_WEIGHTS), (TEA, GADGETS)
    same_kind = {GADGETS.id: Catalog((Product(product_id="p", title="Kettlebrook Desk Fan", brand="Kettlebrook"),))}
    first, second = (render_table(judge_scripts(scripts, scripts, models, same_kind, workers)) for workers in (1, 2))
    assert first == second
    assert [line.split(" | ")[:2] for line in first.splitlines()[2:]] == [
        [f"| {name}", heard]
        for name, logs in (("all", ("", ", pushes")), ("language: zh", ("", ", pushes")),
                           ("language: en", ("", ", pushes")), ("manner: duo", ("",)))
        for heard in (f"{hearing}{log}" for log in logs for hearing in ("clean", "misheard"))
    ]  # fmt: skip


def test_clean_captions_have_every_word() -> None:
    text = words_of(show_of(TEA, "clean"))
    unnumbered = [TEA.utterances[i].text for i in (0, 1, 2, 4, 12)]
    assert all("".join(filter(str.isalpha, each)) in text for each in unnumbered)


def test_misheard_captions_have_three_of_ten_characters_wrong() -> None:
    clean, misheard = (words_of(show_of(TEA, hearing)) for hearing in ("clean", "misheard"))
    blocks = SequenceMatcher(None, clean, misheard, autojunk=False).get_matching_blocks()
    assert 0.2 < 1 - sum(block.size for block in blocks) / len(clean) < 0.4


def test_the_truth_does_not_depend_on_hearing_but_on_the_voice() -> None:
    assert show_of(TEA, "clean").truth == show_of(TEA, "misheard").truth
    assert show_of(TEA, "clean").truth != show_of(TEA, "clean", voice=1).truth


def test_shows_have_neither_pictures_nor_a_log() -> None:
    show = show_of(TEA, "misheard")
    assert not show.sightings
    assert not show.events


def test_beside_a_wrong_catalogue_nothing_is_true() -> None:
    show = with_wrong_catalog(show_of(TEA, "clean"), GADGETS.catalog)
    assert show.catalog is GADGETS.catalog
    assert not show.truth.highlights
    assert not show.truth.ignored


def test_pushes_are_the_same_at_each_call_and_a_third_of_them_is_late_or_missing() -> None:
    shows = [show_of(TEA, "clean", voice) for voice in range(200)]
    assert with_pushes(shows[0], 0).events == with_pushes(shows[0], 0).events
    soon = sum(_has_push_soon(show, voice) for voice, show in enumerate(shows))
    assert 0.6 < soon / len(shows) < 0.8


def _has_push_soon(show: TrainingShowInputs, voice: int) -> bool:
    """Whether the card of the first explanation, which the script pushes, comes before the explanation has ended."""
    first = show.truth.highlights[0]
    return any(
        first.start <= event.time <= first.end + 10 and event.product_id in first.product_ids
        for event in with_pushes(show, voice).events
    )


def test_dots_are_counted_over_the_hours_of_shows_that_have_a_wrong_catalogue() -> None:
    assert dots_per_hour([3, 0, None], [1800.0, 1800.0, 900.0]) == pytest.approx(3.0)
    assert dots_per_hour([None], [1800.0]) is None


def test_a_row_pools_the_shows_of_its_manner_as_they_were_heard() -> None:
    found = OutcomeCounts(
        highlights=4, truths=4, matched_at_50=3, matched_at_70=2, false_highlights=1, start_errors=(2.0,)
    )
    missed = OutcomeCounts(truths=4)
    shows = [
        judged(TEA, found, 1), judged(TEA, missed, 0, "misheard"), judged(KITCHEN, missed, 0),
        judged(TEA, found, None, log="pushes"),
    ]  # fmt: skip
    lines = render_table(shows).splitlines()
    assert "| manner: duo | clean | 1 | 4 | 4 | 0.75 | 0.50 | 1 | 2.0 | 4 | 0.25 | 2.0 | - |" in lines
    assert "| manner: duo | misheard | 1 | 4 | 0 | 0.00 | 0.00 | 0 | - | 4 | 0.25 | 0.0 | - |" in lines
    assert "| all | clean | 2 | 8 | 4 | 0.50 | 0.33 | 1 | 2.0 | 8 | 0.25 | 1.0 | - |" in lines
    assert "| all | clean, pushes | 1 | 4 | 4 | 0.75 | 0.50 | 1 | 2.0 | 4 | 0.25 | - | - |" in lines


def test_a_writer_without_scripts_is_an_error_that_names_those_who_have() -> None:
    assert scripts_by_writers((TEA, KITCHEN), ["tb"]) == (KITCHEN,)
    with pytest.raises(ScriptError, match=r"no script is by 'rx'.*ta, tb"):
        scripts_by_writers((TEA, KITCHEN), ["ta", "rx"])


def test_the_command_says_what_is_wrong_with_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["rooms", str(tmp_path)])
    assert "holds no script" in capsys.readouterr().err
