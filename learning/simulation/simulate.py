"""Simulated shows: scripts recombined, spoken, heard, logged and filmed, with the truth that follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.evidence import EventLog
from domain.speech import Transcript
from domain.vision import Sightings
from learning.evaluation.ground_truth import Truth
from learning.simulation.asr_noise.error_model import Ear
from learning.simulation.asr_noise.noise_profiles import CHANNELS, Channel
from learning.simulation.asr_noise.noisy_transcript import hear
from learning.simulation.event_log import ROOMS, Room, RoomLog, pushes_in
from learning.simulation.scripts.augmentation import Plan, drawn_plan, rehearse
from learning.simulation.scripts.script import Script
from learning.simulation.scripts.speech_timing import Spoken, speak, truth_of
from learning.simulation.sightings import CAMERAS, Camera, sightings_of

T = TypeVar("T")
W = TypeVar("W", Channel, Room)
FADING: Seconds = 3.0  # a recording goes on after the last word
PARTNERS = (0.6, 0.9)  # chances of a show from one script, and of one from at most two; else three


@dataclass(frozen=True, slots=True)
class Family:
    """What a show has in common with others: to hold families out, keep shows with the same value on one side."""

    writer: str
    scripts: tuple[str, ...]
    channel: str
    room: str
    camera: str


@dataclass(frozen=True, slots=True)
class SimulatedShow:
    """A show as the light half sees it, and its truth, all on the replay clock, which is the recording's.

    `spoken`: what was really said, with roles; `about` and `mentions` name products of the catalogue only.
    """

    name: str
    family: Family
    catalog: Catalog
    transcript: Transcript
    events: EventLog
    sightings: Sightings
    truth: Truth
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True)
class Studio:
    """What shows are made from: scripts, and the kinds of recognisers, rooms and cameras."""

    scripts: tuple[Script, ...]
    channels: tuple[Channel, ...] = CHANNELS
    rooms: tuple[Room, ...] = ROOMS
    cameras: tuple[Camera, ...] = CAMERAS

    def __post_init__(self) -> None:
        if not (self.scripts and self.rooms and self.cameras):
            raise InvalidValue("shows need at least one script, one room and one camera")
        deaf = {script.language for script in self.scripts} - {channel.language for channel in self.channels}
        if deaf:
            raise InvalidValue(f"there is no channel for the language {min(deaf)}")

    @cached_property
    def ear(self) -> Ear:
        """What recognisers have learnt: the words of all scripts."""
        return Ear.of((script.language, [each.text for each in script.utterances]) for script in self.scripts)


def simulate(studio: Studio, seed: int, shows: range) -> Iterator[SimulatedShow]:
    """The shows of `seed` whose numbers are in `shows`. Each depends on the studio, `seed` and its number alone."""
    for number in shows:
        rng = np.random.default_rng((seed, number))
        yield simulated(studio, f"simulated-{seed}-{number}", drawn_plan(rng), rng)


def simulated(studio: Studio, name: str, plan: Plan, rng: np.random.Generator) -> SimulatedShow:
    """One show after `plan`; scripts, channel, room and camera are drawn."""
    scripts = _drawn_scripts(studio.scripts, rng)
    show = rehearse(scripts, plan, rng)
    spoken = speak(show, rng)
    duration = spoken[-1].span.end + FADING
    truth = truth_of(name, spoken, duration, show.catalog.by_id)
    channel = _weighted([each for each in studio.channels if each.language == show.language], rng)
    room, camera = _weighted(studio.rooms, rng), _one(studio.cameras, rng)
    pushes = pushes_in(spoken, truth, show.catalog, room, rng)
    return SimulatedShow(
        name=name,
        family=Family(show.writer, tuple(each.id for each in scripts), channel.name, room.name, camera.name),
        catalog=show.catalog,
        transcript=hear(spoken, channel, studio.ear, rng),
        events=RoomLog(spoken, truth, pushes, room, tuple(show.catalog.by_id)).written(rng),
        sightings=sightings_of(truth, pushes, show.catalog, camera, rng),
        truth=truth,
        spoken=spoken,
    )


def _drawn_scripts(scripts: Sequence[Script], rng: np.random.Generator) -> list[Script]:
    """The main script and up to two of the same writer and language to splice with."""
    main = _one(scripts, rng)
    fellows = [
        script
        for script in scripts
        if script is not main and (script.writer, script.language) == (main.writer, main.language)
    ]
    chance = rng.random()
    wanted = sum(chance >= bound for bound in PARTNERS)
    return [main, *(fellows[i] for i in rng.permutation(len(fellows))[:wanted].tolist())]


def _one(choices: Sequence[T], rng: np.random.Generator) -> T:
    return choices[int(rng.integers(len(choices)))]


def _weighted(choices: Sequence[W], rng: np.random.Generator) -> W:
    weights = np.array([each.weight for each in choices])
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))]
