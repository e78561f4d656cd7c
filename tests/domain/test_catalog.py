"""Products and catalogues: what they refuse."""

from typing import Any

import pytest

from domain.catalog import Catalog, Product
from domain.errors import InvalidValue


def product(**changes: Any) -> Product:
    return Product(**{"product_id": "730011", "title": "纯棉毛巾", **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"product_id": " "}, "product_id must not be empty"),
        ({"title": ""}, "title must not be empty"),
        ({"link_no": 0}, "link_no counts from 1, not 0"),
        ({"price": -1}, "price must not be below 0, not -0.01"),
        ({"list_price": -100}, "list_price must not be below 0, not -1.0"),
        ({"service_url": "http://shop.example"}, "service_url must start with https://, not 'http://shop.example'"),
    ],
)
def test_a_product_refuses_what_it_cannot_be(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        product(**changes)
    assert str(refused.value) == message


def test_a_free_product_has_a_price() -> None:
    assert product(price=0).price == 0


def test_people_call_a_product_by_its_short_name_if_it_has_one() -> None:
    assert [product().name, product(short_name="毛巾").name] == ["纯棉毛巾", "毛巾"]


def test_a_catalogue_needs_products() -> None:
    with pytest.raises(InvalidValue, match="at least one product"):
        Catalog(())


def test_a_catalogue_holds_each_id_once() -> None:
    with pytest.raises(InvalidValue, match="a product id twice"):
        Catalog((product(), product(title="浴巾")))


def test_a_catalogue_is_in_the_order_of_its_list() -> None:
    first, second = product(product_id="2"), product(product_id="1")
    catalog = Catalog((first, second))
    assert (list(catalog), len(catalog), list(catalog.by_id)) == ([first, second], 2, ["2", "1"])
