"""What part a sentence plays."""

import pytest

from domain.clock import Span
from domain.session import Language
from domain.speech import Sentence
from models.roles import Role, roles_by_cues


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
        ("zh", "里面是麦角硫因加虾青素", "feature"),
        ("zh", "一会儿还有扫地机器人", "preview"),
        ("en", "Thank you for the rose", "chat"),
        ("en", "I'm gonna swipe it right over my makeup", "demo"),
        ("en", "Somebody's asking if it hurts", "qa"),
    ],
)
def test_phrases_say_what_a_sentence_does(language: Language, text: str, role: Role) -> None:
    shares = roles_by_cues(language)(0, Sentence.evenly(Span(0, 2), text))
    assert max(shares, key=lambda each: shares[each]) == role
    assert all(0 < share <= 1 for share in shares.values())


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Doesn't smell like hairspray"), ("en", "I'm not gonna put a full face on"), ("zh", "不给你们看")],
)
def test_what_only_sounds_like_a_demonstration_is_none(language: Language, text: str) -> None:
    assert "demo" not in roles_by_cues(language)(0, Sentence.evenly(Span(0, 2), text))
