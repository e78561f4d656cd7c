"""The kinds of recognisers, rooms and cameras that shows are simulated with, read from profiles.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.event_log_profile import EventLogProfile
from learning.simulation.sightings import SightingProfile


@dataclass(frozen=True, slots=True)
class SimulationProfiles:
    """Each kind by its name in a show's provenance."""

    noise: tuple[NoiseProfile, ...]
    event_log: tuple[EventLogProfile, ...]
    sighting: tuple[SightingProfile, ...]


@cache
def default_profiles() -> SimulationProfiles:
    """The profiles of profiles.toml."""
    tables = tomllib.loads(files("learning.simulation").joinpath("profiles.toml").read_text(encoding="utf-8"))
    return SimulationProfiles(
        tuple(NoiseProfile(**_with_tuples(row)) for row in tables["noise"]),
        tuple(EventLogProfile(**_with_tuples(row)) for row in tables["event_log"]),
        tuple(SightingProfile(**_with_tuples(row)) for row in tables["sighting"]),
    )


def _with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
