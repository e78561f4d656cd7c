"""`python -m bench rooms [SCRIPTS] [--writers rh,rk] [--model NAME] [--scorecard FILE]`: what is found in the talk of
scripts in the manner of real rooms, and how many dots appear beside wrong catalogues.

Every script of the writers becomes shows of captions, clean and misheard, without a log and with pushes alone, which
the light half judges as `kandian train` judges simulated shows. The same scripts and weights print the same bytes,
however many processes there are. What a recogniser knows comes from all scripts of the folder, so further ones may move
the misheard figures by a little.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Literal, get_args

from bench.caption_shows import (
    HEARINGS,
    Hearing,
    caption_show,
    scripts_by_writers,
    with_pushes,
    with_wrong_catalog,
)
from bench.scorecard import markdown_table, write_block
from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InputError, WeightsError
from domain.session import Language
from learning.evaluation.manners import MANNERS
from learning.evaluation.metrics import (
    OutcomeCounts,
    Prediction,
    compute_metrics,
    count_outcomes,
    pool_counts,
    predictions_from_takes,
)
from learning.evaluation.slices import QuickTurnCounts, count_quick_turns, pool_quick_turns
from learning.simulation.asr_noise.error_model import ConfusionModel
from learning.simulation.same_kind import read_same_kind_catalogs, same_kind_catalog
from learning.simulation.scripts.examiners import EXAMINING_WRITERS
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.script_files import read_scripts
from learning.simulation.simulate import SimulationConfig
from learning.simulation.wrong_bags import wrong_catalog
from learning.training.held_out_check import PUBLISHED_TAKES_SETTINGS
from learning.training.parallel_map import map_in_order
from learning.training.show_evidence import score_show
from learning.training.training_shows import TrainingShow, build_training_show
from models.lexicon.near_duplicates import find_near_duplicates
from models.segmentation.segmenter import segment_takes
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS, WeightsBundle, load_weights_bundle

Logged = Literal["", "pushes"]
LOGS: tuple[Logged, ...] = get_args(Logged)
SCRIPTS = Path(__file__).parents[1] / "fixtures" / "scripts"
VOICES = 2  # of each script and hearing
FIGURES = (
    "scripts", "truths", "dots", "F1@.5", "F1@.7", "false dots", "start, s", "quick turns", "found",
    "other kind, dots/h", "same kind, dots/h",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedShow:
    """What is published in one show. `log`: what the room logs.

    `other_kind_dots`, `same_kind_dots`: beside a wrong catalogue of another kind and of the same kind of things; None
    where there is no such catalogue or none was tried.
    """

    script: ShowScript
    hearing: Hearing
    log: Logged
    duration: Seconds
    counts: OutcomeCounts
    quick_turns: QuickTurnCounts
    other_kind_dots: int | None = None
    same_kind_dots: int | None = None


@dataclass(frozen=True, eq=False)
class _Bench:
    """What all shows are judged with. `same_kind`: catalogues by the id of the script."""

    examining: tuple[ShowScript, ...]
    models: WeightsBundle
    confusion_model: ConfusionModel
    same_kind: Mapping[str, Catalog]


def judge_scripts(
    scripts: Sequence[ShowScript],
    examining: Sequence[ShowScript],
    models: WeightsBundle,
    same_kind: Mapping[str, Catalog],
    workers: int | None = None,
) -> tuple[JudgedShow, ...]:
    """The shows of the `examining` scripts, by script. `scripts`: all whose words a recogniser knows; `same_kind`:
    wrong catalogues by the id of the script; `workers`: processes, one for each core by default.
    """
    bench = _Bench(tuple(examining), models, SimulationConfig(tuple(scripts)).confusion_model, same_kind)
    tasks = list(product(range(len(examining)), HEARINGS, range(VOICES)))
    return tuple(show for shows in map_in_order(_judge, bench, tasks, workers) for show in shows)


def _judge(bench: _Bench, task: tuple[int, Hearing, int]) -> tuple[JudgedShow, ...]:
    """One show, without a log and with pushes alone."""
    index, hearing, voice = task
    script = bench.examining[index]
    inputs = caption_show(script, hearing, voice, bench.confusion_model)
    show = build_training_show(inputs)
    pushed = replace(show, events=with_pushes(inputs, voice).events)

    def count_wrong_dots(catalog: Catalog | None) -> int | None:
        if catalog is None:
            return None
        return len(_published(build_training_show(with_wrong_catalog(inputs, catalog)), bench.models))

    return (
        replace(
            _compare(script, hearing, "", show, bench.models),
            other_kind_dots=count_wrong_dots(wrong_catalog(script, bench.examining)),
            same_kind_dots=count_wrong_dots(same_kind_catalog(script, (), bench.same_kind)),
        ),
        _compare(script, hearing, "pushes", pushed, bench.models),
    )


def _compare(
    script: ShowScript, hearing: Hearing, log: Logged, show: TrainingShow, models: WeightsBundle
) -> JudgedShow:
    published, truth = _published(show, models), show.truth
    counts, quick_turns = count_outcomes(published, truth), count_quick_turns(published, truth)
    return JudgedShow(script, hearing, log, truth.duration, counts, quick_turns)


def _published(show: TrainingShow, models: WeightsBundle) -> tuple[Prediction, ...]:
    """What a run with default settings publishes."""
    takes = segment_takes(
        score_show(show, models), models.confidence, PUBLISHED_TAKES_SETTINGS, find_near_duplicates(show.catalog)
    )
    return predictions_from_takes(takes).highlights


def render_table(shows: Sequence[JudgedShow]) -> str:
    """The figures of all shows, by language and by manner, each as heard clean and misheard; those with pushes for all
    and by language.
    """
    rows = []
    for name, members in _groups(shows):
        for log, hearing in product(LOGS, HEARINGS):
            row_shows = [show for show in members if (show.hearing, show.log) == (hearing, log)]
            if row_shows and not (log and name.startswith("manner")):
                rows.append(_row(name, f"{hearing}, {log}" if log else hearing, row_shows))
    return markdown_table(("shows", "heard", *FIGURES), rows, text_columns=2)


def _groups(shows: Sequence[JudgedShow]) -> Iterator[tuple[str, list[JudgedShow]]]:
    """Named groups that have members. A show is in the group of each of its manners."""
    groups = [("all", list(shows))]
    for language in get_args(Language):
        groups.append((f"language: {language}", [show for show in shows if show.script.language == language]))
    for manner in MANNERS:
        groups.append((f"manner: {manner}", [show for show in shows if manner in show.script.manners]))
    yield from (group for group in groups if group[1])


def _row(name: str, heard: str, shows: Sequence[JudgedShow]) -> tuple[str, ...]:
    counts = pool_counts(show.counts for show in shows)
    metrics, quick_turns = compute_metrics(counts), pool_quick_turns(show.quick_turns for show in shows)
    durations = [show.duration for show in shows]
    return (
        name,
        heard,
        str(len({show.script.id for show in shows})),
        str(counts.truths),
        str(counts.highlights),
        _format(metrics.f1_at_50, 2),
        _format(metrics.f1_at_70, 2),
        str(counts.false_highlights),
        _format(metrics.start_error_median, 1),
        str(quick_turns.truths),
        _format(quick_turns.found_share, 2),
        _format(dots_per_hour([show.other_kind_dots for show in shows], durations), 1),
        _format(dots_per_hour([show.same_kind_dots for show in shows], durations), 1),
    )


def dots_per_hour(dots: Sequence[int | None], durations: Sequence[Seconds]) -> float | None:
    """Dots an hour over the shows that have a number of them; None where none has."""
    known = [(count, duration) for count, duration in zip(dots, durations, strict=True) if count is not None]
    seconds = sum(duration for _, duration in known)
    return sum(count for count, _ in known) / (seconds / 3600) if known else None


def _format(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def report(folder: Path, writers: Sequence[str], model: str = DEFAULT_WEIGHTS) -> str:
    """The table of the scripts of `writers` in `folder`. Raises InputError where they cannot be used."""
    scripts = read_scripts(folder)
    examining = scripts_by_writers(scripts, writers)
    same_kind = read_same_kind_catalogs(folder, examining)
    return render_table(judge_scripts(scripts, examining, load_weights_bundle(model), same_kind))


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser("python -m bench rooms")
    parser.add_argument("scripts", nargs="?", type=Path, default=SCRIPTS, help="folder of scripts")
    parser.add_argument(
        "--writers", default=",".join(EXAMINING_WRITERS), help="whose scripts are judged: rh,rk by default"
    )
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
