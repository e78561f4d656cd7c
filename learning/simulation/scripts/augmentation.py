"""A new show from scripts that are there: explanations left out, moved, thinned, returned to, and spliced."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.catalog import Catalog, Product
from learning.simulation.scripts.blocks import Block, blocks_of, interleaved, thinned
from learning.simulation.scripts.catalog_variation import dealt_anew, relinked, with_sisters
from learning.simulation.scripts.script import Script, Utterance

FEWEST_EXPLANATIONS = 3
MOST_PRODUCTS = 80
PINNED = 0.8  # how often the greeting stays first and the farewell last
SHORTENED = (0.3, 0.7)  # of a return: the share left out
SHORTEST_NAME = {"zh": 2, "en": 4}  # characters; shorter ones are said by accident


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How far a show departs from its scripts. Shares are in [0, 1]; counts are means of a Poisson law.

    `kept`: explanations that stay. `moved`: how far blocks move, over the show's length. `dropped`: utterances left
    out. `retold`: explanations that are told again at once; `interrupted`: chat that comes inside one instead of
    between two. `unnamed`: explanations whose product is never named. `returns`, `strays` (a word on a product in
    passing), `sisters`, `unsold` (products explained that the catalogue does not hold): counts. `bundles`: chance of
    one.
    """

    kept: float = 1.0
    moved: float = 0.0
    dropped: float = 0.0
    retold: float = 0.0
    interrupted: float = 0.0
    unnamed: float = 0.0
    returns: float = 0.0
    strays: float = 0.0
    sisters: float = 0.0
    unsold: float = 0.0
    bundles: float = 0.0


AS_WRITTEN = Plan()


def drawn_plan(rng: np.random.Generator) -> Plan:
    """A plan as shows may have it; one in eight stays as written."""
    if rng.random() < 0.125:
        return AS_WRITTEN
    return Plan(
        kept=float(rng.uniform(0.5, 1.0)),
        moved=float(rng.choice((0.0, 0.05, 0.3, 1.0))),
        dropped=float(rng.uniform(0.0, 0.2)),
        retold=float(rng.choice((0.0, 0.3, 0.8))),
        interrupted=float(rng.choice((0.0, 0.3))),
        unnamed=float(rng.choice((0.0, 0.0, 0.2, 0.5))),
        returns=float(rng.choice((0.0, 0.7, 2.0))),
        strays=float(rng.choice((0.0, 1.0, 3.0))),
        sisters=float(rng.choice((0.0, 1.5, 4.0))),
        unsold=float(rng.choice((0.0, 0.0, 1.0))),
        bundles=float(rng.choice((0.0, 0.3))),
    )


def rehearse(scripts: Sequence[Script], plan: Plan, rng: np.random.Generator) -> Script:
    """A show after `plan` from `scripts`, all of one language; the first is the main one.

    Link numbers are dealt anew where scripts are spliced, and now and then elsewhere; what hosts say follows.
    """
    apart = _disjoint(scripts)
    names = _names(apart)
    blocks = [block for script in apart for block in _chosen(blocks_of(script), plan, rng)]
    blocks = [_thinned(block, plan, names, rng) for block in blocks]
    blocks = _with_extras(blocks, plan, rng)
    ordered = _ordered(blocks, plan, rng)
    told = [each for block in _interrupted(ordered, plan, rng) for each in block.utterances]
    utterances = _with_strays(told, plan, rng)
    return _put_on(apart, utterances, plan, rng)


def _disjoint(scripts: Sequence[Script]) -> list[Script]:
    """`scripts` with the ids of later ones made new where an earlier one has them."""
    taken: set[str] = set()
    apart = []
    for script in scripts:
        new = {id_: f"{script.id}.{id_}" for id_ in script.catalog.by_id if id_ in taken}
        apart.append(_renamed(script, new) if new else script)
        taken |= apart[-1].catalog.by_id.keys()
    return apart


def _renamed(script: Script, new: Mapping[str, str]) -> Script:
    products = [replace(each, product_id=new.get(each.product_id, each.product_id)) for each in script.catalog]
    utterances = tuple(_with_ids(each, {id_: new.get(id_, id_) for id_ in each.named}) for each in script.utterances)
    return replace(script, catalog=Catalog(tuple(products)), utterances=utterances)


def _with_ids(utterance: Utterance, kept: Mapping[str, str]) -> Utterance:
    """`utterance` with its product ids exchanged; those that `kept` does not hold are gone."""
    return replace(
        utterance,
        about=tuple(kept[id_] for id_ in utterance.about if id_ in kept),
        mentions=tuple(kept[id_] for id_ in utterance.mentions if id_ in kept),
        push=kept.get(utterance.push) if utterance.push else None,
    )


def _names(scripts: Sequence[Script]) -> Mapping[str, tuple[str, ...]]:
    """What hosts may call each product, lower case."""
    return {
        product.product_id: tuple(
            name.lower()
            for name in (product.short_name, product.brand, *product.aliases)
            if len(name) >= SHORTEST_NAME[script.language]
        )
        for script in scripts
        for product in script.catalog
    }


def _chosen(blocks: Sequence[Block], plan: Plan, rng: np.random.Generator) -> Iterator[Block]:
    """`blocks` without the explanations that the show leaves out."""
    explained = sum(block.is_explanation for block in blocks)
    places = rng.permutation(explained).tolist()
    most = max(FEWEST_EXPLANATIONS, round(plan.kept * explained))
    for block in blocks:
        if not block.is_explanation or places.pop() < most:
            yield block


