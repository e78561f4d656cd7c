from collections.abc import Mapping, Sequence

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.rescoring import RescoringCandidate
from domain.speech import Sentence, Transcript
from models.linking.entity_linker import EntityLinker
from models.rescoring.rescoring_candidates import RescoringCandidateFinder
from models.rescoring.windows import MAX_HOTWORDS, MAX_HYPOTHESES, MAX_WINDOW_S

KITCHEN = Catalog(
    (
        Product(product_id="锅", title="炊大皇不锈钢炒锅三十二", short_name="不锈钢炒锅", brand="炊大皇"),
        Product(product_id="机", title="九阳迷你豆浆机", short_name="迷你豆浆机", aliases=("豆浆机",)),
        Product(product_id="布", title="懒人抹布", short_name="懒人抹布"),
    )
)


def sentences_of(*texts: str, every: float = 2.0, is_reliable: bool = True) -> tuple[Sentence, ...]:
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
NEAR_DUPLICATES = {"豆沙": frozenset({"砖红"}), "砖红": frozenset({"豆沙"})}


def find_candidates(
    sentences: Sequence[Sentence],
    catalog: Catalog = KITCHEN,
    max_windows: int = 9,
    near_duplicates: Mapping[str, frozenset[str]] = {},
) -> tuple[RescoringCandidate, ...]:
    transcript = Transcript("zh", "speech", tuple(sentences))
    return RescoringCandidateFinder(transcript, EntityLinker(catalog).link(sentences), catalog, near_duplicates).find(
        max_windows
    )


def hypothesis_names(candidates: Sequence[RescoringCandidate]) -> list[str]:
    return [each.name for candidate in candidates for each in candidate.window.hypotheses]


def test_words_that_sound_like_a_name_are_a_candidate() -> None:
    (candidate,) = find_candidates(sentences_of("今天天很好", "一号力件,吹大火的", "大家都吃了吗"))
    (hypothesis,) = candidate.window.hypotheses
    assert (hypothesis.name, candidate.window.text[hypothesis.start : hypothesis.end]) == ("炊大皇", "吹大火")
    assert (candidate.targets[0].product_ids, candidate.targets[0].sentence_index) == (("锅",), 1)
    assert candidate.targets[0].span.clipped_to(Span(2, 4)) == candidate.targets[0].span


def test_a_name_that_was_recognised_is_no_candidate() -> None:
    assert find_candidates(sentences_of("这是炊大皇的")) == ()


def test_a_name_of_which_only_the_sound_was_recognised_is_a_candidate() -> None:
    towels = Catalog((Product(product_id="巾", title="洁丽雅毛巾", short_name="毛巾"),))
    (candidate,) = find_candidates(sentences_of("这个猫金真软"), towels)
    assert 0 < candidate.targets[0].known_nats < 2


def test_words_that_sound_like_nothing_in_the_catalogue_are_no_candidate() -> None:
    assert find_candidates(sentences_of("大家晚上好", "欢迎来到直播间")) == ()


def test_an_unreliable_sentence_has_no_candidates() -> None:
    assert find_candidates(sentences_of("一号力件,吹大火的", is_reliable=False)) == ()


def test_a_window_holds_what_stands_around_the_words_and_stays_short() -> None:
    (candidate,) = find_candidates(sentences_of("老周把火开大", "吹大火的", "今天天很好", "大家都吃了吗"))
    assert candidate.window.text == "老周把火开大吹大火的"
    assert candidate.window.span.duration <= MAX_WINDOW_S + 0.6


def test_the_longer_a_name_that_fits_the_sooner_it_is_chosen() -> None:
    sentences = sentences_of("上回那个吹大火的", "唱歌", "跳舞", "走路", "聊天", "这个布修看老够真好")
    (only,) = find_candidates(sentences, max_windows=1)
    assert only.window.hypotheses[0].name == "不锈钢炒锅"


