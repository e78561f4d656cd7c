"""Evidence that distinguishes near-duplicates."""

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import FloatArray
from domain.speech import Sentence
from models.evidence.sibling_contrast import MAX_CONTRAST_NATS, contrast_near_duplicates
from models.evidence.utterance_units import build_utterance_units
from models.lexicon.near_duplicates import find_near_duplicates

SMALL = Product(product_id="小", title="云朵旋钮空气炸锅4升", brand="云朵")
LARGE = Product(product_id="大", title="云朵可视空气炸锅6升", brand="云朵")
OTHER = Product(product_id="箱", title="藏青行李箱", brand="远行")


def contrast(
    *texts: str, products: tuple[Product, ...] = (SMALL, LARGE, OTHER), is_reliable: bool = True
) -> FloatArray:
    """One unit of 10 s for each text."""
    sentences = [
        Sentence.with_even_timing(Span(10.0 * i, 10.0 * i + 9), text, is_reliable=is_reliable)
        for i, text in enumerate(texts)
    ]
    units = build_utterance_units(sentences, Span(0, 10.0 * len(texts)))
    return contrast_near_duplicates(units, products, find_near_duplicates(Catalog(products)))


def test_a_size_that_only_one_has_speaks_for_it_and_against_its_near_duplicate() -> None:
    (small, large, other) = contrast("这个是四升的")[0]
    assert small > 0
    assert (large, other) == (-small, 0)


def test_values_that_only_one_has_speak_for_it() -> None:
    knob = Product(product_id="钮", title="云朵空气炸锅家用", brand="云朵", attributes={"款式": "旋钮"})
    glass = Product(product_id="窗", title="云朵空气炸锅家用", brand="云朵", attributes={"款式": "可视"})
    own, other = contrast("可视的这一款", products=(knob, glass))[0]
    assert own < 0 < other


def test_english_words_that_only_one_has_speak_for_it() -> None:
    mist, oil = (Product(product_id=each, title=f"Nimbo Vanilla Body {each}") for each in ("Mist", "Oil"))
    own, other = contrast("this mist here", products=(mist, oil))[0]
    assert own > 0 > other


def test_what_both_have_says_nothing() -> None:
    assert not contrast("云朵空气炸锅").any()


def test_products_without_near_duplicates_have_none() -> None:
    assert not contrast("藏青行李箱").any()


def test_the_units_around_count_less() -> None:
    nats = contrast("六升", "嗯嗯", "嗯嗯", "嗯嗯")[:, 1]
    assert nats[0] > nats[1] > nats[2] > nats[3] == 0


def test_the_nearest_near_duplicate_counts() -> None:
    twin = Product(product_id="双", title="云朵旋钮空气炸锅4升白", brand="云朵")
    assert contrast("四升", products=(SMALL, LARGE, twin))[0, 0] == 0


def test_what_was_not_heard_reliably_says_nothing() -> None:
    assert not contrast("四升", is_reliable=False).any()


def test_a_colour_that_only_one_of_them_states_tells_nothing() -> None:
    red = Product(product_id="红", title="云朵旋钮空气炸锅4升红色", brand="云朵")
    white = Product(product_id="白", title="云朵旋钮空气炸锅4升白色", brand="云朵")
    assert not contrast("红色的", products=(SMALL, red)).any()
    assert contrast("红色的", products=(white, red)).tolist()[0][1] > 0


def test_no_unit_decides() -> None:
    poor = Product(product_id="贫", title="云朵空气炸锅白色4升500瓦20厘米3公斤", brand="云朵")
    rich = Product(product_id="富", title="云朵空气炸锅红色8升900瓦30厘米5公斤", brand="云朵")
    nats = contrast("红色八升九百瓦三十厘米五公斤", products=(poor, rich))
    assert nats.tolist() == [[-MAX_CONTRAST_NATS, MAX_CONTRAST_NATS]]