def _thinned(block: Block, plan: Plan, names: Mapping[str, tuple[str, ...]], rng: np.random.Generator) -> Block:
    is_unnamed = block.is_explanation and rng.random() < plan.unnamed
    unsaid = [name for id_ in block.about for name in names[id_]] if is_unnamed else []
    told = thinned(block, plan.dropped, unsaid, rng)
    if not block.is_explanation or rng.random() >= plan.retold:
        return told
    again = thinned(block, float(rng.uniform(*SHORTENED)), unsaid, rng)
    return replace(told, utterances=(*told.utterances, *again.utterances))


def _with_extras(blocks: list[Block], plan: Plan, rng: np.random.Generator) -> list[Block]:
    """`blocks` with bundles and shortened returns."""
    single = [block for block in blocks if len(block.about) == 1]
    extended = list(blocks)
    if len(single) > 1 and rng.random() < plan.bundles:
        one, other = (single[i] for i in rng.choice(len(single), 2, replace=False).tolist())
        if one.about != other.about:
            extended.insert(int(rng.integers(1, len(extended) + 1)), interleaved(one, other, rng))
    for _ in range(int(rng.poisson(plan.returns)) if single else 0):
        again = single[int(rng.integers(len(single)))]
        place = int(rng.integers(extended.index(again) + 1, len(extended) + 1))
        extended.insert(place, thinned(again, float(rng.uniform(*SHORTENED)), (), rng))
    return extended


def _ordered(blocks: Sequence[Block], plan: Plan, rng: np.random.Generator) -> list[Block]:
    places = np.arange(len(blocks)) + rng.normal(0.0, 1.0, len(blocks)) * plan.moved * len(blocks)
    if blocks and not blocks[0].is_explanation and rng.random() < PINNED:
        places[0] = -np.inf
    if blocks and not blocks[-1].is_explanation and rng.random() < PINNED:
        places[-1] = np.inf
    return [blocks[i] for i in np.argsort(places, kind="stable").tolist()]


def _interrupted(blocks: Sequence[Block], plan: Plan, rng: np.random.Generator) -> list[Block]:
    """`blocks`, chat between two explanations now and then moved into the one before."""
    cut: list[Block] = []
    for block in blocks:
        before = cut[-1] if cut else None
        is_inside = before and before.is_explanation and not block.is_explanation and rng.random() < plan.interrupted
        if before and is_inside:
            place = int(rng.integers(1, len(before.utterances) + 1))
            head, tail = before.utterances[:place], before.utterances[place:]
            cut[-1] = replace(before, utterances=(*head, *block.utterances, *tail))
        else:
            cut.append(block)
    return cut


def _with_strays(utterances: list[Utterance], plan: Plan, rng: np.random.Generator) -> list[Utterance]:
    """Words on a product in passing, where something else is explained or nothing is."""
    about_one = [each for each in utterances if len(each.about) == 1]
    strewn = list(utterances)
    for _ in range(int(rng.poisson(plan.strays)) if about_one else 0):
        stray = about_one[int(rng.integers(len(about_one)))]
        place = int(rng.integers(len(strewn) + 1))
        around = strewn[max(0, place - 1)].about
        if stray.about != around:
            passing = replace(stray, about=around, mentions=stray.about, role="preview", push=None, comment=None)
            strewn.insert(place, passing)
    return strewn


def _put_on(scripts: Sequence[Script], utterances: list[Utterance], plan: Plan, rng: np.random.Generator) -> Script:
    """The show of `utterances`: its catalogue made, and what hosts say of link numbers put right."""
    main = scripts[0]
    products = [product for script in scripts for product in script.catalog]
    explained = sorted({id_ for each in utterances for id_ in each.about})
    unsold = _some(explained, min(int(rng.poisson(plan.unsold)), len(explained) - FEWEST_EXPLANATIONS), rng)
    sold = _shelf(products, set(unsold), set(explained), rng)
    links = {each.product_id: each.link_no for each in products}
    if len(scripts) > 1 or (plan is not AS_WRITTEN and rng.random() < 0.3):
        sold = tuple(dealt_anew(sold, rng))
    still = [id_ for id_ in explained if id_ not in unsold]
    sisters = _some(still, min(int(rng.poisson(plan.sisters)), len(still)), rng)
    kept = {each.product_id: each.product_id for each in sold}
    now = {each.product_id: each.link_no for each in sold}
    said = tuple(_with_ids(_relinked(each, links, now, main), kept) for each in utterances)
    return Script(main.id, main.language, main.title, Catalog(with_sisters(sold, sisters, main.language, rng)), said)


def _some(ids: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    return [ids[i] for i in rng.permutation(len(ids))[: max(0, count)].tolist()]


def _shelf(
    products: Sequence[Product], unsold: set[str], explained: set[str], rng: np.random.Generator
) -> tuple[Product, ...]:
    """The products that are sold: all explained ones but `unsold`, and as many others as there is room for."""
    listed = [each for each in products if each.product_id not in unsold]
    room = MOST_PRODUCTS - len(explained)
    others = [each.product_id for each in listed if each.product_id not in explained]
    chosen = explained | set(_some(others, room, rng))
    return tuple(each for each in listed if each.product_id in chosen)


def _relinked(
    utterance: Utterance, before: Mapping[str, int | None], now: Mapping[str, int | None], show: Script
) -> Utterance:
    pairs = ((before.get(id_), now.get(id_)) for id_ in utterance.named)
    moved = {old: new for old, new in pairs if old is not None and new is not None}
    return replace(utterance, text=relinked(utterance.text, moved, show.language))
