"""The simulated shows that weights are learned from: scripts as they are written, some bent, each beside wrong bags."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.catalog import Catalog
from learning.simulation.scripts.augmentation import sample_augmentation_plan
from learning.simulation.simulate import SimulatedShow, SimulationConfig, simulate_as_written, simulate_show
from learning.simulation.wrong_bag_lessons import wrong_bag_lessons
from learning.training.training_shows import TrainingShow, build_training_show, inputs_from_simulation

BENT_EVERY = 3  # one round of scripts in so many is cut, mixed and spliced: code spoils how people talk


@dataclass(frozen=True, eq=False)
class Lessons:
    """What lessons are made from. `config`: the scripts, and how shows vary; `same_kind`: by the script's id,
    catalogues of the same kind of things.
    """

    config: SimulationConfig
    same_kind: Mapping[str, Catalog]
    seed: int

    def simulate(self, number: int) -> SimulatedShow:
        """Lesson `number`. Each round of numbers has every script once."""
        scripts = self.config.scripts
        rng = np.random.default_rng((self.seed, number))
        name = f"lesson-{self.seed}-{number}"
        if number // len(scripts) % BENT_EVERY == BENT_EVERY - 1:
            return simulate_show(self.config, name, sample_augmentation_plan(rng), rng)
        return simulate_as_written(self.config, name, scripts[number % len(scripts)], rng)

    def build(self, number: int) -> tuple[TrainingShow, ...]:
        """Lesson `number`, and the same beside a wrong bag: of another kind for even numbers, of the same kind for odd
        ones, if there are such.
        """
        show = self.simulate(number)
        wrong = wrong_bag_lessons(show, self.config.scripts, self.same_kind)
        lessons = (show, *wrong[number % 2 :][:1])
        return tuple(build_training_show(inputs_from_simulation(each)) for each in lessons)
