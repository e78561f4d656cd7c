"""Words that point at products."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.entity_linker import HOMOPHONE_SHARE, SHORT_HOMOPHONE_SHARE, EntityLinker

ROOT = Path(__file__).parents[3]
SERUM = Product(
    product_id="精华",
    link_no=3,
    title="珀莱雅双抗精华液3.0熬夜暗沉保湿30ml",
    short_name="双抗精华",
    brand="珀莱雅",
    aliases=("双抗",),
    price=16990,
)
BRUSH = Product(product_id="牙刷", title="声波震动", short_name="声波牙刷", aliases=("电动牙刷",), brand="飞利浦")
CHILD = Product(product_id="儿童", title="软毛护齿", short_name="儿童电动牙刷", brand="飞利浦")
CATALOG = Catalog((SERUM, BRUSH, CHILD))
CHATTER = tuple(f"嗯{filler}哈" for filler in "啊哦呀哟嘿呵哇呜喂噢" * 4)  # so that no word of a test is common


def sentence(text: str, number: int = 0, *, is_reliable: bool = True) -> Sentence:
    return Sentence.with_even_timing(Span(10.0 * number, 10.0 * number + 5), text, is_reliable=is_reliable)


def show(*texts: str) -> list[Sentence]:
    return [sentence(text, number) for number, text in enumerate((*texts, *CHATTER))]


def names(*texts: str, catalog: Catalog = CATALOG) -> list[Mention]:
    """The names, aliases and brands in a show of these sentences and 40 that say nothing."""
    mentions = EntityLinker(catalog).link(show(*texts))
    return [mention for mention in mentions if mention.kind in ("name", "alias", "brand")]


def only(text: str, catalog: Catalog = CATALOG) -> Mention:
    (mention,) = names(text, catalog=catalog)
    return mention


@pytest.mark.parametrize("heard", ["破来雅", "珀萊雅", "珀莱雅", "泊来亚"])
def test_a_misheard_brand_is_found_by_its_sound(heard: str) -> None:
    mention = only(f"就是{heard}家的")
    assert (mention.kind, mention.product_ids, mention.text) == ("brand", ("精华",), heard)


def test_a_brand_by_sound_weighs_less_than_as_it_is_written() -> None:
    assert only("破来雅").weight == pytest.approx(HOMOPHONE_SHARE * only("珀莱雅").weight, rel=0.01)


@pytest.mark.parametrize("heard", ["生汤精华", "生抗精华", "双精华"])
def test_a_name_whose_sounds_are_near_is_found_and_weighs_less(heard: str) -> None:
    mention = only(f"这瓶{heard}")
    assert (mention.product_ids, mention.text) == (("精华",), heard)
    assert 0 < mention.weight < 0.8 * only("双抗精华").weight


@pytest.mark.parametrize("heard", ["福气精华", "便宜精华", "上课喝茶"])
def test_a_name_of_which_half_sounds_different_is_not_found(heard: str) -> None:
    assert names(f"这瓶{heard}") == []


def test_the_farther_a_name_is_off_the_less_it_weighs() -> None:
    assert only("生汤精华").weight < only("生抗精华").weight


def test_a_name_of_three_sounds_may_have_one_that_is_a_little_off() -> None:
    catalog = Catalog((Product(product_id="1", title="霜", short_name="护手霜"),))
    assert only("这支护手伤", catalog).text == "护手伤"
    assert names("这支护手机", catalog=catalog) == []


@pytest.mark.parametrize(
    ("heard", "name"),
    [("this see rum trio", "serum trio"), ("my air friar basket", "air fryer"), ("a glasylip oil", "glassy lip oil")],
)
def test_english_names_are_found_by_sound_across_words(heard: str, name: str) -> None:
    catalog = Catalog((Product(product_id="1", title="thing", short_name=name),))
    assert only(heard, catalog).product_ids == ("1",)


def test_a_function_word_is_no_part_of_a_name_by_sound() -> None:
    catalog = Catalog((Product(product_id="1", title="thing", short_name="hundred watt"),))
    assert names("a hundred and more", catalog=catalog) == []


def test_a_name_by_sound_alone_is_found() -> None:
    mention = only("这瓶霜康京花")
    assert (mention.kind, mention.text) == ("name", "霜康京花")


@pytest.mark.parametrize("heard", ["生康", "霜汤"])
def test_a_name_of_two_sounds_allows_no_wrong_one(heard: str) -> None:
    assert names(heard) == []


def test_two_syllables_by_sound_alone_are_weak_evidence() -> None:
    assert only("霜康").weight == pytest.approx(SHORT_HOMOPHONE_SHARE * only("双抗").weight, rel=0.01)


def test_a_traditional_catalogue_meets_simplified_speech_as_if_written_alike() -> None:
    traditional = Catalog((Product(product_id="1", title="精華", short_name="雙抗精華"),))
    assert only("双抗精华", traditional).weight == only("双抗精华").weight


def test_full_width_letters_are_letters() -> None:
    catalog = Catalog((Product(product_id="1", title="神仙水", short_name="SK-II神仙水"),))
    assert only("ＳＫ－ＩＩ神仙水来了", catalog).text == "ＳＫ－ＩＩ神仙水"


def test_a_name_of_many_is_the_name_of_one() -> None:
    catalog = Catalog((Product(product_id="1", title="flask", short_name="water bottle"),))
    assert only("grab these Water Bottles now", catalog).text == "Water Bottles"


@pytest.mark.parametrize("text", ["看，破来雅！双抗 精华哦", "ＳＥＲＵＭ 双抗精华，３号链接", "😀双抗精华😀"])
def test_the_text_of_a_mention_stands_at_its_time(text: str) -> None:
    spoken = sentence(text)
    for mention in EntityLinker(CATALOG).link([spoken, *show()]):
        start = spoken.char_starts.index(mention.span.start)
        assert spoken.text[start : start + len(mention.text)] == mention.text
        assert spoken.span_of(start, start + len(mention.text)) == mention.span


def test_times_come_from_the_characters_not_from_the_sentence() -> None:
    uneven = Sentence(0, 20, "来双抗精华啦", (0.0, 9.0, 9.5, 10.0, 12.0, 19.0))
    (mention,) = [m for m in EntityLinker(CATALOG).link([uneven, *show()]) if m.kind == "name"]
    assert mention.span == Span(9.0, 19.0)


def test_the_longer_name_wins_where_it_is_said() -> None:
    mention = only("来看儿童电动牙刷")
    assert (mention.text, mention.product_ids) == ("儿童电动牙刷", ("儿童",))


def test_the_longer_name_wins_even_where_only_its_sound_is_right() -> None:
    mention = only("来看而同电动牙刷")
    assert (mention.text, mention.product_ids) == ("而同电动牙刷", ("儿童",))


def test_the_longer_of_two_names_of_full_weight_wins() -> None:
    plain = Product(product_id="散装", title="巧克力", short_name="牛奶巧克力")
    boxed = Product(product_id="礼盒", title="巧克力", short_name="牛奶巧克力礼盒")
    for catalog in (Catalog((plain, boxed)), Catalog((boxed, plain))):
        assert only("牛奶巧克力礼盒", catalog).product_ids == ("礼盒",)


def test_the_shorter_name_belongs_to_both_where_it_is_said_alone() -> None:
    assert only("来看电动牙刷").product_ids == ("牙刷", "儿童")


def test_overlapping_names_compete_and_the_heavier_stays() -> None:
    catalog = Catalog(
        (
            Product(product_id="长", title="长", short_name="抗皱紧致面霜"),
            Product(product_id="短", title="短", short_name="面霜礼盒"),
        )
    )
    assert [mention.product_ids for mention in names("抗皱紧致面霜礼盒", catalog=catalog)] == [("长",)]


def test_one_name_said_twice_is_found_twice() -> None:
    assert [mention.text for mention in names("双抗精华呀双抗精华")] == ["双抗精华", "双抗精华"]


def test_a_sound_that_fits_two_names_equally_well_belongs_to_both() -> None:
    catalog = Catalog(
        (
            Product(product_id="蓝", title="甲", short_name="蓝色洗面奶"),
            Product(product_id="白", title="乙", short_name="白色洗面奶"),
        )
    )
    assert sorted(only("灰色洗面奶", catalog).product_ids) == ["白", "蓝"]


def test_an_unreliable_sentence_gives_no_mention() -> None:
    unreliable = [sentence("双抗精华三号链接一百六十九块九", is_reliable=False), *show()]
    assert EntityLinker(CATALOG).link(unreliable) == ()


def test_mentions_tell_their_sentence_also_after_an_unreliable_one() -> None:
    heard = [sentence("啊", 0, is_reliable=False), sentence("双抗精华", 1), *show()]
    assert {mention.sentence_index for mention in EntityLinker(CATALOG).link(heard)} == {1}


def test_a_name_in_every_other_sentence_loses_weight() -> None:
    rare = only("双抗精华").weight
    common = names(*["双抗精华"] * 40)[0].weight
    assert 0 <= common < 0.5 * rare


def test_words_of_the_title_are_found_where_no_name_is_said() -> None:
    mentions = [m for m in EntityLinker(CATALOG).link(show("熬夜脸色暗沉")) if m.kind == "title"]
    assert [(m.text, m.product_ids) for m in mentions] == [("熬夜", ("精华",)), ("暗沉", ("精华",))]


def test_a_word_of_the_title_by_sound_alone_is_weak_evidence() -> None:
    written, sounding = EntityLinker(CATALOG).link(show("熬夜", "奥业"))
    assert sounding.weight < 0.5 * written.weight


def test_a_word_that_most_of_the_catalogue_shares_tells_nothing() -> None:
    catalog = Catalog(tuple(Product(product_id=str(i), title=f"保湿{c}") for i, c in enumerate("水霜乳液露膏")))
    assert EntityLinker(catalog).link(show("很保湿的")) == ()


def test_link_numbers_and_prices_are_mentions_too() -> None:
    kinds = {mention.kind for mention in EntityLinker(CATALOG).link(show("三号链接，一百六十九块九"))}
    assert kinds == {"link", "price"}


def test_mentions_come_by_time() -> None:
    mentions = EntityLinker(CATALOG).link(show("三号链接双抗精华，熬夜就用破来雅，一百六十九块九", "儿童电动牙刷"))
    times = [(mention.span.start, mention.span.end) for mention in mentions]
    assert len(times) >= 6
    assert times == sorted(times)


def test_an_empty_show_has_no_mentions() -> None:
    assert EntityLinker(CATALOG).link([]) == ()


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="珀破莱来雅双霜抗精华儿童电动牙刷三号链接9块， ＡＢab", max_size=30))
def test_whatever_is_said_mentions_stand_in_their_sentence_and_speak_for_listed_products(text: str) -> None:
    spoken = sentence(text)
    for mention in EntityLinker(CATALOG).link([spoken, *show()]):
        assert mention.text in spoken.text
        assert spoken.start <= mention.span.start <= mention.span.end <= spoken.end
        assert set(mention.product_ids) <= set(CATALOG.by_id)
        assert mention.weight >= 0


TWINS = """
from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.speech import Sentence
from models.linking.entity_linker import EntityLinker
words = "蓝白红黄绿紫灰粉金银"
shelf = Catalog(tuple(Product(product_id=str(i), title=w, short_name=w + "色洗面奶") for i, w in enumerate(words)))
sentences = [Sentence.with_even_timing(Span(0, 9), "黑色洗面奶"), Sentence.with_even_timing(Span(9, 18), "嗯")]
print(EntityLinker(shelf).link(sentences))
"""


def test_every_process_finds_the_same() -> None:
    def output_with(seed: int) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        command = [sys.executable, "-c", TWINS]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    first = output_with(1)
    assert "黑色洗面奶" in first
    assert output_with(2) == first


CLOTHS = Catalog(
    (
        Product(product_id="抹布", title="懒人抹布持久不脱色一次式即食", short_name="抹布"),
        Product(product_id="湿敷", title="舒缓湿敷棉片", aliases=("湿敷",)),
    )
)


@pytest.mark.parametrize("text", ["你摸不到", "这位师傅", "就不说了", "那么久不见", "正式即将"])
def test_syllables_across_the_borders_of_words_and_other_words_are_no_mention(text: str) -> None:
    assert [m.text for m in EntityLinker(CLOTHS).link(show(text)) if m.sentence_index == 0] == []


@pytest.mark.parametrize(("text", "kind"), [("抹布", "name"), ("摸布", "name"), ("湿敷", "alias"), ("持久", "title")])
def test_two_syllables_that_may_be_the_word_are_one(text: str, kind: str) -> None:
    (mention,) = (m for m in EntityLinker(CLOTHS).link(show(text)) if m.sentence_index == 0)
    assert (mention.kind, mention.text) == (kind, text)


def test_syllables_across_a_border_still_count_inside_a_longer_run() -> None:
    (mention,) = (m for m in EntityLinker(CLOTHS).link(show("持久不脱色")) if m.sentence_index == 0)
    assert (mention.kind, mention.text) == ("title", "持久不脱色")
