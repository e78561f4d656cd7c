from collections.abc import Mapping, Sequence

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.rescoring import RescoringCandidate
from domain.speech import Sentence, Transcript
from models.linking.entity_linker import EntityLinker
from models.linking.rescoring_candidates import MAX_HOTWORDS, MAX_HYPOTHESES, MAX_WINDOW_S, RescoringCandidateFinder

KITCHEN = Catalog(
    (
        Product(product_id="锅", title="炊大皇不锈钢炒锅三十二", short_name="不锈钢炒锅", brand="炊大皇"),
        Product(product_id="机", title="九阳迷你豆浆机", short_name="迷你豆浆机", aliases=("豆浆机",)),
        Product(product_id="布", title="懒人抹布", short_name="懒人抹布"),
    )
)


def said(*texts: str, every: float = 2.0, is_reliable: bool = True) -> tuple[Sentence, ...]:
    return tuple(
        Sentence.with_even_timing(Span(i * every, i * every + every - 0.4), text, is_reliable=is_reliable)
        for i, text in enumerate(texts)
    )


CLAYS = Catalog(
    (
        Product(product_id="豆沙", title="雾面唇泥", short_name="雾面唇泥", attributes={"色号": "奶茶豆沙"}, link_no=3),
        Product(product_id="砖红", title="雾面唇泥", short_name="雾面唇泥", attributes={"色号": "枫叶砖红"}, link_no=4),
    )
)
SISTERS = {"豆沙": frozenset({"砖红"}), "砖红": frozenset({"豆沙"})}


def doubts(
    sentences: Sequence[Sentence],
    catalog: Catalog = KITCHEN,
    most: int = 9,
    sisters: Mapping[str, frozenset[str]] = {},
) -> tuple[RescoringCandidate, ...]:
    transcript = Transcript("zh", "speech", tuple(sentences))
    return RescoringCandidateFinder(transcript, EntityLinker(catalog).link(sentences), catalog, sisters).find(most)


def readings(found: Sequence[RescoringCandidate]) -> list[str]:
    return [reading.name for doubt in found for reading in doubt.window.hypotheses]


def test_words_that_sound_like_a_name_are_doubted_at_their_place() -> None:
    (doubt,) = doubts(said("今天天很好", "一号力件,吹大火的", "大家都吃了吗"))
    (reading,) = doubt.window.hypotheses
    assert (reading.name, doubt.window.text[reading.start : reading.end]) == ("炊大皇", "吹大火")
    assert (doubt.targets[0].product_ids, doubt.targets[0].sentence_index) == (("锅",), 1)
    assert doubt.targets[0].span.clipped_to(Span(2, 4)) == doubt.targets[0].span


def test_a_name_that_was_heard_is_no_doubt() -> None:
    assert doubts(said("这是炊大皇的")) == ()


def test_a_name_whose_sound_alone_was_heard_is_doubted() -> None:
    towels = Catalog((Product(product_id="巾", title="洁丽雅毛巾", short_name="毛巾"),))
    (doubt,) = doubts(said("这个猫金真软"), towels)
    assert 0 < doubt.targets[0].known_nats < 2


def test_words_that_sound_like_nothing_on_the_shelf_are_no_doubt() -> None:
    assert doubts(said("大家晚上好", "欢迎来到直播间")) == ()


def test_an_unreliable_sentence_is_no_place_for_names() -> None:
    assert doubts(said("一号力件,吹大火的", is_reliable=False)) == ()


def test_a_window_holds_what_stands_around_the_words_and_stays_short() -> None:
    (doubt,) = doubts(said("老周把火开大", "吹大火的", "今天天很好", "大家都吃了吗"))
    assert doubt.window.text == "老周把火开大吹大火的"
    assert doubt.window.span.duration <= MAX_WINDOW_S + 0.6


def test_the_longer_a_name_that_fits_the_sooner_it_is_looked_at() -> None:
    far = said("上回那个吹大火的", "唱歌", "跳舞", "走路", "聊天", "这个布修看老够真好")
    (only,) = doubts(far, most=1)
    assert only.window.hypotheses[0].name == "不锈钢炒锅"


