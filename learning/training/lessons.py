"""The simulated shows that weights are learned from: scripts as they are written, some bent, each beside wrong bags."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.catalog import Catalog
from learning.simulation.scripts.augmentation import sample_augmentation_plan
from learning.simulation.show_variation import WrongBag
from learning.simulation.simulate import SimulatedShow, SimulationConfig, simulate_as_written, simulate_show
from learning.simulation.wrong_bag_lessons import wrong_bag_lessons
from learning.training.training_shows import TrainingShow, build_training_show, inputs_from_simulation

WRONG_BAG_KINDS: tuple[WrongBag, ...] = ("another kind", "the same kind")
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
        """Lesson `number`. Each round of numbers has every script once; a bent one may be spliced with others."""
        round_number, script_number = divmod(number, len(self.config.scripts))
        script = self.config.scripts[script_number]
        rng = np.random.default_rng((self.seed, number))
        name = f"lesson-{self.seed}-{number}"
        if round_number % BENT_EVERY == BENT_EVERY - 1:
            return simulate_show(self.config, name, sample_augmentation_plan(rng), rng, script)
        return simulate_as_written(self.config, name, script, rng)

    def build(self, number: int) -> tuple[TrainingShow, ...]:
        """Lesson `number`, and the same beside a wrong bag, if there is one of its kind: of another kind and of the
        same kind by turns, for the scripts of a round and for the rounds of a script.
        """
        show = self.simulate(number)
        kind = WRONG_BAG_KINDS[sum(divmod(number, len(self.config.scripts))) % len(WRONG_BAG_KINDS)]
        bags = wrong_bag_lessons(show, self.config.scripts, self.same_kind)
        lessons = (show, *(bag for bag in bags if bag.provenance.traits.wrong_bag == kind))
        return tuple(build_training_show(inputs_from_simulation(each)) for each in lessons)
