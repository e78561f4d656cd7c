"""What is misheard, and what is written for it."""

import numpy as np
import pytest

from learning.simulation.asr_noise.english_confusions import Vocabulary, by_ear
from learning.simulation.asr_noise.mandarin_confusions import KINDS, Kind, Syllabary, likeness, syllable_of
from learning.simulation.asr_noise.word_familiarity import Heard

NOTHING = Heard.of([])


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
def test_syllables_are_alike_by_how_they_are_made(one: str, other: str, kind: Kind) -> None:
    assert likeness(one, other) == kind == likeness(other, one)


@pytest.mark.parametrize("kind", KINDS)
def test_another_character_of_the_kind_is_written(kind: Kind) -> None:
    syllabary = Syllabary.of(["的的的的的的是不了在有我"])
    for share in np.linspace(0.0, 0.99, 40).tolist():
        written = syllabary.instead_of("双", kind, share)
        assert written != "双"
        assert likeness(syllable_of("双"), syllable_of(written)) == kind


def test_characters_that_hosts_say_are_written_more_often() -> None:
    syllabary = Syllabary.of(["是" * 50 + "四好" * 200])

    written = [syllabary.instead_of("市", "same", share) for share in np.linspace(0.0, 0.99, 50).tolist()]
    assert written.count("是") > 25


def test_unknown_units_are_harder_than_known_ones() -> None:
    heard = Heard.of([list("这个很好"), list("这个不好"), list("这个珀莱雅")])
    own = Heard.of([list("这个珀莱雅")])

    hard = heard.hardness(list("这个珀莱雅"), own)
    assert max(hard[:2]) < min(hard[2:])


def test_a_show_does_not_make_its_own_names_known() -> None:
    name = list("珀莱雅")
    heard = Heard.of([name * 50, list("这个很好"), list("这个不好")])

    assert heard.hardness(name, Heard.of([name * 50])) == heard.hardness(list("甲乙丙"), NOTHING)


def test_known_company_helps() -> None:
    heard = Heard.of([list("链接"), list("链接"), list("接链")])

    assert heard.hardness(list("链接"), NOTHING)[0] < heard.hardness(list("链好"), NOTHING)[0]


def test_words_of_like_sound_are_written_for_each_other() -> None:
    vocabulary = Vocabulary.of(["the movie was mauve and I move the tote", "a right light"])

    assert {vocabulary.instead_of("light", share) for share in (0.0, 0.3, 0.6, 0.9)} == {"right"}
    assert vocabulary.instead_of("xylophone", 0.0) is None


def test_a_word_spelt_by_ear_is_another_word() -> None:
    shares = np.random.default_rng(0).random((200, 3)).tolist()

    for word in ("pistachio", "mauve", "hm", "psst", "a", "I've".lower()):
        assert all(by_ear(word, each) not in (word, "") for each in shares)
