"""Numbers that recognisers run together."""

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.joined_number_choice import ALONE_SHARE
from models.linking.link_and_price import LinkAndPriceMatcher

CATALOG = Catalog(
    (
        Product(product_id="cup", link_no=15, title="杯子", price=2290),
        Product(product_id="pan", link_no=4, title="锅", price=4990),
        Product(product_id="tea", link_no=5, title="茶", price=1999),
        Product(product_id="quilt", link_no=14, title="被子", price=15900),
        Product(product_id="shirt", link_no=7, title="衬衫", price=5900),
        Product(product_id="wool", link_no=12, title="毛衣", price=12900),
        Product(product_id="bag", link_no=2, title="袋子", price=100),
        Product(product_id="soap", link_no=25, title="肥皂", price=8900),
    )
)


def mentions_in(text: str) -> list[Mention]:
    return list(LinkAndPriceMatcher(CATALOG).find(0, Sentence.with_even_timing(Span(0, 10), text)))


def targets_in(text: str) -> set[tuple[str, tuple[str, ...]]]:
    return {(mention.kind, mention.product_ids) for mention in mentions_in(text)}


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("22块95号", "cup"),
        ("22块9十五号", "cup"),
        ("22块915号", "cup"),
        ("二十二块九十五号", "cup"),
        ("49块9四号", "pan"),
        ("49块94号", "pan"),
        ("49.94号", "pan"),
        ("四十九块九四号链接", "pan"),
        ("15914号", "quilt"),
        ("一百五十九十四号", "quilt"),
        ("一百二十九十二号", "wool"),
        ("链接449块9", "pan"),
        ("19.995", "tea"),
        ("19.99 5", "tea"),
        ("link 519.99", "tea"),
        ("1999 link 5", "tea"),
        ("19 99 link 5", "tea"),
        ("the number is 5, 19 99", "tea"),
    ],
)
def test_a_price_and_a_link_number_of_one_product_are_told_apart(text: str, product: str) -> None:
    assert targets_in(text) == {("price", (product,)), ("link", (product,))}


def test_the_price_and_the_number_have_their_own_words() -> None:
    assert [mention.text for mention in mentions_in("来22块95号快拍")] == ["22块9", "5号"]


def test_what_is_written_is_believed_where_the_catalogue_has_it() -> None:
    assert targets_in("12号") == {("link", ("wool",))}  # not 1 and link 2


@pytest.mark.parametrize(("text", "product"), [("594个颜色", "shirt"), ("1999 tonight", "tea")])
def test_a_price_that_no_link_number_confirms_weighs_less(text: str, product: str) -> None:
    (joined,), (plain,) = mentions_in(text), mentions_in("五十九块钱")
    assert (joined.kind, joined.product_ids) == ("price", (product,))
    assert joined.weight == pytest.approx(ALONE_SHARE * plain.weight)


@pytest.mark.parametrize("text", ["594克", "22块95", "扣25块9", "1,999 units", "2294个人", "18号"])
def test_numbers_that_fit_no_product_stay_as_they_are(text: str) -> None:
    assert targets_in(text) == set()


@pytest.mark.parametrize("text", ["9" * 9000 + "号", "9块" * 4000 + "号", "link " + "9.9" * 3000, "1 99" * 3000])
def test_endless_runs_are_read_without_fuss(text: str) -> None:
    assert len(mentions_in(text)) <= 3000
