"""Shows vary as far as the caller says, and not at all by default."""

from collections import Counter
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.errors import InvalidValue
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.scripts.script import ShowScript
from learning.simulation.show_variation import PLAIN_SHOW, ShowVariation, lesson_variation
from learning.simulation.simulate import SimulatedShow, SimulationConfig, simulate_shows

pytestmark = pytest.mark.heavy

POTS = tuple(Product(product_id=f"pot{n}", title=f"第{n}口砂锅", link_no=n, price=9900) for n in range(1, 9))
LAMPS = tuple(Product(product_id=f"lamp{n}", title=f"Floor Lamp {n}", link_no=n) for n in range(1, 9))
COUNT = 8


def scripts() -> tuple[ShowScript, ...]:
    """Two shows, and two whose catalogues serve as others'. Their writers differ, so that none is spliced."""
    tea, gadgets = chinese_script("zh-tea-ta1"), english_script("en-gadgets-tb1")
    nicknamed = Catalog(tuple(replace(each, aliases=("小茶饼",)) for each in tea.catalog))
    chat = [replace(each, about=(), mentions=(), push=None) for each in tea.utterances[:2]]
    english_chat = [replace(each, about=(), mentions=(), push=None) for each in gadgets.utterances[:2]]
    return (
        replace(tea, catalog=nicknamed),
        gadgets,
        ShowScript("zh-pots-tc1", "zh", "", Catalog(POTS), tuple(chat)),
        ShowScript("en-lamps-td1", "en", "", Catalog(LAMPS), tuple(english_chat)),
    )


def shows(**variation: Any) -> tuple[SimulatedShow, ...]:
    """Shows of the first two scripts."""
    config = SimulationConfig(scripts(), variation=ShowVariation(**variation))
    return tuple(show for show in simulate_shows(config, 3, range(4 * COUNT)) if is_told(show))


def is_told(show: SimulatedShow) -> bool:
    return show.provenance.writer in ("ta", "tb")


@cache
def plain_shows() -> tuple[SimulatedShow, ...]:
    return shows()


def text_of(show: SimulatedShow) -> str:
    return "".join(sentence.text for sentence in show.transcript.sentences)


def test_shows_without_variation_are_those_of_before_there_was_any() -> None:
    words = "".join(text_of(show) + "".join(show.catalog.by_id) for show in plain_shows())
    assert (len(plain_shows()), crc32(words.encode())) == (9, 3440417711)


def test_a_variation_of_the_catalogue_changes_neither_words_nor_truth() -> None:
    for varied, plain in zip(shows(decoy_count=(5, 8), titles_alone_share=1.0), plain_shows(), strict=True):
        assert (varied.utterances, varied.truth) == (plain.utterances, plain.truth)
        assert varied.catalog != plain.catalog


def test_decoys_are_of_other_scripts_in_the_language_and_never_explained() -> None:
    for show, plain in zip(shows(decoy_count=(5, 8)), plain_shows(), strict=True):
        decoys = show.catalog.by_id.keys() - plain.catalog.by_id.keys()
        titles = {product.title for product in (POTS if show.transcript.language == "zh" else LAMPS)}
        assert 5 <= len(decoys) <= 8
        assert {show.catalog.by_id[decoy].title for decoy in decoys} <= titles
        assert not decoys & {id_ for each in show.utterances for id_ in each.utterance.product_ids}


def test_a_range_of_decoys_is_drawn_from_low_to_high() -> None:
    draws = [ShowVariation(decoy_count=(5, 300)).draw(np.random.default_rng(seed)).decoy_count for seed in range(300)]
    assert min(draws) >= 5
    assert max(draws) <= 300
    assert 25 < float(np.median(draws)) < 60


def test_catalogues_can_have_titles_alone() -> None:
    for show in shows(titles_alone_share=1.0):
        assert all(product.name == product.title and product.link_no is None for product in show.catalog)


def test_catalogues_can_lack_nicknames() -> None:
    assert any(product.aliases for show in plain_shows() for product in show.catalog)
    assert not any(product.aliases for show in shows(missing_aliases_share=1.0) for product in show.catalog)


def test_captions_can_be_without_punctuation_and_capitals() -> None:
    assert any(set(text_of(show)) & set("，。,.") for show in plain_shows())
    for show in shows(unpunctuated_share=1.0, lower_case_share=1.0, error_rate=(0.0, 0.0)):
        text = text_of(show)
        assert text == text.lower()
        assert not set(text) & set("，。,")


def test_captions_can_come_in_cues_of_half_a_minute() -> None:
    for cued, plain in zip(shows(long_cue_share=1.0), plain_shows(), strict=True):
        assert _letters(cued) == _letters(plain)
        assert _count_pauses(cued) <= 1 + plain.truth.duration / 20 < _count_pauses(plain)


def _count_pauses(show: SimulatedShow) -> int:
    return sum(later.start - earlier.end > 0.15 for earlier, later in pairwise(show.transcript.sentences))


def _letters(show: SimulatedShow) -> str:
    return "".join(filter(str.isalnum, text_of(show)))


def test_six_of_ten_characters_can_be_wrong() -> None:
    wrong_shares = [_wrong_share(show) for show in shows(error_rate=(0.6, 0.6)) if show.transcript.language == "zh"]
    assert 0.55 < float(np.mean(wrong_shares)) < 0.8  # matching blocks are greedy: they miss some right characters
    assert float(np.mean([_wrong_share(show) for show in shows(error_rate=(0.0, 0.0))])) < 0.2


