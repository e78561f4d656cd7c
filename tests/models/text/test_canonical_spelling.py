"""The catalogue's spelling of recognised words."""

import pytest

from domain.catalog import Product
from domain.clock import Span
from domain.evidence import Mention, MentionKind
from models.text.canonical_spelling import apply_canonical_spelling, find_canonical_spelling, is_spelled_differently

SERUM = Product(
    product_id="1",
    title="【官方】珀莱雅双抗精华液3.0抗氧抗糖",
    short_name="双抗精华",
    brand="珀莱雅",
    aliases=("早上那瓶",),
)
PAN = Product(product_id="2", title="Granite Frying Pan 10 inch", short_name="granite pan", brand="Ember")


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("双抗精华", "双抗精华"),
        ("霜抗精华", "双抗精华"),
        ("生抗精华", "双抗精华"),
        ("破来雅", "珀莱雅"),
        ("康氧", "抗氧"),
        ("今天天气", "今天天气"),
        ("frying pans", "Frying Pan"),
        ("？！", "？！"),
    ],
)
def test_words_are_spelt_as_in_the_catalogue_where_they_sound_like_it(heard: str, meant: str) -> None:
    assert find_canonical_spelling(heard, [SERUM, PAN]) == meant


@pytest.mark.parametrize(
    ("heard", "meant", "differs"),
    [
        ("双抗精华", "双抗精华", False),
        ("雙抗精華", "双抗精华", False),
        ("霜抗精华", "双抗精华", True),
        ("granite pans", "Granite Pan", False),
        ("三十二的锅", "32的锅", True),
        ("三片", "3片", False),
    ],
)
def test_case_script_and_endings_are_no_other_spelling(heard: str, meant: str, differs: bool) -> None:
    assert is_spelled_differently(heard, meant) is differs


def mention(kind: MentionKind, text: str) -> Mention:
    return Mention(kind, ("1",), Span(0, 1), 0, text, 3.0)


def test_names_in_a_text_are_spelt_out() -> None:
    mentions = [mention("name", "霜抗精华"), mention("brand", "破来雅")]
    assert apply_canonical_spelling("破来雅的霜抗精华来了", mentions, [SERUM]) == "珀莱雅的双抗精华来了"


def test_words_of_titles_are_left_as_they_were_heard() -> None:
    assert apply_canonical_spelling("康氧的", [mention("title", "康氧")], [SERUM]) == "康氧的"


@pytest.mark.parametrize("heard", ["霜抗，精华", "生抗精华"])
def test_what_may_be_other_words_is_left_as_it_was_heard(heard: str) -> None:
    assert apply_canonical_spelling(f"这{heard}来了", [mention("name", heard)], [SERUM]) == f"这{heard}来了"


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("二号练结去拍", "二号链接去拍"),
        ("二号连接了", "二号连接了"),
        ("今天二十九块酒", "今天二十九块九"),
        ("一块酒红色的布", "一块酒红色的布"),
    ],
)
def test_link_words_and_tenths_are_spelt_out_behind_their_numbers(heard: str, written: str) -> None:
    assert apply_canonical_spelling(heard, [], [SERUM]) == written


def test_three_sounds_of_a_description_are_enough_to_spell_them() -> None:
    assert apply_canonical_spelling("里面康氧抗唐的", [mention("title", "康氧抗唐")], [SERUM]) == "里面抗氧抗糖的"