def test_a_window_has_few_hotwords_and_fewer_hypotheses() -> None:
    many = Catalog(tuple(Product(product_id=f"{i}", title=f"{c}大皇锅") for i, c in enumerate("炊翠崔催脆粹吹锤垂")))
    named = Catalog(tuple(Product(product_id=p.product_id, title=p.title, short_name=p.title) for p in many))
    for candidate in find_candidates(sentences_of("一号吹大火果"), named):
        assert len(candidate.window.hotwords) <= MAX_HOTWORDS
        assert len(candidate.window.hypotheses) <= MAX_HYPOTHESES


def test_english_names_are_found_across_the_blanks_between_words() -> None:
    catalog = Catalog((Product(product_id="1", title="Heatless curl set", short_name="curl set", brand="SnoozeCurl"),))
    sentence = Sentence.with_even_timing(Span(0, 4), "It's the snooze curl one, number 11")
    transcript = Transcript("en", "speech", (sentence,))
    (candidate,) = RescoringCandidateFinder(transcript, (), catalog).find(3)
    hypothesis = candidate.window.hypotheses[0]
    assert (hypothesis.name, candidate.window.text[hypothesis.start : hypothesis.end]) == ("snoozecurl", "snooze curl")


def test_another_product_does_not_change_the_windows_of_the_rest() -> None:
    sentences = sentences_of("一号力件,吹大火的", *["走路"] * 5, "这个比你豆将鸡真好")
    fewer = Catalog(KITCHEN.products[:1])
    assert find_candidates(sentences, fewer)[0].window in [each.window for each in find_candidates(sentences)]


def test_between_tied_near_duplicates_what_sounds_like_a_difference_is_a_candidate() -> None:
    (candidate,) = find_candidates(
        sentences_of("来看雾面唇泥", "先说奶查豆杀这个"), CLAYS, near_duplicates=NEAR_DUPLICATES
    )
    assert [hypothesis.name for hypothesis in candidate.window.hypotheses] == ["奶茶豆沙"]
    assert [(target.kind, target.product_ids) for target in candidate.targets] == [("title", ("豆沙",))]


def test_attributes_are_candidates_between_near_duplicates_only() -> None:
    assert find_candidates(sentences_of("来看雾面唇泥", "先说奶查豆杀这个"), CLAYS) == ()


def test_where_one_near_duplicate_is_far_ahead_their_difference_is_no_candidate() -> None:
    sentences = sentences_of("来看雾面唇泥", "三号链接", "三号链接的", "三号链接啊", "先说奶查豆杀这个")
    assert hypothesis_names(find_candidates(sentences, CLAYS, near_duplicates=NEAR_DUPLICATES)) == []


def test_where_nobody_spoke_of_either_near_duplicate_their_difference_is_no_candidate() -> None:
    assert (
        hypothesis_names(find_candidates(sentences_of("先说奶查豆杀这个"), CLAYS, near_duplicates=NEAR_DUPLICATES))
        == []
    )


def test_of_two_equal_candidates_the_one_in_selling_talk_that_names_nothing_is_chosen() -> None:
    quiet = sentences_of("今天天很好", "吹大火的那个", "大家都吃了吗", every=4.0)
    selling = sentences_of("原价多少钱", "三二一上链接", "吹大火的那个", "到手只要九十九", every=4.0)
    moved = tuple(Sentence.with_even_timing(Span(each.start + 100, each.end + 100), each.text) for each in selling)
    (candidate,) = find_candidates((*quiet, *moved), max_windows=1)
    assert candidate.window.span.start > 100


def test_selling_talk_that_names_a_product_is_not_preferred() -> None:
    quiet = sentences_of("今天天很好", "吹大火的那个", "大家都吃了吗", every=4.0)
    selling = sentences_of("原价多少钱", "三二一上链接", "吹大火的那个", "到手只要九十九", "懒人抹布", every=4.0)
    moved = tuple(Sentence.with_even_timing(Span(each.start + 100, each.end + 100), each.text) for each in selling)
    (candidate,) = find_candidates((*quiet, *moved), max_windows=1)
    assert candidate.window.span.start < 100


def test_a_show_without_words_has_no_candidates() -> None:
    assert find_candidates(()) == ()
