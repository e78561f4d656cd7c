"""A room of one product: a script cut to the stretches about it, and chat."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from domain.catalog import Catalog
from learning.simulation.scripts.script import ShowScript, Utterance


def keep_one_product(script: ShowScript, rng: np.random.Generator) -> ShowScript:
    """`script` without what is said of any product but one, which is drawn. Its catalogue holds that one alone.

    A script that explains no product by itself stays as it is.
    """
    explained_ids = sorted({each.about[0] for each in script.utterances if len(each.about) == 1})
    if not explained_ids:
        return script
    product_id = explained_ids[int(rng.integers(len(explained_ids)))]
    return replace(
        script,
        catalog=Catalog((script.catalog.by_id[product_id],)),
        utterances=tuple(_utterances_of(script, product_id)),
    )


def _utterances_of(script: ShowScript, product_id: str) -> Iterator[Utterance]:
    for each in script.utterances:
        if {*each.about, *each.mentions} <= {product_id}:
            yield each if each.push == product_id else replace(each, push=None)
