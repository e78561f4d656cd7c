"""Wrong bags of the same kind: written ones for every script, and other scripts' where none is written."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from domain.catalog import Catalog, Product
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.same_kind import (
    SAME_KIND_DIR,
    read_same_kind_catalogs,
    same_kind_catalog,
    same_kind_of_scripts,
)
from learning.simulation.scripts.script import ShowScript, Utterance
from learning.simulation.scripts.script_files import read_scripts

SCRIPTS = Path(__file__).parents[3] / "fixtures" / "scripts"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OTHER_TEA = Catalog((Product(product_id="t1", link_no=1, title="云脚坊古树白茶饼", brand="云脚坊", price=9900),))


@pytest.fixture(scope="module")
def scripts() -> tuple[ShowScript, ...]:
    return read_scripts(SCRIPTS)


@pytest.fixture(scope="module")
def written(scripts: tuple[ShowScript, ...]) -> dict[str, Catalog]:
    return read_same_kind_catalogs(SCRIPTS, scripts)


def test_every_script_has_a_written_catalogue_of_five_to_nine_products(
    scripts: tuple[ShowScript, ...], written: dict[str, Catalog]
) -> None:
    assert {file.stem for file in (SCRIPTS / SAME_KIND_DIR).iterdir()} == {script.id for script in scripts}
    assert all(5 <= len(catalog.products) <= 9 for catalog in written.values())


def test_every_written_catalogue_has_the_language_of_its_script(
    scripts: tuple[ShowScript, ...], written: dict[str, Catalog]
) -> None:
    for script in scripts:
        for product in written[script.id]:
            assert bool(CHINESE.search(product.title)) == (script.language == "zh"), product.title


def test_no_written_product_has_a_name_or_an_id_of_a_script(
    scripts: tuple[ShowScript, ...], written: dict[str, Catalog]
) -> None:
    assert all(same_kind_catalog(script, (), written) for script in scripts)  # names are disjoint
    written_ids = [product.product_id for catalog in written.values() for product in catalog]
    assert len(set(written_ids)) == len(written_ids)
    assert set(written_ids).isdisjoint(product.product_id for script in scripts for product in script.catalog)


def test_the_hosts_of_a_script_never_name_its_written_brands(
    scripts: tuple[ShowScript, ...], written: dict[str, Catalog]
) -> None:
    for script in scripts:
        text = "\n".join(utterance.text for utterance in script.utterances)
        assert not [product.brand for product in written[script.id] if product.brand and product.brand in text]


def test_a_catalogue_says_no_more_than_the_script_s_own() -> None:
    bare = Catalog(tuple(replace(each, price=None, short_name="") for each in chinese_script().catalog))
    found = same_kind_catalog(replace(chinese_script(), catalog=bare), (), {"zh-tea-ta1": OTHER_TEA})
    assert found
    (product,) = found
    assert (product.price, product.brand, product.link_no) == (None, "", 1)


def test_a_catalogue_that_shares_a_name_is_no_wrong_bag() -> None:
    shared = Catalog((replace(OTHER_TEA.products[0], aliases=("寿眉饼",)),))
    assert same_kind_catalog(chinese_script(), (), {"zh-tea-ta1": shared}) is None


def test_without_a_written_one_the_next_script_of_the_topic_serves() -> None:
    same, other = replace(chinese_script("zh-tea-tb1"), catalog=OTHER_TEA, utterances=_chat()), _kitchen()
    found = same_kind_catalog(chinese_script(), (chinese_script(), other, same, english_script()), {})
    assert found
    assert [product.title for product in found] == ["云脚坊古树白茶饼"]
    assert same_kind_catalog(chinese_script(), (chinese_script(), other), {}) is None


def test_a_spliced_show_has_the_products_of_all_its_scripts_or_no_bag() -> None:
    kitchen = replace(_kitchen(), catalog=Catalog((Product(product_id="k", link_no=1, title="老灶砂锅三升"),)))
    pots = Catalog((Product(product_id="p", title="窑口陶锅两升"),))
    both = same_kind_of_scripts((chinese_script(), kitchen), (), {"zh-tea-ta1": OTHER_TEA, kitchen.id: pots})
    assert both
    assert list(both.by_id) == ["t1", "p"]
    assert same_kind_of_scripts((chinese_script(), kitchen), (), {"zh-tea-ta1": OTHER_TEA}) is None


def _chat() -> tuple[Utterance, ...]:
    return tuple(replace(each, about=(), mentions=(), push=None) for each in chinese_script().utterances[:2])


def _kitchen() -> ShowScript:
    return replace(chinese_script("zh-kitchen-tc1"), utterances=_chat())


def test_written_prices_are_of_the_band_of_the_script_s_own(
    scripts: tuple[ShowScript, ...], written: dict[str, Catalog]
) -> None:
    for script in scripts:
        own = [product.price for product in script.catalog if product.price]
        others = [product.price for product in same_kind_catalog(script, (), written) or () if product.price]
        assert bool(own) == bool(others), script.id
        assert all(0.4 * min(own) <= price <= 1.6 * max(own) for price in others), script.id
