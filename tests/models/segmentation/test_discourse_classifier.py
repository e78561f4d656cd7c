"""What each unit does, from how it is said."""

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from scipy.sparse import vstack

from domain.clock import Span
from domain.evidence import DISCOURSE_ROLES, FloatArray, Mention, MentionKind, UtteranceUnits
from domain.session import Language
from domain.speech import Sentence
from models.evidence.utterance_units import build_utterance_units
from models.segmentation.discourse_classifier import (
    BATCH_UNITS,
    CONTEXT_UNITS,
    HASH_BUCKETS,
    MIN_MASKED_NATS,
    DiscourseModel,
    discourse_features,
    load_discourse,
    save_discourse,
)


def said(*texts: str) -> tuple[Sentence, ...]:
    """Sentences of 9 s, 1 s apart: each a unit of its own."""
    return tuple(Sentence.with_even_timing(Span(10.0 * i, 10.0 * i + 9), text) for i, text in enumerate(texts))


def units(sentences: tuple[Sentence, ...]) -> UtteranceUnits:
    return build_utterance_units(sentences, Span(0, 10.0 * len(sentences)))


def mention(sentences: tuple[Sentence, ...], word: str, kind: MentionKind = "name", weight: float = 3.0) -> Mention:
    """The first place of `word` in the first sentence."""
    start = sentences[0].text.index(word)
    return Mention(kind, ("a",), sentences[0].span_of(start, start + len(word)), 0, word, weight)


def features(*texts: str, named: str = "", language: Language = "zh", kind: MentionKind = "name") -> FloatArray:
    """(units, BUCKETS), dense."""
    sentences = said(*texts)
    mentions = [mention(sentences, named, kind)] if named else []
    (found,) = discourse_features(sentences, mentions, units(sentences), language)
    return np.asarray(found.toarray())


def model(seed: int = 0) -> DiscourseModel:
    random = np.random.default_rng(seed)
    return DiscourseModel(
        roles=random.normal(0, 1, (HASH_BUCKETS, len(DISCOURSE_ROLES))),
        role_biases=random.normal(0, 1, len(DISCOURSE_ROLES)),
        opening=random.normal(0, 1, HASH_BUCKETS),
        closing=random.normal(0, 1, HASH_BUCKETS),
        edge_biases=np.array([-2.0, -3.0]),
    )


def test_product_names_look_alike() -> None:
    lipstick, cream = features("来看这个唇釉", named="唇釉"), features("来看这个面霜", named="面霜")
    np.testing.assert_array_equal(lipstick, cream)


def test_words_that_name_no_product_do_not_look_alike() -> None:
    assert (features("来看这个唇釉") != features("来看这个面霜")).any()


def test_a_name_of_many_characters_is_one_sign() -> None:
    np.testing.assert_array_equal(features("看唇釉吧", named="唇釉"), features("看雅诗兰黛吧", named="雅诗兰黛"))


def test_numbers_look_alike() -> None:
    np.testing.assert_array_equal(features("只要59块"), features("只要1299块"))


def test_prices_and_link_numbers_are_words_of_discourse_and_stay() -> None:
    np.testing.assert_array_equal(features("上链接了", named="链接", kind="link"), features("上链接了"))


def test_words_of_titles_are_masked_only_where_they_say_much() -> None:
    sentences = said("来看这个玻尿酸")
    plain, faint, telling = (
        next(discourse_features(sentences, mentions, units(sentences), "zh")).toarray()
        for mentions in (
            [],
            [mention(sentences, "玻尿酸", "title", MIN_MASKED_NATS - 0.1)],
            [mention(sentences, "玻尿酸", "title", MIN_MASKED_NATS)],
        )
    )
    np.testing.assert_array_equal(plain, faint)
    assert (plain != telling).any()


def test_what_the_recogniser_mishears_still_looks_much_alike() -> None:
    right, misheard, other = features("接下来"), features("姐下来"), features("谢谢你")
    assert (right * misheard).sum() > (right * other).sum()


def test_neighbours_count_and_those_farther_do_not() -> None:
    quiet = features(*["嗯"] * 6)
    loud = features("再见了", *["嗯"] * 5)
    changed = (quiet != loud).any(axis=1)
    assert changed.tolist() == [unit <= CONTEXT_UNITS for unit in range(6)]


