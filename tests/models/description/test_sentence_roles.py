"""What part a sentence plays."""

import numpy as np
import pytest

from domain.clock import Seconds, Span
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, DiscourseRole
from domain.session import Language
from domain.speech import Sentence
from models.description.sentence_roles import RoleProbabilities, SentenceRole, role_classifier


def talk(*units: tuple[Seconds, DiscourseRole | None], sure: float = 0.9) -> DiscourseClassification:
    """Units from these seconds on, each surely of one role, or of any (None)."""
    chances = np.full((len(units), len(DISCOURSE_ROLES)), 1 / len(DISCOURSE_ROLES))
    for row, (_, role) in zip(chances, units, strict=True):
        if role is not None:
            row[:] = (1 - sure) / (len(DISCOURSE_ROLES) - 1)
            row[DISCOURSE_ROLES.index(role)] = sure
    nothing = np.zeros(len(units))
    return DiscourseClassification(chances, nothing, nothing, np.array([start for start, _ in units]))


def probabilities_of(
    text: str, discourse: DiscourseClassification, language: Language = "zh", at: Seconds = 0.0
) -> RoleProbabilities:
    return role_classifier(discourse, language)(0, Sentence.with_even_timing(Span(at, at + 2), text))


def likeliest(probabilities: RoleProbabilities) -> SentenceRole:
    return max(probabilities, key=lambda each: probabilities[each])


@pytest.mark.parametrize(
    ("language", "text", "role"),
    [
        ("zh", "我给你们推开看", "demo"),
        ("zh", "到手一百六", "price"),
        ("zh", "我拿打火机烧一下，一按，出来了", "demo"),
        ("zh", "备注两个字，六点前拍得赶紧", "link"),
        ("en", "Hold it up to the light, Macy.", "demo"),
        ("en", "When it's gone it's gone, pick the color", "link"),
        ("zh", "欢迎新进来的宝宝", "chat"),
        ("en", "Thank you for the rose", "chat"),
        ("en", "I'm gonna swipe it right over my makeup", "demo"),
        ("en", "Somebody's asking if it hurts", "qa"),
    ],
)
def test_where_the_unit_may_do_anything_phrases_say_what_a_sentence_does(
    language: Language, text: str, role: SentenceRole
) -> None:
    assert likeliest(probabilities_of(text, talk((0, None)), language)) == role


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Doesn't smell like hairspray"), ("en", "I'm not gonna put a full face on"), ("zh", "不给你们看")],
)
def test_what_only_sounds_like_a_demonstration_is_none(language: Language, text: str) -> None:
    probabilities = probabilities_of(text, talk((0, None)), language)
    assert probabilities["demo"] == pytest.approx(1 / len(DISCOURSE_ROLES))


@pytest.mark.parametrize("role", DISCOURSE_ROLES)
def test_without_phrases_a_sentence_does_what_its_unit_does(role: DiscourseRole) -> None:
    probabilities = probabilities_of("麦角硫因加虾青素", talk((0, role)))
    assert probabilities[role] == pytest.approx(0.9)
    assert sum(probabilities.values()) == pytest.approx(1.0)


def test_a_phrase_cannot_outweigh_what_is_surely_something_else() -> None:
    assert likeliest(probabilities_of("我给你们推开看", talk((0, "preview")))) == "preview"


def test_of_a_units_sentences_the_one_with_the_phrase_stands_out() -> None:
    read = role_classifier(talk((0, "demo"), sure=0.3), "zh")
    plain, shown = (
        read(n, Sentence.with_even_timing(Span(n, n + 1), text)) for n, text in enumerate(("这个颜色", "推开看"))
    )
    assert shown["demo"] > plain["demo"] > 0.25


@pytest.mark.parametrize(("at", "role"), [(0.0, "intro"), (9.9, "intro"), (10.0, "price"), (99.0, "price")])
def test_a_sentence_belongs_to_the_unit_in_which_it_begins(at: Seconds, role: SentenceRole) -> None:
    assert likeliest(probabilities_of("麦角硫因加虾青素", talk((0.5, "intro"), (10, "price")), at=at)) == role


def test_coupons_are_known_by_phrases_alone() -> None:
    assert "coupon" not in probabilities_of("到手一百六", talk((0, "price")))
    assert probabilities_of("先领券", talk((0, "price")))["coupon"] > 0.5
