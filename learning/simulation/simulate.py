"""Simulated shows: scripts augmented, timed, transcribed with errors, logged and seen, with their truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.evidence import EventLog
from domain.speech import Transcript
from domain.vision import Sightings
from learning.evaluation.ground_truth import GroundTruth
from learning.simulation.asr_noise.error_model import ConfusionModel
from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.asr_noise.noisy_transcript import simulate_transcript
from learning.simulation.event_log import EventLogGenerator
from learning.simulation.event_log_profile import EventLogProfile
from learning.simulation.profiles import default_profiles
from learning.simulation.pushes import simulate_pushes
from learning.simulation.scripts.augmentation import (
    NO_AUGMENTATION,
    AugmentationPlan,
    augment_scripts,
    sample_augmentation_plan,
)
from learning.simulation.scripts.decoys import add_decoys
from learning.simulation.scripts.one_product import keep_one_product
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.speech_timing import TimedUtterance, assign_speech_times, derive_ground_truth
from learning.simulation.show_variation import PLAIN_SHOW, ShowTraits, ShowVariation, WrongBag
from learning.simulation.sightings import SightingProfile, choose_one, simulate_sightings
from learning.simulation.wrong_bags import catalogs_of_others

W = TypeVar("W", NoiseProfile, EventLogProfile)
TRAILING_S: Seconds = 3.0  # from the last word to the end of the recording
WRITTEN_ROOM_SHARE = 0.5  # of rooms of one product; the others say the same sentences again
SPLICE_THRESHOLDS = (0.6, 0.9)  # cumulative probabilities of one script and of two; else three


@dataclass(frozen=True, slots=True)
class ShowProvenance:
    """What a show has in common with others. To hold families out, keep shows of one value on one side.

    `traits`: how it varies, as far as its scripts allow, for model cards to count.
    """

    writer: str
    scripts: tuple[str, ...]
    noise_profile: str
    event_log_profile: str
    sighting_profile: str
    traits: ShowTraits = PLAIN_SHOW


@dataclass(frozen=True, slots=True)
class SimulatedShow:
    """A simulated show as the light half of the flow sees it, and its truth, all on the replay clock. The truth has the
    manners of the show's scripts.

    The recording clock is the same. `utterances`: the true words, with roles; `about` and `mentions` name products of
    the catalogue only.
    """

    name: str
    provenance: ShowProvenance
    catalog: Catalog
    transcript: Transcript
    events: EventLog
    sightings: Sightings
    truth: GroundTruth
    utterances: tuple[TimedUtterance, ...]


@dataclass(frozen=True)
class SimulationConfig:
    """What shows are made from: scripts, and kinds of recognisers, rooms and cameras; and how far shows vary."""

    scripts: tuple[ShowScript, ...]
    noise_profiles: tuple[NoiseProfile, ...] = field(default_factory=lambda: default_profiles().noise)
    event_log_profiles: tuple[EventLogProfile, ...] = field(default_factory=lambda: default_profiles().event_log)
    sighting_profiles: tuple[SightingProfile, ...] = field(default_factory=lambda: default_profiles().sighting)
    variation: ShowVariation = field(default_factory=ShowVariation)

    def __post_init__(self) -> None:
        if not (self.scripts and self.event_log_profiles and self.sighting_profiles):
            raise InvalidValue("shows need at least one script, one room and one camera")
        missing_languages = {each.language for each in self.scripts} - {each.language for each in self.noise_profiles}
        if missing_languages:
            raise InvalidValue(f"there is no channel for the language {min(missing_languages)}")

    @cached_property
    def confusion_model(self) -> ConfusionModel:
        """The words of all scripts as the recognisers know them."""
        return ConfusionModel.from_texts(
            (script.language, [each.text for each in script.utterances]) for script in self.scripts
        )


def simulate_shows(config: SimulationConfig, seed: int, shows: range) -> Iterator[SimulatedShow]:
    """The shows of `seed` with these numbers. Each depends on the config, `seed` and its number only."""
    for number in shows:
        rng = np.random.default_rng((seed, number))
        yield simulate_show(config, f"simulated-{seed}-{number}", sample_augmentation_plan(rng), rng)


def simulate_show(
    config: SimulationConfig,
    name: str,
    plan: AugmentationPlan,
    rng: np.random.Generator,
    main_script: ShowScript | None = None,
) -> SimulatedShow:
    """One show by `plan`. Scripts, unless `main_script` is given, profiles and traits are drawn."""
    (variation_rng,) = rng.spawn(1)  # leaves `rng` as it is: shows without variation stay the same
    traits = config.variation.draw(variation_rng)
    main_scripts = [main_script] if main_script else _scripts_for(traits, config.scripts, variation_rng)
    scripts = _sample_scripts(main_scripts, config.scripts, rng)
    return _simulate_scripts(config, scripts, _Draw(name, plan, traits, rng, variation_rng))


def simulate_as_written(
    config: SimulationConfig, name: str, script: ShowScript, rng: np.random.Generator
) -> SimulatedShow:
    """The show of `script`, as its writer wrote it. Profiles and traits are drawn."""
    (variation_rng,) = rng.spawn(1)
    traits = config.variation.draw(variation_rng)
    return _simulate_scripts(config, [script], _Draw(name, NO_AUGMENTATION, traits, rng, variation_rng))


@dataclass(frozen=True, eq=False)
class _Draw:
    """What is drawn for one show, and the generators for the rest: `variation_rng` for all that varies by traits."""

    name: str
    plan: AugmentationPlan
    traits: ShowTraits
    rng: np.random.Generator
    variation_rng: np.random.Generator


def _simulate_scripts(config: SimulationConfig, scripts: Sequence[ShowScript], draw: _Draw) -> SimulatedShow:
    """One show of `scripts`, the first of which is the main one."""
    rng, variation_rng = draw.rng, draw.variation_rng
    other_catalogs = catalogs_of_others(scripts, config.scripts)
    traits = draw.traits if other_catalogs else replace(draw.traits, decoy_count=0, wrong_bag="none")
    script = _vary_script(augment_scripts(scripts, draw.plan, rng), traits, other_catalogs, variation_rng)
    utterances = assign_speech_times(script, rng)
    duration = utterances[-1].span.end + TRAILING_S
    truth = derive_ground_truth(draw.name, utterances, duration, script.catalog.by_id, script.manners)
    noise_profiles = [each for each in config.noise_profiles if each.language == script.language]
    noise_profile = traits.vary_profile(_choose_weighted(noise_profiles, rng))
    event_log_profile = _choose_weighted(config.event_log_profiles, rng)
    sighting_profile = choose_one(config.sighting_profiles, rng)
    pushes = simulate_pushes(utterances, truth, script.catalog, event_log_profile, rng)
    log_generator = EventLogGenerator(utterances, truth, pushes, event_log_profile, tuple(script.catalog.by_id))
    profile_names = (noise_profile.name, event_log_profile.name, sighting_profile.name)
    show = SimulatedShow(
        name=draw.name,
        provenance=ShowProvenance(script.writer, tuple(each.id for each in scripts), *profile_names, traits),
        catalog=script.catalog,
        transcript=traits.vary_transcript(simulate_transcript(utterances, noise_profile, config.confusion_model, rng)),
        events=log_generator.generate(rng),
        sightings=simulate_sightings(truth, pushes, script.catalog, sighting_profile, rng),
        truth=truth,
        utterances=utterances,
    )
    if traits.wrong_bag == "none":
        return show
    bag = add_decoys(choose_one(other_catalogs, variation_rng), other_catalogs, traits.decoy_count, variation_rng)
    return with_wrong_bag(show, traits.vary_catalog(bag), traits.wrong_bag)


def _vary_script(
    script: ShowScript, traits: ShowTraits, other_catalogs: Sequence[Catalog], rng: np.random.Generator
) -> ShowScript:
    """`script` in a room of one product, or beside decoys, as far as the traits say so."""
    varied = keep_one_product(script, rng) if traits.has_one_product else script
    catalog = add_decoys(varied.catalog, other_catalogs, traits.decoy_count, rng)
    return replace(varied, catalog=traits.vary_catalog(catalog))


def with_wrong_bag(show: SimulatedShow, catalog: Catalog, kind: WrongBag) -> SimulatedShow:
    """The same talk beside a catalogue of `kind`, of which nothing is shown: nothing is true, and of the log, which
    names the room's own products, comments alone stay.
    """
    comments = tuple(event for event in show.events.events if not event.product_id)
    return replace(
        show,
        provenance=replace(show.provenance, traits=replace(show.provenance.traits, wrong_bag=kind)),
        catalog=catalog,
        events=EventLog(comments),
        sightings=Sightings(()),
        truth=replace(show.truth, highlights=(), ignored=()),
        utterances=tuple(
            replace(each, utterance=replace(each.utterance, about=(), mentions=(), push=None))
            for each in show.utterances
        ),
    )


def _scripts_for(traits: ShowTraits, scripts: Sequence[ShowScript], rng: np.random.Generator) -> Sequence[ShowScript]:
    """The scripts to draw the main one from. Half of the rooms of one product are of scripts written as such."""
    written_rooms = [script for script in scripts if "cycles" in script.manners]
    is_written = traits.has_one_product and written_rooms and rng.random() < WRITTEN_ROOM_SHARE
    return written_rooms if is_written else scripts


def _sample_scripts(
    main_scripts: Sequence[ShowScript], scripts: Sequence[ShowScript], rng: np.random.Generator
) -> list[ShowScript]:
    """The main script, and up to two of the same writer and language to splice with."""
    main_script = choose_one(main_scripts, rng)
    same_writer_scripts = [
        script
        for script in scripts
        if script is not main_script and (script.writer, script.language) == (main_script.writer, main_script.language)
    ]
    chance = rng.random()
    extra_count = sum(chance >= bound for bound in SPLICE_THRESHOLDS)
    return [
        main_script,
        *(same_writer_scripts[i] for i in rng.permutation(len(same_writer_scripts))[:extra_count].tolist()),
    ]


def _choose_weighted(choices: Sequence[W], rng: np.random.Generator) -> W:
    weights = np.array([each.weight for each in choices])
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))]
