"""Words that a host shares with a product's description."""

import numpy as np

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import FloatArray
from domain.speech import Sentence
from models.evidence.description_similarity import NEIGHBOUR_WEIGHT, description_similarity
from models.evidence.utterance_units import build_utterance_units

CATALOG = Catalog(
    (
        Product(product_id="a", title="玻尿酸保湿精华液 补水", short_name="精华"),
        Product(product_id="b", title="纯棉四件套 床上用品", short_name="四件套"),
        Product(product_id="c", title="不锈钢保温杯 大容量", short_name="保温杯"),
    )
)


def similarity_of(*texts: str, catalog: Catalog = CATALOG) -> FloatArray:
    """(units, products) of sentences of 9 s, each a unit of its own."""
    sentences = [Sentence.with_even_timing(Span(10.0 * i, 10.0 * i + 9), text) for i, text in enumerate(texts)]
    return description_similarity(build_utterance_units(sentences, Span(0, 10.0 * len(texts))), catalog)


def test_words_of_a_description_speak_for_its_product_alone() -> None:
    similarities = similarity_of("里面有玻尿酸", *["嗯"] * 5)
    assert similarities[0, 0] > 0
    assert not similarities[:, 1:].any()


def test_a_misheard_word_still_counts() -> None:
    assert similarity_of("里面有波尿酸", *["嗯"] * 5)[0, 0] > 0


def test_units_beside_a_word_count_a_little_and_those_farther_do_not() -> None:
    similarities = similarity_of("嗯", "嗯", "有玻尿酸", "嗯", "嗯")[:, 0]
    np.testing.assert_allclose(similarities[[1, 3]], similarities[2] * np.sqrt(NEIGHBOUR_WEIGHT))
    assert not similarities[[0, 4]].any()


def test_what_is_said_throughout_the_show_says_nothing() -> None:
    assert not similarity_of(*["玻尿酸"] * 8).any()


def test_what_is_said_often_says_less() -> None:
    rare = similarity_of("玻尿酸", *["嗯"] * 9)[0, 0]
    often = similarity_of(*["玻尿酸", "嗯", "嗯", "嗯", "嗯"] * 2)[0, 0]
    assert 0 < often < rare


def test_words_that_all_products_share_say_nothing() -> None:
    alike = Catalog(tuple(Product(product_id=each, title="保温杯") for each in "ab"))
    assert not similarity_of("这个保温杯", "嗯", "嗯", catalog=alike).any()


def test_english_words_count_one_by_one() -> None:
    english = Catalog(
        (Product(product_id="a", title="Glass bottle"), Product(product_id="b", title="Cotton towel")),
    )
    similarities = similarity_of("love these bottles", "so", "so", "so", catalog=english)
    assert similarities[0, 0] > 0
    assert not similarities[:, 1].any()


def test_a_show_of_silence_is_like_nothing() -> None:
    similarities = description_similarity(build_utterance_units((), Span(0, 35)), CATALOG)
    assert similarities.shape == (4, 3)
    assert not similarities.any()