def test_a_window_asks_for_few_names_and_fewer_readings() -> None:
    many = Catalog(tuple(Product(product_id=f"{i}", title=f"{c}大皇锅") for i, c in enumerate("炊翠崔催脆粹吹锤垂")))
    named = Catalog(tuple(Product(product_id=p.product_id, title=p.title, short_name=p.title) for p in many))
    for doubt in doubts(said("一号吹大火果"), named):
        assert len(doubt.window.hotwords) <= MAX_HOTWORDS
        assert len(doubt.window.hypotheses) <= MAX_HYPOTHESES


def test_english_names_are_found_across_the_blanks_between_words() -> None:
    catalog = Catalog((Product(product_id="1", title="Heatless curl set", short_name="curl set", brand="SnoozeCurl"),))
    sentence = Sentence.with_even_timing(Span(0, 4), "It's the snooze curl one, number 11")
    transcript = Transcript("en", "speech", (sentence,))
    (doubt,) = RescoringCandidateFinder(transcript, (), catalog).find(3)
    reading = doubt.window.hypotheses[0]
    assert (reading.name, doubt.window.text[reading.start : reading.end]) == ("snoozecurl", "snooze curl")


def test_another_product_does_not_change_the_windows_of_the_rest() -> None:
    sentences = said("一号力件,吹大火的", *["走路"] * 5, "这个比你豆将鸡真好")
    fewer = Catalog(KITCHEN.products[:1])
    assert doubts(sentences, fewer)[0].window in [each.window for each in doubts(sentences)]


def test_between_tied_sisters_what_sounds_like_a_difference_is_doubted_for_its_product() -> None:
    (doubt,) = doubts(said("来看雾面唇泥", "先说奶查豆杀这个"), CLAYS, sisters=SISTERS)
    assert [reading.name for reading in doubt.window.hypotheses] == ["奶茶豆沙"]
    assert [(place.kind, place.product_ids) for place in doubt.targets] == [("title", ("豆沙",))]


def test_products_that_are_no_sisters_are_not_told_apart_by_attributes() -> None:
    assert doubts(said("来看雾面唇泥", "先说奶查豆杀这个"), CLAYS) == ()


def test_where_one_sister_is_far_ahead_their_difference_is_no_doubt() -> None:
    told = said("来看雾面唇泥", "三号链接", "三号链接的", "三号链接啊", "先说奶查豆杀这个")
    assert readings(doubts(told, CLAYS, sisters=SISTERS)) == []


def test_where_nobody_spoke_of_either_sister_their_difference_is_no_doubt() -> None:
    assert readings(doubts(said("先说奶查豆杀这个"), CLAYS, sisters=SISTERS)) == []


def test_of_two_places_as_good_the_one_in_selling_talk_that_names_nothing_is_heard_again() -> None:
    quiet = said("今天天很好", "吹大火的那个", "大家都吃了吗", every=4.0)
    selling = said("原价多少钱", "三二一上链接", "吹大火的那个", "到手只要九十九", every=4.0)
    moved = tuple(Sentence.with_even_timing(Span(each.start + 100, each.end + 100), each.text) for each in selling)
    (doubt,) = doubts((*quiet, *moved), most=1)
    assert doubt.window.span.start > 100


def test_selling_talk_that_names_a_product_is_looked_at_no_sooner() -> None:
    quiet = said("今天天很好", "吹大火的那个", "大家都吃了吗", every=4.0)
    selling = said("原价多少钱", "三二一上链接", "吹大火的那个", "到手只要九十九", "懒人抹布", every=4.0)
    moved = tuple(Sentence.with_even_timing(Span(each.start + 100, each.end + 100), each.text) for each in selling)
    (doubt,) = doubts((*quiet, *moved), most=1)
    assert doubt.window.span.start < 100


def test_a_show_without_words_has_no_doubts() -> None:
    assert doubts(()) == ()
