"""Simulated shows are complete, differ from each other, and are reproducible."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.errors import InvalidValue
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.profiles import default_profiles
from learning.simulation.scripts.augmentation import NO_AUGMENTATION, AugmentationPlan, augment_scripts
from learning.simulation.scripts.script import ShowScript, Utterance
from learning.simulation.simulate import SimulatedShow, SimulationConfig, simulate_shows

pytestmark = pytest.mark.heavy

CONFIG = SimulationConfig(
    (chinese_script("zh-tea-ta1"), chinese_script("zh-tea-ta2"), english_script("en-gadgets-tb1"))
)
COUNT = 60
Shows = tuple[SimulatedShow, ...]


@pytest.fixture(scope="module")
def shows() -> Shows:
    return tuple(simulate_shows(CONFIG, 7, range(COUNT)))


def test_the_same_seed_gives_the_same_bytes(shows: Shows) -> None:
    again = tuple(simulate_shows(replace(CONFIG), 7, range(COUNT)))

    assert [pickle.dumps(show) for show in again] == [pickle.dumps(show) for show in shows]


def test_a_show_does_not_depend_on_those_before_it(shows: Shows) -> None:
    assert next(simulate_shows(replace(CONFIG), 7, range(31, 32))) == shows[31]


def test_other_seeds_give_other_shows(shows: Shows) -> None:
    assert next(simulate_shows(CONFIG, 8, range(1))).transcript != shows[0].transcript


@pytest.mark.parametrize("number", range(COUNT))
def test_every_product_of_the_truth_is_in_the_catalogue(number: int, shows: Shows) -> None:
    show = shows[number]
    explained = {product_id for highlight in show.truth.highlights for product_id in highlight.product_ids}

    assert explained <= show.catalog.by_id.keys()
    assert {id_ for each in show.utterances for id_ in each.utterance.product_ids} <= show.catalog.by_id.keys()
    assert {id_ for each in show.sightings.sightings for id_ in each.product_ids} <= show.catalog.by_id.keys()


def test_shows_keep_to_one_writer_and_language(shows: Shows) -> None:
    assert {show.provenance.writer for show in shows} == {"ta", "tb"}
    for show in shows:
        assert len({script.rsplit("-", 1)[1][:2] for script in show.provenance.scripts}) == 1
        assert show.provenance.noise_profile.startswith(show.transcript.language)


def test_a_spliced_show_has_the_manners_of_all_its_scripts() -> None:
    manners = {"zh-tea-ta1": ("duo", "returns"), "zh-tea-ta2": ("names", "duo")}
    scripts = tuple(replace(chinese_script(name), manners=codes) for name, codes in manners.items())  # type: ignore[arg-type]  # the class of a literal
    found = {
        show.provenance.scripts: show.truth.manners for show in simulate_shows(SimulationConfig(scripts), 7, range(20))
    }

    assert found[("zh-tea-ta1",)] == ("duo", "returns")
    assert found[("zh-tea-ta1", "zh-tea-ta2")] == ("names", "duo", "returns")


def test_all_kinds_of_profiles_occur(shows: Shows) -> None:
    assert len({show.provenance.event_log_profile for show in shows}) == len(CONFIG.event_log_profiles)
    assert len({show.provenance.sighting_profile for show in shows}) == len(CONFIG.sighting_profiles)
    assert len({show.provenance.noise_profile for show in shows}) == len(default_profiles().noise)


def test_a_config_without_scripts_or_without_a_noise_profile_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at least one script"):
        SimulationConfig(())
    with pytest.raises(InvalidValue, match="no channel for the language zh"):
        SimulationConfig(
            (chinese_script(),),
            noise_profiles=tuple(each for each in default_profiles().noise if each.language == "en"),
        )


def augmented(seed: int = 0, **plan: float) -> ShowScript:
    return augment_scripts([chinese_script()], AugmentationPlan(**plan), np.random.default_rng(seed))


def test_a_show_as_written_is_the_script() -> None:
    assert augment_scripts([chinese_script()], NO_AUGMENTATION, np.random.default_rng(0)) == chinese_script()


def test_explanations_are_left_out_but_never_below_three() -> None:
    assert {id_ for each in augmented(kept_share=0.0).utterances for id_ in each.about} == {"a", "b", "c"}


def test_unnamed_products_are_explained_without_their_name() -> None:
    texts = [each.text for each in augmented(unnamed_share=1.0).utterances if each.about]

    assert texts
    assert not any(name in text for text in texts for name in ("寿眉饼", "白瓷盖碗", "绿豆糕"))


def test_returns_come_after_their_explanation() -> None:
    shows = [augmented(seed, mean_returns=2.0) for seed in range(10)]

    assert any(len(show.utterances) > len(chinese_script().utterances) for show in shows)
    for show in shows:
        order = [each.about for each in show.utterances if each.about]
        assert order[0] == ("a",)


def test_a_product_that_is_not_sold_is_explained_all_the_same() -> None:
    script = replace(chinese_script(), utterances=(*chinese_script().utterances, *_about_d()))
    shows = [
        augment_scripts([script], AugmentationPlan(mean_unlisted_products=3.0), np.random.default_rng(seed))
        for seed in range(10)
    ]

    assert any(len(show.catalog) < 4 for show in shows)
    assert all(len(show.utterances) == len(script.utterances) for show in shows)


def _about_d() -> tuple[Utterance, ...]:
    return (Utterance(text="十年陈皮，四号链接，撕一小角炖排骨。", about=("d",), role="intro"),)


def test_spliced_shows_have_ids_and_links_of_their_own_and_say_them_right() -> None:
    show = augment_scripts(
        [chinese_script("zh-a-ta1"), chinese_script("zh-b-ta2")], AugmentationPlan(), np.random.default_rng(2)
    )
    links = {each.product_id: each.link_no for each in show.catalog}

    assert len(show.catalog) == 8
    assert sorted(link or 0 for link in links.values()) == list(range(1, 9))
    relinked = next(each for each in show.utterances if each.text.endswith("寿眉饼，三百五十克一整块。"))
    assert relinked.text.startswith("一二三四五六七八"[(links[relinked.about[0]] or 0) - 1] + "号链接")


@pytest.mark.parametrize(
    "text", ["🙂!?;:", "{}[]<script>" * 40, "a" * 1000, "零百千万十百十", "\u202e号一" * 100, "½ⅷ①９"]
)
def test_hostile_words_do_not_stop_a_show(text: str) -> None:
    words = text if any(each.isalnum() for each in text) else f"{text}x"
    product = Product(product_id="p", title=words)
    utterances = (Utterance(text=words, about=("p",)), Utterance(text=words))
    scripts = tuple(ShowScript(f"{lang}-h-x1", lang, "", Catalog((product,)), utterances) for lang in ("zh", "en"))

    shows = tuple(simulate_shows(SimulationConfig(scripts), 1, range(24)))
    assert len(shows) == 24
    assert all(show.truth.duration > 0 for show in shows)
