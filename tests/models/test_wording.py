"""Words for people about a take."""

import pytest

from domain.catalog import Product
from domain.clock import Seconds, Span
from domain.evidence import Mention, MentionKind
from domain.speech import Sentence
from models.wording import LONGEST_QUOTE, LONGEST_TITLE, MOST_REASONS, moments_of, reasons_of, summary_of, title_of


def product(name: str, brand: str = "", title: str = "好物") -> Product:
    return Product(product_id="1", title=title, short_name=name, brand=brand)


def said(start: Seconds, text: str, *, is_reliable: bool = True) -> Sentence:
    return Sentence.evenly(Span(start, start + 5), text, is_reliable=is_reliable)


def mention(kind: MentionKind, text: str, sentence: int, weight: float = 1.0, start: Seconds = 0.0) -> Mention:
    return Mention(kind, ("1",), Span(start, start + 1), sentence, text, weight)


def test_a_title_is_the_brand_and_the_name() -> None:
    assert title_of(product("双抗精华", "珀莱雅")) == "珀莱雅 双抗精华"


@pytest.mark.parametrize("name", ["珀莱雅双抗精华", "LUMINA air fryer"])
def test_a_title_holds_the_brand_once(name: str) -> None:
    assert title_of(product(name, "Lumina" if name.isascii() else "珀莱雅")) == name


def test_a_product_without_a_short_name_is_called_by_its_title() -> None:
    assert title_of(product("", "", "纯棉毛巾")) == "纯棉毛巾"


def test_a_title_fits_on_one_line_of_a_phone() -> None:
    long = title_of(product("", "洁丽雅", "纯棉毛巾家用洗脸吸水加厚柔软" * 5))
    assert len(long) == LONGEST_TITLE
    assert long.startswith("洁丽雅 纯棉毛巾")
    assert long.endswith("…")


def test_a_title_is_one_line() -> None:
    assert title_of(product("双抗\n\n精华\r", "珀\u2028莱雅")) == "珀 莱雅 双抗 精华"


SENTENCES = {
    4: said(40, "来看这一瓶"),
    5: said(45, "珀莱雅双抗精华，抗糖抗氧。"),
    6: said(50, "水水的，一抹就化开。"),
    7: said(55, "里面是麦角硫因加虾青素。"),
}


def test_a_summary_is_the_hosts_own_telling_sentences_in_order() -> None:
    told = [mention("title", "虾青素", 7, 3.0), mention("name", "双抗精华", 5, 2.0), mention("title", "水", 6, 0.1)]
    assert summary_of(SENTENCES, told, "zh") == "珀莱雅双抗精华，抗糖抗氧。里面是麦角硫因加虾青素。"


def test_an_english_summary_has_blanks_between_its_sentences() -> None:
    sentences = {0: said(0, " This pan is granite. "), 1: said(5, "It fits every stove.")}
    told = [mention("name", "pan", 0), mention("title", "stove", 1)]
    assert summary_of(sentences, told, "en") == "This pan is granite. It fits every stove."


def test_a_summary_leaves_out_calls_to_the_room_and_what_was_hardly_heard() -> None:
    sentences = {
        0: said(0, "双抗精华三号链接去拍"),
        1: said(5, "双抗精华", is_reliable=False),
        2: said(9, "双抗精华好用"),
    }
    told = [mention("name", "双抗精华", number) for number in sentences]
    assert summary_of(sentences, told, "zh") == "双抗精华好用"


def test_a_take_in_which_nothing_was_said_has_an_empty_summary() -> None:
    assert summary_of({}, [], "zh") == ""


def test_moments_are_the_first_of_each_kind_in_order_of_time() -> None:
    sentences = [said(10, "我给你们推开看"), said(20, "原价两百四"), said(30, "到手一百六"), said(40, "三二一上链接")]
    moments = moments_of(sentences, "zh")
    assert [(moment.kind, moment.at) for moment in moments] == [("demo", 10), ("price", 20), ("link", 40)]
    assert moments[1].quote == "原价两百四"


def test_moments_are_not_made_of_what_was_hardly_heard() -> None:
    assert moments_of([said(10, "原价两百四", is_reliable=False)], "zh") == ()


def test_a_quote_is_short() -> None:
    (moment,) = moments_of([said(0, "到手" + "啊" * 200)], "zh")
    assert len(moment.quote) == LONGEST_QUOTE


def test_reasons_count_what_was_said_and_the_heaviest_comes_first() -> None:
    told = [
        mention("brand", "珀莱雅", 1, 1.0, 3),
        mention("name", "双抗精华", 2, 2.0, 5),
        mention("name", "双抗精华", 3, 2.0, 9),
    ]
    reasons = reasons_of(told, "zh")
    assert [reason.text for reason in reasons] == ["说到“双抗精华” 2 次", "提到品牌“珀莱雅” 1 次"]
    assert (reasons[0].start, reasons[0].end) == (5, 10)


@pytest.mark.parametrize("kind", ["name", "alias", "brand", "title", "link", "price"])
def test_every_kind_of_mention_has_words_in_both_languages(kind: MentionKind) -> None:
    told = [mention(kind, "{x} 1 times", 0)]
    chinese, english = (reasons_of(told, language)[0].text for language in ("zh", "en"))
    assert "“{x} 1 times” 1 次" in chinese
    assert '"{x} 1 times"' in english


@pytest.mark.parametrize(("count", "words"), [(1, "once"), (2, "2 times"), (11, "11 times"), (21, "21 times")])
def test_english_counts_once_and_then_times(count: int, words: str) -> None:
    (reason,) = reasons_of([mention("name", "pan", i) for i in range(count)], "en")
    assert reason.text == f'said "pan" {words}'


def test_only_the_heaviest_reasons_are_given() -> None:
    told = [mention("title", f"词{i}", 0, float(i)) for i in range(20)]
    reasons = reasons_of(told, "zh")
    assert len(reasons) == MOST_REASONS
    assert "词19" in reasons[0].text
