"""`python -m bench rooms [SCRIPTS] [--writers rh,rk] [--model NAME] [--scorecard FILE]`: what is found in the talk of
scripts in the manner of real rooms, and how many dots appear beside a wrong catalogue.

Every script of the writers becomes shows of captions, clean and misheard, which the light half judges in this process
as `kandian train` judges simulated shows. The same scripts and weights print the same bytes. What a recogniser knows
comes from all scripts of the folder, so further ones may move the misheard figures by a little.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import get_args

from bench.caption_shows import HEARINGS, Hearing, caption_show, scripts_by_writers, with_wrong_catalog
from bench.scorecard import markdown_table, write_block
from domain.clock import Seconds
from domain.errors import InputError, WeightsError
from domain.session import Language
from learning.evaluation.manners import MANNERS
from learning.evaluation.metrics import OutcomeCounts, compute_metrics, pool_counts
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.script_files import read_scripts
from learning.simulation.simulate import SimulationConfig
from learning.simulation.wrong_bags import wrong_catalog
from learning.training.held_out_check import PUBLISHED_TAKES_SETTINGS, count_published
from learning.training.training_shows import TrainingShowInputs, build_training_show
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS, WeightsBundle, load_weights_bundle

SCRIPTS = Path(__file__).parents[1] / "fixtures" / "scripts"
EXAMINING_WRITERS = "rh,rk"  # no shipped weights are fitted on their scripts
VOICES = 2  # of each script and hearing
FIGURES = ("scripts", "truths", "dots", "F1@.5", "F1@.7", "false dots", "start, s", "wrong bag, dots/h")


@dataclass(frozen=True, slots=True)
class JudgedShow:
    """What is published in one show. `wrong_dots`: beside a wrong catalogue; None where there is no such catalogue."""

    script: ShowScript
    hearing: Hearing
    duration: Seconds
    counts: OutcomeCounts
    wrong_dots: int | None


def judge_scripts(
    scripts: Sequence[ShowScript], examining: Sequence[ShowScript], models: WeightsBundle
) -> tuple[JudgedShow, ...]:
    """The shows of the `examining` scripts. `scripts`: all whose words a recogniser knows."""
    confusion_model = SimulationConfig(tuple(scripts)).confusion_model
    judged = []
    for script in examining:
        other_catalog = wrong_catalog(script, examining)
        for hearing, voice in product(HEARINGS, range(VOICES)):
            show = caption_show(script, hearing, voice, confusion_model)
            wrong_dots = _count(with_wrong_catalog(show, other_catalog), models).highlights if other_catalog else None
            judged.append(JudgedShow(script, hearing, show.truth.duration, _count(show, models), wrong_dots))
    return tuple(judged)


def _count(show: TrainingShowInputs, models: WeightsBundle) -> OutcomeCounts:
    """The outcomes of what a run with default settings publishes."""
    return count_published(models, [build_training_show(show)], PUBLISHED_TAKES_SETTINGS)


def render_table(shows: Sequence[JudgedShow]) -> str:
    """The figures of all shows, by language and by manner, each as heard clean and misheard."""
    rows = []
    for name, members in _groups(shows):
        rows += [_row(name, hearing, [show for show in members if show.hearing == hearing]) for hearing in HEARINGS]
    return markdown_table(("shows", "heard", *FIGURES), rows, text_columns=2)


def _groups(shows: Sequence[JudgedShow]) -> Iterator[tuple[str, list[JudgedShow]]]:
    """Named groups that have members. A show is in the group of each of its manners."""
    groups = [("all", list(shows))]
    for language in get_args(Language):
        groups.append((f"language: {language}", [show for show in shows if show.script.language == language]))
    for manner in MANNERS:
        groups.append((f"manner: {manner}", [show for show in shows if manner in show.script.manners]))
    yield from (group for group in groups if group[1])


def _row(name: str, hearing: Hearing, shows: Sequence[JudgedShow]) -> tuple[str, ...]:
    counts = pool_counts(show.counts for show in shows)
    metrics = compute_metrics(counts)
    return (
        name,
        hearing,
        str(len({show.script.id for show in shows})),
        str(counts.truths),
        str(counts.highlights),
        _format(metrics.f1_at_50, 2),
        _format(metrics.f1_at_70, 2),
        str(counts.false_highlights),
        _format(metrics.start_error_median, 1),
        _format(wrong_dots_per_hour(shows), 1),
    )


def wrong_dots_per_hour(shows: Sequence[JudgedShow]) -> float | None:
    """Dots an hour beside wrong catalogues, over the shows that have one; None where none has."""
    dots = [(show.wrong_dots, show.duration) for show in shows if show.wrong_dots is not None]
    seconds = sum(duration for _, duration in dots)
    return sum(count for count, _ in dots) / (seconds / 3600) if dots else None


def _format(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def report(folder: Path, writers: Sequence[str], model: str = DEFAULT_WEIGHTS) -> str:
    """The table of the scripts of `writers` in `folder`. Raises InputError where they cannot be used."""
    scripts = read_scripts(folder)
    return render_table(judge_scripts(scripts, scripts_by_writers(scripts, writers), load_weights_bundle(model)))


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser("python -m bench rooms")
    parser.add_argument("scripts", nargs="?", type=Path, default=SCRIPTS, help="folder of scripts")
    parser.add_argument("--writers", default=EXAMINING_WRITERS, help="whose scripts are judged: rh,rk by default")
    parser.add_argument("--model", default=DEFAULT_WEIGHTS, help="weights: the shipped ones, or a folder")
    parser.add_argument("--scorecard", type=Path, help="the page whose block `rooms` is written")
    options = parser.parse_args(arguments)
    try:
        table = report(options.scripts, options.writers.split(","), options.model)
    except (InputError, WeightsError) as error:
        parser.error(str(error))
    print(table)
    if options.scorecard:
        write_block(options.scorecard, "rooms", table)
