"""A new show from existing scripts: explanations are left out, moved, thinned, repeated and spliced."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.catalog import Catalog, Product
from learning.evaluation.manners import MANNERS
from learning.simulation.scripts.blocks import ScriptBlock, interleave_blocks, split_into_blocks, thin_block
from learning.simulation.scripts.catalog_variation import add_near_duplicates, relink_text, shuffle_link_numbers
from learning.simulation.scripts.script import ShowScript, Utterance

MIN_EXPLANATIONS = 3
MAX_PRODUCTS = 80
PINNED_ENDS_PROBABILITY = 0.8  # that the greeting stays first, and the farewell last
RETURN_DROPOUT_RANGE = (0.3, 0.7)  # share of a return that is left out
MIN_NAME_CHARS = {"zh": 2, "en": 4}  # shorter names occur by accident


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationPlan:
    """How far a show differs from its scripts. Shares are in [0, 1]; counts are means of a Poisson distribution.

    `kept_share`: explanations that stay. `reorder_scale`: how far blocks move, relative to the length of the show.
    `utterance_dropout`: utterances left out. `repeated_share`: explanations that are repeated at once.
    `interrupted_share`: chat that comes inside an explanation instead of between two. `unnamed_share`: explanations
    whose product is never named. `mean_returns`, `mean_passing_mentions`, `mean_near_duplicates`,
    `mean_unlisted_products` (explained, but not in the catalogue): counts. `bundle_probability`: of one bundle.
    """

    kept_share: float = 1.0
    reorder_scale: float = 0.0
    utterance_dropout: float = 0.0
    repeated_share: float = 0.0
    interrupted_share: float = 0.0
    unnamed_share: float = 0.0
    mean_returns: float = 0.0
    mean_passing_mentions: float = 0.0
    mean_near_duplicates: float = 0.0
    mean_unlisted_products: float = 0.0
    bundle_probability: float = 0.0


NO_AUGMENTATION = AugmentationPlan()


def sample_augmentation_plan(rng: np.random.Generator) -> AugmentationPlan:
    """A random plan. One show in eight stays as written."""
    if rng.random() < 0.125:
        return NO_AUGMENTATION
    return AugmentationPlan(
        kept_share=float(rng.uniform(0.5, 1.0)),
        reorder_scale=float(rng.choice((0.0, 0.05, 0.3, 1.0))),
        utterance_dropout=float(rng.uniform(0.0, 0.2)),
        repeated_share=float(rng.choice((0.0, 0.3, 0.8))),
        interrupted_share=float(rng.choice((0.0, 0.3))),
        unnamed_share=float(rng.choice((0.0, 0.0, 0.2, 0.5))),
        mean_returns=float(rng.choice((0.0, 0.7, 2.0))),
        mean_passing_mentions=float(rng.choice((0.0, 1.0, 3.0))),
        mean_near_duplicates=float(rng.choice((0.0, 1.5, 4.0))),
        mean_unlisted_products=float(rng.choice((0.0, 0.0, 1.0))),
        bundle_probability=float(rng.choice((0.0, 0.3))),
    )


def augment_scripts(scripts: Sequence[ShowScript], plan: AugmentationPlan, rng: np.random.Generator) -> ShowScript:
    """A show by `plan` from `scripts`, all of one language. The first is the main one.

    Link numbers are shuffled where scripts are spliced, and sometimes elsewhere; what hosts say changes with them.
    """
    unique_scripts = _with_unique_ids(scripts)
    names_by_id = _spoken_names(unique_scripts)
    blocks = [block for script in unique_scripts for block in _select_blocks(split_into_blocks(script), plan, rng)]
    blocks = [_thin_and_repeat(block, plan, names_by_id, rng) for block in blocks]
    blocks = _add_bundles_and_returns(blocks, plan, rng)
    ordered = _reorder_blocks(blocks, plan, rng)
    ordered_utterances = [each for block in _insert_chat(ordered, plan, rng) for each in block.utterances]
    utterances = _add_passing_mentions(ordered_utterances, plan, rng)
    return _assemble_script(unique_scripts, utterances, plan, rng)


def _with_unique_ids(scripts: Sequence[ShowScript]) -> list[ShowScript]:
    """`scripts` with new product ids where an earlier script has the same."""
    used_ids: set[str] = set()
    unique_scripts = []
    for script in scripts:
        new_ids = {id_: f"{script.id}.{id_}" for id_ in script.catalog.by_id if id_ in used_ids}
        unique_scripts.append(_rename_products(script, new_ids) if new_ids else script)
        used_ids |= unique_scripts[-1].catalog.by_id.keys()
    return unique_scripts


def _rename_products(script: ShowScript, new_ids: Mapping[str, str]) -> ShowScript:
    products = [replace(each, product_id=new_ids.get(each.product_id, each.product_id)) for each in script.catalog]
    utterances = tuple(
        _map_product_ids(each, {id_: new_ids.get(id_, id_) for id_ in each.product_ids}) for each in script.utterances
    )
    return replace(script, catalog=Catalog(tuple(products)), utterances=utterances)


def _map_product_ids(utterance: Utterance, id_map: Mapping[str, str]) -> Utterance:
    """`utterance` with its product ids mapped. Ids that are not in `id_map` are removed."""
    return replace(
        utterance,
        about=tuple(id_map[id_] for id_ in utterance.about if id_ in id_map),
        mentions=tuple(id_map[id_] for id_ in utterance.mentions if id_ in id_map),
        push=id_map.get(utterance.push) if utterance.push else None,
    )


def _spoken_names(scripts: Sequence[ShowScript]) -> Mapping[str, tuple[str, ...]]:
    """The names that hosts use for each product, in lower case."""
    return {
        product.product_id: tuple(
            name.lower()
            for name in (product.short_name, product.brand, *product.aliases)
            if len(name) >= MIN_NAME_CHARS[script.language]
        )
        for script in scripts
        for product in script.catalog
    }


def _select_blocks(
    blocks: Sequence[ScriptBlock], plan: AugmentationPlan, rng: np.random.Generator
) -> Iterator[ScriptBlock]:
    """`blocks` without the explanations that are left out."""
    explanation_count = sum(block.is_explanation for block in blocks)
    ranks = rng.permutation(explanation_count).tolist()
    max_kept = max(MIN_EXPLANATIONS, round(plan.kept_share * explanation_count))
    for block in blocks:
        if not block.is_explanation or ranks.pop() < max_kept:
            yield block


def _thin_and_repeat(
    block: ScriptBlock, plan: AugmentationPlan, names_by_id: Mapping[str, tuple[str, ...]], rng: np.random.Generator
) -> ScriptBlock:
    is_unnamed = block.is_explanation and rng.random() < plan.unnamed_share
    dropped_names = [name for id_ in block.about for name in names_by_id[id_]] if is_unnamed else []
    thinned_block = thin_block(block, plan.utterance_dropout, dropped_names, rng)
    if not block.is_explanation or rng.random() >= plan.repeated_share:
        return thinned_block
    repetition = thin_block(block, float(rng.uniform(*RETURN_DROPOUT_RANGE)), dropped_names, rng)
    return replace(thinned_block, utterances=(*thinned_block.utterances, *repetition.utterances))


def _add_bundles_and_returns(
    blocks: list[ScriptBlock], plan: AugmentationPlan, rng: np.random.Generator
) -> list[ScriptBlock]:
    """`blocks` with bundles and shortened returns."""
    single_product_blocks = [block for block in blocks if len(block.about) == 1]
    extended_blocks = list(blocks)
    if len(single_product_blocks) > 1 and rng.random() < plan.bundle_probability:
        first, second = rng.choice(len(single_product_blocks), 2, replace=False).tolist()
        first_block, second_block = single_product_blocks[first], single_product_blocks[second]
        if first_block.about != second_block.about:
            insert_index = int(rng.integers(1, len(extended_blocks) + 1))
            extended_blocks.insert(insert_index, interleave_blocks(first_block, second_block, rng))
    for _ in range(int(rng.poisson(plan.mean_returns)) if single_product_blocks else 0):
        returning_block = single_product_blocks[int(rng.integers(len(single_product_blocks)))]
        insert_index = int(rng.integers(extended_blocks.index(returning_block) + 1, len(extended_blocks) + 1))
        shortened_block = thin_block(returning_block, float(rng.uniform(*RETURN_DROPOUT_RANGE)), (), rng)
        extended_blocks.insert(insert_index, shortened_block)
    return extended_blocks


def _reorder_blocks(
    blocks: Sequence[ScriptBlock], plan: AugmentationPlan, rng: np.random.Generator
) -> list[ScriptBlock]:
    sort_keys = np.arange(len(blocks)) + rng.normal(0.0, 1.0, len(blocks)) * plan.reorder_scale * len(blocks)
    if blocks and not blocks[0].is_explanation and rng.random() < PINNED_ENDS_PROBABILITY:
        sort_keys[0] = -np.inf
    if blocks and not blocks[-1].is_explanation and rng.random() < PINNED_ENDS_PROBABILITY:
        sort_keys[-1] = np.inf
    return [blocks[i] for i in np.argsort(sort_keys, kind="stable").tolist()]


def _insert_chat(blocks: Sequence[ScriptBlock], plan: AugmentationPlan, rng: np.random.Generator) -> list[ScriptBlock]:
    """`blocks`, where some chat between two explanations moves into the one before."""
    merged_blocks: list[ScriptBlock] = []
    for block in blocks:
        previous = merged_blocks[-1] if merged_blocks else None
        is_inside = (
            previous and previous.is_explanation and not block.is_explanation and rng.random() < plan.interrupted_share
        )
        if previous and is_inside:
            split_index = int(rng.integers(1, len(previous.utterances) + 1))
            head, tail = previous.utterances[:split_index], previous.utterances[split_index:]
            merged_blocks[-1] = replace(previous, utterances=(*head, *block.utterances, *tail))
        else:
            merged_blocks.append(block)
    return merged_blocks


def _add_passing_mentions(
    utterances: list[Utterance], plan: AugmentationPlan, rng: np.random.Generator
) -> list[Utterance]:
    """`utterances` with sentences about a product while another one or nothing is explained."""
    single_product_utterances = [each for each in utterances if len(each.about) == 1]
    extended_utterances = list(utterances)
    for _ in range(int(rng.poisson(plan.mean_passing_mentions)) if single_product_utterances else 0):
        source_utterance = single_product_utterances[int(rng.integers(len(single_product_utterances)))]
        insert_index = int(rng.integers(len(extended_utterances) + 1))
        surrounding_ids = extended_utterances[max(0, insert_index - 1)].about
        if source_utterance.about != surrounding_ids:
            passing_mention = replace(
                source_utterance,
                about=surrounding_ids,
                mentions=source_utterance.about,
                role="preview",
                push=None,
                comment=None,
            )
            extended_utterances.insert(insert_index, passing_mention)
    return extended_utterances


def _assemble_script(
    scripts: Sequence[ShowScript], utterances: list[Utterance], plan: AugmentationPlan, rng: np.random.Generator
) -> ShowScript:
    """The show of `utterances`: its catalogue, with link numbers in the text changed accordingly."""
    main_script = scripts[0]
    products = [product for script in scripts for product in script.catalog]
    explained_ids = sorted({id_ for each in utterances for id_ in each.about})
    unlisted_ids = _sample_ids(
        explained_ids, min(int(rng.poisson(plan.mean_unlisted_products)), len(explained_ids) - MIN_EXPLANATIONS), rng
    )
    listed_products = _select_catalog(products, set(unlisted_ids), set(explained_ids), rng)
    old_link_numbers = {each.product_id: each.link_no for each in products}
    if len(scripts) > 1 or (plan is not NO_AUGMENTATION and rng.random() < 0.3):
        listed_products = tuple(shuffle_link_numbers(listed_products, rng))
    listed_explained_ids = [id_ for id_ in explained_ids if id_ not in unlisted_ids]
    duplicated_ids = _sample_ids(
        listed_explained_ids, min(int(rng.poisson(plan.mean_near_duplicates)), len(listed_explained_ids)), rng
    )
    id_map = {each.product_id: each.product_id for each in listed_products}
    new_link_numbers = {each.product_id: each.link_no for each in listed_products}
    relinked_utterances = tuple(
        _map_product_ids(_relink_utterance(each, old_link_numbers, new_link_numbers, main_script), id_map)
        for each in utterances
    )
    return ShowScript(
        main_script.id,
        main_script.language,
        main_script.title,
        Catalog(add_near_duplicates(listed_products, duplicated_ids, main_script.language, rng)),
        relinked_utterances,
        tuple(manner for manner in MANNERS if any(manner in script.manners for script in scripts)),
    )


def _sample_ids(ids: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    return [ids[i] for i in rng.permutation(len(ids))[: max(0, count)].tolist()]


def _select_catalog(
    products: Sequence[Product], unlisted_ids: set[str], explained_ids: set[str], rng: np.random.Generator
) -> tuple[Product, ...]:
    """The products of the catalogue: all explained ones except `unlisted_ids`, and others up to MAX_PRODUCTS."""
    candidate_products = [each for each in products if each.product_id not in unlisted_ids]
    free_slots = MAX_PRODUCTS - len(explained_ids)
    other_ids = [each.product_id for each in candidate_products if each.product_id not in explained_ids]
    selected_ids = explained_ids | set(_sample_ids(other_ids, free_slots, rng))
    return tuple(each for each in candidate_products if each.product_id in selected_ids)


def _relink_utterance(
    utterance: Utterance,
    old_link_numbers: Mapping[str, int | None],
    new_link_numbers: Mapping[str, int | None],
    script: ShowScript,
) -> Utterance:
    pairs = ((old_link_numbers.get(id_), new_link_numbers.get(id_)) for id_ in utterance.product_ids)
    link_number_map = {old: new for old, new in pairs if old is not None and new is not None}
    return replace(utterance, text=relink_text(utterance.text, link_number_map, script.language))
