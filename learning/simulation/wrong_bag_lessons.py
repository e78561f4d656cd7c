"""Wrong bags as lessons: each show again beside catalogues of which nothing is shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from domain.catalog import Catalog
from learning.simulation.same_kind import same_kind_of_scripts
from learning.simulation.scripts.decoys import add_decoys
from learning.simulation.scripts.script import ShowScript
from learning.simulation.show_variation import WrongBag
from learning.simulation.sightings import choose_one
from learning.simulation.simulate import SimulatedShow, with_wrong_bag
from learning.simulation.wrong_bags import catalogs_of_other_kinds, catalogs_of_others


def wrong_bag_lessons(
    show: SimulatedShow, scripts: Sequence[ShowScript], same_kind: Mapping[str, Catalog]
) -> tuple[SimulatedShow, ...]:
    """`show` beside a bag of another kind, then of the same kind of things; without the one that does not exist.

    `scripts`: those that `show` was made from, and others whose catalogues serve; `same_kind`: written catalogues by
    the id of the script. A bag varies as the show's own catalogue does: decoys, titles alone, no nicknames. The name of
    the show decides what is drawn.
    """
    by_id = {script.id: script for script in scripts}
    shown = [by_id[id_] for id_ in show.provenance.scripts]
    rng = np.random.default_rng(crc32(show.name.encode()))
    return tuple(_lessons(show, dict(_bags(shown, scripts, same_kind, rng)), catalogs_of_others(shown, scripts), rng))


def _bags(
    shown: Sequence[ShowScript],
    scripts: Sequence[ShowScript],
    same_kind: Mapping[str, Catalog],
    rng: np.random.Generator,
) -> Iterator[tuple[WrongBag, Catalog]]:
    other_kinds = catalogs_of_other_kinds(shown, scripts)
    if other_kinds:
        yield "another kind", choose_one(other_kinds, rng)
    same_kind_catalog = same_kind_of_scripts(shown, scripts, same_kind)
    if same_kind_catalog:
        yield "the same kind", same_kind_catalog


def _lessons(
    show: SimulatedShow, bags: Mapping[WrongBag, Catalog], others: Sequence[Catalog], rng: np.random.Generator
) -> Iterator[SimulatedShow]:
    traits = show.provenance.traits
    for kind, bag in bags.items():
        varied = traits.vary_catalog(add_decoys(bag, others, traits.decoy_count, rng))
        yield replace(with_wrong_bag(show, varied, kind), name=f"{show.name}-bag-of-{kind.replace(' ', '-')}")
