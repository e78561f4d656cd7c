"""Why the machine thinks so, in words for editors."""

import pytest

from domain.catalog import Product
from domain.clock import Seconds, Span
from domain.evidence import Mention, MentionKind
from domain.highlight import Take
from domain.session import Language
from domain.vision import Sighting, SightingKind
from models.description.reasons import (
    MAX_REASONS,
    ProductPush,
    build_reasons,
    conflict_reasons,
    format_clock,
    format_price,
    supporting_pushes,
    supporting_sightings,
)
from models.description.summary import TakeSubject

SERUM = Product(
    product_id="1",
    title="珀莱雅双抗精华液 抗氧抗糖虾青素",
    short_name="双抗精华",
    brand="珀莱雅",
    link_no=3,
    price=16990,
    list_price=24900,
)
PAN = Product(
    product_id="1", title="Granite pan", short_name="pan", link_no=8, price=1299, list_price=2000, currency="USD"
)


def mention(kind: MentionKind, text: str, weight: float = 1.0, start: Seconds = 0.0) -> Mention:
    return Mention(kind, ("1",), Span(start, start + 1), 0, text, weight)


def texts(*mentions: Mention, product: Product = SERUM, language: Language = "zh") -> list[str]:
    return [reason.text for reason in build_reasons(TakeSubject((product,), mentions), language)]


def take(start: Seconds = 100.0, end: Seconds = 200.0) -> Take:
    return Take(("1",), Span(start, end), start, 0.9, 1.0, take_number=1, is_best=True)


def sighting(kind: SightingKind, start: Seconds, text: str = "", weight: float = 2.0) -> Sighting:
    return Sighting(kind, ("1",), Span(start, start + 5), text, weight)


def test_what_was_said_is_counted_and_the_heaviest_comes_first() -> None:
    mentions = [mention("brand", "珀莱雅", 1, 3), mention("name", "双抗精华", 2, 5), mention("name", "双抗精华", 2, 9)]
    assert texts(*mentions) == ["说到“双抗精华” 2 次", "提到品牌“珀莱雅”"]


def test_a_reason_reaches_from_its_first_to_its_last_mention() -> None:
    mentions = (mention("name", "双抗精华", 2, 5), mention("name", "双抗精华", 2, 9))
    (reason,) = build_reasons(TakeSubject((SERUM,), mentions), "zh")
    assert (reason.start, reason.end) == (5, 10)


def test_what_was_spelt_otherwise_is_given_with_what_it_stands_for() -> None:
    assert texts(mention("name", "霜抗精华")) == ["听到“霜抗精华”，读音近“双抗精华”"]


def test_other_spellings_of_one_name_are_counted_together() -> None:
    mentions = [mention("name", "双抗精华"), mention("name", "霜抗精华"), mention("name", "雙抗精華")]
    assert texts(*mentions) == ["说到“双抗精华” 3 次，其中有听成“霜抗精华”的"]


def test_numbers_are_given_as_the_catalogue_has_them() -> None:
    mentions = [
        mention("link", "三号练结", 3),
        mention("price", "一百六十九块九", 2),
        mention("price", "两百四十九", 1),
    ]
    assert texts(*mentions) == ["报了 3 号链接", "报价 169.9 元，与货盘一致", "提到原价 249 元，与货盘一致"]


def test_english_reasons_are_english() -> None:
    mentions = [
        mention("link", "number 8", 3),
        mention("price", "12.99", 2),
        mention("name", "pan", 1),
        mention("name", "pan", 0.5),
    ]
    assert texts(*mentions, product=PAN, language="en") == [
        "gave link number 8",
        "gave the price $12.99, as in the catalogue",
        'said "pan" twice',
    ]


@pytest.mark.parametrize("words", ["and", "of the", "理不"])
def test_words_that_convince_nobody_are_no_reason(words: str) -> None:
    assert texts(mention("title", words)) == []


