"""Which units are misheard, and as what."""

import numpy as np
import pytest

from learning.simulation.asr_noise.english_confusions import EnglishConfusions, misspell_phonetically
from learning.simulation.asr_noise.mandarin_confusions import (
    SYLLABLE_SIMILARITIES,
    MandarinConfusions,
    SyllableSimilarity,
    syllable_similarity,
    toneless_syllable,
)
from learning.simulation.asr_noise.word_familiarity import WordFamiliarity

NOTHING = WordFamiliarity.from_texts([])


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("shi", "shi", "same"),
        ("si", "shi", "near"),
        ("shuang", "sheng", "near"),
        ("lai", "nai", "near"),
        ("hao", "gou", "near"),
        ("ka", "ta", "half"),
        ("bo", "qing", "far"),
    ],
)
def test_syllables_are_alike_by_how_they_are_made(one: str, other: str, kind: SyllableSimilarity) -> None:
    assert syllable_similarity(one, other) == kind == syllable_similarity(other, one)


@pytest.mark.parametrize("kind", SYLLABLE_SIMILARITIES)
def test_another_character_of_the_kind_is_written(kind: SyllableSimilarity) -> None:
    confusions = MandarinConfusions.from_texts(["的的的的的的是不了在有我"])
    for share in np.linspace(0.0, 0.99, 40).tolist():
        written = confusions.similar_character("双", kind, share)
        assert written != "双"
        assert syllable_similarity(toneless_syllable("双"), toneless_syllable(written)) == kind


def test_characters_that_hosts_say_are_written_more_often() -> None:
    confusions = MandarinConfusions.from_texts(["是" * 50 + "四好" * 200])

    written = [confusions.similar_character("市", "same", share) for share in np.linspace(0.0, 0.99, 50).tolist()]
    assert written.count("是") > 25


def test_unknown_units_are_harder_than_known_ones() -> None:
    familiarity = WordFamiliarity.from_texts([list("这个很好"), list("这个不好"), list("这个珀莱雅")])
    own = WordFamiliarity.from_texts([list("这个珀莱雅")])

    hard = familiarity.hardness(list("这个珀莱雅"), own)
    assert max(hard[:2]) < min(hard[2:])


def test_a_show_does_not_make_its_own_names_known() -> None:
    name = list("珀莱雅")
    familiarity = WordFamiliarity.from_texts([name * 50, list("这个很好"), list("这个不好")])

    assert familiarity.hardness(name, WordFamiliarity.from_texts([name * 50])) == familiarity.hardness(
        list("甲乙丙"), NOTHING
    )


def test_known_company_helps() -> None:
    familiarity = WordFamiliarity.from_texts([list("链接"), list("链接"), list("接链")])

    assert familiarity.hardness(list("链接"), NOTHING)[0] < familiarity.hardness(list("链好"), NOTHING)[0]


def test_words_of_like_sound_are_written_for_each_other() -> None:
    confusions = EnglishConfusions.from_texts(["the movie was mauve and I move the tote", "a right light"])

    assert {confusions.similar_word("light", share) for share in (0.0, 0.3, 0.6, 0.9)} == {"right"}
    assert confusions.similar_word("xylophone", 0.0) is None


def test_a_word_spelt_by_ear_is_another_word() -> None:
    shares = np.random.default_rng(0).random((200, 3)).tolist()

    for word in ("pistachio", "mauve", "hm", "psst", "a", "I've".lower()):
        assert all(misspell_phonetically(word, each) not in (word, "") for each in shares)