def _wrong_share(show: SimulatedShow) -> float:
    spoken = "".join(filter(str.isalnum, "".join(each.utterance.text for each in show.utterances)))
    blocks = SequenceMatcher(None, spoken, _letters(show), autojunk=False).get_matching_blocks()
    return 1 - sum(block.size for block in blocks) / len(spoken)


def test_a_room_of_one_product_explains_that_alone() -> None:
    for show in shows(one_product_share=1.0):
        assert len(show.catalog) == 1
        assert {id_ for each in show.truth.highlights for id_ in each.product_ids} <= show.catalog.by_id.keys()


def test_a_wrong_bag_is_beside_the_same_words_and_nothing_is_true() -> None:
    for wrong, plain in zip(shows(wrong_bag_share=1.0), plain_shows(), strict=True):
        assert wrong.transcript == plain.transcript
        assert wrong.catalog.products == (POTS if wrong.transcript.language == "zh" else LAMPS)
        assert (wrong.truth.highlights, wrong.truth.ignored) == ((), ())
        assert not any(list(each.utterance.product_ids) for each in wrong.utterances)
        assert not wrong.sightings.sightings
        assert {event.type for event in wrong.events.events} <= {"comment"}


def test_without_another_catalogue_a_show_keeps_its_own() -> None:
    config = SimulationConfig((chinese_script(),), variation=ShowVariation(wrong_bag_share=1.0))
    (show,) = simulate_shows(config, 3, range(1))
    assert "a" in show.catalog.by_id
    assert show.truth.highlights


def test_a_share_of_shows_has_a_trait() -> None:
    draws = [ShowVariation(wrong_bag_share=0.5).draw(np.random.default_rng(seed)).wrong_bag for seed in range(200)]
    assert 70 < draws.count("another kind") < 130
    assert 70 < draws.count("none") < 130


def test_the_show_says_which_traits_it_has() -> None:
    for show in shows(decoy_count=(5, 8), titles_alone_share=1.0):
        assert show.provenance.traits.labels == ("decoys", "titles alone")
    assert {show.provenance.traits for show in plain_shows()} == {PLAIN_SHOW}
    assert PLAIN_SHOW.labels == ()
    assert {show.provenance.traits.labels for show in shows(wrong_bag_share=1.0)} == {("wrong bag of another kind",)}


def test_a_trait_that_the_scripts_do_not_allow_is_not_claimed() -> None:
    variation = ShowVariation(wrong_bag_share=1.0, decoy_count=(5, 5))
    (show,) = simulate_shows(SimulationConfig((chinese_script(),), variation=variation), 3, range(1))
    assert show.provenance.traits == PLAIN_SHOW


def test_shows_that_do_not_vary_are_plain_whatever_the_other_shares_are() -> None:
    variation = ShowVariation(varied_share=0.5, titles_alone_share=1.0, error_rate=(0.1, 0.2), decoy_count=(5, 5))
    draws = [variation.draw(np.random.default_rng(seed)) for seed in range(200)]
    assert 70 < draws.count(PLAIN_SHOW) < 130
    assert all(traits.labels == ("decoys", "titles alone", "errors of its own") for traits in draws if traits.labels)


def test_error_rates_can_be_mostly_low() -> None:
    variation = ShowVariation(error_rate=(0.0, 0.6), error_rate_skew=3.0)
    rates = [variation.draw(np.random.default_rng(seed)).error_rate or 0.0 for seed in range(400)]
    assert float(np.median(rates)) == pytest.approx(0.075, abs=0.03)
    assert 0.5 < max(rates) <= 0.6


def test_lessons_are_plain_by_half_and_have_every_trait_but_wrong_bags() -> None:
    draws = [lesson_variation().draw(np.random.default_rng(seed)) for seed in range(600)]
    counts = Counter(label for traits in draws for label in traits.labels)
    assert 270 < draws.count(PLAIN_SHOW) < 330
    assert set(counts) == {
        "decoys", "titles alone", "no nicknames", "unpunctuated", "lower case", "long cues", "one product",
        "errors of its own",
    }  # fmt: skip
    assert 15 < counts["one product"] < 50
    assert 110 < counts["decoys"] < 190


def test_half_of_the_rooms_of_one_product_are_of_scripts_written_as_such() -> None:
    cycles = replace(chinese_script("zh-pan-te1"), manners=("cycles",))
    config = SimulationConfig((*scripts(), cycles), variation=ShowVariation(one_product_share=1.0))
    written = sum("cycles" in show.truth.manners for show in simulate_shows(config, 3, range(30)))
    assert 10 < written < 25


@pytest.mark.parametrize(
    ("variation", "problem"),
    [
        ({"wrong_bag_share": 1.5}, r"shares .* must lie in \[0, 1\]"),
        ({"decoy_count": (9, 5)}, r"decoy_count must be a range within \[0, 300\]"),
        ({"decoy_count": (0, 301)}, r"decoy_count must be a range within \[0, 300\]"),
        ({"varied_share": -0.1}, r"shares .* must lie in \[0, 1\]"),
        ({"error_rate_skew": 0.5}, r"error_rate_skew must be at least 1"),
        ({"error_rate": (0.1, 0.7)}, r"error_rate must be a range within \[0, 0.6\]"),
    ],
)
def test_a_variation_that_no_show_can_have_is_refused(variation: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        ShowVariation(**variation)