def test_only_the_heaviest_reasons_are_given() -> None:
    mentions = [mention("name", f"名字{n}号精华", float(n)) for n in range(20)]
    assert len(texts(*mentions)) == MAX_REASONS
    assert "名字19号精华" in texts(*mentions)[0]


def test_braces_in_what_was_heard_are_text() -> None:
    assert texts(mention("name", "{meant} {0}")) == ["说到“{meant} {0}”"]


def test_pushes_are_given_with_their_time() -> None:
    pushes = supporting_pushes([ProductPush("1", 761.0), ProductPush("2", 765.0)], take(750, 900))
    (reason,) = build_reasons(TakeSubject((SERUM,), ()), "zh", pushes=pushes)
    assert (reason.kind, reason.start, reason.text) == ("push", 761.0, "直播间 12:41 推了这个商品")
    (english,) = build_reasons(TakeSubject((PAN,), ()), "en", pushes=(*pushes, ProductPush("1", 800.0)))
    assert english.text == "the room pushed this product at 12:41, 2 times in all"


def test_a_push_long_before_a_take_speaks_for_another() -> None:
    assert supporting_pushes(
        [ProductPush("1", 60.0), ProductPush("1", 75.0), ProductPush("1", 200.0)], take(100, 200)
    ) == (ProductPush("1", 75.0),)


def test_what_was_seen_is_given() -> None:
    sightings = (
        sighting("card", 760),
        sighting("sticker", 770, "3号双抗精华", 1.5),
        sighting("photo", 780, weight=1.0),
    )
    sighting_texts = [reason.text for reason in build_reasons(TakeSubject((SERUM,), ()), "zh", sightings=sightings)]
    assert sighting_texts == ["12:40 起有讲解卡", "12:50 起贴片上写着“3号双抗精华”", "13:00 起画面里有这个商品"]


def test_only_sightings_during_the_take_speak_for_it() -> None:
    sightings = [sighting("card", 90), sighting("card", 150), Sighting("card", ("2",), Span(150, 155), "", 2.0)]
    assert supporting_sightings(sightings, take(100, 200)) == (sightings[1],)


def test_a_push_of_another_product_is_a_conflict() -> None:
    (conflict,) = conflict_reasons(take(), [ProductPush("2", 130.0)], {"2": "珀莱雅红宝石精华"}, "zh")
    assert (conflict.kind, conflict.start, conflict.text) == (
        "doubt",
        130.0,
        "2:10 推送的是“珀莱雅红宝石精华”，与讲解不符",
    )


def test_there_is_no_conflict_where_the_product_itself_was_pushed_too() -> None:
    assert conflict_reasons(take(), [ProductPush("2", 130.0), ProductPush("1", 140.0)], {}, "zh") == ()


def test_conflicts_are_always_given_and_come_last() -> None:
    many = tuple(mention("name", f"名字{n}号精华", float(n)) for n in range(20))
    conflicts = conflict_reasons(take(), [ProductPush("2", 130.0)], {"2": "pan"}, "en")
    reasons = build_reasons(TakeSubject((SERUM,), many), "en", conflicts=conflicts)
    assert len(reasons) == MAX_REASONS
    assert reasons[-1].text == 'the card pushed at 2:10 is "pan": not what is explained'


@pytest.mark.parametrize(("time", "written"), [(0, "0:00"), (125.9, "2:05"), (3725, "1:02:05")])
def test_times_are_written_as_players_show_them(time: Seconds, written: str) -> None:
    assert format_clock(time) == written


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (16990, "CNY", "169.9 元"),
        (12900, "CNY", "129 元"),
        (1450, "USD", "$14.50"),
        (1200, "USD", "$12"),
        (999, "EUR", "9.99 EUR"),
    ],
)
def test_prices_are_written_as_people_write_them(minor: int, currency: str, written: str) -> None:
    assert format_price(minor, currency) == written
