"""What of takes and products the public sees."""

from dataclasses import replace

import pytest

from domain.catalog import Product
from domain.clock import Span
from domain.highlight import Highlight, Moment, Reason, Take
from pipeline.review.public_view import highlight_id, public_product, round_highlight

TAKE = Take(("730013",), Span(10, 60), 12.0, 0.9, 0.5, take_number=1, is_best=True)


def test_an_id_stays_when_times_and_confidence_move() -> None:
    moved = replace(TAKE, span=Span(33, 99), seek=34.0, product_confidence=0.1, is_best=False)
    assert highlight_id("场次", moved) == highlight_id("场次", TAKE)


def test_other_takes_products_and_sessions_have_other_ids() -> None:
    others = [
        replace(TAKE, take_number=2),
        replace(TAKE, product_ids=("1",)),
        replace(TAKE, product_ids=("730013", "1")),
    ]
    ids = {highlight_id("场次", take) for take in (TAKE, *others)} | {highlight_id("别场", TAKE)}
    assert len(ids) == 5


def test_prices_are_given_in_units_again() -> None:
    public = public_product(Product(product_id="1", title="精华", price=16990, list_price=24900))
    assert (public.price, public.list_price) == (169.9, 249.0)


def test_a_price_of_nothing_is_not_a_missing_one() -> None:
    assert public_product(Product(product_id="1", title="赠品", price=0)).price == 0.0
    assert public_product(Product(product_id="1", title="赠品")).price is None


@pytest.mark.parametrize("address", ["images/1.jpg", "/etc/passwd", "http://a.cn/1.jpg", "javascript:alert(1)", ""])
def test_addresses_that_the_public_cannot_reach_safely_are_not_published(address: str) -> None:
    public = public_product(Product(product_id="1", title="精华", image=address, url=address))
    assert (public.image, public.url) == (None, None)


def test_addresses_of_the_open_web_are_published() -> None:
    public = public_product(Product(product_id="1", title="精华", image="https://a.cn/1.jpg"))
    assert public.image == "https://a.cn/1.jpg"


def test_every_time_is_rounded() -> None:
    third = 100 / 3
    highlight = Highlight(
        id="h",
        product_ids=("1",),
        start=third,
        end=2 * third,
        seek=third,
        confidence=1 / 3,
        product_confidence=2 / 3,
        start_confidence=1 / 2,
        title="",
        summary="",
        moments=(Moment("price", third, ""),),
        reasons=(Reason("name", third, 2 * third, ""),),
        thumbnail=None,
        take=1,
        best_take=True,
        status="auto",
    )
    short = round_highlight(highlight, 2)
    assert (short.start, short.end, short.seek, short.confidence) == (33.33, 66.67, 33.33, 0.33)
    assert (short.product_confidence, short.start_confidence) == (0.67, 0.5)
    assert short.moments[0].at == 33.33
    assert (short.reasons[0].start, short.reasons[0].end) == (33.33, 66.67)
