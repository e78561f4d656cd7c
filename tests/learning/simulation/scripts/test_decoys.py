"""Decoys stand in a catalogue beside what is sold."""

from dataclasses import replace

import numpy as np

from domain.catalog import Catalog, Product
from fixtures.tiny_scripts import CHINESE_PRODUCTS
from learning.simulation.scripts.decoys import add_decoys

OWN = Catalog(CHINESE_PRODUCTS)
OTHER = Catalog(tuple(Product(product_id=f"p{n}", title=f"别家的第{n}件", link_no=n) for n in range(1, 9)))


def with_decoys(count: int, *others: Catalog) -> Catalog:
    return add_decoys(OWN, others, count, np.random.default_rng(0))


def test_decoys_come_to_the_products_which_stay_as_they_are() -> None:
    catalog = with_decoys(5, OTHER)
    assert len(catalog) == len(OWN) + 5
    assert all(catalog.by_id[product.product_id] == product for product in OWN)


def test_a_decoy_takes_no_link_number_of_a_product() -> None:
    links = [product.link_no for product in with_decoys(8, OTHER)]
    assert sorted(link or 0 for link in links) == list(range(1, 13))


def test_there_are_no_more_decoys_than_others_sell_and_none_by_a_title_of_the_show() -> None:
    same_titles = Catalog(tuple(replace(each, product_id=f"q{each.product_id}") for each in OWN))
    assert len(with_decoys(300, OTHER, OTHER, same_titles)) == len(OWN) + len(OTHER)


def test_products_do_not_all_come_before_decoys() -> None:
    assert [each.product_id for each in with_decoys(8, OTHER)][:4] != [each.product_id for each in OWN]


def test_without_decoys_the_catalogue_is_the_same() -> None:
    assert with_decoys(0, OTHER) is OWN