def test_a_word_means_something_else_in_the_next_unit() -> None:
    found = features("好", "行", "好")
    assert (found[0] != found[2]).any()


def test_the_edge_of_the_show_is_seen() -> None:
    found = features(*["嗯"] * 7)
    assert (found[0] != found[3]).any()
    np.testing.assert_array_equal(found[2], found[4])


def test_a_long_unit_counts_no_more_than_a_short_one() -> None:
    short, long = (features(*["嗯"] * 2, text, *["嗯"] * 2) for text in ("来", "来看看我们今天给大家带的这个东西"))
    assert np.linalg.norm(long[2]) == pytest.approx(np.linalg.norm(short[2]), rel=0.3)


def test_english_is_read_by_stems() -> None:
    np.testing.assert_array_equal(
        features("love these bottles", language="en"),
        features("loved this bottle".replace("this", "these"), language="en"),
    )


def test_a_show_without_words_has_features_too() -> None:
    silence = build_utterance_units((), Span(0, 35))
    (found,) = discourse_features((), (), silence, "zh")
    assert found.shape == (len(silence), HASH_BUCKETS)
    assert np.isfinite(model().classify([found], silence).opening_log_odds).all()


def test_a_long_show_is_read_a_stretch_at_a_time_as_if_it_were_read_at_once() -> None:
    sentences = said(*(f"来看第{n}个" for n in range(BATCH_UNITS + 3)))
    features = [*discourse_features(sentences, (), units(sentences), "zh")]
    assert [some.shape[0] for some in features] == [BATCH_UNITS, 3]
    at_once = model().classify([vstack(features, format="csr")], units(sentences))
    np.testing.assert_array_equal(
        model().classify(features, units(sentences)).role_probabilities, at_once.role_probabilities
    )


def test_the_chances_of_roles_add_up_to_one() -> None:
    sentences = said("来看", "只要59块", "谢谢大家")
    read = model().classify(discourse_features(sentences, (), units(sentences), "zh"), units(sentences))
    assert read.role_probabilities.shape == (3, len(DISCOURSE_ROLES))
    np.testing.assert_allclose(read.role_probabilities.sum(axis=1), 1.0)
    np.testing.assert_array_equal(read.unit_starts, units(sentences).starts)


def test_scores_far_apart_still_give_chances() -> None:
    sentences = said("来看")
    loud = model()
    loud.role_biases[0] += 5000.0
    read = loud.classify(discourse_features(sentences, (), units(sentences), "zh"), units(sentences))
    assert read.role_probabilities[0].tolist() == [1.0] + [0.0] * (len(DISCOURSE_ROLES) - 1)


def test_an_opening_is_weighed_where_it_is_said() -> None:
    sentences = said("嗯", "嗯", "嗯", "接下来", "嗯", "嗯")
    (shown,) = discourse_features(sentences, (), units(sentences), "zh")
    nothing = np.zeros(HASH_BUCKETS)
    opener = DiscourseModel(
        np.zeros((HASH_BUCKETS, len(DISCOURSE_ROLES))),
        np.zeros(len(DISCOURSE_ROLES)),
        shown.toarray()[3],
        nothing,
        np.array([-1.0, -2.0]),
    )
    read = opener.classify([shown], units(sentences))
    assert read.opening_log_odds.argmax() == 3
    assert (read.closing_log_odds == -2.0).all()


def test_the_same_model_is_saved_as_the_same_bytes(tmp_path: Path) -> None:
    save_discourse(model(), tmp_path / "one.npz")
    save_discourse(model(), tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with ZipFile(tmp_path / "one.npz") as entries:
        assert {entry.date_time[0] for entry in entries.infolist()} == {1980}  # not the time of saving


def test_a_saved_model_reads_as_before_but_for_half_precision(tmp_path: Path) -> None:
    sentences = said("来看", "只要59块")
    (shown,) = discourse_features(sentences, (), units(sentences), "zh")
    save_discourse(model(), tmp_path / "model.npz")
    before, after = (
        each.classify([shown], units(sentences)) for each in (model(), load_discourse(tmp_path / "model.npz"))
    )
    np.testing.assert_allclose(after.role_probabilities, before.role_probabilities, atol=0.01)
    np.testing.assert_allclose(after.opening_log_odds, before.opening_log_odds, atol=0.01)
